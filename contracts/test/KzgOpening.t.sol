// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {Test} from "./support/Test.sol";

contract KzgOpeningTest is Test {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant CAP = 110_000;
    bytes private constant INFINITY =
        hex"c00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

    function testFuzz_verify_acceptsTrueOpenings(uint256 a, uint256 b, uint256 z) public view {
        (a, b, z) = (bound(a, 1, R - 1), bound(b, 0, R - 1), bound(z, 0, R - 1));
        bytes memory commitment = LinearPolynomials.commit(a, b);
        uint256 y = LinearPolynomials.evaluate(a, b, z);
        vm.assertTrue(this.verify(commitment, z, y, LinearPolynomials.prove(a), CAP));
    }

    function testFuzz_verify_refusesAnyOtherValueOrPoint(uint256 a, uint256 b, uint256 z, uint256 shift) public view {
        (a, b, z, shift) = (bound(a, 1, R - 1), bound(b, 0, R - 1), bound(z, 0, R - 1), bound(shift, 1, R - 1));
        bytes memory commitment = LinearPolynomials.commit(a, b);
        bytes memory proof = LinearPolynomials.prove(a);
        uint256 y = LinearPolynomials.evaluate(a, b, z);
        vm.assertFalse(this.verify(commitment, z, addmod(y, shift, R), proof, CAP));
        vm.assertFalse(this.verify(commitment, addmod(z, shift, R), y, proof, CAP));
    }

    function test_verify_atTheEdgesOfTheField() public view {
        bytes memory commitment = LinearPolynomials.commit(5, 7);
        bytes memory proof = LinearPolynomials.prove(5);
        vm.assertTrue(this.verify(commitment, 0, 7, proof, CAP));
        vm.assertTrue(this.verify(commitment, R - 1, 2, proof, CAP));
        vm.assertFalse(this.verify(commitment, R, 7, proof, CAP));
        vm.assertFalse(this.verify(commitment, 0, R + 7, proof, CAP));
        vm.assertFalse(this.verify(commitment, type(uint256).max, 7, proof, CAP));
    }

    /// Pitfall 11: a blob may hold a constant polynomial, whose proof is the point at infinity.
    function test_verify_acceptsInfinityAsProofOfAConstant() public view {
        vm.assertTrue(this.verify(LinearPolynomials.commit(0, 77), 12_345, 77, INFINITY, CAP));
        vm.assertFalse(this.verify(LinearPolynomials.commit(0, 77), 12_345, 78, INFINITY, CAP));
    }

    /// Pitfall 11: a commitment at infinity stands for no data.
    function test_versionedHashOf_revertsOnInfinity() public {
        vm.expectPartialRevert(KzgOpening.CommitmentAtInfinity.selector);
        this.versionedHashOf(INFINITY);
    }

    /// Pitfall 17.
    function testFuzz_verify_revertsOnWrongLengths(uint256 length) public {
        length = bound(length, 0, 200);
        vm.assume(length != 48);
        bytes memory wrong = new bytes(length);
        bytes memory point = LinearPolynomials.prove(5);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.WrongPointLength.selector, length));
        this.versionedHashOf(wrong);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.WrongPointLength.selector, length));
        this.verify(point, 0, 0, wrong, CAP);
    }

    function testFuzz_verify_refusesBytesThatAreNoPoint(bytes32 high, bytes16 low) public view {
        bytes memory commitment = LinearPolynomials.commit(5, 7);
        vm.assertFalse(this.verify(commitment, 0, 7, bytes.concat(high, low), CAP));
    }

    /// Pitfall 14: a failing precompile burns its cap and no more.
    function test_verify_burnsAtMostTheCap() public view {
        bytes memory commitment = LinearPolynomials.commit(5, 7);
        bytes memory proof = LinearPolynomials.prove(5);
        uint256 before = gasleft();
        vm.assertFalse(this.verify(commitment, 0, 8, proof, CAP));
        vm.assertLt(before - gasleft(), CAP + 10_000);
    }

    /// Pitfall 14: with too little gas a true proof must not look false.
    function testFuzz_verify_neverCallsATrueProofFalse(uint256 gasGiven) public view {
        gasGiven = bound(gasGiven, 20_000, 200_000);
        bytes memory commitment = LinearPolynomials.commit(5, 7);
        bytes memory proof = LinearPolynomials.prove(5);
        try this.verify{gas: gasGiven}(commitment, 0, 7, proof, CAP) returns (bool isValid) {
            vm.assertTrue(isValid);
        } catch {}
    }

    /// Pitfall 15: with less than the precompile costs, nothing can be proven, and the check of the cap says so.
    function test_requireAvailable_revertsBelowThePrice() public {
        this.requireAvailable(50_000);
        vm.expectRevert(abi.encodeWithSelector(KzgOpening.PointEvaluationUnavailable.selector, 49_999));
        this.requireAvailable(49_999);
    }

    function verify(bytes calldata commitment, uint256 z, uint256 y, bytes calldata proof, uint256 gasCap)
        external
        view
        returns (bool)
    {
        return KzgOpening.verify(KzgOpening.versionedHashOf(commitment), z, y, commitment, proof, gasCap);
    }

    function versionedHashOf(bytes calldata commitment) external pure returns (bytes32) {
        return KzgOpening.versionedHashOf(commitment);
    }

    function requireAvailable(uint256 gasCap) external view {
        KzgOpening.requireAvailable(gasCap);
    }
}
