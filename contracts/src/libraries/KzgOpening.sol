// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";
import {Precompiles} from "./Precompiles.sol";

/// @title Openings of KZG commitments through the point evaluation precompile (EIP-4844)
library KzgOpening {
    /// What the precompile takes: versioned hash, z and y of 32 bytes, commitment and proof of 48.
    uint256 private constant INPUT_LENGTH = 192;
    uint256 private constant PROOF_OFFSET = 144;

    /// First word of the precompile's answer: field elements in a blob.
    uint256 private constant FIELD_ELEMENTS_PER_BLOB = 4096;

    /// Version byte of EIP-4844 in place of the hash's first byte.
    uint256 private constant VERSION = 0x01 << 248;

    /// @notice A commitment at infinity stands for no data at all.
    error CommitmentAtInfinity();

    /// @notice The versioned hash of a commitment of 48 bytes. Refuses commitments at infinity.
    function versionedHashOf(bytes calldata commitment) internal view returns (bytes32) {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        requireNotInfinity(head);
        return versionedHash(head, tail);
    }

    /// @notice Refuses commitments at infinity: all 48-byte strings with the flag are infinity, or no point at all.
    function requireNotInfinity(bytes32 head) internal pure {
        if (Bls12381.claimsInfinity(head)) revert CommitmentAtInfinity();
    }

    /// @notice 0x01 followed by the last 31 bytes of the point's SHA-256. Takes infinity as well, which sums may be.
    function versionedHash(bytes32 head, bytes16 tail) internal view returns (bytes32 hash) {
        address sha256_ = Precompiles.SHA_256;
        // Half the price of sha256(abi.encodePacked(head, tail)), with which the tests compare it.
        assembly ("memory-safe") {
            // The 48 bytes fit the scratch space, and so does the hash, which takes their place.
            mstore(0x00, head)
            mstore(0x20, tail)
            // Fails only when gas runs out, and then so does this call.
            if iszero(staticcall(gas(), sha256_, 0x00, 48, 0x00, 0x20)) { revert(0, 0) }
            // Shifting to and fro drops the first byte.
            hash := or(VERSION, shr(8, shl(8, mload(0x00))))
        }
    }

    /// @notice What the precompile takes to say whether the polynomial behind a commitment takes the value y at z.
    /// @param proof Reverts unless it has 48 bytes.
    function inputOf(bytes32 hash, uint256 z, uint256 y, bytes32 head, bytes16 tail, bytes calldata proof)
        internal
        pure
        returns (bytes memory input)
    {
        Bls12381.requireCompressedLength(proof);
        // Less than half the price of abi.encodePacked(hash, z, y, head, tail, proof), with which the tests compare it.
        assembly ("memory-safe") {
            // Takes the length's word and 192 bytes of new memory.
            input := mload(0x40)
            mstore(0x40, add(input, 0xe0))
            mstore(input, INPUT_LENGTH)
            mstore(add(input, 0x20), hash)
            mstore(add(input, 0x40), z)
            mstore(add(input, 0x60), y)
            mstore(add(input, 0x80), head)
            // The word's lower half is overwritten by the proof, 48 bytes that end where the input does.
            mstore(add(input, 0xa0), tail)
            calldatacopy(add(input, 0xb0), proof.offset, 48)
        }
    }

    /// @notice Whether the precompile accepts an input of `inputOf`.
    /// @dev False for false openings and for bytes that are no points: the precompile does not tell them apart.
    /// @param gasCap Gas for the precompile, all of which a failing call burns.
    /// @param precompile Where the point evaluation is; a constant but for tests of another price.
    /// @return isValid True only for the one answer that the precompile gives to a valid opening: an address without
    /// code would also "succeed".
    function verify(bytes memory input, uint256 gasCap, address precompile) internal view returns (bool isValid) {
        Precompiles.requireGas(gasCap);
        uint256 modulus = Bls12381.SCALAR_MODULUS;
        assembly ("memory-safe") {
            // The answer's 64 bytes go to the scratch space; nothing is copied when the call fails.
            isValid := staticcall(gasCap, precompile, add(input, 0x20), mload(input), 0x00, 0x40)
            isValid := and(isValid, eq(returndatasize(), 0x40))
            isValid := and(isValid, and(eq(mload(0x00), FIELD_ELEMENTS_PER_BLOB), eq(mload(0x20), modulus)))
        }
    }
}
