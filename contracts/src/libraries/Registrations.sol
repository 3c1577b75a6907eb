// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPostRegistry} from "../interfaces/IPostRegistry.sol";
import {MAX_BLOBS} from "../types/PostWord.sol";
import {KzgOpening} from "./KzgOpening.sol";
import {MerklePath} from "./MerklePath.sol";

/// @title What a registration must look like
library Registrations {
    /// Bytes of a file that one blob holds: 31 in each of its 4,096 field elements but the first, which is a header.
    uint256 private constant BLOB_PAYLOAD = 4095 * 31;
    /// Up to so many blobs, the commitments are registered themselves, and their root is checked.
    uint256 private constant MAX_BLOBS_ON_CHAIN = 64;
    uint256 private constant COMMITMENT_LENGTH = 48;
    uint256 private constant MAX_CONTENT_TYPE_LENGTH = 255;
    uint8 private constant CODEC_RAW = 0x55;
    uint8 private constant CODEC_DAG_PB = 0x70;

    function requireWellFormed(IPostRegistry.PostRegistration calldata registration, uint32 maxTermEpochs)
        internal
        view
    {
        uint256 blobCount = (uint256(registration.byteLength) + BLOB_PAYLOAD - 1) / BLOB_PAYLOAD;
        if (blobCount == 0 || blobCount > MAX_BLOBS || blobCount != registration.blobCount) {
            revert IPostRegistry.WrongBlobCount(registration.byteLength, registration.blobCount, blobCount);
        }
        if (registration.codec != CODEC_RAW && registration.codec != CODEC_DAG_PB) {
            revert IPostRegistry.UnknownCodec(registration.codec);
        }
        uint256 contentTypeLength = bytes(registration.contentType).length;
        if (contentTypeLength == 0 || contentTypeLength > MAX_CONTENT_TYPE_LENGTH) {
            revert IPostRegistry.WrongContentTypeLength(contentTypeLength);
        }
        requireTerm(registration.termEpochs, maxTermEpochs);
        _requireCommitments(registration, blobCount);
    }

    function requireTerm(uint32 termEpochs, uint32 maxTermEpochs) internal pure {
        if (termEpochs == 0 || termEpochs > maxTermEpochs) revert IPostRegistry.WrongTerm(termEpochs, maxTermEpochs);
    }

    /// @dev Reverts unless the first blobs of this transaction are those of a registration that is well-formed.
    function requireCarried(IPostRegistry.PostRegistration calldata registration) internal view {
        uint256 blobCount = registration.blobCount;
        bool isCarried = blobCount <= MAX_BLOBS_ON_CHAIN && blobhash(blobCount - 1) != 0;
        if (!isCarried) revert IPostRegistry.TooFewBlobs(blobCount);
        for (uint256 i = 0; i < blobCount; ++i) {
            bytes32 versionedHash = _versionedHashOf(registration.commitments, i);
            if (blobhash(i) != versionedHash) revert IPostRegistry.WrongBlob(i, versionedHash, blobhash(i));
        }
    }

    /// @dev Few blobs: their commitments, which must hash to the root. Many: the manifest that lists them.
    function _requireCommitments(IPostRegistry.PostRegistration calldata registration, uint256 blobCount) private view {
        bool isOnChain = blobCount <= MAX_BLOBS_ON_CHAIN;
        uint256 expectedLength = isOnChain ? blobCount * COMMITMENT_LENGTH : 0;
        if (registration.commitments.length != expectedLength) {
            revert IPostRegistry.WrongCommitmentsLength(registration.commitments.length, expectedLength);
        }
        if (isOnChain != (registration.manifestDigest == 0)) {
            revert IPostRegistry.WrongManifestDigest(registration.manifestDigest);
        }
        if (!isOnChain) return;
        bytes32 computed = _rootOf(registration.commitments, blobCount);
        if (computed != registration.root) revert IPostRegistry.WrongRoot(registration.root, computed);
    }

    function _rootOf(bytes calldata commitments, uint256 blobCount) private view returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](blobCount);
        for (uint256 i = 0; i < blobCount; ++i) {
            leaves[i] = MerklePath.leafOf(i, _versionedHashOf(commitments, i));
        }
        return MerklePath.rootOf(leaves);
    }

    function _versionedHashOf(bytes calldata commitments, uint256 i) private view returns (bytes32) {
        uint256 start = i * COMMITMENT_LENGTH;
        return KzgOpening.versionedHashOf(commitments[start:start + COMMITMENT_LENGTH]);
    }
}
