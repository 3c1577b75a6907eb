// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {LifecycleTest} from "./support/LifecycleTest.sol";

/// How a post moves between Attested, AtRisk and Ended, and between the levels.
contract SettleTest is LifecycleTest {
    // ------------------------------------------------------------ levels and states

    function test_settle_keepsThePostAttestedWhenEnoughProved() public {
        Epoch epoch = finalise(1);
        answerFirst(epoch, 3);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(postId, epoch, 0, 0, 5, 3, false, STRANGER);
        vm.prank(STRANGER);
        custody.settle(postId, epoch);
        assertPost(0, false);
        vm.assertTrue(custody.postOf(postId).isSettled);
    }

    /// Attested -> level 1 -> level 2 -> AtRisk, and there it stays.
    function test_settle_escalatesUntilThePostIsAtRisk() public {
        for (uint32 number = 1; number <= 5; ++number) {
            Epoch epoch = finalise(number);
            uint8 level = number > 2 ? 2 : uint8(number - 1);
            vm.assertEq(custody.challengeOf(postId, epoch, op(0)).level, level);
            answerFirst(epoch, 2);
            vm.roll(closesAt(epoch) + 1);
            uint8 nextLevel = level == 2 ? 2 : level + 1;
            vm.expectEmit();
            emit ICustodyChallenges.PostSettled(postId, epoch, level, nextLevel, 5, 2, number >= 3, address(this));
            if (number == 3) {
                vm.expectEmit();
                emit ICustodyChallenges.PostAtRisk(postId, epoch);
            }
            vm.recordLogs();
            custody.settle(postId, epoch);
            // PostAtRisk is told once.
            vm.assertEq(vm.getRecordedLogs().length, number == 3 ? 2 : 1);
            assertPost(nextLevel, number >= 3);
        }
    }

    /// AtRisk -> Attested at level 0 -> Ended.
    function test_settle_takesThePostBackUntilItEnds() public {
        fail(1);
        fail(2);
        fail(3);
        assertPost(2, true);
        Epoch epoch = finalise(4);
        answerFirst(epoch, 5);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.PostSettled(postId, epoch, 2, 0, 5, 5, false, address(this));
        custody.settle(postId, epoch);
        assertPost(0, false);
        vm.assertEq(Epoch.unwrap(custody.endPost(postId)), 5);
        epoch = finalise(5);
        vm.assertFalse(isChallenged(postId, epoch, 0));
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICustodyChallenges.PostNotActive.selector, postId, epoch, Epoch.wrap(0), Epoch.wrap(5)
            )
        );
        custody.settle(postId, epoch);
    }

    /// Escalation ends with the first epoch in which enough is proven.
    function test_settle_resetsTheLevelFromAnyLevel() public {
        fail(1);
        assertPost(1, false);
        Epoch epoch = finalise(2);
        answerFirst(epoch, 3);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        assertPost(0, false);
    }

    function test_settle_leavesTheLevelAloneWhenNobodyDoes() public {
        fail(1);
        finalise(2);
        Epoch epoch = finalise(3);
        vm.assertEq(custody.challengeOf(postId, epoch, op(0)).level, 1);
        assertPost(1, false);
        // Also when somebody answered in between, and so touched the post.
        answer(postId, epoch, 0, SALT);
        epoch = finalise(4);
        vm.assertEq(custody.challengeOf(postId, epoch, op(0)).level, 1);
    }

    /// A post at a raised level is challenged in each epoch, whatever the period.
    function test_settle_bringsTheNextChallengeWithoutADraw() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.period = 65_535;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        vm.assertFalse(isChallenged(postId, finalise(1), 0));
        values.period = 1;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        fail(2);
        values.period = 65_535;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        vm.assertTrue(isChallenged(postId, finalise(3), 0));
    }

    /// A level draws more operators than the one before.
    function test_settle_escalatesToMoreOperators() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.operatorsAtLevel = [1, 3, 5];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        uint8[3] memory expected = values.operatorsAtLevel;
        for (uint32 number = 1; number <= 3; ++number) {
            Epoch epoch = finalise(number);
            uint256 drawn = 0;
            for (uint256 operator = 0; operator < 5; ++operator) {
                if (isChallenged(postId, epoch, operator)) ++drawn;
            }
            vm.assertEq(drawn, expected[number - 1]);
            vm.roll(closesAt(epoch) + 1);
            vm.expectEmit();
            emit ICustodyChallenges.PostSettled(
                postId,
                epoch,
                uint8(number - 1),
                number < 3 ? uint8(number) : 2,
                uint16(drawn),
                0,
                number == 3,
                address(this)
            );
            custody.settle(postId, epoch);
        }
    }

    /// `proven * 10,000 < challenged * custodyBps` escalates, and nothing else does.
    function testFuzz_settle_comparesExactly(uint256 custodyBps, uint256 attesterCount, uint256 answered) public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.custodyBps = uint16(bound(custodyBps, 1, 10_000));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        attesterCount = bound(attesterCount, 1, 6);
        answered = bound(answered, 0, attesterCount);
        PostId other = open(SALT + 1, (1 << attesterCount) - 1, 20);
        Epoch epoch = finalise(1);
        for (uint256 operator = 0; operator < answered; ++operator) {
            answer(other, epoch, operator, SALT + 1);
        }
        vm.roll(closesAt(epoch) + 1);
        custody.settle(other, epoch);
        bool isShort = answered * 10_000 < attesterCount * uint256(values.custodyBps);
        vm.assertEq(custody.postOf(other).nextLevel, isShort ? 1 : 0);
    }

    // ------------------------------------------------------------ when, and once

    function test_settle_onlyFromTheDeadlineToTheEndOfTheEpoch() public {
        Epoch epoch = finalise(1);
        uint256 first = closesAt(epoch) + 1;
        uint256 last = lastBlockOf(epoch);
        _expectOutside(epoch, first - 1, first, last);
        _expectOutside(epoch, last + 1, first, last);
        vm.roll(last);
        custody.settle(postId, epoch);
    }

    function test_settle_worksOnceInAnEpoch() public {
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.AlreadySettled.selector, postId, epoch));
        custody.settle(postId, epoch);
        assertPost(1, false);
    }

    function test_settle_onlyTheRecordedEpoch() public {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, Epoch.wrap(1), Epoch.wrap(0)));
        custody.settle(postId, Epoch.wrap(1));
        Epoch epoch = finalise(2);
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, Epoch.wrap(1), epoch));
        custody.settle(postId, Epoch.wrap(1));
    }

    function test_settle_onlyPickedPosts() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.period = 65_535;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PostNotPicked.selector, postId, epoch));
        custody.settle(postId, epoch);
        PostId unknown = PostId.wrap(keccak256("unknown"));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.UnknownPost.selector, unknown));
        custody.settle(unknown, epoch);
    }

    /// What an epoch leads to never changes the epoch itself.
    function test_settle_leavesTheEpochsChallengesAlone() public {
        Epoch epoch = finalise(1);
        bytes32 before = keccak256(abi.encode(custody.challengeOf(postId, epoch, op(2))));
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        vm.assertEq(keccak256(abi.encode(custody.challengeOf(postId, epoch, op(2)))), before);
    }

    // ------------------------------------------------------------ help

    function _expectOutside(Epoch epoch, uint256 blockNumber, uint256 first, uint256 last) private {
        vm.roll(blockNumber);
        vm.expectRevert(
            abi.encodeWithSelector(ICustodyChallenges.OutsideSettlement.selector, epoch, blockNumber, first, last)
        );
        custody.settle(postId, epoch);
    }
}
