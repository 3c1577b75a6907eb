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
    /// @param registeredBlock Block of the registration, or of the latest reopening; 0 when no such post waits.
    /// @param registeredTimestamp Unix seconds of that block.
    /// @param registeredClock What `IPause.unpausedBlocks` read in that block.
    /// @param attestationDeadline Unpaused blocks from then on in which a quorum must be reached.
    struct PendingPost {
        bytes32 root;
        uint32 blobCount;
        uint32 termEpochs;
        uint48 registeredBlock;
        uint48 registeredTimestamp;
        uint48 registeredClock;
        uint32 attestationDeadline;
    }

    /// @notice Limits that governance sets.
    /// @param attestationDeadline Unpaused blocks from registration or reopening in which a quorum must be reached, 1
    /// to 216,000 (30 days of blocks of 12 seconds).
    /// @param maxTermEpochs Longest term, in epochs, 1 to 10,000,000.
    struct RegistryParameters {
        uint32 attestationDeadline;
        uint32 maxTermEpochs;
    }

    /// @notice A post was registered.
    /// @param postId Identifier, see `postIdOf`.
    /// @param publisher Who registered it.
    /// @param root Merkle root over the versioned hashes of all commitments.
    /// @param blobCount Number of blobs N.
    /// @param byteLength Length of the file in bytes.
    /// @param cidDigest SHA2-256 digest in the file's CIDv1.
    /// @param codec Codec of the CID: 0x55 (raw) or 0x70 (dag-pb).
    /// @param contentType Media type.
    /// @param termEpochs Number of epochs in which the post can be challenged.
    /// @param nonce Chosen by the publisher.
    /// @param commitments 48 bytes per blob in order when N <= 64, else empty.
    /// @param manifestDigest SHA2-256 digest of the post manifest's CID when N > 64, else zero.
    /// @param attestationDeadlineBlock Last block in which the post can be attested; each pause from now on moves it by
    /// its blocks.
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
    /// @notice The blobs of a post that was just registered are the first ones of the transaction (EIP-4844).
    /// @param postId The post.
    event PostBoundToBlobs(PostId indexed postId);
    /// @notice A post that lapsed waits for a quorum again.
    /// @param postId The post.
    /// @param attestationDeadlineBlock Last block in which the post can be attested now, as in `PostRegistered`.
    event PostReopened(PostId indexed postId, uint64 attestationDeadlineBlock);
    /// @notice A post was retired before it was attested: nobody will be asked to keep it.
    /// @param postId The post.
    /// @param by The publisher, or whom governance lets retire any post.
    event PostDropped(PostId indexed postId, address indexed by);
    /// @notice An attested post was retired.
    /// @param postId The post.
    /// @param by The publisher, or whom governance lets retire any post.
    /// @param endEpoch First epoch without challenges.
    event PostRetired(PostId indexed postId, address indexed by, Epoch endEpoch);
    /// @notice Limits changed; they hold for posts registered or reopened from now on.
    /// @param attestationDeadline Unpaused blocks in which a quorum must be reached.
    /// @param maxTermEpochs Longest term, in epochs.
    event RegistryParametersChanged(uint32 attestationDeadline, uint32 maxTermEpochs);

    /// @notice The same registration was made before.
    /// @param postId Identifier of both.
    error PostAlreadyRegistered(PostId postId);
    /// @notice `blobCount` is not ceil(byteLength / 126,945), the file is empty, or it has 2^20 blobs or more.
    /// @param byteLength As given.
    /// @param blobCount As given.
    /// @param expected Number of blobs that so many bytes make.
    error WrongBlobCount(uint64 byteLength, uint32 blobCount, uint256 expected);
    /// @notice Only 0x55 (raw) and 0x70 (dag-pb) are known.
    /// @param codec As given.
    error UnknownCodec(uint8 codec);
    /// @notice The media type is empty or longer than 255 bytes.
    /// @param length Bytes given.
    error WrongContentTypeLength(uint256 length);
    /// @notice The term is 0 or longer than allowed.
    /// @param termEpochs As given.
    /// @param maxTermEpochs Longest term allowed now.
    error WrongTerm(uint32 termEpochs, uint32 maxTermEpochs);
    /// @notice `commitments` must be 48 bytes per blob for at most 64 blobs, else empty.
    /// @param length Bytes given.
    /// @param expected Bytes that the number of blobs asks for.
    error WrongCommitmentsLength(uint256 length, uint256 expected);
    /// @notice `manifestDigest` must be zero for at most 64 blobs, else not zero.
    /// @param manifestDigest As given.
    error WrongManifestDigest(bytes32 manifestDigest);
    /// @notice The commitments do not hash to the root.
    /// @param root As given.
    /// @param computed Root of the commitments given.
    error WrongRoot(bytes32 root, bytes32 computed);
    /// @notice The transaction carries fewer blobs than the post has, or the post has more than 64, whose commitments
    /// it does not list.
    /// @param blobCount Blobs of the post.
    error TooFewBlobs(uint256 blobCount);
    /// @notice A blob of the transaction is not the one with the commitment of its index.
    /// @param index Its place in the transaction, from 0.
    /// @param versionedHash Versioned hash of the post's commitment.
    /// @param carried Versioned hash of the transaction's blob.
    error WrongBlob(uint256 index, bytes32 versionedHash, bytes32 carried);
    /// @notice Only a lapsed post can be reopened.
    /// @param postId The post.
    /// @param state How far it got.
    error NotLapsed(PostId postId, PostState state);
    /// @notice A limit lies outside its bounds.
    /// @param attestationDeadline Blocks, 1 to 216,000.
    /// @param maxTermEpochs Epochs, 1 to 10,000,000.
    error InvalidRegistryParameters(uint32 attestationDeadline, uint32 maxTermEpochs);
    /// @notice Only the attestation relay may do this.
    /// @param caller Who tried.
    error NotAttestationRelay(address caller);

    /// @notice Registers a post in the caller's name. With at most 64 blobs, the root is computed again from the
    /// commitments, and a commitment at infinity is refused.
    /// @param registration What to register.
    /// @return postId Identifier of the post, see `postIdOf`.
    function register(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Like `register`, from a blob transaction (EIP-4844) whose first blobs are those of the post, in order:
    /// the consensus layer then keeps the content for some weeks, and everybody knows that it was there.
    /// @param registration What to register, at most 64 blobs.
    /// @return postId Identifier of the post, see `postIdOf`.
    function registerFromBlobs(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Lets a lapsed post of the caller wait for a quorum once more, with a new deadline.
    /// @param registration As registered; `commitments` and `manifestDigest` are not read.
    /// @return postId Identifier of the post.
    function reopen(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Retires a post of the caller: one that waits or has lapsed is dropped, one that is attested ends with
    /// this epoch.
    /// @param registration As registered; `commitments` and `manifestDigest` are not read.
    /// @return postId Identifier of the post.
    function retire(PostRegistration calldata registration) external returns (PostId postId);

    /// @notice Retires any post, as `retire` does; for governance.
    /// @param postId The post.
    function retirePost(PostId postId) external;

    /// @notice Takes a post that reached its quorum off the waiting list; only for the attestation relay.
    /// @param postId The post.
    function removePending(PostId postId) external;

    /// @notice Notes that a waiting post found no quorum in time; only for the attestation relay.
    /// @param postId The post.
    function lapsePending(PostId postId) external;

    /// @notice Changes the limits, for posts registered or reopened afterwards; for governance.
    /// @param parameters All of the limits.
    function setRegistryParameters(RegistryParameters calldata parameters) external;

    /// @notice The waiting post, all zero when there is none.
    /// @param postId The post.
    /// @return What is remembered of it.
    function pendingPost(PostId postId) external view returns (PendingPost memory);

    /// @notice How far the post got.
    /// @param postId The post.
    /// @return Unknown also when the post was never registered; an attested one stays Attested after its end.
    function stateOf(PostId postId) external view returns (PostState);

    /// @notice Identifier that `publisher` gets for a registration on this chain and registry.
    /// @dev keccak256(abi.encode(POST_TYPEHASH, chainId, registry, publisher, root, blobCount, byteLength, cidDigest,
    /// codec, keccak256(contentType), termEpochs, nonce)).
    /// @param publisher Who registers it.
    /// @param registration What to register; `commitments` and `manifestDigest` do not count.
    /// @return The same only for registrations that are equal in all of these.
    function postIdOf(address publisher, PostRegistration calldata registration) external view returns (PostId);

    /// @notice The limits in force.
    /// @return What holds for posts registered or reopened now.
    function registryParameters() external view returns (RegistryParameters memory);

    /// @notice The largest `maxTermEpochs` that ever held: no post, however old, has a longer term.
    /// @return Epochs.
    function longestTermEpochs() external view returns (uint32);

    /// @notice The contract that the registry's posts are challenged by; who knows a post's registry finds its proofs
    /// there.
    /// @return Fixed at deployment.
    function custodyChallenges() external view returns (ICustodyChallenges);
}
