// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "./ICustodyChallenges.sol";
import {Epoch} from "../types/Epoch.sol";
import {PostId} from "../types/PostId.sol";

/// @title Where publishers announce a file to be kept
/// @notice A registered post waits for a quorum of operators; everything about it that no contract reads again stands
/// in the event only. Unknown -> Registered -> Attested, from where on `ICustodyChallenges` knows more; Registered ->
/// Lapsed when no quorum came in time, and back when its publisher reopens it; Registered or Lapsed -> Dropped when it
/// is retired. No post is registered twice.
interface IPostRegistry {
    /// @notice How far a post got.
    enum PostState {
        Unknown,
        Registered,
        Attested,
        Lapsed,
        Dropped
    }

    /// @notice What a publisher registers.
    /// @param root Merkle root over the versioned hashes of all commitments.
    /// @param blobCount Number of blobs N: ceil(byteLength / 126,945).
    /// @param byteLength Length of the file in bytes, at least 1.
    /// @param cidDigest SHA2-256 digest in the file's CIDv1.
    /// @param codec Codec of the CID: 0x55 (raw) or 0x70 (dag-pb).
    /// @param contentType Media type, 1 to 255 bytes.
    /// @param termEpochs Number of epochs in which the post can be challenged, counted from its attestation.
    /// @param nonce Chosen by the publisher; tells apart equal registrations.
    /// @param commitments 48 bytes per blob in order when N <= 64, else empty.
    /// @param manifestDigest SHA2-256 digest of the post manifest's CID when N > 64, else zero.
    struct PostRegistration {
        bytes32 root;
        uint32 blobCount;
        uint64 byteLength;
        bytes32 cidDigest;
        uint8 codec;
        string contentType;
        uint32 termEpochs;
        uint64 nonce;
        bytes commitments;
        bytes32 manifestDigest;
    }

    /// @notice A post that waits for its quorum.
    /// @param root As registered.
    /// @param blobCount As registered.
    /// @param termEpochs As registered.
    /// @param registeredBlock Block of the registration; 0 when no such post waits.
    /// @param attestationDeadlineBlock Last block in which the post can be attested.
    struct PendingPost {
        bytes32 root;
        uint32 blobCount;
        uint32 termEpochs;
        uint48 registeredBlock;
        uint48 attestationDeadlineBlock;
    }

    /// @notice Limits that governance sets.
    /// @param attestationDeadline Blocks from registration in which a quorum must be reached, 1 to 216,000 (30 days of
    /// blocks of 12 seconds).
    /// @param maxTermEpochs Longest term, in epochs, 1 to 10,000,000.
    struct RegistryParameters {
        uint32 attestationDeadline;
        uint32 maxTermEpochs;
    }

    /// @notice A post was registered; `commitments` holds 48 bytes per blob when `blobCount` <= 64.
    event PostRegistered(
        PostId indexed postId,
        address indexed publisher,
        bytes32 root,
        uint32 blobCount,
        uint64 byteLength,
        bytes32 cidDigest,
        uint8 codec,
        string contentType,
        uint32 termEpochs,
        uint64 nonce,
        bytes commitments,
        bytes32 manifestDigest,
        uint64 attestationDeadlineBlock
    );
    /// @notice The commitments of a post that was just registered are those of the first blobs of the transaction.
    event PostBoundToBlobs(PostId indexed postId);
    /// @notice A post that lapsed waits for a quorum again.
    event PostReopened(PostId indexed postId, uint64 attestationDeadlineBlock);
    /// @notice A post was retired before it was attested: nobody will be asked to keep it.
    event PostDropped(PostId indexed postId, address indexed by);
    /// @notice An attested post was retired: no challenges from `endEpoch` on.
    event PostRetired(PostId indexed postId, address indexed by, Epoch endEpoch);
    /// @notice Limits changed; they hold for posts registered or reopened from now on.
    event RegistryParametersChanged(uint32 attestationDeadline, uint32 maxTermEpochs);

