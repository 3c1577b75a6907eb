// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {StakeTest} from "./support/StakeTest.sol";

contract OperatorStakeTest is StakeTest {
    function setUp() public {
        deployStake();
    }

    // ------------------------------------------------------------ join

    function test_join_countsFromTheNextEpochOn() public {
        joinOperators(1);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(0)), MIN_STAKE);
        rollTo(3);
        vm.deal(ownerOf(1), 5 ether);
        bytes memory possession = possessionOf(ownerOf(1), keyOf(1));
        vm.expectEmit();
        emit IOperatorStake.OperatorJoined(op(1), ownerOf(1), vm.addr(keyOf(1)), 2 ether, atEpoch(4));
        vm.prank(ownerOf(1));
        stake.join{value: 2 ether}(vm.addr(keyOf(1)), possession);
        vm.assertEq(stake.stakeAt(op(1), atEpoch(3)), 0);
        vm.assertEq(stake.stakeAt(op(1), atEpoch(4)), 2 ether);
        vm.assertFalse(stake.isActiveAt(op(1), atEpoch(3)));
        vm.assertTrue(stake.isActiveAt(op(1), atEpoch(4)));
        vm.assertEq(stake.totalStakeAt(atEpoch(3)), 1 ether);
        vm.assertEq(stake.totalStakeAt(atEpoch(4)), 3 ether);
        vm.assertEq(stake.activeOperatorsAt(atEpoch(3)), 1);
        vm.assertEq(stake.activeOperatorsAt(atEpoch(4)), 3);
        vm.assertEq(stake.operatorCount(), 2);
        vm.assertEq(stake.ownerOf(op(1)), ownerOf(1));
        vm.assertEq(stake.signerOf(op(1)), vm.addr(keyOf(1)));
    }

    function testFuzz_views_neverRevertForOperatorsThatDoNotExist(uint16 index, uint32 epoch) public {
        joinOperators(2);
        OperatorIndex nobody = op(bound(index, 2, type(uint16).max));
        vm.assertEq(stake.signerOf(nobody), address(0));
        vm.assertEq(stake.ownerOf(nobody), address(0));
        vm.assertEq(stake.stakeAt(nobody, atEpoch(epoch)), 0);
        vm.assertFalse(stake.isActiveAt(nobody, atEpoch(epoch)));
        vm.assertFalse(stake.exitOf(nobody).isLeaving);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.UnknownOperator.selector, nobody));
        stake.stakeOf(nobody);
    }

    function test_join_revertsOnTooLittleAndOnSignersThatAreTaken() public {
        joinOperators(1);
        vm.deal(address(this), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.StakeTooSmall.selector, MIN_STAKE - 1, MIN_STAKE));
        stake.join{value: MIN_STAKE - 1}(address(this), "");
        bytes memory possession = possessionOf(address(this), keyOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.SignerNotFree.selector, vm.addr(keyOf(0))));
        stake.join{value: MIN_STAKE}(vm.addr(keyOf(0)), possession);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.SignerNotFree.selector, address(0)));
        stake.join{value: MIN_STAKE}(address(0), "");
    }

    /// Pitfall 21: nobody joins with a key that it does not have, so nobody keeps its owner from joining.
    function test_join_revertsUnlessTheSignersKeyAgreesToThisOwner() public {
        joinOperators(1);
        vm.deal(address(this), 10 ether);
        address signer = vm.addr(keyOf(1));
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureLength.selector);
        stake.join{value: MIN_STAKE}(signer, "");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(2), stake.joinDigestOf(address(this), signer));
        bytes memory ofAnotherKey = abi.encodePacked(r, s, v);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotPossessed.selector, signer, vm.addr(keyOf(2))));
        stake.join{value: MIN_STAKE}(signer, ofAnotherKey);
        bytes memory forAnotherOwner = possessionOf(ownerOf(1), keyOf(1));
        vm.expectPartialRevert(IOperatorStake.NotPossessed.selector);
        stake.join{value: MIN_STAKE}(signer, forAnotherOwner);
        stake.join{value: MIN_STAKE}(signer, possessionOf(address(this), keyOf(1)));
    }

    /// Pitfalls 21 and 26: a proof for another chain or another stake is none here.
    function test_join_revertsOnPossessionProvenElsewhere() public {
        vm.deal(address(this), 10 ether);
        address signer = vm.addr(keyOf(1));
        bytes memory elsewhere = possessionOf(address(this), keyOf(1));
        vm.chainId(5);
        vm.expectPartialRevert(IOperatorStake.NotPossessed.selector);
        stake.join{value: MIN_STAKE}(signer, elsewhere);
        bytes memory here = possessionOf(address(this), keyOf(1));
        stake = stakeWith(beacon, stakeParameters());
        vm.expectPartialRevert(IOperatorStake.NotPossessed.selector);
        stake.join{value: MIN_STAKE}(signer, here);
    }

    function test_join_asksTheOwnersOwnKeyForNoProof() public {
        address owner = vm.addr(keyOf(7));
        vm.deal(owner, 10 ether);
        vm.prank(owner);
        OperatorIndex operator = stake.join{value: MIN_STAKE}(owner, "");
        vm.assertEq(stake.signerOf(operator), owner);
        // What is handed in is looked at.
        vm.deal(ownerOf(1), 10 ether);
        vm.prank(ownerOf(1));
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureLength.selector);
        stake.join{value: MIN_STAKE}(ownerOf(1), hex"00");
    }

    function test_joinDigestOf_isTypedData() public view {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("EmeraldStake"),
                keccak256("1"),
                block.chainid,
                address(stake)
            )
        );
        bytes32 message = keccak256(abi.encode(keccak256("Join(address owner,address signer)"), PUBLISHER, STRANGER));
        bytes32 expected = keccak256(abi.encodePacked(hex"1901", separator, message));
        vm.assertEq(stake.joinDigestOf(PUBLISHER, STRANGER), expected);
    }

    /// votesAt against the views that it saves a quorum from asking, for any history.
    function testFuzz_votesAt_saysWhatTheOtherViewsSay(uint256 seed, uint256 snapshot, uint256 current) public {
        joinOperators(4);
        for (uint256 epoch = 0; epoch < 12; ++epoch) {
            rollTo(epoch, 90);
            uint256 operator = uint256(keccak256(abi.encode(seed, epoch))) % 4;
            uint256 action = uint256(keccak256(abi.encode(seed, epoch, "action"))) % 4;
            if (action == 0) slash(operator, epoch, 0);
            if (stake.exitOf(op(operator)).isLeaving) continue;
            if (action == 1) announceExit(operator);
            if (action != 2) continue;
            vm.prank(ownerOf(operator));
            stake.deposit{value: 1 + epoch}(op(operator));
        }
        snapshot = bound(snapshot, 0, 14);
        current = bound(current, snapshot, 14);
        (IOperatorStake.Vote[] memory votes, uint256 total) =
            stake.votesAt(firstOperators(5), atEpoch(snapshot), atEpoch(current));
        vm.assertEq(total, stake.totalStakeAt(atEpoch(snapshot)));
        for (uint256 i = 0; i < 5; ++i) {
            bool isActive = stake.isActiveAt(op(i), atEpoch(snapshot)) && stake.isActiveAt(op(i), atEpoch(current));
            vm.assertEq(votes[i].stake, isActive ? stake.stakeAt(op(i), atEpoch(snapshot)) : 0);
            if (isActive) vm.assertEq(votes[i].signer, vm.addr(keyOf(i)));
        }
    }

    // ------------------------------------------------------------ deposit

    function test_deposit_onlyForTheOwner() public {
        joinOperators(1);
        rollTo(0, 1);
        vm.expectEmit();
        emit IOperatorStake.StakeDeposited(op(0), 2 ether, 3 ether, atEpoch(1));
        vm.prank(ownerOf(0));
        stake.deposit{value: 2 ether}(op(0));
        vm.assertEq(stake.stakeAt(op(0), atEpoch(0)), 1 ether);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(1)), 3 ether);
        vm.assertEq(stake.stakeOf(op(0)), 3 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, op(0), address(this)));
        stake.deposit(op(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.UnknownOperator.selector, op(1)));
        stake.deposit(op(1));
    }

    function test_deposit_revertsForOperatorsThatLeave() public {
        joinOperators(1);
        announceExit(0);
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.AlreadyLeaving.selector, op(0)));
        stake.deposit{value: 1}(op(0));
    }

    // ------------------------------------------------------------ withdrawCredit

    function test_withdrawCredit_paysOnce() public {
        joinOperators(1);
        rollTo(1);
        slash(0, 1, 0);
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
        rollTo(1);
        GreedyReporter greedy = new GreedyReporter(stake);
        vm.prank(address(clock));
        stake.slash(op(0), atEpoch(1), POST, 0, address(greedy));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TransferFailed.selector, address(greedy), 0.0025 ether));
        greedy.withdraw();
        vm.assertEq(stake.creditOf(address(greedy)), 0.0025 ether);
        vm.prank(TREASURY);
        stake.withdrawCredit();
    }

    // ------------------------------------------------------------ pause

    /// Pitfall 33: nothing comes in and nothing goes out while the protocol is paused.
    function test_pause_stopsJoiningDepositsAndWithdrawals() public {
        joinOperators(2);
        rollTo(1);
        slash(0, 1, 0);
        announceExit(1);
        vm.roll(block.number + UNBONDING);
        clock.pause(5);
        bytes memory paused = abi.encodeWithSelector(IPause.ProtocolPaused.selector, block.number + 4);
        vm.deal(address(this), 10 ether);
        vm.expectRevert(paused);
        stake.join{value: MIN_STAKE}(address(this), "");
        vm.prank(ownerOf(0));
        vm.expectRevert(paused);
        stake.deposit{value: 1}(op(0));
        vm.prank(ownerOf(1));
        vm.expectRevert(paused);
        stake.withdraw(op(1));
        vm.prank(STRANGER);
        vm.expectRevert(paused);
        stake.withdrawCredit();
        vm.prank(address(clock));
        vm.expectRevert(paused);
        stake.slash(op(0), atEpoch(6), POST, 0, STRANGER);

        vm.roll(block.number + 5);
        withdraw(1);
        vm.prank(STRANGER);
        stake.withdrawCredit();
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
