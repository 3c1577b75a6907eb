// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {StakeTest} from "./support/StakeTest.sol";

contract StakeExitsTest is StakeTest {
    function setUp() public {
        deployStake();
    }

    // ------------------------------------------------------------ announceExit

    function test_announceExit_leavesTheQuorumNextEpochAndChallengesAfterTheLevels() public {
        joinOperators(3);
        rollTo(4, 50);
        vm.expectEmit();
        emit IOperatorStake.ExitAnnounced(op(1), atEpoch(5), atEpoch(8), uint48(block.number + UNBONDING));
        announceExit(1);
        vm.assertTrue(stake.isActiveAt(op(1), atEpoch(4)));
        vm.assertFalse(stake.isActiveAt(op(1), atEpoch(5)));
        vm.assertEq(stake.totalStakeAt(atEpoch(4)), 3 ether);
        vm.assertEq(stake.totalStakeAt(atEpoch(5)), 2 ether);
        vm.assertEq(stake.activeOperatorsAt(atEpoch(5)), 5);
        vm.assertEq(stake.vacantAt(atEpoch(7)), 0);
        vm.assertEq(stake.vacantAt(atEpoch(8)), 2);
        // What penalties are a part of stays.
        vm.assertEq(stake.stakeAt(op(1), atEpoch(8)), 1 ether);
        vm.assertEq(stake.leavingOperators(), 2);
        IOperatorStake.Exit memory exit = stake.exitOf(op(1));
        vm.assertTrue(exit.isLeaving);
        vm.assertFalse(exit.isWithdrawn);
        vm.assertEq(abi.encode(exit.inactiveFromEpoch, exit.vacantFromEpoch), abi.encode(atEpoch(5), atEpoch(8)));
        vm.assertEq(exit.withdrawableFrom, block.number + UNBONDING);
        assertConserved();
    }

    function test_announceExit_countsFromEpoch0OnBeforeIt() public {
        joinOperators(1);
        announceExit(0);
        vm.assertFalse(stake.isActiveAt(op(0), atEpoch(0)));
        vm.assertEq(stake.totalStakeAt(atEpoch(0)), 0);
        vm.assertEq(stake.vacantAt(atEpoch(2)), 0);
        vm.assertEq(stake.vacantAt(atEpoch(3)), 1);
    }

    function test_announceExit_isForTheOwnerAndOnce() public {
        joinOperators(1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, op(0), address(this)));
        stake.announceExit(op(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.UnknownOperator.selector, op(1)));
        stake.announceExit(op(1));
        announceExit(0);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.AlreadyLeaving.selector, op(0)));
        stake.announceExit(op(0));
    }

    function test_announceExit_goesOnWhilePaused() public {
        joinOperators(1);
        rollTo(1);
        clock.pause(10);
        vm.roll(block.number + 4);
        announceExit(0);
        // The clock stood still at the first paused block.
        vm.assertEq(stake.exitOf(op(0)).withdrawableFrom, B0 + L + UNBONDING);
    }

    /// vacantAt against its definition, for any exits.
    function testFuzz_vacantAt_namesThoseWhoAreGone(uint256 leaving, uint256 epochSeed, uint32 asked) public {
        joinOperators(20);
        uint256 epoch = bound(asked, 0, 40);
        uint256 expected = 0;
        uint256 active = 0;
        for (uint256 e = 0; e < 30; ++e) {
            rollTo(e);
            for (uint256 i = 0; i < 20; ++i) {
                bool leavesNow = uint8(uint256(keccak256(abi.encode(epochSeed, i)))) % 30 == e;
                if (!leavesNow || (leaving >> i) & 1 == 0) continue;
                announceExit(i);
                if (epoch >= e + 1 + LEVELS) expected |= 1 << i;
                if (epoch > e) active |= 1 << i;
            }
        }
        vm.assertEq(stake.vacantAt(atEpoch(epoch)), expected);
        vm.assertEq(stake.activeOperatorsAt(atEpoch(epoch)), ((1 << 20) - 1) & ~active);
    }

    /// One word says who leaves; only those are looked at.
    function test_vacantAt_isCheap() public {
        joinOperators(256);
        uint256 none = _gasOfVacantAt();
        announceExit(200);
        vm.assertLt(_gasOfVacantAt() - none, 4000);
    }

    // ------------------------------------------------------------ withdraw

    function test_withdraw_paysWhatIsLeftOnce() public {
        joinOperators(2);
        rollTo(1);
        announceExit(0);
        vm.roll(block.number + UNBONDING);
        uint256 before = ownerOf(0).balance;
        vm.expectEmit();
        emit IOperatorStake.StakeWithdrawn(op(0), ownerOf(0), 1 ether);
        withdraw(0);
        vm.assertEq(ownerOf(0).balance, before + 1 ether);
        vm.assertEq(stake.stakeOf(op(0)), 0);
        vm.assertEq(stake.totalWithdrawn(), 1 ether);
        vm.assertTrue(stake.exitOf(op(0)).isWithdrawn);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.AlreadyWithdrawn.selector, op(0)));
        stake.withdraw(op(0));
        assertConserved();
    }

    function test_withdraw_revertsForOthersAndForWhoeverStays() public {
        joinOperators(1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, op(0), address(this)));
        stake.withdraw(op(0));
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotLeaving.selector, op(0)));
        stake.withdraw(op(0));
    }

    /// Pitfall 31: to the block.
    function test_withdraw_waitsForTheWholeUnbonding() public {
        joinOperators(1);
        rollTo(1, 7);
        announceExit(0);
        uint256 free = block.number + UNBONDING;
        vm.roll(free - 1);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.StillUnbonding.selector, op(0), free, free - 1));
        stake.withdraw(op(0));
        vm.roll(free);
        withdraw(0);
    }

    /// Pitfall 33: paused blocks are no time to report misses, so they don't count for an exit either.
    function test_withdraw_countsUnpausedBlocksOnly() public {
        joinOperators(1);
        rollTo(1);
        announceExit(0);
        clock.pause(30);
        vm.roll(block.number + 100);
        clock.pause(12);
        uint256 free = B0 + L + UNBONDING + 42;
        vm.roll(free - 1);
        vm.prank(ownerOf(0));
        vm.expectPartialRevert(IOperatorStake.StillUnbonding.selector);
        stake.withdraw(op(0));
        vm.roll(free);
        withdraw(0);
    }

    /// Pitfalls 23 and 31: an exit that began keeps its time, whatever governance sets afterwards.
    function testFuzz_withdraw_keepsTheUnbondingOfTheAnnouncement(uint256 changed, bool isBefore) public {
        joinOperators(1);
        rollTo(1);
        IOperatorStake.StakeParameters memory parameters = stakeParameters();
        parameters.unbonding = uint32(bound(changed, 418, 5000));
        // Set in the same epoch before the announcement, it holds from the next epoch on only.
        if (isBefore) asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (parameters)));
        announceExit(0);
        if (!isBefore) asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (parameters)));
        uint256 free = B0 + L + UNBONDING;
        vm.assertEq(stake.exitOf(op(0)).withdrawableFrom, free);
        vm.roll(free - 1);
        vm.prank(ownerOf(0));
        vm.expectPartialRevert(IOperatorStake.StillUnbonding.selector);
        stake.withdraw(op(0));
        vm.roll(free);
        withdraw(0);
    }

    /// Pitfalls 28, 30 and 31: whenever an exit is announced, every challenge of its operator is over, and slashers had
    /// their time, before anything can be withdrawn; until then all of it can be slashed.
    function testFuzz_withdraw_comesAfterTheLastChallenge(uint256 epoch, uint256 offset, uint8 misses) public {
        joinOperators(1);
        epoch = bound(epoch, 0, 1000);
        rollTo(epoch, bound(offset, 0, L - 1));
        announceExit(0);
        uint256 free = stake.exitOf(op(0)).withdrawableFrom;
        uint256 lastChallenged = epoch + LEVELS;
        vm.assertEq(stake.vacantAt(atEpoch(lastChallenged)), 0);
        vm.assertEq(stake.vacantAt(atEpoch(lastChallenged + 1)), 1);
        uint256 over = B0 + (lastChallenged + 1) * L;
        vm.assertLe(over + stakeParameters().slasherDelay + stakeParameters().margin, free);

        vm.roll(over - 1);
        for (uint256 i = 0; i < misses % 4; ++i) {
            slash(0, lastChallenged, 0);
        }
        vm.assertEq(stake.totalSlashed(), MIN_STAKE * (misses % 4 == 3 ? 12 : misses % 4 * 5) / 100);
        vm.roll(free);
        uint256 before = ownerOf(0).balance;
        withdraw(0);
        vm.assertEq(ownerOf(0).balance - before, MIN_STAKE - stake.totalSlashed());
        assertConserved();
    }

    /// The quorum's total lost all of a leaving operator's stake already.
    function test_slash_ofALeavingOperatorLeavesTheTotalAlone() public {
        joinOperators(2);
        rollTo(1);
        announceExit(0);
        rollTo(2);
        slash(0, 2, 1);
        vm.assertEq(stake.totalStakeAt(atEpoch(3)), 1 ether);
        vm.assertEq(stake.stakeOf(op(0)), 0.9 ether);
        assertConserved();
    }

    function test_withdraw_freesTheSigner() public {
        joinOperators(1);
        announceExit(0);
        vm.roll(block.number + UNBONDING);
        bytes memory possession = possessionOf(ownerOf(0), keyOf(0));
        vm.prank(ownerOf(0));
        vm.expectPartialRevert(IOperatorStake.SignerNotFree.selector);
        stake.join{value: MIN_STAKE}(vm.addr(keyOf(0)), possession);
        withdraw(0);
        vm.assertEq(OperatorIndex.unwrap(join(0)), 1);
    }

    /// Pitfall 42.
    function test_withdraw_cannotBeReenteredNorTakenTwice() public {
        joinOperators(1);
        LeavingOwner owner = new LeavingOwner(stake);
        vm.deal(address(owner), 10 ether);
        OperatorIndex operator = owner.join();
        owner.announce(operator);
        vm.roll(block.number + UNBONDING);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TransferFailed.selector, address(owner), 1 ether));
        owner.withdraw(operator, true);
        vm.assertEq(owner.refusal(), bytes4(0));
        vm.assertEq(stake.stakeOf(operator), 1 ether);
        vm.assertFalse(stake.exitOf(operator).isWithdrawn);
        owner.withdraw(operator, false);
        vm.assertEq(address(owner).balance, 10 ether);
        vm.assertEq(owner.refusal(), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertConserved();
    }

    function _gasOfVacantAt() private view returns (uint256) {
        stake.vacantAt(atEpoch(50));
        return vm.lastCallGas().gasTotalUsed;
    }
}

/// Calls back while its stake is paid, and can refuse the money.
contract LeavingOwner {
    IOperatorStake private immutable stake;
    OperatorIndex private operator;
    bool private refuses;
    /// Error of the last attempt to withdraw again.
    bytes4 public refusal;

    constructor(IOperatorStake stake_) payable {
        stake = stake_;
    }

    receive() external payable {
        require(!refuses, "refused");
        try stake.withdraw(operator) {}
        catch (bytes memory reason) {
            refusal = bytes4(reason);
        }
    }

    function join() external returns (OperatorIndex) {
        return stake.join{value: 1 ether}(address(this), "");
    }

    function announce(OperatorIndex operator_) external {
        operator = operator_;
        stake.announceExit(operator_);
    }

    function withdraw(OperatorIndex operator_, bool refuses_) external {
        refuses = refuses_;
        stake.withdraw(operator_);
    }
}
