// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISymbioticQuorum} from "../src/interfaces/ISymbioticQuorum.sol";
import {ISymbioticSettlement} from "../src/interfaces/ISymbioticSettlement.sol";
import {SymbioticQuorum} from "../src/SymbioticQuorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {SimpleSigVerifier} from "./support/symbiotic/SimpleSigVerifier.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";

/// Proofs that are refused: made up, changed, or of something else.
contract SymbioticProofsTest is SymbioticTest {
    using ValidatorSet for ValidatorSet.Validator[];

    /// Validators 1 to 3, with 90 of 100.
    uint256 private constant SIGNERS = 14;

    function setUp() public {
        deploySymbiotic();
        joinOperators(4);
        registerKeys(4);
        vm.roll(B0 + 5);
        commit(FIRST, validators(4), 70);
    }

    function test_verify_refusesNonSignersThatAreNotIncreasing() public {
        bytes memory listed = validators(4).list();
        uint256 secret = secretOf(1) + secretOf(2);
        bytes memory proof = ValidatorSet.proveWith(listed, secret, digestAt(FIRST), hex"00020001");
        vm.expectRevert(SimpleSigVerifier.SigVerifierBlsBn254Simple_InvalidNonSignersOrder.selector);
        verifyAt(FIRST, 6, proof);
        proof = ValidatorSet.proveWith(listed, secret, digestAt(FIRST), hex"00010001");
        vm.expectRevert(SimpleSigVerifier.SigVerifierBlsBn254Simple_InvalidNonSignersOrder.selector);
        verifyAt(FIRST, 6, proof);
        proof = ValidatorSet.proveWith(listed, secret, digestAt(FIRST), hex"0004");
        vm.expectRevert(SimpleSigVerifier.SigVerifierBlsBn254Simple_InvalidNonSignerIndex.selector);
        verifyAt(FIRST, 6, proof);
        proof = ValidatorSet.proveWith(listed, secret, digestAt(FIRST), hex"00");
        vm.expectRevert(SimpleSigVerifier.SigVerifierBlsBn254Simple_InvalidProofLength.selector);
        verifyAt(FIRST, 6, proof);
    }

    /// Should a verifier ever take them in any order, nobody is taken for a signer by mistake.
    function test_verify_refusesNonSignersThatWereNotReached() public {
        vm.mockCall(
            address(settlement), abi.encodePacked(ISymbioticSettlement.verifyQuorumSigAt.selector), abi.encode(true)
        );
        bytes memory listed = validators(4).list();
        bytes memory proof = ValidatorSet.proveWith(listed, 1, digestAt(FIRST), hex"00020001");
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.NonSignersNotIncreasing.selector, 2));
        verifyAt(FIRST, 6, proof);
    }

    function test_verify_refusesAnotherValidatorSet() public {
        ValidatorSet.Validator[] memory set = validators(4);
        for (uint256 i = 0; i < 4; ++i) {
            set[i].power += 1;
            _expectOtherSet(set, SIGNERS);
            set[i].power -= 1;
        }
        _expectOtherSet(validators(3), 7);
        _expectOtherSet(validators(5), 31);
        (set[0], set[1]) = (set[1], set[0]);
        _expectOtherSet(set, 15);
        verifyAt(FIRST, SIGNERS, validators(4).prove(SIGNERS, digestAt(FIRST)));
    }

    /// Nobody is made a signer, nor left out, by changing who did not sign.
    function test_verify_refusesOtherSignersThanThoseOfTheSignature() public {
        ValidatorSet.Validator[] memory set = validators(4);
        uint256 secret = secretOf(1) + secretOf(2) + secretOf(3);
        bytes memory proof = ValidatorSet.proveWith(set.list(), secret, digestAt(FIRST), "");
        _expectRejected(FIRST);
        verifyAt(FIRST, 15, proof);
        proof = ValidatorSet.proveWith(set.list(), secret, digestAt(FIRST), set.nonSigners(12));
        _expectRejected(FIRST);
        verifyAt(FIRST, 12, proof);
    }

    /// Pitfall 26: a proof serves one post, root, stake epoch, deadline, chain and relay.
    function test_verify_refusesProofsOfAnythingElse() public {
        bytes[] memory proofs = one(validators(4).prove(SIGNERS, digestAt(FIRST)));
        OperatorIndex[] memory operators = named(SIGNERS);
        symbiotic.verify(POST, ROOT, FIRST, DEADLINE, operators, proofs);
        _expectRefusal(symbiotic, PostId.wrap(keccak256("other")), ROOT, FIRST, DEADLINE, proofs);
        _expectRefusal(symbiotic, POST, keccak256("other"), FIRST, DEADLINE, proofs);
        _expectRefusal(symbiotic, POST, ROOT, FIRST, DEADLINE + 1, proofs);
        SymbioticQuorum elsewhere = newQuorum(address(this), KEY_TAG);
        _expectRefusal(elsewhere, POST, ROOT, FIRST, DEADLINE, proofs);
        warpTo(NOW + 10);
        commit(FIRST + 1, validators(4), 70);
        _expectRefusal(symbiotic, POST, ROOT, FIRST + 1, DEADLINE, proofs);
        vm.chainId(5);
        _expectRefusal(symbiotic, POST, ROOT, FIRST, DEADLINE, proofs);
    }

    function _expectOtherSet(ValidatorSet.Validator[] memory set, uint256 signers) private {
        bytes memory proof = set.prove(signers, digestAt(FIRST));
        _expectRejected(FIRST);
        verifyAt(FIRST, signers, proof);
    }

    function _expectRejected(uint64 epoch) private {
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.QuorumProofRejected.selector, epoch, digestAt(epoch)));
    }

    function _expectRefusal(
        SymbioticQuorum verifier,
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        bytes[] memory proofs
    ) private {
        bytes32 digest = keccak256(verifier.messageOf(postId, root, stakeEpoch, deadline));
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.QuorumProofRejected.selector, stakeEpoch, digest));
        verifier.verify(postId, root, stakeEpoch, deadline, named(SIGNERS), proofs);
    }
}
