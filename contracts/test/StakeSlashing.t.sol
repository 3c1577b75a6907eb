// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {StakeTest} from "./support/StakeTest.sol";

contract StakeSlashingTest is StakeTest {
    function setUp() public {
        deployStake();
    }

    // ------------------------------------------------------------ penalties

    function test_slash_onlyForTheChallenges() public {
        joinOperators(1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotCustodyChallenges.selector, address(this)));
        stake.slash(op(0), atEpoch(1), POST, 0, STRANGER);
    }

    function test_slash_takesTheLevelsShareOfTheStakeAtTheStart() public {
        joinOperators(2);
        rollTo(1, 1);
        // Counts only from epoch 2 on, so the penalty of epoch 1 does not grow with it.
        vm.prank(ownerOf(0));
        stake.deposit{value: 9 ether}(op(0));
        vm.expectEmit();
        emit IOperatorStake.OperatorSlashed(op(0), atEpoch(1), POST, 0.1 ether, 0.005 ether, STRANGER);
        vm.expectEmit();
        emit IOperatorStake.SlashingSignal(op(0), atEpoch(1), POST, 1, 0.1 ether);
        vm.assertEq(slash(0, 1, 1), 0.1 ether);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(1)), 1 ether);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(2)), 9.9 ether);
        vm.assertEq(stake.totalStakeAt(atEpoch(2)), 10.9 ether);
        vm.assertEq(stake.creditOf(STRANGER), 0.005 ether);
        vm.assertEq(stake.creditOf(TREASURY), 0.095 ether);
    }

    function test_slash_stopsAtTheCapOfTheEpochAndStartsAgainInTheNext() public {
        joinOperators(1);
        rollTo(1, 1);
        vm.assertEq(slash(0, 1, 1), 0.1 ether);
        vm.assertEq(slash(0, 1, 1), 0.02 ether);
        vm.assertEq(slash(0, 1, 1), 0);
        rollTo(2, 1);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(2)), 0.88 ether);
        vm.assertEq(slash(0, 2, 0), 0.044 ether);
    }

    /// Pitfall 32: never more than the epoch's cap of the stake at the start, whatever is missed in whichever order.
    function testFuzz_slash_conserves(uint256[12] memory amounts, uint8[12] memory operators, uint8[12] memory levels)
        public
    {
        joinOperators(4);
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 operator = operators[i] % 4;
            uint256 epoch = 1 + i / 3;
            rollTo(epoch, 1);
            if (!stake.exitOf(op(operator)).isLeaving) {
                vm.prank(ownerOf(operator));
                stake.deposit{value: bound(amounts[i], 0, 5 ether)}(op(operator));
            }
            uint256 missing = (operator + 1) % 4;
            slash(missing, epoch, levels[i] % 3);
            uint256 held = stake.stakeAt(op(missing), atEpoch(epoch));
            vm.assertLe(held * 8800 / 10_000, stake.stakeOf(op(missing)));
            assertConserved();
        }
        uint256 credits = stake.creditOf(STRANGER) + stake.creditOf(TREASURY);
        vm.assertEq(credits, stake.totalSlashed());
        vm.prank(TREASURY);
        stake.withdrawCredit();
        vm.assertEq(stake.creditOf(TREASURY), 0);
        assertConserved();
    }

    /// Pitfall 29: a later epoch slashed first would take what belongs to the earlier one.
    function test_slash_revertsOutOfOrder() public {
        joinOperators(2);
        rollTo(5);
        slash(0, 5, 0);
        vm.prank(address(clock));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.SlashOutOfOrder.selector, op(0), atEpoch(4), atEpoch(5)));
        stake.slash(op(0), atEpoch(4), POST, 0, STRANGER);
        // The order is one for each operator.
        slash(1, 4, 0);
    }

    /// Pitfall 23: a penalty that governance changes leaves the running epoch alone.
    function test_setStakeParameters_holdsFromTheNextEpochOn() public {
        joinOperators(2);
        rollTo(1, 1);
        IOperatorStake.StakeParameters memory parameters = stakeParameters();
        parameters.penaltyBps = [uint16(100), 200, 300];
        vm.expectEmit();
        emit IOperatorStake.StakeParametersChanged(atEpoch(2), parameters);
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (parameters)));
        vm.assertEq(slash(0, 1, 0), 0.05 ether);
        rollTo(2, 1);
        vm.assertEq(slash(1, 2, 0), 0.01 ether);
        vm.assertEq(stake.stakeParametersAt(atEpoch(1)).penaltyBps[0], 500);
        vm.assertEq(stake.stakeParametersAt(atEpoch(2)).penaltyBps[0], 100);
    }

    // ------------------------------------------------------------ ejection

    function test_slash_ejectsAfterMissesInThreeOfEightEpochs() public {
        joinOperators(2);
        _miss(0, 1);
        _miss(0, 1);
        _miss(0, 5);
        vm.assertEq(stake.leavingOperators(), 0);
        rollTo(8, 90);
        vm.expectEmit();
        emit IOperatorStake.SlashingSignal(op(0), atEpoch(8), POST, 0, _penaltyOf(0, 8));
        vm.expectEmit();
        emit IOperatorStake.OperatorEjected(
            op(0), atEpoch(8), atEpoch(9), atEpoch(12), uint48(block.number + UNBONDING)
        );
        slash(0, 8, 0);
        // Like an exit that was announced in the epoch of the miss.
        vm.assertTrue(stake.isActiveAt(op(0), atEpoch(8)));
        vm.assertFalse(stake.isActiveAt(op(0), atEpoch(9)));
        vm.assertEq(stake.totalStakeAt(atEpoch(9)), 1 ether);
        vm.assertEq(stake.vacantAt(atEpoch(11)), 0);
        vm.assertEq(stake.vacantAt(atEpoch(12)), 1);
        assertConserved();
        // Further misses cost, and eject nobody twice.
        _miss(0, 9);
        assertConserved();
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.AlreadyLeaving.selector, op(0)));
        stake.announceExit(op(0));
        vm.roll(B0 + 8 * L + 90 + UNBONDING);
        withdraw(0);
        assertConserved();
    }

    function test_slash_doesNotEjectWhenMissesLieTooFarApart() public {
        joinOperators(1);
        _miss(0, 1);
        _miss(0, 5);
        _miss(0, 9);
        vm.assertEq(stake.leavingOperators(), 0);
        (, uint64 misses) = stake.missesOf(op(0));
        vm.assertEq(misses, 1 | 1 << 4 | 1 << 8);
        _miss(0, 10);
        vm.assertEq(stake.leavingOperators(), 1);
    }

    /// A miss counts also where nothing is left to take.
    function test_slash_ejectsOperatorsWithoutStake() public {
        IOperatorStake.StakeParameters memory parameters = stakeParameters();
        parameters.penaltyBps = [uint16(10_000), 10_000, 10_000];
        parameters.maxSlashBpsPerEpoch = 10_000;
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (parameters)));
        joinOperators(2);
        _miss(0, 1);
        vm.assertEq(stake.stakeOf(op(0)), 0);
        vm.assertFalse(stake.isActiveAt(op(0), atEpoch(2)));
        _miss(0, 2);
        _miss(0, 3);
        vm.assertEq(stake.leavingOperators(), 1);
        assertConserved();
        vm.roll(block.number + UNBONDING);
        withdraw(0);
        assertConserved();
    }

    /// Whoever left is not ejected on top: its time does not start again.
    function test_slash_leavesTheTimeOfAnExitAlone() public {
        joinOperators(1);
        _miss(0, 1);
        _miss(0, 2);
        rollTo(3);
        announceExit(0);
        uint48 free = stake.exitOf(op(0)).withdrawableFrom;
        _miss(0, 3);
        _miss(0, 4);
        vm.assertEq(stake.exitOf(op(0)).withdrawableFrom, free);
    }

    function _miss(uint256 operator, uint256 epoch) private {
        rollTo(epoch, 90);
        slash(operator, epoch, 0);
    }

    function _penaltyOf(uint256 operator, uint256 epoch) private view returns (uint256) {
        return stake.stakeAt(op(operator), atEpoch(epoch)) * 500 / 10_000;
    }
}
