// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
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
        // Its stake counts from the next epoch on.
        vm.roll(B0 + L);
        (attesters, signedStake,) = verifyAt(FIRST, 31, proof);
        vm.assertEq(attesters, 31);
        vm.assertEq(signedStake, 150);
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

    /// The proof says who signed; naming others, in whatever order, makes nobody an attester and stops nobody.
    function test_verify_doesNotReadWhoIsNamed() public view {
        bytes[] memory proofs = one(_proof(14));
        uint256[4] memory bitmaps = [uint256(0), 6, 15, 31];
        for (uint256 i = 0; i < bitmaps.length; ++i) {
            OperatorIndex[] memory operators = named(bitmaps[i]);
            if (i > 0) operators[0] = op(256);
            (uint256 attesters, uint256 signedStake,) = symbiotic.verify(POST, ROOT, FIRST, DEADLINE, operators, proofs);
            vm.assertEq(attesters, 14);
            vm.assertEq(signedStake, 90);
        }
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
        PostId postId = _registerWithTheRelay();
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

    /// A key changed in front of a submission takes its own power away and nobody else's: the proof stands as long as
    /// the rest makes a quorum.
    function test_submit_standsWhenASignerChangesItsKey() public {
        PostId postId = _registerWithTheRelay();
        bytes32 root = registry.pendingPost(postId).root;
        bytes memory proof =
            validators(5).prove(OPERATORS, keccak256(symbiotic.messageOf(postId, root, FIRST, DEADLINE)));
        registerKey(0, secretOf(100));
        vm.prank(RELAY);
        relay.submit(postId, FIRST, DEADLINE, named(OPERATORS), one(proof));
        vm.assertEq(custody.postOf(postId).attesters, 14);
    }

    /// The Settlement numbers its epochs by itself, also as no epoch of the stake can be; who is missing goes by those
    /// of the protocol. Operator 0 is on its way out, and was there when the post began to wait.
    function test_lapse_namesWhoIsMissingWhateverTheSettlementCounts() public {
        PostId postId = _registerWithTheRelay();
        bytes32 root = registry.pendingPost(postId).root;
        uint48 late = uint48(1) << 32;
        warpTo(NOW + 10);
        commit(late, validators(5), 0);
        bytes memory few = validators(5).prove(6, keccak256(symbiotic.messageOf(postId, root, late, DEADLINE)));
        vm.roll(B0 + L + 4);
        vm.prank(ownerOf(0));
        stake.announceExit(op(0));
        vm.roll(B0 + 5 + ATTESTATION_DEADLINE + 1);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 0, 6, 9, RELAY);
        vm.prank(RELAY);
        relay.lapse(postId, late, DEADLINE, new OperatorIndex[](0), one(few));
        vm.assertEq(uint8(registry.stateOf(postId)), uint8(IPostRegistry.PostState.Lapsed));
    }

    /// With this quorum behind the relay.
    function _registerWithTheRelay() private returns (PostId) {
        asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (symbiotic)));
        warpTo(NOW);
        vm.roll(B0 + 5);
        return register(1, 2);
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
