// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {ISymbioticQuorum} from "../src/interfaces/ISymbioticQuorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";

/// Who counts. Powers are 10 to 50; validators 0 to 3 are operators, validator 4 is none; 90 must sign.
contract SymbioticQuorumTest is SymbioticTest {
    using ValidatorSet for ValidatorSet.Validator[];

    uint256 private constant OPERATORS = 15;
    uint256 private constant STRANGER_BIT = 16;

    function setUp() public {
        deploySymbiotic();
        joinOperators(4);
        registerKeys(4);
        vm.roll(B0 + 5);
        commit(FIRST, validators(5), 90);
    }

    function test_verify_countsAllWhoSigned() public view {
        (uint256 attesters, uint256 signedStake, uint256 totalStake) = verifyAt(FIRST, OPERATORS, _proof(31));
        vm.assertEq(attesters, OPERATORS);
        vm.assertEq(signedStake, 100);
        vm.assertEq(totalStake, 150);
    }

    /// Whoever is in the set and in the signature counts, at any place in the list; nobody else does.
    function testFuzz_verify_countsExactlyTheSigners(uint256 signers) public {
        signers = bound(signers, 1, 31);
        _commitAgain(0);
        uint256 operators = signers & OPERATORS;
        bytes memory proof = validators(5).prove(signers, digestAt(FIRST + 1));
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST + 1, operators, proof);
        vm.assertEq(attesters, operators);
        uint256 expected = 0;
        for (uint256 i = 0; i < 4; ++i) {
            expected += (signers >> i & 1) * 10 * (i + 1);
        }
        vm.assertEq(signedStake, expected);
    }

    /// Pitfall 41: the network's threshold is met to the unit.
    function test_verify_asksForTheThresholdOfTheNetwork() public {
        verifyAt(FIRST, 14, _proof(14));
        _commitAgain(91);
        bytes memory proof = validators(5).prove(14, digestAt(FIRST + 1));
        _expectRejected(FIRST + 1);
        verifyAt(FIRST + 1, 14, proof);
    }

    /// A stranger's signature can't be taken out of the aggregate; it helps nobody and stops nobody.
    function test_verify_leavesOutSignersWithoutOperator() public view {
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, 8, _proof(8 | STRANGER_BIT));
        vm.assertEq(attesters, 8);
        vm.assertEq(signedStake, 40);
    }

    /// Pitfall 22: an operator attests only while its stake answers for it.
    function test_verify_leavesOutOperatorsThatAreNotActive() public {
        joinOperatorFour();
        bytes memory proof = _proof(31);
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, OPERATORS, proof);
        vm.assertEq(attesters, OPERATORS);
        vm.assertEq(signedStake, 100);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.SignersDiffer.selector, 15, 31));
        verifyAt(FIRST, 31, proof);
        // Its stake counts from the next epoch on, and from then on nobody may leave it out.
        vm.roll(B0 + L);
        (attesters, signedStake,) = verifyAt(FIRST, 31, proof);
        vm.assertEq(attesters, 31);
        vm.assertEq(signedStake, 150);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.SignersDiffer.selector, 31, 15));
        verifyAt(FIRST, 15, proof);
    }

    /// A place in the stake book that went to another owner does not come with the key of the former one.
    function test_verify_leavesOutKeysOfFormerOwners() public {
        vm.mockCall(address(stake), abi.encodeCall(IOperatorStake.ownerOf, (op(3))), abi.encode(STRANGER));
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, 7, _proof(31));
        vm.assertEq(attesters, 7);
        vm.assertEq(signedStake, 60);
    }

    function test_verify_leavesOutReplacedKeys() public {
        registerKey(3, secretOf(100));
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, 7, _proof(31));
        vm.assertEq(attesters, 7);
        vm.assertEq(signedStake, 60);
    }

    function test_verify_revertsUnlessTheSignersAreNamed() public {
        bytes memory proof = _proof(14);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.SignersDiffer.selector, 14, 15));
        verifyAt(FIRST, 15, proof);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.SignersDiffer.selector, 14, 6));
        verifyAt(FIRST, 6, proof);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.SignersDiffer.selector, 14, 0));
        verifyAt(FIRST, 0, proof);
    }

    /// Pitfall 20: nobody is named twice, and nobody beyond the bitmap.
    function test_verify_revertsUnlessOperatorsIncrease() public {
        bytes[] memory proofs = one(_proof(14));
        OperatorIndex[] memory operators = named(14);
        operators[1] = op(1);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(1), op(1)));
        symbiotic.verify(POST, ROOT, FIRST, DEADLINE, operators, proofs);
        (operators[1], operators[2]) = (op(3), op(2));
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(3), op(2)));
        symbiotic.verify(POST, ROOT, FIRST, DEADLINE, operators, proofs);
        operators[2] = op(256);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(256), 0));
        symbiotic.verify(POST, ROOT, FIRST, DEADLINE, operators, proofs);
    }

    function test_verify_revertsUnlessThereIsOneProof() public {
        for (uint256 count = 0; count < 3; count += 2) {
            vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.OneProofExpected.selector, count));
            symbiotic.verify(POST, ROOT, FIRST, DEADLINE, named(14), new bytes[](count));
        }
    }

    /// Both quorums verify the same typed data, so that operators need not know which of them stands behind the relay.
    function testFuzz_messageOf_hashesToTheDigestOfTheOtherQuorum(
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        uint64 chain
    ) public {
        vm.chainId(bound(chain, 1, type(uint64).max - 1));
        bytes memory message = symbiotic.messageOf(postId, root, stakeEpoch, deadline);
        vm.assertEq(message.length, 66);
        vm.assertEq(keccak256(message), quorum.digestOf(postId, root, stakeEpoch, deadline));
    }

    /// Pitfall 41: of the 150, what counts must be 60 % for the relay, whoever else signed.
    function test_submit_opensThePostOfAQuorum() public {
        asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (symbiotic)));
        warpTo(NOW);
        PostId postId = register(1, 2);
        bytes32 root = registry.pendingPost(postId).root;
        bytes32 digest = keccak256(symbiotic.messageOf(postId, root, FIRST, DEADLINE));
        bytes memory few = validators(5).prove(11 | STRANGER_BIT, digest);
        bytes memory enough = validators(5).prove(14, digest);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 70, 150, 6000));
        relay.submit(postId, FIRST, DEADLINE, named(11), one(few));
        vm.expectEmit();
        emit IAttestationRelay.PostAttested(postId, 0, 6, 14, 90, 150, FIRST, root, 2);
        vm.prank(RELAY);
        relay.submit(postId, FIRST, DEADLINE, named(14), one(enough));
        vm.assertEq(custody.postOf(postId).attesters, 14);
    }

    /// Epochs of the Settlement can have numbers that no epoch of the stake has; without proofs, the post lapses.
    function test_lapse_refusesEpochsThatTheStakeCannotHave() public {
        asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (symbiotic)));
        warpTo(NOW + 10);
        uint48 late = uint48(1) << 32;
        commit(late, validators(5), 0);
        PostId postId = register(1, 2);
        bytes32 root = registry.pendingPost(postId).root;
        bytes memory few = validators(5).prove(2, keccak256(symbiotic.messageOf(postId, root, late, DEADLINE)));
        vm.roll(registry.pendingPost(postId).attestationDeadlineBlock + 1);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 32, late));
        relay.lapse(postId, late, DEADLINE, named(2), one(few));
        vm.prank(RELAY);
        relay.lapse(postId, 0, 0, new OperatorIndex[](0), new bytes[](0));
        vm.assertEq(uint8(registry.stateOf(postId)), uint8(IPostRegistry.PostState.Lapsed));
    }

    function joinOperatorFour() private {
        vm.deal(ownerOf(4), 1 ether);
        bytes memory possession = possessionOf(ownerOf(4), keyOf(4));
        vm.prank(ownerOf(4));
        stake.join{value: 1 ether}(vm.addr(keyOf(4)), possession);
        registerKey(4, secretOf(4));
    }

    function _commitAgain(uint256 threshold) private {
        warpTo(NOW + 10);
        commit(FIRST + 1, validators(5), threshold);
    }

    function _proof(uint256 signers) private view returns (bytes memory) {
        return validators(5).prove(signers, digestAt(FIRST));
    }

    function _expectRejected(uint64 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.QuorumProofRejected.selector, epoch, digestAt(epoch)));
    }
}
