// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {ISymbioticQuorum} from "../src/interfaces/ISymbioticQuorum.sol";
import {ISymbioticSettlement} from "../src/interfaces/ISymbioticSettlement.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";
import {ZkSigVerifier} from "./support/symbiotic/ZkSigVerifier.sol";

/// Validator sets that are refused whatever they sign: old ones, unknown ones, those whose signers have no names.
contract SymbioticHeadersTest is SymbioticTest {
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

    /// Pitfall 22: old by epochs, on both sides of the bound, and not yet there.
    function test_verify_refusesStaleEpochs() public {
        for (uint48 epoch = FIRST + 1; epoch <= FIRST + 3; ++epoch) {
            warpTo(time + 10);
            commit(epoch, validators(4), 70);
        }
        for (uint48 epoch = FIRST + 1; epoch <= FIRST + 3; ++epoch) {
            verifyAt(epoch, SIGNERS, validators(4).prove(SIGNERS, digestAt(epoch)));
        }
        bytes memory proof = validators(4).prove(SIGNERS, digestAt(FIRST));
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, FIRST, FIRST + 1, FIRST + 3));
        verifyAt(FIRST, SIGNERS, proof);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, FIRST + 4, FIRST + 1, FIRST + 3));
        verifyAt(FIRST + 4, SIGNERS, proof);
        uint64 wrapped = uint64(FIRST + 3) + (1 << 48);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, wrapped, FIRST + 1, FIRST + 3));
        verifyAt(wrapped, SIGNERS, proof);
    }

    /// Pitfall 22: old by time, also when nothing newer was committed.
    function test_verify_refusesStaleCaptures() public {
        bytes memory proof = validators(4).prove(SIGNERS, digestAt(FIRST));
        warpTo(NOW - 1 + MAX_CAPTURE_AGE);
        verifyAt(FIRST, SIGNERS, proof);
        warpTo(NOW + MAX_CAPTURE_AGE);
        vm.expectRevert(
            abi.encodeWithSelector(ISymbioticQuorum.StaleCapture.selector, NOW - 1, NOW, NOW + MAX_CAPTURE_AGE)
        );
        verifyAt(FIRST, SIGNERS, proof);
        warpTo(NOW - 1);
        verifyAt(FIRST, SIGNERS, proof);
        warpTo(NOW - 2);
        vm.expectRevert(
            abi.encodeWithSelector(ISymbioticQuorum.StaleCapture.selector, NOW - 1, NOW - 2 - MAX_CAPTURE_AGE, NOW - 2)
        );
        verifyAt(FIRST, SIGNERS, proof);
    }

    /// Pitfall 23: an epoch that was skipped has no validators, and a header of another kind is not read.
    function test_verify_refusesEpochsWithoutHeader() public {
        warpTo(NOW + 10);
        commit(FIRST + 2, validators(4), 70);
        bytes memory proof = validators(4).prove(SIGNERS, digestAt(FIRST + 1));
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.UnsupportedHeader.selector, FIRST + 1, 0));
        verifyAt(FIRST + 1, SIGNERS, proof);
        ISymbioticSettlement.ValSetHeader memory header = headerOf(FIRST + 1, validators(4), 70);
        header.version = 2;
        bytes memory call = abi.encodeCall(ISymbioticSettlement.getValSetHeaderAt, (FIRST + 1));
        vm.mockCall(address(settlement), call, abi.encode(header));
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.UnsupportedHeader.selector, FIRST + 1, 2));
        verifyAt(FIRST + 1, SIGNERS, proof);
    }

    function test_verify_refusesKeysWithAnotherTag() public {
        symbiotic = newQuorum(address(relay), 14);
        registerKeys(4);
        bytes32 digest = digestAt(FIRST);
        bytes memory proof = validators(4).prove(SIGNERS, digest);
        vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.QuorumProofRejected.selector, FIRST, digest));
        verifyAt(FIRST, SIGNERS, proof);
        for (uint256 tag = 16; tag < 256; tag += 48) {
            vm.expectRevert(abi.encodeWithSelector(ISymbioticQuorum.NotBlsBn254.selector, tag));
            newQuorum(address(relay), uint8(tag));
        }
    }

    /// A verifier that names no signers is refused at construction, and from the epoch on in which it serves.
    function test_verify_refusesTheZeroKnowledgeVerifier() public {
        address zk = address(new ZkSigVerifier());
        settlement.setSigVerifier(zk);
        newQuorum(address(relay), KEY_TAG);
        warpTo(NOW + 10);
        commit(FIRST + 1, validators(4), 70);
        bytes memory refusal = abi.encodeWithSelector(ISymbioticQuorum.NamesNoSigners.selector, zk, 0);
        bytes memory proof = validators(4).prove(SIGNERS, digestAt(FIRST + 1));
        vm.expectRevert(refusal);
        verifyAt(FIRST + 1, SIGNERS, proof);
        verifyAt(FIRST, SIGNERS, validators(4).prove(SIGNERS, digestAt(FIRST)));
        vm.expectRevert(refusal);
        newQuorum(address(relay), KEY_TAG);
    }
}
