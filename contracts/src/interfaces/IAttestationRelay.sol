// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IQuorum} from "./IQuorum.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Turns the attestations of a quorum into a post that can be challenged
/// @notice Operators attest EIP-712 typed data in the domain {name: "EmeraldCustody", version: "1", chainId,
/// verifyingContract: this contract}, type `Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64
/// deadline)`. Who did, the quorum in force says (`IQuorum`): with `Eip712Quorum` each operator's signer signs it, with
/// `SymbioticQuorum` the validators of a Symbiotic network do.
interface IAttestationRelay {
    /// @notice A quorum attested the post: it can be challenged in the epochs between `attestedEpoch` and `endEpoch`.
    /// @param postId The post.
    /// @param attestedEpoch The epoch of now.
    /// @param endEpoch First epoch without challenges.
    /// @param attesters Bitmap of the operators that signed.
    /// @param signedStake Their stake, in wei; with `SymbioticQuorum`, voting power.
    /// @param totalStake Stake of all, in the same unit; see `IQuorum.verify`.
    /// @param stakeEpoch Epoch at whose start stakes were counted; with `SymbioticQuorum`, one of the Settlement.
    /// @param root Merkle root of the post's commitments.
    /// @param blobCount Number of its blobs.
    event PostAttested(
        PostId indexed postId,
        uint32 attestedEpoch,
        uint32 endEpoch,
        uint256 attesters,
        uint256 signedStake,
        uint256 totalStake,
        uint64 stakeEpoch,
        bytes32 root,
        uint32 blobCount
    );
    /// @notice No quorum came in time.
    /// @param postId The post.
    /// @param stakeEpoch As given to `lapse`.
    /// @param attested Bitmap of the operators that signed, as far as whoever reported it handed their signatures in.
    /// @param missing Bitmap of all others that are active in the epoch of the custody protocol with the number
    /// `stakeEpoch`. After a proof for `SymbioticQuorum`, that number is of the Settlement's count, and `missing` can
    /// be off.
    /// @param reporter Who called `lapse`.
    event PostLapsed(
        PostId indexed postId, uint64 stakeEpoch, uint256 attested, uint256 missing, address indexed reporter
    );
    /// @notice Governance changed the share that makes a quorum, or the time reserved for relays.
    /// @param quorumBps Share of the stake in 1/10,000 that makes a quorum.
    /// @param relayGrace Blocks in which only relays may act.
    event RelayParametersChanged(uint16 quorumBps, uint32 relayGrace);
    /// @notice Governance changed who verifies attestations.
    /// @param quorum Contract that verifies from now on.
    event QuorumChanged(address quorum);

    /// @notice No such post waits for attestation; nor has it become already what the call would make of it.
    /// @param postId The post.
    error UnknownPost(PostId postId);
    /// @notice The deadline that the operators signed for has passed (unix seconds).
    /// @param deadline Unix seconds.
    /// @param timestamp Unix seconds of the block of now.
    error AttestationExpired(uint64 deadline, uint256 timestamp);
    /// @notice The post was not attested in time.
    /// @param postId The post.
    /// @param attestationDeadlineBlock Last block in which the post can be attested.
    /// @param blockNumber The block of now.
    error AttestationDeadlinePassed(PostId postId, uint256 attestationDeadlineBlock, uint256 blockNumber);
    /// @notice The post can still be attested.
    /// @param postId The post.
    /// @param attestationDeadlineBlock Last block in which the post can be attested.
    /// @param blockNumber The block of now.
    error AttestationDeadlineNotPassed(PostId postId, uint256 attestationDeadlineBlock, uint256 blockNumber);
    /// @notice Until `opensAtBlock` only relays may do this.
    /// @param caller Who is no relay.
    /// @param opensAtBlock First block in which anybody may do this.
    /// @param blockNumber The block of now.
    error RelaysOnly(address caller, uint256 opensAtBlock, uint256 blockNumber);
    /// @notice `signedStake * 10,000 < totalStake * quorumBps`, or nobody has stake.
    /// @param signedStake Stake of those who signed, in the unit of the quorum: wei or voting power.
    /// @param totalStake Stake of all, in the same unit.
    /// @param quorumBps Share that is asked for, in 1/10,000.
    error QuorumNotReached(uint256 signedStake, uint256 totalStake, uint16 quorumBps);
    /// @notice More than half and at most all of the stake must be asked for.
    /// @param quorumBps Share in 1/10,000.
    error InvalidQuorumBps(uint16 quorumBps);
    /// @notice Relays may not be alone for longer than 7,200 blocks (a day of blocks of 12 seconds).
    /// @param relayGrace Number of blocks.
    error InvalidRelayGrace(uint32 relayGrace);

    /// @notice Submits the attestations of a post. Relays only, until `relayGrace` blocks after the registration or
    /// reopening; then anybody. Returns without effect when the post is attested already.
    /// @param postId The post.
    /// @param stakeEpoch Epoch at whose start stakes are counted; whose epochs, see `IQuorum.verify`.
    /// @param deadline Unix seconds, the same that all operators signed; may not have passed.
    /// @param operatorIndexes Operators that signed, strictly increasing.
    /// @param signatures As the quorum in force takes them, see `IQuorum.verify`.
    function submit(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Closes a post that found no quorum in time; it can never be attested unless its publisher reopens it,
    /// even if the attestations handed in here make a quorum. Relays only, until `relayGrace` blocks after the
    /// attestation deadline, since they know who signed; then anybody. Returns without effect when the post has lapsed
    /// already.
    /// @param postId The post.
    /// @param stakeEpoch As for `submit`. Without signatures, an epoch of the custody protocol in which the post
    /// waited.
    /// @param deadline Unix seconds that the operators signed; may have passed.
    /// @param operatorIndexes Operators that signed, strictly increasing; may be empty.
    /// @param signatures As for `submit`; empty when there are no operators.
    function lapse(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Changes the quorum's share and the relays' time, at once; for governance.
    /// @param quorumBps Share of the stake in 1/10,000, more than 5,000.
    /// @param relayGrace Blocks after a registration, and after an attestation deadline, in which only relays may act;
    /// at most 7,200.
    function setRelayParameters(uint16 quorumBps, uint32 relayGrace) external;

    /// @notice Changes who verifies attestations, at once; for governance.
    /// @param quorum A contract that does what `IQuorum` says; it is not tried out.
    function setQuorum(IQuorum quorum) external;

    /// @notice Who verifies attestations.
    /// @return `Eip712Quorum`, `SymbioticQuorum`, or another contract that does what `IQuorum` says.
    function quorum() external view returns (IQuorum);

    /// @notice Share of the stake in 1/10,000 that makes a quorum.
    /// @return 1/10,000, more than 5,000.
    function quorumBps() external view returns (uint16);

    /// @notice Blocks after a registration, and after an attestation deadline, in which only relays may act.
    /// @return Blocks, at most 7,200.
    function relayGrace() external view returns (uint32);
}
