// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IQuorum} from "./IQuorum.sol";
import {PostId} from "../types/PostId.sol";

/// @title A quorum of the validators of a Symbiotic network, weighed by their voting power
/// @notice For this quorum
/// - `stakeEpoch` is an epoch of the network's Settlement, and stakes are voting powers at its capture;
/// - `signatures` holds one element: the proof that the network's relay made of the validators' signatures of
///   `messageOf`, in the layout of the "Simple" verifier (the whole validator set, and who of it did not sign);
/// - `operatorIndexes` is not read: what counts is who is in the proof when it is verified. So nobody who changes its
///   key in front of a submission makes the others' proof fail.
///
/// Voting power counts as signed only when the validator's key is registered for an operator that is active now. All
/// else that signed counts as if it had not: nobody could be challenged for it. It is not an error, since whoever
/// submits cannot take a signature out of an aggregate, and a stranger's or a leaver's signature must not be able to
/// stop the others. Everybody's power is part of the total.
interface ISymbioticQuorum is IQuorum {
    /// @notice Exactly one proof is needed.
    /// @param signatures Number of elements given.
    error OneProofExpected(uint256 signatures);
    /// @notice The upper four bits of a key's tag are its kind: only 0, BLS over BN254, is understood.
    /// @param keyTag Tag of the validators' keys.
    error NotBlsBn254(uint8 keyTag);
    /// @notice The network's signature verifier takes proofs that name no signers, or of an unknown kind.
    /// @param sigVerifier The verifier of the Settlement.
    /// @param verificationType What it takes; only 1 names the signers.
    error NamesNoSigners(address sigVerifier, uint32 verificationType);
    /// @notice No header was committed for the epoch, or it is of a version that is not understood.
    /// @param epoch Epoch of the Settlement.
    /// @param version Version of its header; 0 where none was committed.
    error UnsupportedHeader(uint64 epoch, uint8 version);
    /// @notice The validator set was captured in the future or longer ago than allowed.
    /// @param captureTimestamp Unix seconds of the capture.
    /// @param oldestAllowed First unix second that is taken.
    /// @param timestamp Unix seconds of the block of now.
    error StaleCapture(uint48 captureTimestamp, uint256 oldestAllowed, uint256 timestamp);
    /// @notice The Settlement did not accept the proof: its validator set is not that of the epoch, too little voting
    /// power signed, or the signature is not one of `digest`.
    /// @param epoch Epoch of the Settlement.
    /// @param digest EIP-712 digest of the attestation.
    error QuorumProofRejected(uint64 epoch, bytes32 digest);
    /// @notice The committed validator set has the identity as a key, or a validator without power.
    /// @param position Place in the validator set, from 0.
    /// @param key Its key in 32 bytes; 0 for the identity.
    /// @param votingPower Its power, in the unit of the header.
    error UnsoundValidator(uint256 position, bytes32 key, uint256 votingPower);
    /// @notice The committed validator set has the key of an operator twice.
    /// @param position Place of the second one in the validator set, from 0.
    /// @param key The key there, in 32 bytes.
    error DuplicateSigner(uint256 position, bytes32 key);
    /// @notice The validators of the set have more power together than the header says.
    /// @param listedPower Sum over the validators of the proof.
    /// @param totalVotingPower What the header says.
    error PowerExceedsTotal(uint256 listedPower, uint256 totalVotingPower);
    /// @notice The list of those who did not sign is not strictly increasing, or names a place that the set does not
    /// have.
    /// @param left Bytes at its end that were never reached; a place takes 2.
    error NonSignersNotIncreasing(uint256 left);

    /// @notice What validators sign to attest a post, before hashing: the 66 bytes to give to the relay, whose
    /// Keccak hash is the digest. It is the same typed data that `Eip712Quorum` verifies.
    /// @param postId The post.
    /// @param root Merkle root of the post's commitments, as registered.
    /// @param stakeEpoch Epoch of the Settlement whose validators sign.
    /// @param deadline Unix seconds up to which the attestation can be submitted.
    /// @return 0x1901, domain separator, hash of the struct (EIP-712).
    function messageOf(PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline)
        external
        view
        returns (bytes memory);
}
