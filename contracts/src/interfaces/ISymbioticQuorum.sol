// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IQuorum} from "./IQuorum.sol";
import {PostId} from "../types/PostId.sol";

/// @title A quorum of the validators of a Symbiotic network, weighed by their voting power
/// @notice For this quorum
/// - `stakeEpoch` is an epoch of the network's Settlement, and stakes are voting powers at its capture;
/// - `signatures` holds one element: the proof that the network's relay made of the validators' signatures of
///   `messageOf`, in the layout of the "Simple" verifier (the whole validator set, and who of it did not sign);
/// - `operatorIndexes` are exactly the operators behind the signers.
///
/// Voting power counts as signed only when the validator's key is registered for an operator that is active now. All
/// else that signed counts as if it had not: nobody could be challenged for it. It is not an error, since whoever
/// submits cannot take a signature out of an aggregate, and a stranger's or a leaver's signature must not be able to
/// stop the others. Everybody's power is part of the total.
interface ISymbioticQuorum is IQuorum {
    /// @notice Exactly one proof is needed.
    error OneProofExpected(uint256 signatures);
    /// @notice Keys with this tag are not BLS keys over BN254.
    error NotBlsBn254(uint8 keyTag);
    /// @notice The network's signature verifier takes proofs that name no signers, or of an unknown kind.
    error NamesNoSigners(address sigVerifier, uint32 verificationType);
    /// @notice No header was committed for `epoch` (version 0), or it is of a version that is not understood.
    error UnsupportedHeader(uint64 epoch, uint8 version);
    /// @notice The validator set was captured in the future or longer ago than allowed (unix seconds).
    error StaleCapture(uint48 captureTimestamp, uint256 oldestAllowed, uint256 timestamp);
    /// @notice The Settlement did not accept the proof: its validator set is not that of the epoch, too little voting
    /// power signed, or the signature is not one of `digest`.
    error QuorumProofRejected(uint64 epoch, bytes32 digest);
    /// @notice The committed validator set has the identity as a key, or a validator without power.
    error UnsoundValidator(uint256 position, bytes32 key, uint256 votingPower);
    /// @notice The committed validator set has the key of an operator twice.
    error DuplicateSigner(uint256 position, bytes32 key);
    /// @notice The validators of the set have more power together than the header says.
    error PowerExceedsTotal(uint256 listedPower, uint256 totalVotingPower);
    /// @notice The list of those who did not sign is not strictly increasing; `left` bytes of it were never reached.
    error NonSignersNotIncreasing(uint256 left);
    /// @notice The operators named are not those who signed (bitmaps).
    error SignersDiffer(uint256 signed, uint256 named);

    /// @notice What validators sign to attest a post, before hashing: the 66 bytes to give to the relay, whose
    /// Keccak hash is the digest. It is the same typed data that `Eip712Quorum` verifies.
    function messageOf(PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline)
        external
        view
        returns (bytes memory);
}
