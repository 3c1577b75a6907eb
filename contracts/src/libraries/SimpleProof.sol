// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Reads the proofs of Symbiotic's "Simple" BLS verifier
/// @dev Layout: aggregated signature in G1 (64 bytes) | aggregated key of the signers in G2 (128) | number of
/// validators (32) | each validator: key (32), voting power (32) | positions of those who did not sign (2 each).
/// Reads only; who calls has had the proof verified.
library SimpleProof {
    uint256 private constant COUNT = 192;
    uint256 private constant VALIDATORS = 224;
    uint256 private constant VALIDATOR_LENGTH = 64;

    function validatorCount(bytes calldata proof) internal pure returns (uint256) {
        return uint256(bytes32(proof[COUNT:VALIDATORS]));
    }

    /// @return key A point of G1 in 32 bytes; 0 is the identity.
    /// @return votingPower Its weight, in the unit of the header.
    function validatorAt(bytes calldata proof, uint256 position)
        internal
        pure
        returns (bytes32 key, uint256 votingPower)
    {
        uint256 start = VALIDATORS + VALIDATOR_LENGTH * position;
        bytes calldata validator = proof[start:start + VALIDATOR_LENGTH];
        // Takes the first word of two.
        // forge-lint: disable-next-line(unsafe-typecast)
        return (bytes32(validator), uint256(bytes32(validator[32:])));
    }

    /// @dev Two bytes for each validator that did not sign, by increasing position.
    function nonSignersOf(bytes calldata proof) internal pure returns (bytes calldata) {
        return proof[VALIDATORS + VALIDATOR_LENGTH * validatorCount(proof):];
    }

    /// @dev Whether `nonSigners` starts with `position`.
    function isFirst(bytes calldata nonSigners, uint256 position) internal pure returns (bool) {
        // Takes the first position of the list.
        // forge-lint: disable-next-line(unsafe-typecast)
        return nonSigners.length > 0 && uint16(bytes2(nonSigners)) == position;
    }
}
