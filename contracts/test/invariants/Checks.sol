// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {GovernanceActions} from "./GovernanceActions.sol";

/// What must hold between any two actions: the contracts and the model agree, and nobody's money is missing.
abstract contract Checks is GovernanceActions {
    function checkConservation() external view {
        uint256 stakes = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            stakes += stake.stakeOf(op(i));
        }
        uint256 outgone = stake.totalWithdrawn() + stake.totalSlashed();
        vm.assertEq(stake.totalDeposited(), stakes + outgone, "deposits = stakes + withdrawn + slashed");
        vm.assertEq(stake.totalDeposited(), deposited, "deposits are what was sent");
        vm.assertEq(stake.totalWithdrawn(), withdrawn, "withdrawn is what was paid out");
        vm.assertEq(stake.totalSlashed(), slashed, "slashed is what the misses cost");

        uint256 owed = 0;
        for (uint256 n = 0; n < creditors.length; ++n) {
            vm.assertEq(stake.creditOf(creditors[n]), credits[creditors[n]], "credits go to reporter and treasury");
            owed += credits[creditors[n]];
        }
        vm.assertEq(address(stake).balance, stakes + owed, "the balance covers stakes and credits, exactly");
        vm.assertEq(stake.creditOf(address(attacker)), 0, "a listener gains nothing");
        vm.assertFalse(attacker.hasBrokenIn(), "a listener can do nothing that others cannot");
    }

    function checkOperators() external view {
        Epoch epoch = _epoch();
        // What was may not change any more, and what is held now counts from the next epoch on.
        Epoch last = Epoch.wrap(uint32(epochNow - 1));
        Epoch next = Epoch.wrap(uint32(epochNow + 1));
        uint256 vacant = 0;
        uint256 staying = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            if (isVacant(i, epochNow)) vacant |= 1 << i;
            vm.assertEq(stake.stakeOf(op(i)), operators[i].stake, "stake");
            vm.assertEq(stake.stakeAt(op(i), epoch), stakeAtStart[epochNow][i], "stake at the epoch's start");
            vm.assertEq(stake.stakeAt(op(i), last), stakeAtStart[epochNow - 1][i], "stake of the last epoch");
            vm.assertEq(stake.stakeAt(op(i), next), operators[i].stake, "stake of the next epoch");
            if (!operators[i].isLeaving) staying += operators[i].stake;
            vm.assertTrue(stake.isActiveAt(op(i), epoch) == isActive(i, epochNow), "activity");
            IOperatorStake.Exit memory exit = stake.exitOf(op(i));
            vm.assertTrue(exit.isLeaving == operators[i].isLeaving, "leaving");
            vm.assertTrue(exit.isWithdrawn == operators[i].isWithdrawn, "withdrawn");
            vm.assertEq(exit.withdrawableFrom, operators[i].withdrawableFrom, "end of unbonding");
        }
        vm.assertEq(stake.vacantAt(epoch), vacant, "vacant operators");
        vm.assertEq(stake.totalStakeAt(epoch), totalActiveStake(epochNow), "total stake");
        vm.assertEq(stake.totalStakeAt(last), totalActiveStake(epochNow - 1), "total stake of the last epoch");
        vm.assertEq(stake.totalStakeAt(next), staying, "total stake of the next epoch");
        vm.assertEq(stake.operatorCount(), operators.length, "number of operators");
        vm.assertTrue(stake.isParameterSetSafe(), "stake can be slashed for long enough");
    }

    function checkClock() external view {
        vm.assertTrue(custody.isPaused() == isPausedNow(), "pause");
        vm.assertEq(custody.unpausedBlocks(), unpausedNow(), "unpaused clock");
        if (!isSeeded()) return;
        (uint256 closesAt, uint256 reportsCloseAt) = deadlines();
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        vm.assertEq(Epoch.unwrap(record.epoch), epochNow, "recorded epoch");
        vm.assertEq(record.seed, seedOfEpoch[epochNow], "seed");
        vm.assertEq(record.closesAtBlock, closesAt, "deadline");
        vm.assertEq(record.reportsCloseAtBlock, reportsCloseAt, "end of the report window");
        vm.assertEq(custody.deadlineOf(_epoch()), closesAt, "deadline asked for");
        vm.assertEq(record.period, custodyNow.period, "period");
        vm.assertEq(record.custodyBps, custodyNow.custodyBps, "custody share");
    }

    function checkPosts() external view {
        for (uint256 p = 0; p < posts.length; ++p) {
            PostModel storage post = posts[p];
            vm.assertTrue(registry.stateOf(post.id) == post.state, "state of a post");
            ICustodyChallenges.Post memory actual = custody.postOf(post.id);
            vm.assertEq(actual.attesters, post.attesters, "attesters");
            if (post.attesters == 0) continue;
            vm.assertEq(actual.root, post.root, "root");
            vm.assertEq(Epoch.unwrap(actual.attestedEpoch), post.attestedEpoch, "attested epoch");
            vm.assertEq(Epoch.unwrap(actual.endEpoch), post.endEpoch, "end epoch");
            vm.assertTrue(actual.isAtRisk == post.isAtRisk, "risk");
            vm.assertEq(actual.nextLevel, post.nextLevel, "next level");
            if (Epoch.unwrap(actual.touchedEpoch) != epochNow) continue;
            vm.assertEq(actual.level, post.level, "level");
            vm.assertTrue(actual.isSettled == post.isSettled, "settled");
        }
    }

    /// Who is challenged, for one post at a time: each operator's challenge costs two hashes to the field.
    function checkChallenges() external view {
        PostModel storage post = posts[actionCount % posts.length];
        _checkStrata(post);
        for (uint256 i = 0; i < operators.length; ++i) {
            (bool isChallenged, uint256 stratum) = stratumOf(post, i);
            bool isDue = isChallenged && !isVacant(i, epochNow);
            ICustodyChallenges.Challenge memory challenge = custody.challengeOf(post.id, _epoch(), op(i));
            vm.assertTrue(challenge.isChallenged == isDue, "who is challenged");
            if (isDue) vm.assertEq(challenge.stratum, stratum, "stratum");
            if (isDue) vm.assertEq(challenge.level, post.level, "level of a challenge");
            bool isProven = (post.provenOperators >> i) & 1 == 1;
            bool isMissed = (post.missedOperators >> i) & 1 == 1;
            vm.assertTrue(custody.isProven(post.id, _epoch(), op(i)) == isProven, "who has proven");
            vm.assertTrue(custody.isMissed(post.id, _epoch(), op(i)) == isMissed, "who has missed");
            bool isAttester = (post.attesters >> i) & 1 == 1;
            vm.assertTrue(isAttester || !(isChallenged || isProven || isMissed), "nobody but attesters");
        }
    }

    /// The bits of a post that was touched in this epoch: none but those of the strata drawn, and each in its place.
    function _checkStrata(PostModel storage post) private view {
        ICustodyChallenges.Post memory actual = custody.postOf(post.id);
        if (Epoch.unwrap(actual.touchedEpoch) != epochNow) return;
        uint256[] memory byStratum = challenged(post);
        uint256 proven = 0;
        uint256 missed = 0;
        for (uint256 j = 0; j < byStratum.length; ++j) {
            proven |= ((post.provenOperators >> byStratum[j]) & 1) << j;
            missed |= ((post.missedOperators >> byStratum[j]) & 1) << j;
        }
        vm.assertEq(actual.proven, proven, "strata that have proven");
        vm.assertEq(actual.missed, missed, "strata that have missed");
    }

    function _epoch() private view returns (Epoch) {
        return Epoch.wrap(uint32(epochNow));
    }
}
