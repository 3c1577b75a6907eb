// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";

/// Pitfall 33 for any parameters and any guardian: walks through an epoch block by block.
contract PausePropertiesTest is CustodyTest {
    Epoch private constant EPOCH = Epoch.wrap(1);

    PostId private postId;
    ICustodyChallenges.Parameters private values;
    /// Deadline without pauses.
    uint256 private base;
    /// Paused and unpaused blocks of the epoch, up to the last one walked through.
    uint256 private pausedBlocks;
    uint256 private unpausedBlocks;
    bool private wasPaused;
    /// The last reading of the clock.
    uint256 private clock;

    function testFuzz_pause_takesNoTimeFromAnybody(uint256 window, uint256 maxPause, uint256 report, bytes32 luck)
        public
    {
        values = custodyParameters();
        values.window = uint24(bound(window, 1, 40));
        values.maxPause = uint24(bound(maxPause, 1, 25));
        uint256 left = L - DELTA - FINALIZE_BY - values.window - values.maxPause;
        // Often all that is left, so that the epoch is as full as it may be.
        values.reportWindow = uint24(report % 2 == 0 ? left : bound(report, 2, left));
        deployCustody(values);
        postId = open(1, 0x3, 20);
        base = beacon.seedBlock(EPOCH) + FINALIZE_BY + values.window;
        uint256 seedBlock = beacon.seedBlock(EPOCH);
        uint256 finalisedAt = seedBlock + bound(uint256(luck), FINALITY, FINALIZE_BY);
        clock = firstBlockOf(EPOCH) - 1;

        for (uint256 number = firstBlockOf(EPOCH); number <= lastBlockOf(EPOCH); ++number) {
            vm.roll(number);
            _assertClock(wasPaused ? clock : clock + 1);
            if (number == finalisedAt) _finalise();
            _act(uint256(keccak256(abi.encode(luck, number))));
            _assertClock(clock);
            wasPaused = custody.isPaused();
            if (wasPaused) ++pausedBlocks;
            else ++unpausedBlocks;
            if (number >= finalisedAt) _assertDeadlines(number);
        }
        vm.assertLe(pausedBlocks, values.maxPause);
        _assertAllIsOver();
    }

    /// One in four blocks, the guardian pauses or, more seldom, ends a pause, if it can.
    function _act(uint256 luck) private {
        if (luck % 4 != 0) return;
        bool isPausing = (luck >> 8) % 3 != 0;
        try this.act(isPausing) {} catch {}
    }

    function act(bool isPausing) external {
        if (isPausing) custody.pause();
        else custody.unpause();
    }

    function _assertDeadlines(uint256 number) private view {
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        // Moved by at most maxPause, never back, and never out of the epoch.
        vm.assertLe(base, record.closesAtBlock);
        vm.assertLe(record.closesAtBlock, base + values.maxPause);
        vm.assertLt(record.closesAtBlock, record.reportsCloseAtBlock + 1);
        vm.assertLe(record.reportsCloseAtBlock, base + values.maxPause + values.reportWindow);
        vm.assertLe(record.reportsCloseAtBlock, lastBlockOf(EPOCH));
        // Up to the last block to prove in, at least as many unpaused ones as there would have been without a pause.
        uint256 neededToProve = base - firstBlockOf(EPOCH) + 1;
        if (number == record.closesAtBlock) vm.assertLe(neededToProve, unpausedBlocks);
        // The same for reports, but for the one block that the end of a full epoch may cut off.
        uint256 neededToReport = neededToProve + values.reportWindow;
        if (number == record.reportsCloseAtBlock) {
            bool isCut = number == lastBlockOf(EPOCH);
            vm.assertLe(neededToReport, unpausedBlocks + (isCut ? 1 : 0));
        }
    }

    /// The clock shows `expected`, and never goes back.
    function _assertClock(uint256 expected) private {
        uint256 shown = custody.unpausedBlocks();
        vm.assertEq(shown, expected);
        clock = shown;
    }

    /// In the first block of the next epoch nothing of this one is open, and nothing is paused.
    function _assertAllIsOver() private {
        vm.roll(lastBlockOf(EPOCH) + 1);
        vm.assertFalse(custody.isPaused());
        vm.expectPartialRevert(ICustodyChallenges.DeadlinePassed.selector);
        custody.prove(postId, EPOCH, op(0), "", new bytes32[](0), 0, "");
        vm.expectPartialRevert(ICustodyChallenges.OutsideReportWindow.selector);
        custody.reportMissed(postId, EPOCH, op(0));
        vm.expectPartialRevert(ICustodyChallenges.OutsideSettlement.selector);
        custody.settle(postId, EPOCH);
    }

    function _finalise() private {
        custody.finaliseSeed(EPOCH, seedHeader(EPOCH, keccak256("randao")));
    }
}
