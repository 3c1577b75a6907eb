// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What is asked of the signature verifier behind a Settlement of Symbiotic's relay
interface ISymbioticSigVerifier {
    /// @notice Which proofs it takes: 0 for zero-knowledge proofs, which name no signers; 1 for proofs that carry the
    /// whole validator set and the positions of those who did not sign.
    function VERIFICATION_TYPE() external view returns (uint32);
}
