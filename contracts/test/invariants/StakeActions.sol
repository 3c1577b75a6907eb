// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {Observations} from "./Observations.sol";
import {Verdict} from "./Verdict.sol";

/// Operators come, add to their stake, and leave; credits are paid out.
abstract contract StakeActions is Observations {
    uint256 internal constant MOST_OPERATORS = 8;

    function joinOperator(uint256 random) external observed {
        if (operators.length < MOST_OPERATORS) joinWith(random);
    }

    function depositStake(uint256 random) external observed {
        uint256 i = draw(random, "operator", operators.length);
        uint256 amountWei = draw(random, "amount", 2 * MIN_STAKE);
        address caller = _ownerOrStranger(i, random);
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(caller == operators[i].owner, IOperatorStake.NotOwner.selector);
        verdict.rule(!operators[i].isLeaving, IOperatorStake.AlreadyLeaving.selector);
        bytes memory call = abi.encodeCall(stake.deposit, (op(i)));
        (bool isDone,) = attempt(caller, address(stake), amountWei, call, verdict);
        if (!isDone) return;
        bookDeposit(i, amountWei);
        see("stake deposited");
    }

    function announceExit(uint256 random) external observed {
        // Rare, or nobody would be left to challenge.
        if (!oneIn(3, random, "leave")) return;
        uint256 i = draw(random, "operator", operators.length);
        address caller = _ownerOrStranger(i, random);
        Verdict memory verdict;
        verdict.rule(caller == operators[i].owner, IOperatorStake.NotOwner.selector);
        verdict.rule(!operators[i].isLeaving, IOperatorStake.AlreadyLeaving.selector);
        (bool isDone,) = attempt(caller, address(stake), abi.encodeCall(stake.announceExit, (op(i))), verdict);
        if (!isDone) return;
        bookExit(i);
        see(isPausedNow() ? "exit announced in a pause" : "exit announced");
    }

    function withdrawStake(uint256 random) external observed {
        uint256 i = _likelyLeaver(random);
        uint256 freeAt = blockNow + operators[i].withdrawableFrom - 1 + draw(random, "beside", 3);
        // To the block in which the stake is free, or one beside it, as far as no pause comes between.
        if (oneIn(3, random, "wait") && freeAt > unpausedNow()) moveTo(freeAt - unpausedNow());
        withdrawOne(i, random);
    }

    function withdrawCredit(uint256 random) external observed {
        address[4] memory accounts = [reporterOf(0), reporterOf(1), reporterOf(2), stakingNow.treasury];
        payCredit(accounts[draw(random, "account", 4)]);
    }

    function joinWith(uint256 random) internal {
        uint256 i = operators.length;
        uint256 key = keyOf(i > 0 && oneIn(6, random, "old key") ? draw(random, "whose", i) : i);
        uint256 amountWei = MIN_STAKE / 2 + draw(random, "amount", 4 * MIN_STAKE);
        bool isSignedByKey = !oneIn(8, random, "not possessed");
        bytes memory possession = possessionOf(ownerOf(i), isSignedByKey ? key : key + 1000);
        // Signed by another key for its own address: recovers to that.
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(amountWei >= stakingNext.minStake, IOperatorStake.StakeTooSmall.selector);
        verdict.rule(!_isTaken(key), IOperatorStake.SignerNotFree.selector);
        verdict.rule(isSignedByKey, IOperatorStake.NotPossessed.selector);
        bytes memory call = abi.encodeCall(stake.join, (vm.addr(key), possession));
        (bool isDone, bytes memory result) = attempt(ownerOf(i), address(stake), amountWei, call, verdict);
        if (!isDone) return;
        vm.assertEq(abi.decode(result, (uint256)), i, "operators are numbered as they come");
        operators.push();
        operators[i].owner = ownerOf(i);
        operators[i].key = key;
        bookDeposit(i, amountWei);
        see("operator joined");
    }

    function withdrawOne(uint256 i, uint256 random) internal {
        address caller = _ownerOrStranger(i, random);
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(caller == operators[i].owner, IOperatorStake.NotOwner.selector);
        verdict.rule(operators[i].isLeaving, IOperatorStake.NotLeaving.selector);
        verdict.rule(!operators[i].isWithdrawn, IOperatorStake.AlreadyWithdrawn.selector);
        bool isFree = operators[i].isLeaving && unpausedNow() >= operators[i].withdrawableFrom;
        verdict.rule(isFree, IOperatorStake.StillUnbonding.selector);
        uint256 before = caller.balance;
        (bool isDone,) = attempt(caller, address(stake), abi.encodeCall(stake.withdraw, (op(i))), verdict);
        if (!isDone) return;
        vm.assertEq(caller.balance - before, operators[i].stake, "an operator gets what is left of its stake");
        vm.assertTrue(isVacant(i, epochNow), "nobody gets its stake back while it is challenged");
        bookWithdrawal(i);
        see("stake withdrawn");
    }

    function payCredit(address account) internal {
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(credits[account] > 0, IOperatorStake.NoCredit.selector);
        uint256 before = account.balance;
        (bool isDone,) = attempt(account, address(stake), abi.encodeCall(stake.withdrawCredit, ()), verdict);
        if (!isDone) return;
        vm.assertEq(account.balance - before, credits[account], "an account gets what it was credited");
        bookCreditWithdrawal(account);
        see("credit withdrawn");
    }

    /// Somebody whose stake may be free, if there is such an operator.
    function _likelyLeaver(uint256 random) private view returns (uint256) {
        uint256 start = draw(random, "operator", operators.length);
        for (uint256 n = 0; n < operators.length && !oneIn(6, random, "anybody"); ++n) {
            uint256 i = (start + n) % operators.length;
            if (operators[i].isLeaving && !operators[i].isWithdrawn) return i;
        }
        return start;
    }

    function _ownerOrStranger(uint256 i, uint256 random) private view returns (address) {
        return oneIn(12, random, "stranger") ? STRANGER : operators[i].owner;
    }

    /// A key serves one operator at a time, until that has left for good.
    function _isTaken(uint256 key) private view returns (bool) {
        for (uint256 i = 0; i < operators.length; ++i) {
            if (operators[i].key == key && !operators[i].isWithdrawn) return true;
        }
        return false;
    }
}
