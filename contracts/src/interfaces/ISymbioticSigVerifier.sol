// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What is asked of the signature verifier behind a Settlement of Symbiotic's relay
/// @notice Which proofs it takes; the Settlement asks it the rest.
interface ISymbioticSigVerifier {
    /// @notice Which proofs it takes.
    /// @return 0: zero-knowledge proofs, which name no signers. 1: proofs that carry the whole validator set and the
    /// positions of those who did not sign.
    function VERIFICATION_TYPE() external view returns (uint32);
}
