// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The curve BLS12-381, and the two ways to write a point of its group G1
/// @dev Compressed in 48 bytes: x, with three flags in its top bits, as EIP-4844 takes points; see
/// https://github.com/zcash/librustzcash/blob/main/pairing/src/bls12_381/README.md, section "Serialization".
/// Uncompressed in 128 bytes: x and y, each with 16 zero bytes before it, as EIP-2537 takes them; infinity is all zero.
/// A coordinate comes as two words here, `high` holding its first 16 bytes and `low` the other 32.
library Bls12381 {
    /// Order r of the scalar field.
    uint256 internal constant SCALAR_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

    /// Modulus p of the coordinates.
    uint256 internal constant MODULUS_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 internal constant MODULUS_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// Bits of the upper word of a number of 381 bits.
    uint256 private constant HIGH_BITS = 125;

    /// (p - 1) / 2: of y and p - y, the larger is above.
    uint256 private constant HALF_HIGH = 0x0d0088f51cbff34d258dd3db21a5d66b;
    uint256 private constant HALF_LOW = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;

    /// Bytes of a point.
    uint256 internal constant COMPRESSED_LENGTH = 48;
    uint256 internal constant UNCOMPRESSED_LENGTH = 128;

    /// Flags in the first byte of a compressed point, from the top: it is one, it is infinity, y is the larger root.
    uint256 internal constant COMPRESSED_FLAG = 0x80;
    uint256 internal constant INFINITY_FLAG = 0x40;
    uint256 internal constant LARGER_FLAG = 0x20;

    /// @notice Bytes that should hold a compressed point of G1 have another length than 48.
    error WrongPointLength(uint256 length);
    /// @notice Bytes that should hold uncompressed points of G1 have not 128 bytes each.
    error WrongPointsLength(uint256 length);
    /// @notice A coordinate of an uncompressed point has more than 381 bits; given as the first 32 bytes of x and y.
    error CoordinateTooLarge(uint256 xHigh, uint256 yHigh);
    /// @notice A coordinate of an uncompressed point is not below p; given as its first and last 32 bytes.
    error CoordinateNotCanonical(uint256 high, uint256 low);

    /// @notice The 48 bytes of the uncompressed point that stands in memory at `start`.
    /// @dev Whether the coordinates are below p, and the point on the curve, remains to be seen by a precompile.
    /// @return head First 32 bytes.
    /// @return tail Last 16 bytes.
    function compressAt(uint256 start) internal pure returns (bytes32 head, bytes16 tail) {
        (uint256 xHigh, uint256 xLow) = coordinateAt(start);
        (uint256 yHigh, uint256 yLow) = coordinateAt(start + 64);
        // Leaves the padding zero, and with it the bits of the flags.
        if ((xHigh | yHigh) >> HIGH_BITS != 0) revert CoordinateTooLarge(xHigh, yHigh);
        uint256 flags = COMPRESSED_FLAG;
        if ((xHigh | xLow | yHigh | yLow) == 0) flags |= INFINITY_FLAG;
        else if (yHigh > HALF_HIGH || (yHigh == HALF_HIGH && yLow > HALF_LOW)) flags |= LARGER_FLAG;
        head = bytes32(flags << 248 | xHigh << 128 | xLow >> 128);
        // Takes the lower half.
        // forge-lint: disable-next-line(unsafe-typecast)
        tail = bytes16(uint128(xLow));
    }

    /// @notice Replaces the uncompressed point that stands in memory at `start` by its negative.
    /// @dev A y of 0 stays: it belongs to infinity, or to no point of the curve.
    function negateAt(uint256 start) internal pure {
        (uint256 high, uint256 low) = coordinateAt(start + 64);
        // Unless refused here, p would become 0.
        if (!isBelowModulus(high, low)) revert CoordinateNotCanonical(high, low);
        if (high | low == 0) return;
        // p - y does not go below zero; the borrow of the lower words is taken from the upper ones.
        unchecked {
            high = MODULUS_HIGH - high - (low > MODULUS_LOW ? 1 : 0);
            low = MODULUS_LOW - low;
        }
        // Overwrites y, 64 bytes behind x.
        assembly ("memory-safe") {
            mstore(add(start, 64), high)
            mstore(add(start, 96), low)
        }
    }

    /// @dev The coordinate in the 64 bytes of memory from `start` on.
    function coordinateAt(uint256 start) internal pure returns (uint256 high, uint256 low) {
        // Reads two words.
        assembly ("memory-safe") {
            high := mload(start)
            low := mload(add(start, 32))
        }
    }

    /// @dev Whether 64 bytes are a number below p.
    function isBelowModulus(uint256 high, uint256 low) internal pure returns (bool) {
        return high < MODULUS_HIGH || (high == MODULUS_HIGH && low < MODULUS_LOW);
    }

    /// @dev Whether a compressed point has the flag of infinity: it is infinity then, or no point at all.
    function claimsInfinity(bytes32 head) internal pure returns (bool) {
        return (uint256(head) >> 248) & INFINITY_FLAG != 0;
    }

    /// @dev The 48 bytes of a compressed point as two words; reverts unless there are exactly 48.
    function split(bytes calldata compressed) internal pure returns (bytes32 head, bytes16 tail) {
        if (compressed.length != COMPRESSED_LENGTH) revert WrongPointLength(compressed.length);
        // The second word is read from within the bytes as well, and its upper half cut off.
        assembly ("memory-safe") {
            head := calldataload(compressed.offset)
            tail := shl(128, calldataload(add(compressed.offset, 16)))
        }
    }

    /// @dev Reverts unless there are exactly 48 bytes.
    function requireCompressedLength(bytes calldata compressed) internal pure {
        if (compressed.length != COMPRESSED_LENGTH) revert WrongPointLength(compressed.length);
    }
}
