// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {BatchActions} from "./BatchActions.sol";
import {SlashingAttacker} from "./SlashingAttacker.sol";
import {Verdict} from "./Verdict.sol";

/// Misses are reported, posts are settled.
abstract contract OutcomeActions is BatchActions {
    SlashingAttacker internal attacker;

    function reportMiss(uint256 random) external observed {
        if (isSeeded() && oneIn(2, random, "wait")) passDeadline(random);
        (uint256 p, uint256 i) = likelyChallenge(random);
        reportOne(p, i, reporterOf(random));
    }

    function settlePost(uint256 random) external observed {
        if (isSeeded() && oneIn(2, random, "wait")) passDeadline(random);
        uint256 start = draw(random, "post", posts.length);
        for (uint256 n = 0; n < posts.length && !oneIn(10, random, "any"); ++n) {
            uint256 p = (start + n) % posts.length;
            if (!isPicked(posts[p]) || posts[p].isSettled) continue;
            start = p;
            break;
        }
        settleOne(start, random);
    }

    function passDeadline(uint256 random) internal {
        (uint256 closesAt, uint256 reportsCloseAt) = deadlines();
        if (blockNow > closesAt) return;
        // Also to the block before it opens, and to the one after it closes.
        bool isBeside = oneIn(6, random, "beside");
        uint256 blocks = reportsCloseAt - closesAt + (isBeside ? 2 : 0);
        moveTo(closesAt + (isBeside ? 0 : 1) + draw(random, "after", blocks));
    }

    function reportOne(uint256 p, uint256 i, address reporter) internal {
        PostModel storage post = posts[p];
        (uint256 closesAt, uint256 reportsCloseAt) = deadlines();
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(isSeeded(), ICustodyChallenges.EpochNotOpen.selector);
        bool isInWindow = closesAt < blockNow && blockNow <= reportsCloseAt;
        verdict.rule(isInWindow, ICustodyChallenges.OutsideReportWindow.selector);
        addChallengeRules(verdict, p, i);
        verdict.rule(!hasProven(p, i), ICustodyChallenges.ProvenInTime.selector);
        bool isNew = (post.missedOperators >> i) & 1 == 0;
        verdict.rule(isNew, ICustodyChallenges.MissAlreadyReported.selector);
        verdict.rule(!isVacant(i, epochNow), ICustodyChallenges.OperatorVacant.selector);

        attacker.aim(post.id, Epoch.wrap(uint32(epochNow)), op(i));
        bytes memory call = abi.encodeCall(custody.reportMissed, (post.id, Epoch.wrap(uint32(epochNow)), op(i)));
        (bool isDone,) = attempt(reporter, address(custody), call, verdict);
        if (!isDone) return;
        post.missedOperators |= 1 << i;
        _requireEarned(p, i);
        if (post.level == LAST_LEVEL && post.beganAtRisk) {
            see("miss at risk");
            return;
        }
        bookSlash(i, post.level, reporter);
        if (attacker.hasSettled()) {
            _bookSettlement(post);
            see("settled by the listener");
        }
        see("miss reported");
    }

    function settleOne(uint256 p, uint256 random) internal {
        PostModel storage post = posts[p];
        (uint256 closesAt,) = deadlines();
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(isSeeded(), ICustodyChallenges.EpochNotOpen.selector);
        verdict.rule(closesAt < blockNow, ICustodyChallenges.OutsideSettlement.selector);
        verdict.rule(post.attesters != 0, ICustodyChallenges.UnknownPost.selector);
        verdict.rule(isActivePost(post), ICustodyChallenges.PostNotActive.selector);
        verdict.rule(isPicked(post), ICustodyChallenges.PostNotPicked.selector);
        verdict.rule(!post.isSettled, ICustodyChallenges.AlreadySettled.selector);
        bytes memory call = abi.encodeCall(custody.settle, (post.id, Epoch.wrap(uint32(epochNow))));
        (bool isDone,) = attempt(reporterOf(random), address(custody), call, verdict);
        if (isDone) _bookSettlement(post);
    }

    function _bookSettlement(PostModel storage post) private {
        (uint256 due, uint256 proven) = tally(post);
        bookSettlement(post, due, proven);
        see(due == 0 ? "settled with nobody due" : "post settled");
    }

    /// What every slash needs, asked of the contracts once more and not of the model.
    function _requireEarned(uint256 p, uint256 i) private view {
        Epoch epoch = Epoch.wrap(uint32(epochNow));
        ICustodyChallenges.Post memory post = custody.postOf(posts[p].id);
        vm.assertEq((post.attesters >> i) & 1, 1, "only attesters are slashed");
        vm.assertTrue(custody.epochRecord().seed == seedOfEpoch[epochNow] && isSeeded(), "only with a seed");
        vm.assertFalse(custody.isProven(posts[p].id, epoch, op(i)), "nobody who has proven is slashed");
        vm.assertTrue(blockNow > custody.deadlineOf(epoch), "only after the deadline");
    }
}
