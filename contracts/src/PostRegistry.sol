// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {KzgOpening} from "./libraries/KzgOpening.sol";
import {MerklePath} from "./libraries/MerklePath.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {PostId} from "./types/PostId.sol";
import {MAX_BLOBS} from "./types/PostWord.sol";

/// @title Where publishers announce a file to be kept
contract PostRegistry is IPostRegistry, ProtocolContract {
    bytes32 public constant POST_TYPEHASH = keccak256(
        "Post(uint256 chainId,address registry,address publisher,bytes32 root,uint256 blobCount,uint256 byteLength,bytes32 cidDigest,uint256 codec,bytes32 contentTypeHash,uint256 termEpochs,uint256 nonce)"
    );

    /// Bytes of a file that one blob holds: 31 in each of its 4,096 field elements but the first, which is a header.
    uint256 private constant BLOB_PAYLOAD = 4095 * 31;
    /// Up to so many blobs, the commitments are registered themselves, and their root is checked.
    uint256 private constant MAX_BLOBS_ON_CHAIN = 64;
    uint256 private constant COMMITMENT_LENGTH = 48;
    uint256 private constant MAX_CONTENT_TYPE_LENGTH = 255;
    uint8 private constant CODEC_RAW = 0x55;
    uint8 private constant CODEC_DAG_PB = 0x70;

    /// @custom:storage-location erc7201:emerald.storage.PostRegistry
    struct RegistryStorage {
        /// Posts that wait for a quorum; an entry is deleted when its post is attested.
        mapping(PostId => PendingPost) pending;
        RegistryParameters parameters;
        address attestationRelay;
        ICustodyChallenges custodyChallenges;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.PostRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x00310a7346fb2152cab917feab4a3286da4f16d8edd61d3040bb6b0b2f513200;

    /// @param authority AccessManager that decides who may change parameters and upgrade.
    /// @param attestationRelay Contract that takes attested posts off the waiting list.
    /// @param custodyChallenges Contract that remembers attested posts.
    /// @param parameters First limits.
    function initialize(
        address authority,
        address attestationRelay,
        ICustodyChallenges custodyChallenges,
        RegistryParameters calldata parameters
    ) external initializer {
        __AccessManaged_init(authority);
        RegistryStorage storage $ = _storage();
        $.attestationRelay = attestationRelay;
        $.custodyChallenges = custodyChallenges;
        _setParameters(parameters);
    }

    /// @inheritdoc IPostRegistry
    function register(PostRegistration calldata registration) external returns (PostId postId) {
        RegistryStorage storage $ = _storage();
        RegistryParameters memory limits = $.parameters;
        _requireWellFormed(registration, limits.maxTermEpochs);
        postId = postIdOf(msg.sender, registration);
        bool isKnown = $.pending[postId].registeredBlock != 0 || $.custodyChallenges.postOf(postId).root != 0;
        if (isKnown) revert PostAlreadyRegistered(postId);

        uint48 deadlineBlock = SafeCast.toUint48(block.number + limits.attestationDeadline);
        $.pending[postId] = PendingPost({
            root: registration.root,
            blobCount: registration.blobCount,
            termEpochs: registration.termEpochs,
            registeredBlock: SafeCast.toUint48(block.number),
            attestationDeadlineBlock: deadlineBlock
        });
        _announce(postId, registration, deadlineBlock);
    }

    /// @inheritdoc IPostRegistry
    function removePending(PostId postId) external {
        RegistryStorage storage $ = _storage();
        if (msg.sender != $.attestationRelay) revert NotAttestationRelay(msg.sender);
        delete $.pending[postId];
    }

    /// @inheritdoc IPostRegistry
    function setRegistryParameters(RegistryParameters calldata parameters) external restricted {
        _setParameters(parameters);
    }

    /// @inheritdoc IPostRegistry
    function pendingPost(PostId postId) external view returns (PendingPost memory) {
        return _storage().pending[postId];
    }

    /// @inheritdoc IPostRegistry
    function registryParameters() external view returns (RegistryParameters memory) {
        return _storage().parameters;
    }

    /// @inheritdoc IPostRegistry
    function custodyChallenges() external view returns (ICustodyChallenges) {
        return _storage().custodyChallenges;
    }

    /// @inheritdoc IPostRegistry
    function postIdOf(address publisher, PostRegistration calldata registration) public view returns (PostId) {
        // In two halves: the whole list at once is more than the stack holds without the optimizer's help.
        bytes memory origin = abi.encode(POST_TYPEHASH, block.chainid, address(this), publisher);
        bytes memory content = abi.encode(
            registration.root,
            uint256(registration.blobCount),
            uint256(registration.byteLength),
            registration.cidDigest,
            uint256(registration.codec),
            keccak256(bytes(registration.contentType)),
            uint256(registration.termEpochs),
            uint256(registration.nonce)
        );
        return PostId.wrap(keccak256(bytes.concat(origin, content)));
    }

    function _setParameters(RegistryParameters calldata parameters) private {
        if (parameters.attestationDeadline == 0 || parameters.maxTermEpochs == 0) {
            revert InvalidRegistryParameters(parameters.attestationDeadline, parameters.maxTermEpochs);
        }
        _storage().parameters = parameters;
        emit RegistryParametersChanged(parameters.attestationDeadline, parameters.maxTermEpochs);
    }

    /// @dev Takes the registration in memory: one place on the stack, where calldata would take more than there are.
    function _announce(PostId postId, PostRegistration memory registration, uint64 deadlineBlock) private {
        emit PostRegistered(
            postId,
            msg.sender,
            registration.root,
            registration.blobCount,
            registration.byteLength,
            registration.cidDigest,
            registration.codec,
            registration.contentType,
            registration.termEpochs,
            registration.nonce,
            registration.commitments,
            registration.manifestDigest,
            deadlineBlock
        );
    }

    function _requireWellFormed(PostRegistration calldata registration, uint32 maxTermEpochs) private pure {
        uint256 blobCount = (uint256(registration.byteLength) + BLOB_PAYLOAD - 1) / BLOB_PAYLOAD;
        if (blobCount == 0 || blobCount > MAX_BLOBS || blobCount != registration.blobCount) {
            revert WrongBlobCount(registration.byteLength, registration.blobCount, blobCount);
        }
        if (registration.codec != CODEC_RAW && registration.codec != CODEC_DAG_PB) {
            revert UnknownCodec(registration.codec);
        }
        uint256 contentTypeLength = bytes(registration.contentType).length;
        if (contentTypeLength == 0 || contentTypeLength > MAX_CONTENT_TYPE_LENGTH) {
            revert WrongContentTypeLength(contentTypeLength);
        }
        if (registration.termEpochs == 0 || registration.termEpochs > maxTermEpochs) {
            revert WrongTerm(registration.termEpochs, maxTermEpochs);
        }
        _requireCommitments(registration, blobCount);
    }

    /// @dev Few blobs: their commitments, which must hash to the root. Many: the manifest that lists them.
    function _requireCommitments(PostRegistration calldata registration, uint256 blobCount) private pure {
        bool isOnChain = blobCount <= MAX_BLOBS_ON_CHAIN;
        uint256 expectedLength = isOnChain ? blobCount * COMMITMENT_LENGTH : 0;
        if (registration.commitments.length != expectedLength) {
            revert WrongCommitmentsLength(registration.commitments.length, expectedLength);
        }
        if (isOnChain != (registration.manifestDigest == 0)) revert WrongManifestDigest(registration.manifestDigest);
        if (!isOnChain) return;
        bytes32 computed = _rootOf(registration.commitments, blobCount);
        if (computed != registration.root) revert WrongRoot(registration.root, computed);
    }

    function _rootOf(bytes calldata commitments, uint256 blobCount) private pure returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](blobCount);
        for (uint256 i = 0; i < blobCount; ++i) {
            uint256 start = i * COMMITMENT_LENGTH;
            bytes32 versionedHash = KzgOpening.versionedHashOf(commitments[start:start + COMMITMENT_LENGTH]);
            leaves[i] = MerklePath.leafOf(i, versionedHash);
        }
        return MerklePath.rootOf(leaves);
    }

    function _storage() private pure returns (RegistryStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
