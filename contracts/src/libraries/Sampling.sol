// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HashToField} from "./HashToField.sol";
import {PostId} from "../types/PostId.sol";

/// @title Who has to prove what: all choices that follow from the seed of an epoch
/// @dev A draw of c out of n goes by strata: the n places are rotated by a random offset and cut into c runs of nearly
/// equal length, from each of which one place is drawn. So each place is equally likely and none is drawn twice.
library Sampling {
    bytes internal constant POINT_TAG = "EMERALD-CUSTODY-V1-POINT";
    bytes internal constant GAMMA_TAG = "EMERALD-CUSTODY-V1-GAMMA";

    /// @dev keccak256(seed || postId || uint8 level).
    function saltOf(bytes32 seed, PostId postId, uint8 level) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(seed, postId, level));
    }

    /// @notice Whether a post at level 0 is challenged in the salt's epoch: in one of `period` epochs on average.
    function isPicked(bytes32 salt, uint256 period) internal pure returns (bool) {
        return period == 1 || _hash(salt, "PICK") % period == 0;
    }

    /// @notice Whether an operator is among the `min(attesters, maxChallenged)` that are challenged for a post.
    /// @param salt Salt of the post in the epoch.
    /// @param attesters Bitmap of the operators that attested the post.
    /// @param operator Index of the operator, below 256.
    /// @param maxChallenged How many are challenged at most, 1 to 64.
    /// @return isChallenged Whether the operator is.
    /// @return stratum Which of the strata it stands for, if so.
    function stratumOf(bytes32 salt, uint256 attesters, uint256 operator, uint256 maxChallenged)
        internal
        pure
        returns (bool isChallenged, uint256 stratum)
    {
        if ((attesters >> operator) & 1 == 0) return (false, 0);
        uint256 count = countOnes(attesters);
        uint256 drawn = count < maxChallenged ? count : maxChallenged;
        uint256 position = countOnes(attesters & ((1 << operator) - 1));
        // All numbers are at most 256; the offset is below `count`, and `drawn` is at least 1.
        unchecked {
            // Where the operator stands once the offset is taken off, and the stratum that this place belongs to.
            uint256 rotated = (position + count - operatorOffset(salt, count)) % count;
            stratum = ((rotated + 1) * drawn - 1) / count;
            isChallenged = rotated == operatorInStratum(salt, count, drawn, stratum);
        }
    }

    /// @dev Offset by which the attesters are rotated.
    function operatorOffset(bytes32 salt, uint256 count) internal pure returns (uint256) {
        return _hash(salt, "OPR1") % count;
    }

    /// @dev Rotated place that is drawn in a stratum of the attesters.
    function operatorInStratum(bytes32 salt, uint256 count, uint256 drawn, uint256 stratum)
        internal
        pure
        returns (uint256)
    {
        return placeInStratum(_hash(salt, "OPJ1", stratum), count, drawn, stratum);
    }

    /// @notice Index of the blob that an operator must open at place `j` of its challenge.
    /// @param salt Salt of the post in the epoch.
    /// @param operator Index of the operator.
    /// @param blobCount Blobs of the post.
    /// @param k Blobs in the challenge, at most `blobCount`.
    /// @param j Place in the challenge, below `k`.
    function blobIndex(bytes32 salt, uint256 operator, uint256 blobCount, uint256 k, uint256 j)
        internal
        pure
        returns (uint256)
    {
        if (blobCount == 1) return 0;
        uint256 offset = _hash(salt, "IDR1", operator) % blobCount;
        return (offset + placeInStratum(_hash(salt, "IDX1", operator, j), blobCount, k, j)) % blobCount;
    }

    /// @notice Indexes of all blobs that an operator must open, in the order of the folding.
    function blobIndexes(bytes32 salt, uint256 operator, uint256 blobCount, uint256 k)
        internal
        pure
        returns (uint32[] memory indexes)
    {
        indexes = new uint32[](k);
        for (uint256 j = 0; j < k; ++j) {
            // Fits: a post has less than 2^20 blobs.
            indexes[j] = uint32(blobIndex(salt, operator, blobCount, k, j));
        }
    }

    /// @notice Where the operator has to open its (folded) polynomial.
    function pointOf(PostId postId, uint256 operator, bytes32 salt) internal view returns (uint256) {
        return HashToField.toField(POINT_TAG, abi.encode(keccak256(abi.encode(postId, operator, salt))));
    }

    /// @notice Factor whose powers fold the blobs of a challenge into one polynomial.
    function foldingFactorOf(PostId postId, uint256 operator, bytes32 salt, bytes32 root)
        internal
        view
        returns (uint256)
    {
        return HashToField.toField(GAMMA_TAG, abi.encode(keccak256(abi.encode(postId, operator, salt, root))));
    }

    /// @dev Stratum j of n places cut into c runs is [floor(j*n/c), floor((j+1)*n/c)); never empty, as c <= n.
    function placeInStratum(uint256 random, uint256 n, uint256 c, uint256 j) internal pure returns (uint256) {
        // n is below 2^20, and c at most 64.
        unchecked {
            uint256 start = j * n / c;
            uint256 width = (j + 1) * n / c - start;
            return start + random % width;
        }
    }

    /// @dev Number of one bits, by sums over ever wider fields (Hacker's Delight, 5-1).
    function countOnes(uint256 bits) internal pure returns (uint256) {
        // No step overflows its fields but the last sum, which reaches 256 only when all bits are one.
        unchecked {
            if (bits == type(uint256).max) return 256;
            bits -= (bits >> 1) & (type(uint256).max / 3);
            bits = (bits & (type(uint256).max / 5)) + ((bits >> 2) & (type(uint256).max / 5));
            bits = (bits + (bits >> 4)) & (type(uint256).max / 17);
            return (bits * (type(uint256).max / 255)) >> 248;
        }
    }

    /// @dev keccak256(salt || tag), 36 bytes.
    function _hash(bytes32 salt, bytes4 tag) private pure returns (uint256 digest) {
        // In the scratch space: needs 36 of its 64 bytes.
        assembly ("memory-safe") {
            mstore(0x00, salt)
            mstore(0x20, tag)
            digest := keccak256(0x00, 36)
        }
    }

    /// @dev keccak256(salt || tag || uint256 a), 68 bytes.
    function _hash(bytes32 salt, bytes4 tag, uint256 a) private pure returns (uint256 digest) {
        // Behind the free memory pointer, which stays where it is.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, salt)
            mstore(add(start, 0x20), tag)
            mstore(add(start, 0x24), a)
            digest := keccak256(start, 68)
        }
    }

    /// @dev keccak256(salt || tag || uint256 a || uint256 b), 100 bytes.
    function _hash(bytes32 salt, bytes4 tag, uint256 a, uint256 b) private pure returns (uint256 digest) {
        // Behind the free memory pointer, which stays where it is.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, salt)
            mstore(add(start, 0x20), tag)
            mstore(add(start, 0x24), a)
            mstore(add(start, 0x44), b)
            digest := keccak256(start, 100)
        }
    }
}
