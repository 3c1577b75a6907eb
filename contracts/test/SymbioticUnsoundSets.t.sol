// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISymbioticQuorum} from "../src/interfaces/ISymbioticQuorum.sol";
import {ISymbioticSettlement} from "../src/interfaces/ISymbioticSettlement.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";

/// Validator sets that a network should never commit: the Settlement accepts their proofs, the quorum does not. Each of
/// these proofs is real, and differs from one that counts only in the set.
contract SymbioticUnsoundSetsTest is SymbioticTest {
    using ValidatorSet for ValidatorSet.Validator[];

    uint256[] private secrets;
    uint256[] private powers;

    function setUp() public {
        deploySymbiotic();
        joinOperators(3);
        registerKeys(3);
        vm.roll(B0 + 5);
        for (uint256 i = 0; i < 3; ++i) {
            secrets.push(secretOf(i));
            powers.push(10);
        }
    }

    function test_verify_countsTheSoundSet() public {
        ValidatorSet.Validator[] memory set = ValidatorSet.make(secrets, powers);
        commit(FIRST, set, 30);
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, 7, set.prove(7, digestAt(FIRST)));
        vm.assertEq(attesters, 7);
        vm.assertEq(signedStake, 30);
    }

    /// Pitfall 20: the identity as a key "signs" everything, with whatever power it was given.
    function test_verify_refusesIdentityKeys() public {
        secrets.push(0);
        powers.push(1000);
        ValidatorSet.Validator[] memory set = ValidatorSet.make(secrets, powers);
        commit(FIRST, set, 1000);
        bytes memory proof = _accepted(set, 15);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.UnsoundValidator.selector, 0, 0, 1000));
        verifyAt(FIRST, 7, proof);
        proof = _accepted(set, 9);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.UnsoundValidator.selector, 0, 0, 1000));
        verifyAt(FIRST, 1, proof);
    }

    /// Pitfall 20.
    function test_verify_refusesValidatorsWithoutPower() public {
        powers[1] = 0;
        ValidatorSet.Validator[] memory set = ValidatorSet.make(secrets, powers);
        commit(FIRST, set, 20);
        bytes memory proof = _accepted(set, 7);
        uint256 place = set[0].number == 1 ? 0 : set[1].number == 1 ? 1 : 2;
        bytes32 key = serialized(secretOf(1));
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.UnsoundValidator.selector, place, key, 0));
        verifyAt(FIRST, 7, proof);
    }

    /// Pitfall 20: a key that stands twice in the set signs twice.
    function test_verify_refusesKeysThatStandTwice() public {
        secrets.push(secretOf(1));
        powers.push(10);
        ValidatorSet.Validator[] memory set = ValidatorSet.make(secrets, powers);
        commit(FIRST, set, 40);
        bytes memory proof = _accepted(set, 15);
        uint256 second = set[1].key == set[0].key ? 1 : set[2].key == set[1].key ? 2 : 3;
        bytes32 key = serialized(secretOf(1));
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.DuplicateSigner.selector, second, key));
        verifyAt(FIRST, 7, proof);
    }

    /// Pitfall 20: powers are bounded by the header's total, which the quorum is a share of.
    function test_verify_refusesMorePowerThanTheHeaderHas() public {
        ValidatorSet.Validator[] memory set = ValidatorSet.make(secrets, powers);
        ISymbioticSettlement.ValSetHeader memory header = headerOf(FIRST, set, 20);
        header.totalVotingPower = 29;
        settlement.setGenesis(header, set.extraData(KEY_TAG));
        bytes memory proof = _accepted(set, 7);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.PowerExceedsTotal.selector, 30, 29));
        verifyAt(FIRST, 7, proof);
    }

    /// A proof by the signers that the Settlement accepts.
    function _accepted(ValidatorSet.Validator[] memory set, uint256 signers) private view returns (bytes memory proof) {
        bytes32 digest = digestAt(FIRST);
        proof = set.prove(signers, digest);
        uint256 threshold = settlement.getValSetHeaderAt(FIRST).quorumThreshold;
        vm.assertTrue(settlement.verifyQuorumSigAt(abi.encode(digest), KEY_TAG, threshold, proof, FIRST, ""));
    }
}