    /// @notice The same registration was made before.
    error PostAlreadyRegistered(PostId postId);
    /// @notice `blobCount` is not ceil(byteLength / 126,945), the file is empty, or it has more blobs than fit.
    error WrongBlobCount(uint64 byteLength, uint32 blobCount, uint256 expected);
    /// @notice Only 0x55 (raw) and 0x70 (dag-pb) are known.
    error UnknownCodec(uint8 codec);
    /// @notice The media type is empty or longer than 255 bytes.
    error WrongContentTypeLength(uint256 length);
    /// @notice The term is 0 or longer than allowed.
    error WrongTerm(uint32 termEpochs, uint32 maxTermEpochs);
    /// @notice `commitments` must be 48 bytes per blob for at most 64 blobs, else empty.
    error WrongCommitmentsLength(uint256 length, uint256 expected);
    /// @notice `manifestDigest` must be zero for at most 64 blobs, else not zero.
    error WrongManifestDigest(bytes32 manifestDigest);
    /// @notice The commitments do not hash to the root.
    error WrongRoot(bytes32 root, bytes32 computed);
    /// @notice The post has more blobs than the transaction carries, or than it lists commitments of.
    error TooFewBlobs(uint256 blobCount);
    /// @notice Blob `index` of the transaction is not the one with the commitment of that index.
    error WrongBlob(uint256 index, bytes32 versionedHash, bytes32 carried);
    /// @notice Only a lapsed post can be reopened.
    error NotLapsed(PostId postId, PostState state);
    /// @notice A limit lies outside its bounds.
    error InvalidRegistryParameters(uint32 attestationDeadline, uint32 maxTermEpochs);
    /// @notice Only the attestation relay may do this.
    error NotAttestationRelay(address caller);

    /// @notice Registers a post in the caller's name. With at most 64 blobs, the root is computed again from the
    /// commitments, and a commitment at infinity is refused.
    /// @param registration What to register.
    /// @return postId Identifier of the post, see `postIdOf`.
    function register(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Like `register`, from a blob transaction (EIP-4844) whose first blobs are those of the post, in order:
    /// the consensus layer then keeps the content for some weeks, and everybody knows that it was there.
    function registerFromBlobs(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Lets a lapsed post of the caller wait for a quorum once more, with a new deadline.
    /// @param registration As registered; `commitments` and `manifestDigest` are not read.
    function reopen(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Retires a post of the caller: one that waits is dropped, one that is attested ends with this epoch.
    /// @param registration As registered; `commitments` and `manifestDigest` are not read.
    function retire(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Retires any post, as `retire` does; for governance.
    function retirePost(PostId postId) external;

    /// @notice Takes a post that reached its quorum off the waiting list; only for the attestation relay.
    function removePending(PostId postId) external;

    /// @notice Notes that a waiting post found no quorum in time; only for the attestation relay.
    function lapsePending(PostId postId) external;

    /// @notice Changes the limits; they hold for posts registered or reopened afterwards.
    function setRegistryParameters(RegistryParameters calldata parameters) external;

    /// @notice The waiting post, all zero when there is none.
    function pendingPost(PostId postId) external view returns (PendingPost memory);

    /// @notice How far the post got.
    function stateOf(PostId postId) external view returns (PostState);

    /// @notice Identifier that `publisher` gets for a registration on this chain and registry.
    /// @dev keccak256(abi.encode(POST_TYPEHASH, chainId, registry, publisher, root, blobCount, byteLength, cidDigest,
    /// codec, keccak256(contentType), termEpochs, nonce)).
    function postIdOf(address publisher, PostRegistration calldata registration) external view returns (PostId);

    /// @notice The limits in force.
    function registryParameters() external view returns (RegistryParameters memory);

    /// @notice The largest `maxTermEpochs` that ever held: no post, however old, has a longer term.
    function longestTermEpochs() external view returns (uint32);

    /// @notice The contract that the registry's posts are challenged by; who knows a post's registry finds its proofs
    /// there.
    function custodyChallenges() external view returns (ICustodyChallenges);
}
