// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";
import {Precompiles} from "./Precompiles.sol";

/// @title Hashes a message to a scalar of BLS12-381 without noticeable bias
/// @dev RFC 9380, `hash_to_field` (5.2) with count = 1, m = 1, L = 48 and `expand_message_xmd` (5.3.1) over SHA-256.
library HashToField {
    /// @notice A domain separation tag has at most 255 bytes here.
    error DomainTagTooLong(uint256 length);

    /// @notice Hashes one word; a third cheaper than `toField`, with which the tests compare it.
    /// @param tag Domain separation tag of at most 31 bytes, and behind it a byte that holds its length.
    /// @param tagLength Bytes of the tag, that last one included.
    /// @return scalar Below the order of the scalar field.
    function wordToField(bytes32 tag, uint256 tagLength, bytes32 word) internal view returns (uint256 scalar) {
        uint256 modulus = Bls12381.SCALAR_MODULUS;
        address sha256_ = Precompiles.SHA_256;
        assembly ("memory-safe") {
            // Works in the 160 bytes behind the free pointer and leaves the pointer where it is.
            let buffer := mload(0x40)

            // b0 = H(64 zero bytes || word || uint16 48 || uint8 0 || tag)
            mstore(buffer, 0)
            mstore(add(buffer, 0x20), 0)
            mstore(add(buffer, 0x40), word)
            mstore(add(buffer, 0x60), shl(232, 0x003000))
            mstore(add(buffer, 0x63), tag)
            // Calls of SHA-256 fail only when gas runs out, and then so does this call.
            let isDone := staticcall(gas(), sha256_, buffer, add(0x63, tagLength), 0x00, 0x20)
            let b0 := mload(0x00)

            // b1 = H(b0 || uint8 1 || tag)
            mstore(buffer, b0)
            mstore8(add(buffer, 0x20), 1)
            mstore(add(buffer, 0x21), tag)
            isDone := and(isDone, staticcall(gas(), sha256_, buffer, add(0x21, tagLength), 0x00, 0x20))
            let b1 := mload(0x00)

            // b2 = H((b0 xor b1) || uint8 2 || tag)
            mstore(buffer, xor(b0, b1))
            mstore8(add(buffer, 0x20), 2)
            isDone := and(isDone, staticcall(gas(), sha256_, buffer, add(0x21, tagLength), 0x00, 0x20))
            if iszero(isDone) { revert(0, 0) }

            // The first 48 bytes of b1 || b2 as one number, reduced: b1 * 2^128 + (b2 >> 128).
            scalar := addmod(mulmod(b1, shl(128, 1), modulus), shr(128, mload(0x00)), modulus)
        }
    }

    /// @notice Hashes any bytes.
    /// @param domainTag Domain separation tag, at most 255 bytes.
    /// @param message Any bytes.
    /// @return scalar Below the order of the scalar field.
    function toField(bytes memory domainTag, bytes memory message) internal view returns (uint256 scalar) {
        if (domainTag.length > 255) revert DomainTagTooLong(domainTag.length);
        uint256 modulus = Bls12381.SCALAR_MODULUS;
        // Assembly halves the price; the tests compare it with the same text in plain Solidity.
        assembly ("memory-safe") {
            // Works in memory behind the free pointer and leaves the pointer where it is.
            let buffer := mload(0x40)
            let tagLength := mload(domainTag)
            let messageLength := mload(message)

            // SHA-256 of `length` bytes from `start` on; fails only when gas runs out.
            function sha256Of(start, length) -> digest {
                if iszero(staticcall(gas(), 0x02, start, length, 0x00, 0x20)) { revert(0, 0) }
                digest := mload(0x00)
            }

            // b0 = H(64 zero bytes || message || uint16 48 || uint8 0 || tag || uint8 tagLength)
            mstore(buffer, 0)
            mstore(add(buffer, 0x20), 0)
            mcopy(add(buffer, 0x40), add(message, 0x20), messageLength)
            let tail := add(add(buffer, 0x40), messageLength)
            mstore(tail, shl(232, 0x003000))
            mcopy(add(tail, 3), add(domainTag, 0x20), tagLength)
            mstore8(add(add(tail, 3), tagLength), tagLength)
            let b0 := sha256Of(buffer, add(68, add(messageLength, tagLength)))

            // b1 = H(b0 || uint8 1 || tag || uint8 tagLength)
            mstore(buffer, b0)
            mstore8(add(buffer, 0x20), 1)
            mcopy(add(buffer, 0x21), add(domainTag, 0x20), tagLength)
            mstore8(add(add(buffer, 0x21), tagLength), tagLength)
            let b1 := sha256Of(buffer, add(34, tagLength))

            // b2 = H((b0 xor b1) || uint8 2 || tag || uint8 tagLength)
            mstore(buffer, xor(b0, b1))
            mstore8(add(buffer, 0x20), 2)
            let b2 := sha256Of(buffer, add(34, tagLength))

            // The first 48 bytes of b1 || b2 as one number, reduced: b1 * 2^128 + (b2 >> 128).
            scalar := addmod(mulmod(b1, shl(128, 1), modulus), shr(128, b2), modulus)
        }
    }
}
