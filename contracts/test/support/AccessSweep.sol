// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IAttestationRelay} from "../../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {Roles} from "../../src/Roles.sol";
import {ProtocolTest} from "./ProtocolTest.sol";

/// Calls functions as everybody, and tells whether they were refused for who called.
///
/// A call's arguments are all zero: that is a valid encoding of any types, and a function checks its caller before the
/// rest. Where it does not, or asks whose something is, `argumentsOf` has better ones.
abstract contract AccessSweep is ProtocolTest {
    address internal constant BEACON_KEEPER = address(0xbeac);
    uint256 private constant ARGUMENT_BYTES = 2048;

    /// Names of callers in the matrix; `anybody` is somebody without a role.
    string[] internal callers = [
        "anybody",
        "ADMIN",
        "GUARDIAN",
        "RELAY",
        "BEACON_ADMIN",
        "multisig",
        "operator's owner",
        "publisher",
        "AttestationRelay",
        "PostRegistry",
        "CustodyChallenges",
        "OperatorStake",
        "EmeraldAccess"
    ];

    /// How a call ended: all is undone, and this is what comes back of it.
    error Outcome(bool isDone, bytes4 reason);

    /// BEACON_ADMIN gets a holder of its own, so that it can be told from ADMIN.
    function separateBeaconAdmin() internal {
        asAdmin(address(manager), abi.encodeCall(manager.grantRole, (Roles.BEACON_ADMIN, BEACON_KEEPER, 0)));
        asAdmin(address(manager), abi.encodeCall(manager.revokeRole, (Roles.BEACON_ADMIN, address(timelock))));
    }

    /// Makes the call and undoes it. `reason` is zero for a call that went through or reverted without data.
    function attempt(string memory caller, address target, bytes memory data)
        internal
        returns (bool isDone, bytes4 reason)
    {
        try this.makeAndUndo(caller, target, data) {}
        catch (bytes memory outcome) {
            // Cuts off the selector of Outcome.
            assembly ("memory-safe") {
                mstore(add(outcome, 4), sub(mload(outcome), 4))
                outcome := add(outcome, 4)
            }
            return abi.decode(outcome, (bool, bytes4));
        }
    }

    function makeAndUndo(string memory caller, address target, bytes memory data) external {
        (bool isDone, bytes memory answer) = _callAs(caller, target, data);
        revert Outcome(isDone, isDone ? bytes4(0) : bytes4(answer));
    }

    /// Errors that mean: not you.
    function isRefusal(bytes4 reason) internal pure returns (bool) {
        return reason == IAccessManaged.AccessManagedUnauthorized.selector
            || reason == IAccessManager.AccessManagerUnauthorizedAccount.selector
            || reason == IAccessManager.AccessManagerUnauthorizedCall.selector
            || reason == IAccessControl.AccessControlUnauthorizedAccount.selector
            || reason == TimelockController.TimelockUnauthorizedCaller.selector
            || reason == IAttestationRelay.RelaysOnly.selector
            || reason == ICustodyChallenges.NotAttestationRelay.selector
            || reason == ICustodyChallenges.NotPostRegistry.selector
            || reason == IPostRegistry.NotAttestationRelay.selector
            || reason == IOperatorStake.NotCustodyChallenges.selector || reason == IOperatorStake.NotOwner.selector;
    }

    function isPausedError(bytes4 reason) internal pure returns (bool) {
        return reason == IPause.ProtocolPaused.selector;
    }

    /// Calldata that gets as far as the check of the caller, for the function of that name.
    function argumentsOf(string memory, string memory, bytes4 selector) internal view virtual returns (bytes memory) {
        return abi.encodePacked(selector, new bytes(ARGUMENT_BYTES));
    }

    function addressOf(string memory name) internal view returns (address) {
        bytes32 id = keccak256(bytes(name));
        if (id == keccak256("CustodyChallenges")) return address(custody);
        if (id == keccak256("OperatorStake")) return address(stake);
        if (id == keccak256("PostRegistry")) return address(registry);
        if (id == keccak256("AttestationRelay")) return address(relay);
        if (id == keccak256("Eip712Quorum")) return address(quorum);
        if (id == keccak256("SeedBeacon")) return address(beacon);
        if (id == keccak256("EmeraldAccess")) return address(manager);
        if (id == keccak256("EmeraldTimelock")) return address(timelock);
        if (id == keccak256("LocalMultisig")) return address(multisig);
        if (id == keccak256("GUARDIAN")) return GUARDIAN;
        if (id == keccak256("RELAY")) return RELAY;
        if (id == keccak256("BEACON_ADMIN")) return BEACON_KEEPER;
        if (id == keccak256("operator's owner")) return ownerOf(0);
        if (id == keccak256("publisher")) return PUBLISHER;
        if (id == keccak256("anybody")) return STRANGER;
        revert(string.concat("nobody is called ", name));
    }

    function _callAs(string memory caller, address target, bytes memory data) private returns (bool, bytes memory) {
        bytes32 id = keccak256(bytes(caller));
        if (id == keccak256("ADMIN")) {
            return address(owners).call(abi.encodeCall(owners.actThroughTimelock, (timelock, multisig, target, data)));
        }
        if (id == keccak256("multisig")) {
            return address(owners).call(abi.encodeCall(owners.act, (multisig, target, data)));
        }
        vm.prank(addressOf(caller));
        return target.call(data);
    }
}
