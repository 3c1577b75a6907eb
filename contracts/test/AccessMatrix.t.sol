// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {AccessSweep} from "./support/AccessSweep.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";

/// Pitfall 24: every function of every deployed contract is called as everybody, and access-matrix.json says who may.
///
/// A row's rule is `callers; not while paused; notes`, the callers separated by commas, the rest as needed. `nobody`
/// means that every call reverts, `anybody` that nobody is refused. Functions come from the compiled contracts: one
/// without a row fails.
contract AccessMatrixTest is AccessSweep {
    using Strings for string;

    string private matrix;
    /// A post that waits for its attestations, in the blocks that are the relays'.
    PostId private waiting;
    /// Everything that differs from the matrix, a line each.
    string private differences;

    function setUp() public {
        deployProtocol();
        joinOperators(3);
        openPost(1, 1, 3);
        waiting = register(2, 1);
        separateBeaconAdmin();
        matrix = vm.readFile("test/access-matrix.json");
    }

    function test_everyFunction_answersAsTheMatrixSays() public {
        _sweep(false);
    }

    function test_everyFunction_answersAsTheMatrixSaysWhilePaused() public {
        pauseAsGuardian();
        vm.assertTrue(custody.isPaused());
        _sweep(true);
    }

    function _sweep(bool isPaused) private {
        string[] memory contracts = vm.parseJsonKeys(matrix, ".");
        for (uint256 i = 0; i < contracts.length; ++i) {
            _sweepContract(contracts[i], isPaused);
        }
        vm.assertTrue(bytes(differences).length == 0, string.concat("access differs from the matrix:", differences));
    }

    function _sweepContract(string memory name, bool isPaused) private {
        bool isDefault = vm.envOr("FOUNDRY_PROFILE", "default").equal("default");
        string memory artifact =
            vm.readFile(string.concat(isDefault ? "out/" : "out-legacy/", name, ".sol/", name, ".json"));
        string[] memory signatures = vm.parseJsonKeys(artifact, ".methodIdentifiers");
        for (uint256 i = 0; i < signatures.length; ++i) {
            string memory key = string.concat(".methodIdentifiers[\"", signatures[i], "\"]");
            bytes4 selector = bytes4(vm.parseBytes(string.concat("0x", vm.parseJsonString(artifact, key))));
            _sweepFunction(name, vm.split(signatures[i], "(")[0], selector, isPaused);
        }
    }

    function _sweepFunction(string memory name, string memory func, bytes4 selector, bool isPaused) private {
        string memory key = string.concat(".", name, ".calls.", func);
        bool isRead = _contains(vm.parseJsonStringArray(matrix, string.concat(".", name, ".reads")), func);
        if (!isRead && !vm.keyExistsJson(matrix, key)) {
            return _differs(string.concat(name, ".", func), "has no row");
        }
        string[] memory rule = vm.split(isRead ? "anybody" : vm.parseJsonString(matrix, key), "; ");
        bool stops = isPaused && _contains(rule, "not while paused");
        string[] memory allowed = vm.split(rule[0], ", ");
        bytes memory data = argumentsOf(name, func, selector);
        for (uint256 i = 0; i < callers.length; ++i) {
            (bool isDone, bytes4 reason) = attempt(callers[i], addressOf(name), data);
            string memory place = string.concat(name, ".", func, " as ", callers[i]);
            if (_contains(allowed, "nobody")) {
                if (isDone) _differs(place, "went through");
            } else if (_contains(allowed, "anybody") || _contains(allowed, callers[i])) {
                if (isRefusal(reason)) _differs(place, "was refused");
                if (!isRead && isPausedError(reason) != stops) {
                    _differs(place, stops ? "was not paused" : "was paused");
                }
            } else if (!isRefusal(reason) && !(stops && isPausedError(reason))) {
                _differs(place, string.concat("was not refused: ", vm.toString(abi.encodePacked(reason))));
            }
        }
    }

    /// @dev Zeros mean the first operator, which is the owner's; posts have to be named.
    function argumentsOf(string memory name, string memory func, bytes4 selector)
        internal
        view
        override
        returns (bytes memory)
    {
        bytes32 id = keccak256(abi.encodePacked(name, ".", func));
        if (id == keccak256("AttestationRelay.submit")) {
            bytes[] memory none = new bytes[](0);
            return abi.encodeCall(relay.submit, (waiting, 0, type(uint64).max, new OperatorIndex[](0), none));
        }
        if (id == keccak256("EmeraldAccess.execute")) {
            return abi.encodeCall(manager.execute, (address(custody), abi.encodeCall(custody.pause, ())));
        }
        return super.argumentsOf(name, func, selector);
    }

    function _differs(string memory place, string memory how) private {
        differences = string.concat(differences, "\n  ", place, " ", how);
    }

    function _contains(string[] memory list, string memory item) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (keccak256(bytes(list[i])) == keccak256(bytes(item))) return true;
        }
        return false;
    }
}
