// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
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

    function testFuzz_verify_refusesAnyOtherValueOrPoint(uint256 a, uint256 b, uint256 z, uint256 shift, bool isValue)
        public
        view
    {
        (a, b, z, shift) = (bound(a, 1, R - 1), bound(b, 0, R - 1), bound(z, 0, R - 1), bound(shift, 1, R - 1));
        uint256 y = LinearPolynomials.evaluate(a, b, z);
        if (isValue) y = addmod(y, shift, R);
        else z = addmod(z, shift, R);
        vm.assertFalse(this.verify(LinearPolynomials.commit(a, b), z, y, LinearPolynomials.prove(a), CAP));
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

    /// Pitfall 11: a blob of zeros has infinity for its commitment, and this versioned hash.
    function test_versionedHash_ofABlobOfZeros() public view {
        (bytes32 head, bytes16 tail) = this.split(INFINITY);
        bytes32 ofZeros = 0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014;
        vm.assertEq(KzgOpening.versionedHash(head, tail), ofZeros);
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

    function testFuzz_versionedHash_agreesWithPlainSolidity(bytes32 head, bytes16 tail) public view {
        bytes32 plain = bytes32(uint256(sha256(bytes.concat(head, tail))) & (type(uint256).max >> 8) | 1 << 248);
        vm.assertEq(KzgOpening.versionedHash(head, tail), plain);
    }

    /// Pitfall 18: the whole of the hash counts, but for the byte that is the version.
    function testFuzz_verify_refusesEveryOtherHash(uint256 bit) public view {
        (bytes32 head, bytes16 tail) = this.split(LinearPolynomials.commit(5, 7));
        bytes32 hash = KzgOpening.versionedHash(head, tail);
        bytes memory proof = LinearPolynomials.prove(5);
        hash ^= bytes32(1 << bound(bit, 0, 255));
        vm.assertFalse(this.verifyInput(hash, 0, 7, head, tail, proof));
    }

    function testFuzz_inputOf_agreesWithPlainSolidity(
        bytes32 hash,
        uint256 z,
        uint256 y,
        bytes32 head,
        bytes16 tail,
        bytes32 proofHead
    ) public view {
        bytes memory proof = bytes.concat(proofHead, bytes16(hash));
        bytes memory input = this.inputOf(hash, z, y, head, tail, proof);
        vm.assertEq(keccak256(input), keccak256(abi.encodePacked(hash, z, y, head, tail, proof)));
        vm.assertEq(input.length, 192);
    }

    function testFuzz_inputOf_leavesMemoryInOrder(bytes memory before, bytes32 hash) public view {
        bytes32 expected = keccak256(before);
        bytes memory fresh = this.inputThenFresh(new bytes(48), hash);
        vm.assertEq(keccak256(fresh), keccak256(abi.encode(0, 0)));
        vm.assertEq(keccak256(before), expected);
    }

    /// Pitfall 16: an address without code answers nothing, and one that answers something else is no precompile.
    function test_verify_takesNothingForTheAnswerButTheAnswer() public {
        bytes memory input = new bytes(192);
        vm.assertFalse(KzgOpening.verify(input, CAP, address(0xdead)));
        address impostor = address(0x1abe1);
        vm.etch(impostor, _answering(abi.encode(4096, R)));
        vm.assertTrue(KzgOpening.verify(input, CAP, impostor));
        vm.etch(impostor, _answering(abi.encode(4096, R + 1)));
        vm.assertFalse(KzgOpening.verify(input, CAP, impostor));
        vm.etch(impostor, _answering(abi.encode(4095, R)));
        vm.assertFalse(KzgOpening.verify(input, CAP, impostor));
        vm.etch(impostor, _answering(abi.encode(4096)));
        vm.assertFalse(KzgOpening.verify(input, CAP, impostor));
        vm.etch(impostor, _answering(abi.encode(4096, R, 0)));
        vm.assertFalse(KzgOpening.verify(input, CAP, impostor));
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
        vm.assertLt(before - gasleft(), CAP + 20_000);
    }

    /// Pitfall 14: with too little gas a true proof must not look false.
    function testFuzz_verify_neverCallsATrueProofFalse(uint256 gasGiven) public view {
        gasGiven = bound(gasGiven, 100_000, 130_000);
        bytes memory commitment = LinearPolynomials.commit(5, 7);
        bytes memory proof = LinearPolynomials.prove(5);
        try this.verify{gas: gasGiven}(commitment, 0, 7, proof, CAP) returns (bool isValid) {
            vm.assertTrue(isValid);
        } catch {}
    }

    function verify(bytes calldata commitment, uint256 z, uint256 y, bytes calldata proof, uint256 gasCap)
        external
        view
        returns (bool)
    {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        bytes memory input = KzgOpening.inputOf(KzgOpening.versionedHashOf(commitment), z, y, head, tail, proof);
        return KzgOpening.verify(input, gasCap, Precompiles.POINT_EVALUATION);
    }

    function versionedHashOf(bytes calldata commitment) external view returns (bytes32) {
        return KzgOpening.versionedHashOf(commitment);
    }

    function verifyInput(bytes32 hash, uint256 z, uint256 y, bytes32 head, bytes16 tail, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return KzgOpening.verify(KzgOpening.inputOf(hash, z, y, head, tail, proof), CAP, Precompiles.POINT_EVALUATION);
    }

    function inputOf(bytes32 hash, uint256 z, uint256 y, bytes32 head, bytes16 tail, bytes calldata proof)
        external
        pure
        returns (bytes memory)
    {
        return KzgOpening.inputOf(hash, z, y, head, tail, proof);
    }

    /// Memory that is given out after an input was made.
    function inputThenFresh(bytes calldata proof, bytes32 hash) external pure returns (bytes memory fresh) {
        bytes memory input = KzgOpening.inputOf(hash, 1, 2, hash, bytes16(hash), proof);
        bytes32 before = keccak256(input);
        fresh = new bytes(64);
        vm.assertEq(keccak256(input), before);
    }

    function split(bytes calldata compressed) external pure returns (bytes32 head, bytes16 tail) {
        return Bls12381.split(compressed);
    }

    /// Code that gives back these bytes, whatever it is asked: it stores each word and returns all.
    function _answering(bytes memory answer) private pure returns (bytes memory code) {
        for (uint256 i = 0; i < answer.length; i += 32) {
            bytes32 word;
            // Reads within the answer, whose length is a multiple of 32.
            assembly ("memory-safe") {
                word := mload(add(add(answer, 0x20), i))
            }
            // PUSH32 word, PUSH1 i, MSTORE
            code = abi.encodePacked(code, hex"7f", word, hex"60", uint8(i), hex"52");
        }
        // PUSH1 length, PUSH0, RETURN
        code = abi.encodePacked(code, hex"60", uint8(answer.length), hex"5ff3");
    }
}
