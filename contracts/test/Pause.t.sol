// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IEpochs} from "../src/interfaces/IEpochs.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";

/// Pitfall 33: how long a pause lasts. It ends by itself.
contract PauseTest is CustodyTest {
    uint256 private constant SALT = 5;
    uint256 private constant MAX_PAUSE = 10;

    PostId private postId;

    function setUp() public {
        deployCustody(custodyParameters());
        postId = open(SALT, 0x7, 20);
    }

    // ------------------------------------------------------------ how long

    /// Pitfall 33: deadlines move by the whole pause at once, and nothing has to happen at its end.
    function test_pause_movesTheDeadlinesAndEndsByItself() public {
        Epoch epoch = finalise(1);
        uint256 from = closesAt(epoch) - 5;
        vm.roll(from);
        vm.expectEmit();
        emit ICustodyChallenges.PauseStarted(
            epoch,
            uint64(from + MAX_PAUSE - 1),
            uint64(closesAt(epoch) + MAX_PAUSE),
            uint64(closesAt(epoch) + MAX_PAUSE + REPORT_WINDOW)
        );
        pauseAsGuardian();
        _assertDeadlines(closesAt(epoch) + MAX_PAUSE, closesAt(epoch) + MAX_PAUSE + REPORT_WINDOW);
        vm.roll(from + MAX_PAUSE - 1);
        vm.assertTrue(custody.isPaused());
        vm.roll(from + MAX_PAUSE);
        vm.assertFalse(custody.isPaused());
        custody.requireNotPaused();
        // The last block to prove is as far from the pause as it was without it.
        vm.roll(closesAt(epoch) + MAX_PAUSE);
        answer(postId, epoch, 0, SALT);
        vm.roll(closesAt(epoch) + MAX_PAUSE + 1);
        vm.expectPartialRevert(ICustodyChallenges.DeadlinePassed.selector);
        custody.prove(postId, epoch, op(1), "", new bytes32[](0), 0, "");
        custody.reportMissed(postId, epoch, op(1));
    }

    function test_pause_endsWithItsEpochAtTheLatest() public {
        Epoch epoch = Epoch.wrap(1);
        uint256 last = lastBlockOf(epoch);
        vm.roll(last - 2);
        pauseAsGuardian();
        vm.roll(last);
        vm.expectRevert(abi.encodeWithSelector(IPause.ProtocolPaused.selector, last));
        custody.requireNotPaused();
        vm.roll(last + 1);
        custody.requireNotPaused();
        // The next epoch has a budget of its own, and its deadlines have not moved.
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)));
        pauseAsGuardian();
        vm.assertTrue(custody.isPaused());
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)) + MAX_PAUSE);
    }

    function test_pause_isUnavailableOnceTheBudgetIsUsedUp() public {
        Epoch epoch = finalise(1);
        uint256 from = closesAt(epoch) - 20;
        vm.roll(from);
        pauseAsGuardian();
        _expectUnavailable(epoch, MAX_PAUSE);
        pauseAsGuardian();
        vm.roll(from + 3);
        unpauseAsGuardian();
        // Four blocks are gone: those from `from` to `from + 3`.
        _assertDeadlines(closesAt(epoch) + 4, closesAt(epoch) + 4 + REPORT_WINDOW);
        vm.roll(from + 8);
        pauseAsGuardian();
        _assertDeadlines(closesAt(epoch) + MAX_PAUSE, closesAt(epoch) + MAX_PAUSE + REPORT_WINDOW);
        vm.roll(from + 13);
        vm.assertTrue(custody.isPaused());
        vm.roll(from + 14);
        vm.assertFalse(custody.isPaused());
        _expectUnavailable(epoch, MAX_PAUSE);
        pauseAsGuardian();
    }

    function test_pause_isUnavailableWithoutABudget() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.maxPause = 0;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PauseUnavailable.selector, Epoch.wrap(1), 0, 0));
        pauseAsGuardian();
    }

    /// A budget that changes holds, like all parameters, from the next epoch on.
    function test_pause_hasTheBudgetThatItsEpochBeganWith() public {
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.maxPause = 2;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        pauseAsGuardian();
        vm.roll(firstBlockOf(Epoch.wrap(1)) + MAX_PAUSE - 1);
        vm.assertTrue(custody.isPaused());
        vm.roll(firstBlockOf(Epoch.wrap(2)));
        pauseAsGuardian();
        vm.roll(firstBlockOf(Epoch.wrap(2)) + 2);
        vm.assertFalse(custody.isPaused());
    }

    function test_pause_hasNoEpochBeforeTheFirst() public {
        vm.roll(B0 - 1);
        vm.expectRevert(abi.encodeWithSelector(IEpochs.BeforeFirstEpoch.selector, B0 - 1, B0));
        pauseAsGuardian();
    }

    function test_unpause_takesBackWhatWasNotUsed() public {
        Epoch epoch = finalise(1);
        uint256 from = closesAt(epoch);
        vm.roll(from);
        pauseAsGuardian();
        vm.roll(from + 2);
        vm.expectEmit();
        emit ICustodyChallenges.PauseEnded(
            epoch, uint64(closesAt(epoch) + 3), uint64(closesAt(epoch) + 3 + REPORT_WINDOW)
        );
        unpauseAsGuardian();
        _assertDeadlines(closesAt(epoch) + 3, closesAt(epoch) + 3 + REPORT_WINDOW);
        // The block of the call is the last one of the pause.
        vm.assertTrue(custody.isPaused());
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PauseUnavailable.selector, epoch, 3, MAX_PAUSE));
        unpauseAsGuardian();
        vm.roll(from + 3);
        vm.assertFalse(custody.isPaused());
        answer(postId, epoch, 0, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PauseUnavailable.selector, epoch, 3, MAX_PAUSE));
        unpauseAsGuardian();
    }

    /// A pause takes a block at least, so nobody can pause block after block and use nothing up.
    function test_unpause_usesUpTheBlockOfThePause() public {
        Epoch epoch = finalise(1);
        uint256 from = closesAt(epoch) - 20;
        for (uint256 i = 0; i < MAX_PAUSE - 1; ++i) {
            vm.roll(from + i);
            pauseAsGuardian();
            unpauseAsGuardian();
        }
        vm.roll(from + MAX_PAUSE - 1);
        pauseAsGuardian();
        vm.roll(from + MAX_PAUSE);
        _expectUnavailable(epoch, MAX_PAUSE);
        pauseAsGuardian();
    }

    // ------------------------------------------------------------ help

    function _assertDeadlines(uint256 closes, uint256 reportsClose) private view {
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        vm.assertEq(record.closesAtBlock, closes);
        vm.assertEq(record.reportsCloseAtBlock, reportsClose);
        vm.assertEq(custody.deadlineOf(record.epoch), closes);
    }

    function _expectUnavailable(Epoch epoch, uint256 taken) private {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PauseUnavailable.selector, epoch, taken, MAX_PAUSE));
    }
}
