// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";

/// Pitfall 33: which deadlines a pause moves, and the clock that stands still meanwhile.
contract PauseDeadlinesTest is CustodyTest {
    uint256 private constant SALT = 5;
    uint256 private constant MAX_PAUSE = 10;

    PostId private postId;

    function setUp() public {
        deployCustody(custodyParameters());
        postId = open(SALT, 0x7, 20);
    }

    /// Pitfall 33: a pause before the seed is known counts as well.
    function test_pause_beforeTheSeedMovesTheDeadlinesOfItsEpoch() public {
        Epoch epoch = Epoch.wrap(1);
        vm.roll(firstBlockOf(epoch) + 1);
        uint64 closes = uint64(closesAt(epoch) + MAX_PAUSE);
        vm.expectEmit();
        emit ICustodyChallenges.PauseStarted(
            epoch, uint64(firstBlockOf(epoch) + MAX_PAUSE), closes, closes + uint64(REPORT_WINDOW)
        );
        pauseAsGuardian();
        vm.roll(firstBlockOf(epoch) + 4);
        unpauseAsGuardian();
        vm.assertEq(custody.deadlineOf(epoch), closesAt(epoch) + 4);
        vm.roll(firstBlockOf(epoch) + 9);
        pauseAsGuardian();
        vm.assertEq(custody.deadlineOf(epoch), closesAt(epoch) + MAX_PAUSE);
        // The seed comes while the second pause goes on; then the guardian ends it.
        finalise(1);
        _assertDeadlines(closesAt(epoch) + MAX_PAUSE, closesAt(epoch) + MAX_PAUSE + REPORT_WINDOW);
        unpauseAsGuardian();
        _assertDeadlines(closesAt(epoch) + 8, closesAt(epoch) + 8 + REPORT_WINDOW);
        // It leaves the next epoch alone.
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)));
        finalise(2);
        _assertDeadlines(closesAt(Epoch.wrap(2)), closesAt(Epoch.wrap(2)) + REPORT_WINDOW);
    }

    /// Those who missed get no second chance; those who report them lose no time.
    function test_pause_afterTheDeadlineMovesTheReportsOnly() public {
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        pauseAsGuardian();
        _assertDeadlines(closesAt(epoch), closesAt(epoch) + REPORT_WINDOW + MAX_PAUSE);
        vm.expectPartialRevert(ICustodyChallenges.DeadlinePassed.selector);
        custody.prove(postId, epoch, op(1), "", new bytes32[](0), 0, "");
        vm.roll(closesAt(epoch) + 3);
        unpauseAsGuardian();
        _assertDeadlines(closesAt(epoch), closesAt(epoch) + REPORT_WINDOW + 3);
        vm.roll(closesAt(epoch) + REPORT_WINDOW + 3);
        custody.reportMissed(postId, epoch, op(1));
    }

    function test_pause_afterTheReportsMovesNothing() public {
        Epoch epoch = finalise(1);
        uint256 from = closesAt(epoch) + REPORT_WINDOW + 1;
        vm.roll(from);
        pauseAsGuardian();
        _assertDeadlines(closesAt(epoch), closesAt(epoch) + REPORT_WINDOW);
        vm.roll(from + 1);
        unpauseAsGuardian();
        _assertDeadlines(closesAt(epoch), closesAt(epoch) + REPORT_WINDOW);
        vm.roll(from + 2);
        custody.settle(postId, epoch);
    }

    /// An epoch that is exactly as long as everything in it: reports end with it, also after the longest pause.
    function test_pause_neverReachesIntoTheNextEpoch() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.reportWindow = uint24(L - DELTA - FINALIZE_BY - WINDOW - MAX_PAUSE);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        Epoch epoch = finalise(1);
        _assertDeadlines(closesAt(epoch), lastBlockOf(epoch) - MAX_PAUSE + 1);
        pauseAsGuardian();
        _assertDeadlines(closesAt(epoch) + MAX_PAUSE, lastBlockOf(epoch));
        vm.roll(lastBlockOf(epoch));
        custody.reportMissed(postId, epoch, op(1));
        vm.roll(lastBlockOf(epoch) + 1);
        vm.expectPartialRevert(ICustodyChallenges.OutsideReportWindow.selector);
        custody.reportMissed(postId, epoch, op(2));
    }

    /// Whoever pauses, as long and as late as it goes: there is a block in which to report, also in the fullest epoch.
    function testFuzz_pause_leavesABlockToReportIn(uint256 from) public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.reportWindow = 2;
        values.window = uint24(L - DELTA - FINALIZE_BY - MAX_PAUSE - values.reportWindow);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        Epoch epoch = finalise(1);
        uint256 pausedFrom = bound(from, block.number, lastBlockOf(epoch));
        uint256 reports = 0;
        for (uint256 number = block.number; number <= lastBlockOf(epoch) + 1; ++number) {
            vm.roll(number);
            if (number == pausedFrom) pauseAsGuardian();
            try custody.reportMissed(postId, epoch, op(reports)) {
                ++reports;
            } catch {}
        }
        vm.assertLt(0, reports);
    }

    // ------------------------------------------------------------ the clock

    function test_unpausedBlocks_standsStillWhilePaused() public {
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        uint256 start = custody.unpausedBlocks();
        pauseAsGuardian();
        vm.assertEq(custody.unpausedBlocks(), start);
        vm.roll(firstBlockOf(Epoch.wrap(1)) + 6);
        vm.assertEq(custody.unpausedBlocks(), start);
        unpauseAsGuardian();
        vm.assertEq(custody.unpausedBlocks(), start);
        // Seven blocks were paused, the one of the last call among them.
        vm.roll(firstBlockOf(Epoch.wrap(1)) + 7);
        vm.assertEq(custody.unpausedBlocks(), start);
        vm.roll(firstBlockOf(Epoch.wrap(1)) + 8);
        vm.assertEq(custody.unpausedBlocks(), start + 1);
        vm.roll(firstBlockOf(Epoch.wrap(2)));
        vm.assertEq(custody.unpausedBlocks(), start + L - 7);
        pauseAsGuardian();
        vm.roll(firstBlockOf(Epoch.wrap(3)));
        vm.assertEq(custody.unpausedBlocks(), start + 2 * L - 7 - MAX_PAUSE);
    }

    // ------------------------------------------------------------ help

    function _assertDeadlines(uint256 closes, uint256 reportsClose) private view {
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        vm.assertEq(record.closesAtBlock, closes);
        vm.assertEq(record.reportsCloseAtBlock, reportsClose);
        vm.assertEq(custody.deadlineOf(record.epoch), closes);
    }
}
