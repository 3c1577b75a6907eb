// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {CompressedPoints} from "../src/libraries/CompressedPoints.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {Test} from "./support/Test.sol";

contract CompressedPointsTest is Test {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant CAP = 50_000;

    function testFuzz_requirePoint_takesEveryPointOfTheGroup(uint256 a) public view {
        bytes memory point = LinearPolynomials.prove(bound(a, 1, R - 1));
        this.requirePoint(point, CAP);
        // With the other sign it is the negative.
        point[0] ^= 0x20;
        this.requirePoint(point, CAP);
    }

    /// Pitfall 12: about every second x belongs to a point of the curve, but to one of the group only one in 2^125.
    function testFuzz_requirePoint_revertsOutsideTheGroup(bytes32 head, bytes16 tail) public {
        head = head & bytes32(type(uint256).max >> 3) | bytes32(uint256(0x80) << 248);
        _expectMalformed(head, tail);
    }

    /// Pitfall 12: (0, 2) is on the curve, and of order 3.
    function test_requirePoint_revertsOnPointsOfSmallOrder() public {
        _expectMalformed(bytes32(uint256(0x80) << 248), 0);
        _expectMalformed(bytes32(uint256(0xa0) << 248), 0);
    }

    /// Pitfall 11: infinity is a point, in one way of writing it.
    function test_requirePoint_takesInfinityWrittenCanonically() public {
        this.requirePoint(bytes.concat(hex"c0", new bytes(47)), CAP);
        _expectMalformed(bytes32(uint256(0xe0) << 248), 0);
        _expectMalformed(bytes32(uint256(0x40) << 248), 0);
        _expectMalformed(bytes32(uint256(0xc1) << 248), 0);
        _expectMalformed(bytes32(uint256(0xc0) << 248 | 1), 0);
        _expectMalformed(bytes32(uint256(0xc0) << 248), bytes16(uint128(1)));
    }

    /// Pitfall 43: every other way of writing a point than the canonical one.
    function testFuzz_requirePoint_revertsWithoutTheFlag(uint256 a) public {
        (bytes32 head, bytes16 tail) = this.split(LinearPolynomials.prove(bound(a, 1, R - 1)));
        _expectMalformed(head & bytes32(type(uint256).max >> 1), tail);
        _expectMalformed(head | bytes32(uint256(0x40) << 248), tail);
    }

    /// Pitfall 43: x + p is no other way to write x.
    function test_requirePoint_revertsWhenXIsNotBelowTheModulus() public {
        // Twice the generator: its x leaves room for x + p in 381 bits.
        uint256 high = 0x0572cbea904d67468808c8eb50a9450c;
        uint256 low = 0x9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e;
        this.requirePoint(_compressed(high, low), CAP);
        (bytes32 head, bytes16 tail) = this.split(_compressed(high + Bls12381.MODULUS_HIGH, low + Bls12381.MODULUS_LOW));
        _expectMalformed(head, tail);
        // p itself would be 0.
        (head, tail) = this.split(_compressed(Bls12381.MODULUS_HIGH, Bls12381.MODULUS_LOW));
        _expectMalformed(head, tail);
        (head, tail) = this.split(_compressed(type(uint256).max >> 131, type(uint256).max));
        _expectMalformed(head, tail);
    }

    /// Pitfall 14: with too little gas nothing is called malformed.
    function testFuzz_requirePoint_neverCallsAPointMalformedForWantOfGas(uint256 gasGiven) public view {
        gasGiven = bound(gasGiven, 2000, 120_000);
        try this.requirePoint{gas: gasGiven}(LinearPolynomials.prove(5), CAP) {}
        catch (bytes memory reason) {
            bool isForGas = reason.length == 0 || bytes4(reason) == Precompiles.NotEnoughGas.selector;
            vm.assertTrue(isForGas);
        }
    }

    /// Pitfall 15: the prices of today are enough, exactly.
    function test_requirePoint_revertsBelowThePricesOfToday() public {
        bytes memory point = LinearPolynomials.prove(5);
        this.requirePoint(point, CAP);
        vm.expectRevert(
            abi.encodeWithSelector(ICustodyChallenges.PrecompileUnavailable.selector, Precompiles.MODEXP, 499)
        );
        this.requirePoint(point, CAP - 1);
    }

    /// Both points of an input of the point evaluation are looked at, and nothing else.
    function test_requirePoints_looksAtCommitmentAndProof() public {
        bytes memory point = LinearPolynomials.prove(5);
        bytes memory wrong = bytes.concat(hex"80", new bytes(47));
        CompressedPoints.requirePoints(bytes.concat(new bytes(96), point, point), CAP);
        bytes memory expected = abi.encodeWithSelector(
            ICustodyChallenges.MalformedPoint.selector, bytes32(uint256(0x80) << 248), bytes16(0)
        );
        vm.expectRevert(expected);
        CompressedPoints.requirePoints(bytes.concat(new bytes(96), wrong, point), CAP);
        vm.expectRevert(expected);
        CompressedPoints.requirePoints(bytes.concat(new bytes(96), point, wrong), CAP);
    }

    function requirePoint(bytes calldata compressed, uint256 gasCap) external view {
        CompressedPoints.requirePoint(compressed, gasCap);
    }

    function split(bytes calldata compressed) external pure returns (bytes32 head, bytes16 tail) {
        return Bls12381.split(compressed);
    }

    function _expectMalformed(bytes32 head, bytes16 tail) private {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.MalformedPoint.selector, head, tail));
        this.requirePoint(bytes.concat(head, tail), CAP);
    }

    /// A number of 381 bits with the flag of compressed points.
    function _compressed(uint256 high, uint256 low) private pure returns (bytes memory) {
        return abi.encodePacked(uint128(high | uint256(0x80) << 120), low);
    }
}
