// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {LifecycleTest} from "./support/LifecycleTest.sol";

/// Operators that were gone before the epoch: no proof is due of them, and none is missed.
contract VacancyTest is LifecycleTest {
    function test_settle_countsNoVacantOperator() public {
        book.setVacant(Epoch.wrap(1), 0x3 | 1 << 77);
        Epoch epoch = finalise(1);
        vm.assertFalse(isChallenged(postId, epoch, 0));
        vm.assertTrue(isChallenged(postId, epoch, 2));
        answer(postId, epoch, 2, SALT);
        answer(postId, epoch, 3, SALT);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(postId, epoch, 0, 0, 3, 2, false, address(this));
        custody.settle(postId, epoch);
    }

    function test_settle_putsThePostAtRiskWhenAllAreVacant() public {
        book.setVacant(Epoch.wrap(1), ATTESTERS);
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(postId, epoch, 0, 1, 0, 0, true, address(this));
        vm.expectEmit();
        emit ICustodyChallenges.PostAtRisk(postId, epoch);
        custody.settle(postId, epoch);
        // It stays so while too few prove, and is told once.
        epoch = finalise(2);
        vm.roll(closesAt(epoch) + 1);
        vm.recordLogs();
        custody.settle(postId, epoch);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        assertPost(2, true);
        epoch = finalise(3);
        answerFirst(epoch, 5);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        assertPost(0, false);
    }

    /// A post is at risk for want of operators only when none of them is left, not when a draw meets none of those
    /// left.
    function test_settle_leavesThePostSafeWhenOnlyTheDrawnAreVacant() public {
        _drawVacant(1);
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(postId, Epoch.wrap(1), 0, 1, 0, 0, false, address(this));
        custody.settle(postId, Epoch.wrap(1));
        assertPost(1, false);
    }

    /// So the first miss at the last level still costs what it costs.
    function test_reportMissed_costsAtTheLastLevelAfterAVacantDraw() public {
        _drawVacant(1);
        custody.settle(postId, Epoch.wrap(1));
        fail(2);
        Epoch epoch = finalise(3);
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(postId, epoch, op(1));
        vm.assertEq(book.last().level, 2);
    }

    /// Nor does a vacant draw at the last level say anything about those who are left.
    function test_settle_leavesThePostSafeAfterAVacantDrawAtTheLastLevel() public {
        fail(1);
        fail(2);
        _drawVacant(3);
        custody.settle(postId, Epoch.wrap(3));
        assertPost(2, false);
    }

    /// The dearest post to settle: 256 attesters, all gone, fits many times over (EIP-7825).
    function test_settle_fitsATransactionWhoeverIsGone() public {
        PostId largest = open(SALT + 1, type(uint256).max, 20);
        Epoch epoch = finalise(1);
        book.setVacant(epoch, type(uint256).max);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(largest, epoch);
        vm.assertLt(vm.lastCallGas().gasTotalUsed, 16_777_216 / 16);
        vm.assertTrue(custody.postOf(largest).isAtRisk);
    }

    function test_settle_putsThePostAtRiskWhenNobodyAttestedIt() public {
        PostId orphan = open(SALT + 1, 0, 20);
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.PostAtRisk(orphan, epoch);
        custody.settle(orphan, epoch);
        vm.assertTrue(custody.postOf(orphan).isAtRisk);
    }

    /// Whoever is vacant, whoever answers (also vacant ones, whose answers count nothing), whoever is drawn.
    function testFuzz_settle_talliesOperatorsThatAreThere(
        bytes32 randao,
        uint256 attesters,
        uint256 vacant,
        uint256 answering,
        uint256 drawn
    ) public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.operatorsAtLevel[0] = uint8(bound(drawn, 1, 8));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        attesters = attesters % 256 << 40;
        PostId other = open(SALT + 1, attesters, 20);
        Epoch epoch = finalise(1, randao);
        uint16 challenged = 0;
        uint16 proven = 0;
        for (uint256 operator = 40; operator < 48; ++operator) {
            if (!isChallenged(other, epoch, operator)) continue;
            bool isVacant = (vacant >> operator) & 1 == 1;
            bool isAnswering = (answering >> operator) & 1 == 1;
            if (isAnswering) answer(other, epoch, operator, SALT + 1);
            if (!isVacant) ++challenged;
            if (!isVacant && isAnswering) ++proven;
        }
        book.setVacant(epoch, vacant);
        vm.roll(closesAt(epoch) + 1);
        _expectSettled(other, challenged, proven, attesters & ~vacant == 0);
        custody.settle(other, epoch);
    }

    function test_reportMissed_revertsForVacantOperators() public {
        book.setVacant(Epoch.wrap(1), 1 << 3);
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.OperatorVacant.selector, op(3), epoch));
        custody.reportMissed(postId, epoch, op(3));
        custody.reportMissed(postId, epoch, op(2));
        vm.assertEq(book.count(), 1);
    }

    /// An epoch whose one drawn operator is vacant while the other four are there, brought past its deadline.
    function _drawVacant(uint256 number) private {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.operatorsAtLevel = [1, 5, 1];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        Epoch epoch = finalise(number);
        uint256 drawn = 0;
        while (!isChallenged(postId, epoch, drawn)) ++drawn;
        book.setVacant(epoch, 1 << drawn);
        vm.roll(closesAt(epoch) + 1);
        values.operatorsAtLevel = [5, 5, 5];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
    }

    /// Settled in epoch 1, from level 0.
    function _expectSettled(PostId id, uint16 challenged, uint16 proven, bool isDeserted) private {
        bool isWell = challenged > 0 && proven == challenged;
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(
            id, Epoch.wrap(1), 0, isWell ? 0 : 1, challenged, proven, isDeserted, address(this)
        );
    }
}
