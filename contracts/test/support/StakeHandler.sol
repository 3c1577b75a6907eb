// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../../src/types/Epoch.sol";
import {StakeTest} from "./StakeTest.sol";

/// Does to a stake what operators, challenges, governance and time can do, and remembers what must follow.
contract StakeHandler is StakeTest {
    uint256 private constant MAX_COUNT = 14;

    /// Operators that joined.
    uint256 private count = 4;

    /// Sums that the contract is compared with.
    uint256 public deposited;
    uint256 public withdrawnWei;
    uint256 public slashedWei;
    uint256 public paidCredits;
    /// Of each operator that left: the first epoch without challenges.
    mapping(uint256 operator => uint256 epoch) public vacantFrom;
    /// How often each action had an effect: a run in which nothing happens shows nothing.
    mapping(bytes32 action => uint256 times) public done;

    constructor() {
        deployStake();
        joinOperators(count);
        deposited = count * MIN_STAKE;
    }

    function passTime(uint256 blocks) external {
        vm.roll(block.number + bound(blocks, 1, 2 * L));
    }

    function deposit(uint256 operator, uint256 amountWei) external {
        operator = bound(operator, 0, count - 1);
        amountWei = bound(amountWei, 0, 3 ether);
        if (clock.isPaused() || stake.exitOf(op(operator)).isLeaving) return;
        vm.deal(ownerOf(operator), amountWei);
        vm.prank(ownerOf(operator));
        stake.deposit{value: amountWei}(op(operator));
        deposited += amountWei;
        ++done["deposit"];
    }

    function joinOne() external {
        if (clock.isPaused() || count == MAX_COUNT) return;
        vm.deal(ownerOf(count), MIN_STAKE);
        join(count);
        ++count;
        deposited += MIN_STAKE;
        ++done["join"];
    }

    /// Seldom, or soon nobody is left.
    function leaveOne(uint256 operator, uint8 chance) external {
        operator = bound(operator, 0, count - 1);
        if (chance % 4 != 0 || stake.exitOf(op(operator)).isLeaving) return;
        announceExit(operator);
        // Before epoch 0, an announcement counts from epoch 0 on.
        vacantFrom[operator] = (block.number < B0 ? 0 : _currentEpoch() + 1) + LEVELS;
        ++done["announceExit"];
    }

    function miss(uint256 operator, uint8 level) external {
        operator = bound(operator, 0, count - 1);
        uint256 epoch = _currentEpoch();
        bool isVacant = (stake.vacantAt(Epoch.wrap(uint32(epoch))) >> operator) & 1 == 1;
        if (block.number < B0 || clock.isPaused() || isVacant) return;
        bool wasLeaving = stake.exitOf(op(operator)).isLeaving;
        uint256 atStart = stake.stakeAt(op(operator), atEpoch(epoch));
        slashedWei += slash(operator, epoch, level % 3);
        // Whoever is challenged has not withdrawn: a penalty finds the stake that it is a part of.
        require(stake.stakeOf(op(operator)) >= atStart - atStart * 1200 / 10_000 || atStart == 0, "gone");
        if (!wasLeaving && stake.exitOf(op(operator)).isLeaving) {
            vacantFrom[operator] = epoch + 1 + LEVELS;
            ++done["eject"];
        }
        ++done["slash"];
    }

    function takeOut(uint256 operator) external {
        operator = bound(operator, 0, count - 1);
        bool isReady = stake.exitOf(op(operator)).isLeaving && !stake.exitOf(op(operator)).isWithdrawn
            && !clock.isPaused() && clock.unpausedBlocks() >= stake.exitOf(op(operator)).withdrawableFrom;
        if (!isReady) return;
        require(_currentEpoch() >= vacantFrom[operator], "still challenged");
        withdrawnWei += stake.stakeOf(op(operator));
        withdraw(operator);
        ++done["withdraw"];
    }

    function takeCredit(bool isTreasury) external {
        address account = isTreasury ? TREASURY : STRANGER;
        uint256 credit = stake.creditOf(account);
        if (clock.isPaused() || credit == 0) return;
        vm.prank(account);
        stake.withdrawCredit();
        paidCredits += credit;
        ++done["withdrawCredit"];
    }

    function pause(uint256 blocks) external {
        if (clock.isPaused()) return;
        clock.pause(bound(blocks, 1, 30));
        ++done["pause"];
    }

    function check() external view {
        assertConserved();
        vm.assertEq(stake.totalDeposited(), deposited);
        vm.assertEq(stake.totalWithdrawn(), withdrawnWei);
        vm.assertEq(stake.totalSlashed(), slashedWei);
        vm.assertEq(address(stake).balance, deposited - withdrawnWei - paidCredits);
        uint256 epoch = _currentEpoch();
        _checkEpoch(epoch);
        _checkEpoch(epoch + 1);
        _checkEpoch(epoch + 1 + LEVELS);
    }

    /// The quorum's total is the stake of those who are active, and vacant are those whose challenges are over.
    function _checkEpoch(uint256 epoch) private view {
        uint256 total = 0;
        uint256 vacant = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (stake.isActiveAt(op(i), atEpoch(epoch))) total += stake.stakeAt(op(i), atEpoch(epoch));
            if (vacantFrom[i] != 0 && epoch >= vacantFrom[i]) vacant |= 1 << i;
        }
        vm.assertEq(stake.totalStakeAt(atEpoch(epoch)), total);
        vm.assertEq(stake.vacantAt(atEpoch(epoch)), vacant);
    }

    function _currentEpoch() private view returns (uint256) {
        return block.number < B0 ? 0 : (block.number - B0) / L;
    }
}
