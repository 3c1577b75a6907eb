// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract OperatorStakeTest is ProtocolTest {
    PostId private constant POST = PostId.wrap(keccak256("post"));

    function setUp() public {
        deployProtocol();
    }

    function test_join_countsFromTheNextEpochOn() public {
        joinOperators(1);
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(0)), MIN_STAKE);
        vm.roll(B0 + 3 * L);
        vm.deal(ownerOf(1), 5 ether);
        vm.expectEmit();
        emit IOperatorStake.OperatorJoined(op(1), ownerOf(1), vm.addr(keyOf(1)), 2 ether, Epoch.wrap(4));
        vm.prank(ownerOf(1));
        stake.join{value: 2 ether}(vm.addr(keyOf(1)));
        vm.assertEq(stake.stakeAt(op(1), Epoch.wrap(3)), 0);
        vm.assertEq(stake.stakeAt(op(1), Epoch.wrap(4)), 2 ether);
        vm.assertEq(stake.totalStakeAt(Epoch.wrap(3)), 1 ether);
        vm.assertEq(stake.totalStakeAt(Epoch.wrap(4)), 3 ether);
        vm.assertEq(stake.operatorCount(), 2);
        vm.assertEq(stake.ownerOf(op(1)), ownerOf(1));
        vm.assertEq(stake.signerOf(op(1)), vm.addr(keyOf(1)));
        vm.assertEq(stake.signerOf(op(2)), address(0));
        vm.assertEq(stake.ownerOf(op(2)), address(0));
    }

    function test_join_revertsOnTooLittleAndOnSignersThatAreTaken() public {
        joinOperators(1);
        vm.deal(address(this), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.StakeTooSmall.selector, MIN_STAKE - 1, MIN_STAKE));
        stake.join{value: MIN_STAKE - 1}(address(1));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.SignerNotFree.selector, vm.addr(keyOf(0))));
        stake.join{value: MIN_STAKE}(vm.addr(keyOf(0)));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.SignerNotFree.selector, address(0)));
        stake.join{value: MIN_STAKE}(address(0));
    }

    /// Pitfall 34: attesters fit one word.
    function test_join_revertsWhenAll256PlacesAreTaken() public {
        joinOperators(256);
        vm.deal(address(this), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TooManyOperators.selector, 256));
        stake.join{value: MIN_STAKE}(address(1));
    }

    function test_deposit_onlyForTheOwner() public {
        joinOperators(1);
        vm.roll(B0 + 1);
        vm.expectEmit();
        emit IOperatorStake.StakeDeposited(op(0), 2 ether, 3 ether, Epoch.wrap(1));
        vm.prank(ownerOf(0));
        stake.deposit{value: 2 ether}(op(0));
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(0)), 1 ether);
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(1)), 3 ether);
        vm.assertEq(stake.stakeOf(op(0)), 3 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, op(0), address(this)));
        stake.deposit(op(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.UnknownOperator.selector, op(1)));
        stake.deposit(op(1));
    }

    function test_slash_onlyForTheChallenges() public {
        joinOperators(1);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotCustodyChallenges.selector, address(this)));
        stake.slash(op(0), Epoch.wrap(1), POST, 0, STRANGER);
    }

    function test_slash_takesTheLevelsShareOfTheStakeAtTheStart() public {
        joinOperators(2);
        vm.roll(B0 + L + 1);
        // Counts only from epoch 2 on, so the penalty of epoch 1 does not grow with it.
        vm.prank(ownerOf(0));
        stake.deposit{value: 9 ether}(op(0));
        vm.expectEmit();
        emit IOperatorStake.OperatorSlashed(op(0), Epoch.wrap(1), POST, 0.1 ether, 0.005 ether, STRANGER);
        vm.expectEmit();
        emit IOperatorStake.SlashingSignal(op(0), Epoch.wrap(1), POST, 1, 0.1 ether);
        vm.assertEq(_slash(0, 1, 1), 0.1 ether);
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(1)), 1 ether);
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(2)), 9.9 ether);
        vm.assertEq(stake.totalStakeAt(Epoch.wrap(2)), 10.9 ether);
        vm.assertEq(stake.creditOf(STRANGER), 0.005 ether);
        vm.assertEq(stake.creditOf(TREASURY), 0.095 ether);
    }

    function test_slash_stopsAtTheCapOfTheEpochAndStartsAgainInTheNext() public {
        joinOperators(1);
        vm.roll(B0 + L + 1);
        vm.assertEq(_slash(0, 1, 1), 0.1 ether);
        vm.assertEq(_slash(0, 1, 1), 0.02 ether);
        vm.assertEq(_slash(0, 1, 1), 0);
        vm.roll(B0 + 2 * L + 1);
        vm.assertEq(stake.stakeAt(op(0), Epoch.wrap(2)), 0.88 ether);
        vm.assertEq(_slash(0, 2, 0), 0.044 ether);
    }

    /// Sum of deposits = sum of stakes + sum slashed, and the contract holds all that was not withdrawn.
    function testFuzz_slash_conserves(uint256[12] memory amounts, uint8[12] memory operators, uint8[12] memory levels)
        public
    {
        joinOperators(4);
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 operator = operators[i] % 4;
            uint256 epoch = 1 + i / 3;
            vm.roll(B0 + epoch * L + 1);
            vm.prank(ownerOf(operator));
            stake.deposit{value: bound(amounts[i], 0, 5 ether)}(op(operator));
            _slash((operator + 1) % 4, epoch, levels[i] % 3);
            _assertConserved(4);
        }
        uint256 credits = stake.creditOf(STRANGER) + stake.creditOf(TREASURY);
        vm.assertEq(credits, stake.totalSlashed());
        vm.prank(TREASURY);
        stake.withdrawCredit();
        vm.assertEq(address(stake).balance, stake.totalDeposited() - TREASURY.balance);
        vm.assertEq(stake.creditOf(TREASURY), 0);
    }

    function test_withdrawCredit_paysOnce() public {
        joinOperators(1);
        vm.roll(B0 + L + 1);
        _slash(0, 1, 0);
        vm.expectEmit();
        emit IOperatorStake.CreditWithdrawn(STRANGER, 0.0025 ether);
        vm.prank(STRANGER);
        stake.withdrawCredit();
        vm.assertEq(STRANGER.balance, 0.0025 ether);
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NoCredit.selector, STRANGER));
        stake.withdrawCredit();
    }

    /// Pitfall 42: who takes money cannot come back in, and whoever refuses it harms nobody else.
    function test_withdrawCredit_cannotBeReentered() public {
        joinOperators(1);
        vm.roll(B0 + L + 1);
        GreedyReporter greedy = new GreedyReporter(stake);
        vm.prank(address(custody));
        stake.slash(op(0), Epoch.wrap(1), POST, 0, address(greedy));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TransferFailed.selector, address(greedy), 0.0025 ether));
        greedy.withdraw();
        vm.assertEq(stake.creditOf(address(greedy)), 0.0025 ether);
        vm.prank(TREASURY);
        stake.withdrawCredit();
    }

    /// Pitfall 23: a penalty that governance changes leaves the running epoch alone.
    function test_setStakeParameters_holdsFromTheNextEpochOn() public {
        joinOperators(2);
        vm.roll(B0 + L + 1);
        IOperatorStake.StakeParameters memory parameters = stakeParameters();
        parameters.penaltyBps = [uint16(100), 200, 300];
        vm.expectEmit();
        emit IOperatorStake.StakeParametersChanged(Epoch.wrap(2), parameters);
        stake.setStakeParameters(parameters);
        vm.assertEq(_slash(0, 1, 0), 0.05 ether);
        vm.roll(B0 + 2 * L + 1);
        vm.assertEq(_slash(1, 2, 0), 0.01 ether);
        vm.assertEq(stake.stakeParametersAt(Epoch.wrap(1)).penaltyBps[0], 500);
        vm.assertEq(stake.stakeParametersAt(Epoch.wrap(2)).penaltyBps[0], 100);
    }

    function test_setStakeParameters_onlyForAdminAndWithinBounds() public {
        IOperatorStake.StakeParameters memory values = stakeParameters();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        stake.setStakeParameters(values);
        values.reporterBps = 1001;
        _expectInvalid(values);
        values = stakeParameters();
        values.penaltyBps[2] = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.maxSlashBpsPerEpoch = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.minStake = 0;
        _expectInvalid(values);
        values = stakeParameters();
        values.treasury = address(0);
        _expectInvalid(values);
    }

    function _slash(uint256 operator, uint256 epoch, uint8 level) private returns (uint256) {
        vm.prank(address(custody));
        return stake.slash(op(operator), Epoch.wrap(uint32(epoch)), POST, level, STRANGER);
    }

    function _assertConserved(uint256 count) private view {
        uint256 stakes = 0;
        for (uint256 i = 0; i < count; ++i) {
            stakes += stake.stakeOf(op(i));
        }
        vm.assertEq(stake.totalDeposited(), stakes + stake.totalSlashed());
        vm.assertEq(stake.totalStakeAt(Epoch.wrap(type(uint32).max)), stakes);
        vm.assertEq(address(stake).balance, stake.totalDeposited());
    }

    function _expectInvalid(IOperatorStake.StakeParameters memory values) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.InvalidStakeParameters.selector, values));
        stake.setStakeParameters(values);
    }
}

/// Tries to withdraw again while it is being paid.
contract GreedyReporter {
    IOperatorStake private immutable stake;

    constructor(IOperatorStake stake_) {
        stake = stake_;
    }

    receive() external payable {
        stake.withdrawCredit();
    }

    function withdraw() external {
        stake.withdrawCredit();
    }
}
