// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {Test} from "./support/Test.sol";

contract Bls12381Test is Test {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant P_HIGH = Bls12381.MODULUS_HIGH;
    uint256 private constant P_LOW = Bls12381.MODULUS_LOW;
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    // ------------------------------------------------------------ compressAt

    /// Pitfall 43: the two points with one x differ in the flag of the larger y, and in nothing else.
    function testFuzz_compressAt_setsTheFlagOfTheLargerRoot(uint256 a) public view {
        bytes memory point =
            LinearPolynomials.multiply(abi.encodePacked(LinearPolynomials.GENERATOR, bound(a, 1, R - 1)));
        bytes memory one = this.compress(point);
        bytes memory other = this.compress(this.negate(point));
        vm.assertEq(keccak256(one), keccak256(LinearPolynomials.compress(point)));
        vm.assertFalse(keccak256(one) == keccak256(other));
        other[0] ^= 0x20;
        vm.assertEq(keccak256(one), keccak256(other));
        vm.assertTrue(uint8(one[0]) >= 0x80);
    }

    /// Pitfall 43: the comparison with (p - 1) / 2 is one of 381 bits, whatever the point.
    function testFuzz_compressAt_agreesWithPlainSolidity(uint256 xHigh, uint256 xLow, uint256 yHigh, uint256 yLow)
        public
        view
    {
        bytes memory point = abi.encode(xHigh >> 131, xLow, yHigh >> 131, yLow);
        vm.assertEq(keccak256(this.compress(point)), keccak256(LinearPolynomials.compress(point)));
    }

    function test_compressAt_atTheMiddleOfTheField() public view {
        vm.assertEq(_flagsOf(1, HALF_HIGH, HALF_LOW), 0x80);
        vm.assertEq(_flagsOf(1, HALF_HIGH, HALF_LOW + 1), 0xa0);
        vm.assertEq(_flagsOf(1, HALF_HIGH, HALF_LOW - 1), 0x80);
        vm.assertEq(_flagsOf(1, HALF_HIGH, type(uint256).max), 0xa0);
        vm.assertEq(_flagsOf(1, HALF_HIGH + 1, 0), 0xa0);
        vm.assertEq(_flagsOf(1, HALF_HIGH - 1, type(uint256).max), 0x80);
        vm.assertEq(_flagsOf(1, 0, type(uint256).max), 0x80);
    }

    /// Pitfall 11: infinity has an encoding of its own; without its flag it would be a point of order 3.
    function test_compressAt_writesInfinity() public view {
        bytes memory infinity = bytes.concat(hex"c0", new bytes(47));
        vm.assertEq(keccak256(this.compress(new bytes(128))), keccak256(infinity));
        vm.assertEq(_flagsOf(1, 0, 0), 0x80);
        vm.assertEq(_flagsOf(0, 0, 1), 0x80);
    }

    /// Pitfall 43: what does not leave padding and flags free has no compressed form.
    function test_compressAt_revertsOnNumbersOfMoreThan381Bits() public {
        uint256 tooLarge = 1 << 125;
        this.compress(abi.encode(tooLarge - 1, 0, tooLarge - 1, 0));
        _expectTooLarge(tooLarge, 0);
        _expectTooLarge(0, tooLarge);
        _expectTooLarge(1 << 128, 0);
        _expectTooLarge(0, 1 << 128);
        _expectTooLarge(type(uint256).max, type(uint256).max);
    }

    // ------------------------------------------------------------ negateAt

    function testFuzz_negateAt_cancelsThePoint(uint256 a) public view {
        bytes memory point =
            LinearPolynomials.multiply(abi.encodePacked(LinearPolynomials.GENERATOR, bound(a, 0, R - 1)));
        (bool isDone, bytes memory sum) = address(0x0b).staticcall(bytes.concat(point, this.negate(point)));
        vm.assertTrue(isDone);
        vm.assertEq(keccak256(sum), keccak256(new bytes(128)));
    }

    function testFuzz_negateAt_isItsOwnInverse(uint256 high, uint256 low) public view {
        high = bound(high, 0, P_HIGH - 1);
        bytes memory point = abi.encode(5, 6, high, low);
        vm.assertEq(keccak256(this.negate(this.negate(point))), keccak256(point));
    }

    function test_negateAt_atTheEdgesOfTheField() public view {
        vm.assertEq(keccak256(this.negate(abi.encode(1, 2, 0, 0))), keccak256(abi.encode(1, 2, 0, 0)));
        vm.assertEq(keccak256(this.negate(abi.encode(1, 2, 0, 1))), keccak256(abi.encode(1, 2, P_HIGH, P_LOW - 1)));
        vm.assertEq(keccak256(this.negate(abi.encode(1, 2, P_HIGH, P_LOW - 1))), keccak256(abi.encode(1, 2, 0, 1)));
        vm.assertEq(
            keccak256(this.negate(abi.encode(1, 2, 0, P_LOW + 1))),
            keccak256(abi.encode(1, 2, P_HIGH - 1, type(uint256).max))
        );
    }

    /// Pitfall 43: y = p would become 0, and (0, p) infinity.
    function test_negateAt_revertsFromTheModulusOn() public {
        _expectNotCanonical(P_HIGH, P_LOW);
        _expectNotCanonical(P_HIGH, type(uint256).max);
        _expectNotCanonical(P_HIGH + 1, 0);
        _expectNotCanonical(type(uint256).max, type(uint256).max);
    }

    // ------------------------------------------------------------ split

    function testFuzz_split_takesTheBytesApart(bytes32 head, bytes16 tail) public view {
        (bytes32 first, bytes16 last) = this.split(bytes.concat(head, tail));
        vm.assertEq(first, head);
        vm.assertEq(bytes32(last), bytes32(tail));
    }

    /// Pitfall 17.
    function testFuzz_split_revertsOnWrongLengths(uint256 length) public {
        length = bound(length, 0, 200);
        vm.assume(length != 48);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.WrongPointLength.selector, length));
        this.split(new bytes(length));
    }

    // ------------------------------------------------------------ calls

    function compress(bytes memory point) external pure returns (bytes memory) {
        (bytes32 head, bytes16 tail) = Bls12381.compressAt(_startOf(point));
        return bytes.concat(head, tail);
    }

    function negate(bytes memory point) external pure returns (bytes memory) {
        Bls12381.negateAt(_startOf(point));
        return point;
    }

    function split(bytes calldata compressed) external pure returns (bytes32 head, bytes16 tail) {
        return Bls12381.split(compressed);
    }

    function _flagsOf(uint256 x, uint256 yHigh, uint256 yLow) private view returns (uint256) {
        return uint8(this.compress(abi.encode(0, x, yHigh, yLow))[0]);
    }

    function _expectTooLarge(uint256 xHigh, uint256 yHigh) private {
        vm.expectRevert(abi.encodeWithSelector(Bls12381.CoordinateTooLarge.selector, xHigh, yHigh));
        this.compress(abi.encode(xHigh, 0, yHigh, 0));
    }

    function _expectNotCanonical(uint256 high, uint256 low) private {
        vm.expectRevert(abi.encodeWithSelector(Bls12381.CoordinateNotCanonical.selector, high, low));
        this.negate(abi.encode(0, 0, high, low));
    }

    function _startOf(bytes memory point) private pure returns (uint256 start) {
        assembly ("memory-safe") {
            start := add(point, 0x20)
        }
    }
}
