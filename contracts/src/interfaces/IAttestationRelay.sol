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
/// `deadline` is not theirs to choose: it is the one that `deadlineOf` says. It belongs to one wait of the post alone,
/// so an attestation of a wait that lapsed is worth nothing once the post was reopened.
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
    /// @param epoch Epoch of the custody protocol in which the post began to wait, whatever the quorum counts by.
    /// @param attested Bitmap of the operators that signed, as far as whoever reported it handed their signatures in.
    /// @param missing Bitmap of all others that were active in `epoch`.
    /// @param reporter Who called `lapse`.
    event PostLapsed(PostId indexed postId, uint32 epoch, uint256 attested, uint256 missing, address indexed reporter);
    /// @notice Governance changed the share that makes a quorum, or the time reserved for relays.
    /// @param quorumBps Share of the stake in 1/10,000 that makes a quorum.
    /// @param relayGrace Unpaused blocks in which only relays may act.
    event RelayParametersChanged(uint16 quorumBps, uint32 relayGrace);
    /// @notice Governance changed who verifies attestations.
    /// @param quorum Contract that verifies from now on.
    event QuorumChanged(address quorum);

    /// @notice No such post waits for attestation; nor has it become already what the call would make of it.
    /// @param postId The post.
    error UnknownPost(PostId postId);
    /// @notice The attestations are not of this wait of the post: their deadline is another's.
    /// @param postId The post.
    /// @param deadline As given.
    /// @param expected What `deadlineOf` says.
    error WrongDeadline(PostId postId, uint64 deadline, uint64 expected);
    /// @notice The deadline that the operators signed for has passed (unix seconds).
    /// @param deadline Unix seconds.
    /// @param timestamp Unix seconds of the block of now.
    error AttestationExpired(uint64 deadline, uint256 timestamp);
    /// @notice The post was not attested in time.
    /// @param postId The post.
    /// @param attestationDeadline Unpaused blocks in which it could be.
    /// @param waited Unpaused blocks since it began to wait.
    error AttestationDeadlinePassed(PostId postId, uint256 attestationDeadline, uint256 waited);
    /// @notice The post can still be attested.
    /// @param postId The post.
    /// @param attestationDeadline Unpaused blocks in which it can be.
    /// @param waited Unpaused blocks since it began to wait.
    error AttestationDeadlineNotPassed(PostId postId, uint256 attestationDeadline, uint256 waited);
    /// @notice Until a post has waited for `opensAfter` blocks only relays may do this.
    /// @param caller Who is no relay.
    /// @param opensAfter Unpaused blocks after which anybody may do this.
    /// @param waited Unpaused blocks since the post began to wait.
    error RelaysOnly(address caller, uint256 opensAfter, uint256 waited);
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
    /// @notice Where the quorum should be, there is no contract.
    /// @param quorum As given.
    error QuorumWithoutCode(address quorum);
    /// @notice The quorum verifies what is signed for another relay.
    /// @param quorum As given.
    /// @param attestationRelay The relay that it is for.
    error QuorumOfAnotherRelay(address quorum, address attestationRelay);

    /// @notice Submits the attestations of a post. Relays only, until the post has waited for `relayGrace` unpaused
    /// blocks or half of its time, whichever comes first; then anybody. Returns without effect when the post is
    /// attested already.
    /// @param postId The post.
    /// @param stakeEpoch Epoch at whose start stakes are counted; whose epochs, see `IQuorum.verify`.
    /// @param deadline As `deadlineOf` says; may not have passed.
    /// @param operatorIndexes Operators that signed; for which quorum, see `IQuorum.verify`.
    /// @param signatures As the quorum in force takes them, see `IQuorum.verify`.
    function submit(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Closes a post that found no quorum in time; it can never be attested unless its publisher reopens it,
    /// even if the attestations handed in here make a quorum. Relays only, until `relayGrace` unpaused blocks after the
    /// attestation deadline, since they know who signed; then anybody. Returns without effect when the post has lapsed
    /// already. With neither operators nor signatures, nobody signed, and `stakeEpoch` and `deadline` say nothing.
    /// @param postId The post.
    /// @param stakeEpoch As for `submit`.
    /// @param deadline As for `submit`; may have passed.
    /// @param operatorIndexes As for `submit`; may be empty.
    /// @param signatures As for `submit`; may be empty.
    function lapse(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external;

    /// @notice Changes the quorum's share and the relays' time, at once; for governance.
    /// @param quorumBps Share of the stake in 1/10,000, more than 5,000.
    /// @param relayGrace Unpaused blocks in which only relays may act, after a registration (up to half of the time
    /// that the post waits) and after an attestation deadline; at most 7,200.
    function setRelayParameters(uint16 quorumBps, uint32 relayGrace) external;

    /// @notice Changes who verifies attestations, at once; for governance.
    /// @param quorum A contract that does what `IQuorum` says, and names this relay as its own.
    function setQuorum(IQuorum quorum) external;

    /// @notice The deadline that attestations of a waiting post carry: 60 days after it was registered or reopened.
    /// @param postId The post.
    /// @return Unix seconds; 0 when no such post waits.
    function deadlineOf(PostId postId) external view returns (uint64);

    /// @notice Who verifies attestations.
    /// @return `Eip712Quorum`, `SymbioticQuorum`, or another contract that does what `IQuorum` says.
    function quorum() external view returns (IQuorum);

    /// @notice Share of the stake in 1/10,000 that makes a quorum.
    /// @return 1/10,000, more than 5,000.
    function quorumBps() external view returns (uint16);

    /// @notice Unpaused blocks in which only relays may act: after a registration, but no longer than half of the time
    /// that the post waits, and after an attestation deadline.
    /// @return Blocks, at most 7,200.
    function relayGrace() external view returns (uint32);
}
