// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HashToField} from "./HashToField.sol";
import {PostId} from "../types/PostId.sol";

/// @title Who has to prove what: all choices that follow from the seed of an epoch
/// @dev A draw of c out of n goes by strata: the n places are rotated by a random offset and cut into c runs of nearly
/// equal length, from each of which one place is drawn. So each place is equally likely and none is drawn twice.
library Sampling {
    /// Domain separation tags, each with a byte behind it that holds its length: 24.
    bytes32 private constant POINT_TAG = "EMERALD-CUSTODY-V1-POINT\x18";
    bytes32 private constant GAMMA_TAG = "EMERALD-CUSTODY-V1-GAMMA\x18";
    uint256 private constant TAG_LENGTH = 25;

    /// A one in each of 16 bytes: multiplied with bytes, the topmost of 16 is their sum.
    uint256 private constant BYTES = type(uint128).max / 255;

    /// @dev keccak256(seed || postId || uint8 level).
    function saltOf(bytes32 seed, PostId postId, uint8 level) internal pure returns (bytes32 salt) {
        // Behind the free memory pointer, which stays where it is: 65 bytes.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, seed)
            mstore(add(start, 0x20), postId)
            mstore8(add(start, 0x40), level)
            salt := keccak256(start, 65)
        }
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
        // All numbers are at most 256; the offset is below `count`, and `drawn` is at least 1.
        unchecked {
            (uint256 count, uint256 position) = countBoth(attesters, attesters & ((1 << operator) - 1));
            uint256 drawn = count < maxChallenged ? count : maxChallenged;
            // Where the operator stands once the offset is taken off, and the stratum that this place belongs to.
            uint256 rotated = _remainder(position + count - operatorOffset(salt, count), count);
            // When all are drawn, each place is a stratum.
            if (drawn == count) return (true, rotated);
            stratum = _quotient((rotated + 1) * drawn - 1, count);
            isChallenged = rotated == operatorInStratum(salt, count, drawn, stratum);
        }
    }

    /// @dev Offset by which the attesters are rotated.
    function operatorOffset(bytes32 salt, uint256 count) internal pure returns (uint256) {
        return _remainder(_hash(salt, "OPR1"), count);
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
        return rotatedIndex(salt, operator, blobCount, k, j, blobOffset(salt, operator, blobCount));
    }

    /// @notice Indexes of all blobs that an operator must open, in the order of the folding.
    function blobIndexes(bytes32 salt, uint256 operator, uint256 blobCount, uint256 k)
        internal
        pure
        returns (uint32[] memory indexes)
    {
        indexes = new uint32[](k);
        uint256 offset = blobOffset(salt, operator, blobCount);
        for (uint256 j = 0; j < k; ++j) {
            // Fits: a post has less than 2^20 blobs.
            indexes[j] = uint32(rotatedIndex(salt, operator, blobCount, k, j, offset));
        }
    }

    /// @notice Where the operator has to open its (folded) polynomial.
    function pointOf(PostId postId, uint256 operator, bytes32 salt) internal view returns (uint256) {
        bytes32 message;
        // keccak256(abi.encode(postId, operator, salt)), behind the free memory pointer, which stays where it is.
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, postId)
            mstore(add(start, 0x20), operator)
            mstore(add(start, 0x40), salt)
            message := keccak256(start, 0x60)
        }
        return HashToField.wordToField(POINT_TAG, TAG_LENGTH, message);
    }

    /// @notice Factor whose powers fold the blobs of a challenge into one polynomial.
    function foldingFactorOf(PostId postId, uint256 operator, bytes32 salt, bytes32 root)
        internal
        view
        returns (uint256)
    {
        return HashToField.wordToField(GAMMA_TAG, TAG_LENGTH, keccak256(abi.encode(postId, operator, salt, root)));
    }

    /// @dev Offset by which the blobs are rotated, below `blobCount`.
    function blobOffset(bytes32 salt, uint256 operator, uint256 blobCount) internal pure returns (uint256) {
        return blobCount == 1 ? 0 : _remainder(_hash(salt, "IDR1", operator), blobCount);
    }

    /// @dev `blobIndex` for a known `blobOffset`, which is the same for all places.
    function rotatedIndex(bytes32 salt, uint256 operator, uint256 blobCount, uint256 k, uint256 j, uint256 offset)
        internal
        pure
        returns (uint256)
    {
        // All in one place, or each place by itself: nothing to draw.
        if (blobCount == 1) return 0;
        // Both terms are below 2^20.
        unchecked {
            uint256 place = placeInStratum(_hash(salt, "IDX1", operator, j), blobCount, k, j);
            return _remainder(offset + place, blobCount);
        }
    }

    /// @dev Stratum j of n places cut into c runs is [floor(j*n/c), floor((j+1)*n/c)); never empty, as c <= n.
    function placeInStratum(uint256 random, uint256 n, uint256 c, uint256 j) internal pure returns (uint256) {
        // n is below 2^20, and c at most 64.
        unchecked {
            uint256 start = _quotient(j * n, c);
            uint256 width = _quotient((j + 1) * n, c) - start;
            return start + _remainder(random, width);
        }
    }

    /// @dev Number of one bits of each. In one go, when neither goes beyond bit 127.
    function countBoth(uint256 a, uint256 b) internal pure returns (uint256, uint256) {
        if ((a | b) >> 128 != 0) return (countOnes(a), countOnes(b));
        uint256 sums = _byteSums(a | b << 128);
        // No overflow: neither sum goes beyond 128. The cast takes the lower half; the products' bytes below the top
        // one are cut off.
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            return (uint128(sums) * BYTES >> 120 & 0xff, (sums >> 128) * BYTES >> 120 & 0xff);
        }
    }

    /// @dev Number of one bits, by sums over ever wider fields (Hacker's Delight, 5-1).
    function countOnes(uint256 bits) internal pure returns (uint256) {
        // The sum reaches 256, which does not fit a byte, only when all bits are one.
        if (bits == type(uint256).max) return 256;
        unchecked {
            return (_byteSums(bits) * (type(uint256).max / 255)) >> 248;
        }
    }

    /// @dev Number of one bits of each byte, in that byte.
    function _byteSums(uint256 bits) private pure returns (uint256) {
        // No step overflows its fields.
        unchecked {
            bits -= (bits >> 1) & (type(uint256).max / 3);
            bits = (bits & (type(uint256).max / 5)) + ((bits >> 2) & (type(uint256).max / 5));
            return (bits + (bits >> 4)) & (type(uint256).max / 17);
        }
    }

    /// @dev a / b, without the check that b is not zero.
    function _quotient(uint256 a, uint256 b) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := div(a, b)
        }
    }

    /// @dev a % b, without the check that b is not zero.
    function _remainder(uint256 a, uint256 b) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := mod(a, b)
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
