// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {SlashBook} from "./support/CustodyTest.sol";
import {LifecycleTest} from "./support/LifecycleTest.sol";

/// What a miss costs at each level, and what settling changes about it: nothing in the same epoch.
contract MissesTest is LifecycleTest {
    function test_reportMissed_carriesTheLevelToTheSlashing() public {
        for (uint32 number = 1; number <= 3; ++number) {
            Epoch epoch = finalise(number);
            vm.roll(closesAt(epoch) + 1);
            vm.expectEmit();
            emit ICustodyChallenges.ChallengeMissed(postId, epoch, op(1), uint8(number - 1), STRANGER);
            vm.prank(STRANGER);
            custody.reportMissed(postId, epoch, op(1));
            SlashBook.Slash memory slash = book.last();
            vm.assertEq(slash.level, number - 1);
            vm.assertEq(Epoch.unwrap(slash.epoch), number);
            vm.assertEq(slash.reporter, STRANGER);
            custody.settle(postId, epoch);
        }
        vm.assertEq(book.count(), 3);
    }

    /// A post that was at risk when its epoch began is challenged and reported, and costs nobody any more.
    function test_reportMissed_costsNothingWhileThePostIsAtRisk() public {
        fail(1);
        fail(2);
        fail(3);
        Epoch epoch = finalise(4);
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.ChallengeMissed(postId, epoch, op(1), 2, address(this));
        custody.reportMissed(postId, epoch, op(1));
        vm.assertTrue(custody.isMissed(postId, epoch, op(1)));
        vm.assertEq(book.count(), 0);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.MissAlreadyReported.selector, postId, epoch, op(1)));
        custody.reportMissed(postId, epoch, op(1));
    }

    /// Settling first, so that the post is at risk, does not save those who missed in that epoch.
    function test_reportMissed_isNotSparedBySettlingFirst() public {
        fail(1);
        fail(2);
        Epoch epoch = finalise(3);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        assertPost(2, true);
        custody.reportMissed(postId, epoch, op(1));
        vm.assertEq(book.count(), 1);
        vm.assertEq(book.last().level, 2);
    }

    /// Settling a post at risk well does not make the misses of that epoch dearer.
    function test_reportMissed_isNotMadeDearerBySettlingFirst() public {
        fail(1);
        fail(2);
        fail(3);
        Epoch epoch = finalise(4);
        answerFirst(epoch, 4);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        assertPost(0, false);
        custody.reportMissed(postId, epoch, op(4));
        vm.assertEq(book.count(), 0);
        // From the next epoch on a miss costs again.
        epoch = finalise(5);
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(postId, epoch, op(4));
        vm.assertEq(book.last().level, 0);
    }

    /// At risk for want of operators, but not at the last level: misses cost what they cost.
    function test_reportMissed_costsBelowTheLastLevelAlsoAtRisk() public {
        book.setVacant(Epoch.wrap(1), ATTESTERS);
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
        epoch = finalise(2);
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(postId, epoch, op(4));
        vm.assertEq(book.last().level, 1);
    }
}
