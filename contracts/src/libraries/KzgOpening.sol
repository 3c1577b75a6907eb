// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";

/// @title Openings of KZG commitments through the point evaluation precompile (EIP-4844, address 0x0a)
library KzgOpening {
    uint256 private constant POINT_EVALUATION = 0x0a;

    /// First word of the precompile's answer: field elements in a blob.
    uint256 private constant FIELD_ELEMENTS_PER_BLOB = 4096;

    /// Version byte of EIP-4844 in place of the hash's first byte.
    uint256 private constant VERSION = 0x01 << 248;

    /// What is left to the caller after the precompile has burnt all it was given: enough to emit an event and return.
    uint256 private constant GAS_RESERVE = 8000;

    /// @notice A commitment at infinity stands for no data at all.
    error CommitmentAtInfinity();
    /// @notice The transaction has not enough gas to give the precompile its share.
    error NotEnoughGas(uint256 available, uint256 needed);
    /// @notice The precompile at 0x0a is missing, or does not work with this much gas.
    error PointEvaluationUnavailable(uint256 gasCap);

    /// @dev 0x01 followed by the last 31 bytes of the commitment's SHA-256. Refuses commitments at infinity.
    function versionedHashOf(bytes calldata commitment) internal pure returns (bytes32) {
        if (Bls12381.claimsInfinity(commitment)) revert CommitmentAtInfinity();
        return bytes32(VERSION | (uint256(sha256(commitment)) << 8 >> 8));
    }

    /// @notice Whether the polynomial behind `commitment` takes the value `y` at `z`.
    /// @dev False for false openings and for bytes that are no points: the precompile does not tell them apart.
    /// @param versionedHash Versioned hash of `commitment`.
    /// @param z Below the scalar modulus.
    /// @param y Below the scalar modulus.
    /// @param commitment 48 bytes.
    /// @param proof 48 bytes.
    /// @param gasCap Gas for the precompile, all of which a failing call burns.
    function verify(
        bytes32 versionedHash,
        uint256 z,
        uint256 y,
        bytes calldata commitment,
        bytes calldata proof,
        uint256 gasCap
    ) internal view returns (bool) {
        Bls12381.requireCompressedLength(commitment);
        Bls12381.requireCompressedLength(proof);
        return _call(abi.encodePacked(versionedHash, z, y, commitment, proof), gasCap);
    }

    /// @dev Reverts unless the precompile accepts a known opening within `gasCap`: p(X) = X, z = 0, y = 0, whose proof
    /// is the generator.
    function requireAvailable(uint256 gasCap) internal view {
        bytes memory commitment =
            hex"ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
        bytes memory generator =
            hex"97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
        bytes32 versionedHash = bytes32(VERSION | (uint256(sha256(commitment)) << 8 >> 8));
        bytes memory input = abi.encodePacked(versionedHash, uint256(0), uint256(0), commitment, generator);
        if (!_call(input, gasCap)) revert PointEvaluationUnavailable(gasCap);
    }

    /// @dev True only for the one answer that the precompile gives to a valid opening: an address without code would
    /// also "succeed".
    function _call(bytes memory input, uint256 gasCap) private view returns (bool isValid) {
        // A callee gets at most 63/64 of what is left (EIP-150): with less, a valid proof would look false.
        uint256 needed = gasCap + gasCap / 63 + GAS_RESERVE;
        if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
        uint256 modulus = Bls12381.SCALAR_MODULUS;
        assembly ("memory-safe") {
            // The answer's 64 bytes go to the scratch space; nothing is copied when the call fails.
            isValid := staticcall(gasCap, POINT_EVALUATION, add(input, 0x20), mload(input), 0x00, 0x40)
            isValid := and(isValid, eq(returndatasize(), 0x40))
            isValid := and(isValid, and(eq(mload(0x00), FIELD_ELEMENTS_PER_BLOB), eq(mload(0x20), modulus)))
        }
    }
}
