// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";

/// Who is challenged, and for which posts.
contract DrawTest is CustodyTest {
    uint256 private constant SALT = 5;

    function setUp() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.operatorsAtLevel = [3, 3, 3];
        deployCustody(values);
    }

    /// Pitfall 5: whoever attests when the seed is known already is challenged from the next epoch on.
    function test_openPost_afterTheSeedBringsNoChallengeInTheEpoch() public {
        Epoch epoch = finalise(1);
        PostId postId = open(SALT, 0x7, 1, 20);
        for (uint256 operator = 0; operator < 3; ++operator) {
            vm.assertFalse(isChallenged(postId, epoch, operator));
        }
        bytes memory notActive = abi.encodeWithSelector(
            ICustodyChallenges.PostNotActive.selector, postId, epoch, Epoch.wrap(1), Epoch.wrap(20)
        );
        vm.expectRevert(notActive);
        custody.prove(postId, epoch, op(0), "", new bytes32[](0), 0, "");
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(notActive);
        custody.reportMissed(postId, epoch, op(0));
        vm.expectRevert(notActive);
        custody.settle(postId, epoch);
        vm.assertTrue(isChallenged(postId, finalise(2), 0));
    }

    /// Pitfall 35: nothing creates a challenge, so nothing can create many: repeating leaves no trace.
    function test_finaliseSeed_repeatedLeavesNoTrace() public {
        PostId postId = open(SALT, 0x7, 20);
        Epoch epoch = finalise(1);
        bytes32 before = keccak256(abi.encode(custody.epochRecord(), custody.challengeOf(postId, epoch, op(0))));
        vm.recordLogs();
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(STRANGER);
            custody.finaliseSeed(epoch, "");
        }
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(keccak256(abi.encode(custody.epochRecord(), custody.challengeOf(postId, epoch, op(0)))), before);
    }

    /// Pitfall 35: one challenge per post, operator and epoch; answering again changes nothing either.
    function test_prove_repeatedLeavesNoTrace() public {
        PostId postId = open(SALT, 0x7, 20);
        Epoch epoch = finalise(1);
        Answer memory right = answerOf(postId, epoch, 0, SALT);
        prove(postId, epoch, 0, right);
        bytes32 before = keccak256(abi.encode(custody.postOf(postId)));
        vm.recordLogs();
        prove(postId, epoch, 0, right);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId))), before);
    }

    /// Pitfall 36: whatever is registered, only those who attested it are ever asked for it.
    function testFuzz_challengeOf_asksNobodyButAttesters(uint256 attesters, bytes32 randao) public {
        PostId postId = open(SALT, attesters, 20);
        Epoch epoch = finalise(1, randao);
        uint256 challenged = 0;
        uint256 stranger = 256;
        for (uint256 operator = 0; operator <= 256; ++operator) {
            bool hasAttested = operator < 256 && (attesters >> operator) & 1 == 1;
            if (!hasAttested) stranger = operator;
            if (!isChallenged(postId, epoch, operator)) continue;
            vm.assertTrue(hasAttested);
            ++challenged;
        }
        vm.assertLe(challenged, 3);
        vm.assertTrue(challenged == 3 || challenged == _countOnes(attesters));
        bytes memory notChallenged =
            abi.encodeWithSelector(ICustodyChallenges.NotChallenged.selector, postId, epoch, op(stranger));
        vm.expectRevert(notChallenged);
        custody.prove(postId, epoch, op(stranger), "", new bytes32[](0), 0, "");
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(notChallenged);
        custody.reportMissed(postId, epoch, op(stranger));
    }

    /// Over many seeds, each of 7 attesters is among the 3 challenged about equally often.
    function test_challengeOf_asksEachAttesterEquallyOften() public {
        uint256 attesters = 1 << 3 | 1 << 5 | 1 << 8 | 1 << 100 | 1 << 101 | 1 << 200 | 1 << 255;
        uint256 epochs = 420;
        PostId postId = open(SALT, attesters, 1000);
        uint256[256] memory hits;
        for (uint256 number = 1; number <= epochs; ++number) {
            Epoch epoch = finalise(number);
            for (uint256 operator = 0; operator < 256; ++operator) {
                if ((attesters >> operator) & 1 == 0) continue;
                if (isChallenged(postId, epoch, operator)) ++hits[operator];
            }
        }
        for (uint256 operator = 0; operator < 256; ++operator) {
            if ((attesters >> operator) & 1 == 0) continue;
            // 180 expected; the standard deviation is 10.
            vm.assertLt(140, hits[operator]);
            vm.assertLt(hits[operator], 220);
        }
    }

    function test_challengeOf_asksNobodyAfterTheEnd() public {
        PostId postId = open(SALT, 0x7, 3);
        vm.assertTrue(isChallenged(postId, finalise(2), 0));
        vm.assertFalse(isChallenged(postId, finalise(3), 0));
    }

    // ------------------------------------------------------------ endPost

    /// Attested -> Ended before the term: the running epoch goes on as it began.
    function test_endPost_bringsTheEndForwardToTheNextEpoch() public {
        PostId postId = open(SALT, 0x7, 20);
        Epoch epoch = finalise(1);
        vm.expectEmit();
        emit ICustodyChallenges.PostEnding(postId, Epoch.wrap(2));
        vm.assertEq(Epoch.unwrap(custody.endPost(postId)), 2);
        vm.assertTrue(isChallenged(postId, epoch, 0));
        answer(postId, epoch, 0, SALT);
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(postId, epoch, op(1));
        custody.settle(postId, epoch);
        epoch = finalise(2);
        vm.assertFalse(isChallenged(postId, epoch, 0));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICustodyChallenges.PostNotActive.selector, postId, epoch, Epoch.wrap(0), Epoch.wrap(2)
            )
        );
        custody.prove(postId, epoch, op(0), "", new bytes32[](0), 0, "");
    }

    function test_endPost_neverPutsTheEndOff() public {
        PostId postId = open(SALT, 0x7, 20);
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        custody.endPost(postId);
        vm.recordLogs();
        vm.assertEq(Epoch.unwrap(custody.endPost(postId)), 2);
        vm.roll(firstBlockOf(Epoch.wrap(5)));
        vm.assertEq(Epoch.unwrap(custody.endPost(postId)), 2);
        vm.assertEq(vm.getRecordedLogs().length, 0);
        vm.assertEq(Epoch.unwrap(custody.postOf(postId).endEpoch), 2);
    }

    function test_endPost_onlyForTheRegistryAndKnownPosts() public {
        PostId postId = open(SALT, 0x7, 20);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.NotPostRegistry.selector, STRANGER));
        custody.endPost(postId);
        PostId unknown = PostId.wrap(keccak256("unknown"));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.UnknownPost.selector, unknown));
        custody.endPost(unknown);
    }

    function _countOnes(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) {
            count += bits & 1;
        }
    }
}
