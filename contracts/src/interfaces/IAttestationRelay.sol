// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IQuorum} from "./IQuorum.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Turns the attestations of a quorum into a post that can be challenged
/// @notice Operators sign EIP-712 typed data in the domain {name: "EmeraldCustody", version: "1", chainId,
/// verifyingContract: this contract}, type `Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64
/// deadline)`.
interface IAttestationRelay {
    /// @notice A quorum attested the post; from the next epoch on it can be challenged, up to the one before
    /// `endEpoch`.
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
    /// @notice No quorum came in time. `attested` are operators that signed, as far as whoever reported it handed their
    /// signatures in; `missing` all others that are active in `stakeEpoch`. Both are bitmaps.
    event PostLapsed(
        PostId indexed postId, uint64 stakeEpoch, uint256 attested, uint256 missing, address indexed reporter
    );
    /// @notice Governance changed the share that makes a quorum, or the time reserved for relays.
    event RelayParametersChanged(uint16 quorumBps, uint32 relayGrace);
    /// @notice Governance changed who verifies attestations.
    event QuorumChanged(address quorum);

    /// @notice No such post waits for attestation, and none did that now has what the call is for.
    error UnknownPost(PostId postId);
    /// @notice The deadline that the operators signed for has passed (unix seconds).
    error AttestationExpired(uint64 deadline, uint256 timestamp);
    /// @notice The post was not attested in time.
    error AttestationDeadlinePassed(PostId postId, uint256 attestationDeadlineBlock, uint256 blockNumber);
    /// @notice The post can still be attested.
    error AttestationDeadlineNotPassed(PostId postId, uint256 attestationDeadlineBlock, uint256 blockNumber);
    /// @notice Until `opensAtBlock` only relays may do this.
    error RelaysOnly(address caller, uint256 opensAtBlock, uint256 blockNumber);
    /// @notice `signedStake * 10,000 < totalStake * quorumBps`, or nobody has stake.
    error QuorumNotReached(uint256 signedStake, uint256 totalStake, uint16 quorumBps);
    /// @notice More than half and at most all of the stake must be asked for.
    error InvalidQuorumBps(uint16 quorumBps);
    /// @notice Relays may not be alone for longer than 7,200 blocks (a day of blocks of 12 seconds).
    error InvalidRelayGrace(uint32 relayGrace);

    /// @notice Submits the attestations of a post. Relays only, until `relayGrace` blocks after the registration; then
    /// anybody. Returns without effect when the post is attested already.
    /// @param postId The post.
    /// @param stakeEpoch Epoch at whose start stakes are counted.
    /// @param deadline Unix seconds, the one that all operators signed.
    /// @param operatorIndexes Operators that signed, strictly increasing.
    /// @param signatures 65 bytes each, in the same order.
    function submit(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Closes a post that found no quorum in time; it can never be attested unless its publisher reopens it,
    /// even if the attestations handed in here make a quorum. Relays only, until `relayGrace` blocks after the
    /// attestation
    /// deadline, since they know who signed; then anybody. Returns without effect when the post has lapsed already.
    /// @param postId The post.
    /// @param stakeEpoch Epoch at whose start stakes are counted. Without signatures, one in which the post waited.
    /// @param deadline Unix seconds that the operators signed; it may have passed.
    /// @param operatorIndexes Operators that signed, strictly increasing; may be empty.
    /// @param signatures One for each of them.
    function lapse(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Changes the quorum's share and the relays' time.
    /// @param quorumBps Share of the stake in 1/10,000, more than 5,000.
    /// @param relayGrace Blocks after a registration, and after an attestation deadline, in which only relays may act;
    /// at most 7,200.
    function setRelayParameters(uint16 quorumBps, uint32 relayGrace) external;

    /// @notice Changes who verifies attestations.
    function setQuorum(IQuorum quorum) external;

    /// @notice Who verifies attestations.
    function quorum() external view returns (IQuorum);

    /// @notice Share of the stake in 1/10,000 that makes a quorum.
    function quorumBps() external view returns (uint16);

    /// @notice Blocks after a registration in which only relays may submit.
    function relayGrace() external view returns (uint32);
}
