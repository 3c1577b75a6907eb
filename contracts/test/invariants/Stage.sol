// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ProtocolTest} from "../support/ProtocolTest.sol";
import {Verdict} from "./Verdict.sol";

/// The real contracts behind their proxies, choices from one random word, and calls that must end as the model says.
abstract contract Stage is ProtocolTest {
    bytes4 internal constant UNAUTHORIZED = IAccessManaged.AccessManagedUnauthorized.selector;

    /// How often each thing has happened, by its name: a campaign that never slashed would show nothing.
    mapping(string what => uint256 times) public timesSeen;

    /// Block and time as the last move left them; the compiler may take `block.number` for a constant of the call.
    uint256 internal blockNow;
    uint256 internal timeNow;

    /// Calls `target` as `caller`, and holds the outcome against the verdict.
    function attempt(address caller, address target, uint256 valueWei, bytes memory data, Verdict memory verdict)
        internal
        returns (bool isDone, bytes memory result)
    {
        if (valueWei > 0) vm.deal(caller, caller.balance + valueWei);
        vm.prank(caller);
        (isDone, result) = target.call{value: valueWei}(data);
        requireAsForetold(isDone, result, verdict);
    }

    function attempt(address caller, address target, bytes memory data, Verdict memory verdict)
        internal
        returns (bool isDone, bytes memory result)
    {
        return attempt(caller, target, 0, data, verdict);
    }

    /// Calls `target` through the multisig and the timelock, which takes time but no blocks.
    function attemptAsAdmin(address target, bytes memory data, Verdict memory verdict) internal returns (bool isDone) {
        bytes memory result;
        (isDone, result) =
            address(owners).call(abi.encodeCall(owners.actThroughTimelock, (timelock, multisig, target, data)));
        timeNow += TIMELOCK_DELAY;
        vm.warp(timeNow);
        requireAsForetold(isDone, result, verdict);
    }

    function requireAsForetold(bool isDone, bytes memory result, Verdict memory verdict) internal pure {
        if (isDone) {
            vm.assertTrue(verdict.isLawful(), "a call that breaks a rule must revert");
        } else if (!verdict.explains(bytes4(result))) {
            string memory claim = verdict.isLawful() ? "a lawful call" : "a call reverts for a rule that it breaks";
            vm.assertTrue(false, string.concat(claim, ", but: ", vm.toString(result)));
        }
    }

    function see(string memory what) internal {
        ++timesSeen[what];
    }

    /// A number below `n` that `random` decides, another one for each `purpose`.
    function draw(uint256 random, string memory purpose, uint256 n) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(random, purpose))) % n;
    }

    /// True in one of `n` cases.
    function oneIn(uint256 n, uint256 random, string memory purpose) internal pure returns (bool) {
        return draw(random, purpose, n) == 0;
    }
}
