// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Facts about the curve BLS12-381 and its compressed points
/// @dev Encoding of points: https://github.com/zcash/librustzcash/blob/main/pairing/src/bls12_381/README.md,
/// section "Serialization", as used by EIP-4844.
library Bls12381 {
    /// Order r of the scalar field.
    uint256 internal constant SCALAR_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001;

    /// Bytes of a compressed point of G1.
    uint256 internal constant COMPRESSED_LENGTH = 48;

    /// In the first byte of a compressed point: this is the point at infinity.
    bytes1 private constant INFINITY_FLAG = 0x40;

    /// @notice Bytes that should hold a compressed point of G1 have another length than 48.
    error WrongPointLength(uint256 length);

    /// @dev Looks at the flag only: all 48-byte strings that have it are the point at infinity or no point at all.
    function claimsInfinity(bytes calldata compressed) internal pure returns (bool) {
        requireCompressedLength(compressed);
        return compressed[0] & INFINITY_FLAG != 0;
    }

    /// @dev Reverts unless there are exactly 48 bytes.
    function requireCompressedLength(bytes calldata compressed) internal pure {
        if (compressed.length != COMPRESSED_LENGTH) revert WrongPointLength(compressed.length);
    }
}
