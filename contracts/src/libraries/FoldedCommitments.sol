// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";
import {KzgOpening} from "./KzgOpening.sol";
import {MerklePath} from "./MerklePath.sol";
import {Precompiles} from "./Precompiles.sol";
import {Sampling} from "./Sampling.sol";
import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";
import {Assignment} from "../types/Assignment.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";

/// @title Sums of a post's commitments, each led to the post's root first
/// @dev Sums are made by G1MSM, which takes pairs of a point and a scalar and refuses points outside the group. A term
/// without a factor is added by G1ADD, which is cheaper but takes every point of the curve: whoever uses the sum must
/// see that it lies in the group.
library FoldedCommitments {
    /// Bytes of a pair: an uncompressed point, and its scalar.
    uint256 private constant PAIR_LENGTH = 160;
    uint256 private constant POINT_LENGTH = 128;

    /// @notice A point is not written canonically, not on the curve, or not in its group of order r.
    error PointNotInGroup();

    /// @notice Memory for so many pairs, not cleared.
    function allocate(uint256 count) internal pure returns (bytes memory pairs) {
        // Takes the length's word and the pairs' bytes, a multiple of 32.
        assembly ("memory-safe") {
            pairs := mload(0x40)
            mstore(pairs, mul(count, PAIR_LENGTH))
            mstore(0x40, add(pairs, add(0x20, mul(count, PAIR_LENGTH))))
        }
    }

    /// @notice Where the first of the pairs stands in memory.
    function firstOf(bytes memory pairs) internal pure returns (uint256 pair) {
        // Behind the word of the length.
        assembly ("memory-safe") {
            pair := add(pairs, 0x20)
        }
    }

    /// @notice Writes the commitments of a challenge to the pairs that stand in memory from `pair` on. Reverts unless
    /// they are those that the challenge asks for, and none is infinity.
    /// @param weight Scalar of the first; each next one's is multiplied with the challenge's folding factor.
    /// @param points The commitments, 128 bytes each.
    /// @param paths Their paths, one after the other.
    /// @return end Where the last of them ends.
    function append(
        uint256 pair,
        Assignment memory assignment,
        uint256 weight,
        bytes calldata points,
        bytes32[] calldata paths
    ) internal view returns (uint256 end) {
        uint256 depth = _depthOf(assignment, points, paths);
        if (depth == 0) return _appendOnly(pair, assignment, weight, points);
        uint256 offset = Sampling.blobOffset(assignment.salt, _operatorOf(assignment), assignment.word.blobCount());
        uint256 factor = 0;
        for (uint256 j = 0;;) {
            end = _write(pair, points, j, weight);
            _requireInPost(assignment, offset, j, pair, _pathAt(paths, j, depth));
            ++j;
            if (j == assignment.k) return end;
            if (j == 1) factor = _factorOf(assignment);
            weight = mulmod(weight, factor, Bls12381.SCALAR_MODULUS);
            pair = end;
        }
    }

    /// @notice The first pair's point, whatever its scalar, plus the products of all other pairs, compressed.
    /// @param pairs At least two.
    /// @param pointEvaluationGas What decides the gas of the precompiles.
    function sum(bytes memory pairs, uint256 pointEvaluationGas) internal view returns (bytes32 head, bytes16 tail) {
        uint256 first = firstOf(pairs);
        return _add(first, first + PAIR_LENGTH, pairs.length / PAIR_LENGTH - 1, pointEvaluationGas);
    }

    /// @notice Minus an uncompressed point, plus the products of all pairs, compressed.
    /// @param pairs At least one.
    function sumLess(bytes memory pairs, bytes calldata point, uint256 pointEvaluationGas)
        internal
        view
        returns (bytes32 head, bytes16 tail)
    {
        bytes memory negative = point;
        uint256 start;
        // Where the point's bytes begin.
        assembly ("memory-safe") {
            start := add(negative, 0x20)
        }
        Bls12381.negateAt(start);
        return _add(start, firstOf(pairs), pairs.length / PAIR_LENGTH, pointEvaluationGas);
    }

    /// @dev The point in memory at `point`, plus the products of the `count` pairs from `pairs` on.
    function _add(uint256 point, uint256 pairs, uint256 count, uint256 pointEvaluationGas)
        private
        view
        returns (bytes32 head, bytes16 tail)
    {
        uint256 msmGas = Precompiles.gasFor(Precompiles.msmPrice(count), pointEvaluationGas);
        uint256 addGas = Precompiles.gasFor(Precompiles.G1_ADD_PRICE, pointEvaluationGas);
        Precompiles.requireGas(msmGas + addGas);
        address msm = Precompiles.G1_MSM;
        address add_ = Precompiles.G1_ADD;
        uint256 terms;
        bool isDone;
        assembly ("memory-safe") {
            // 256 bytes of new memory: the point, then the sum of products.
            terms := mload(0x40)
            mstore(0x40, add(terms, 0x100))
            mcopy(terms, point, 0x80)
            isDone := staticcall(msmGas, msm, pairs, mul(count, PAIR_LENGTH), add(terms, 0x80), 0x80)
            // An address without code would also "succeed".
            isDone := and(isDone, eq(returndatasize(), 0x80))
            // Their sum takes the point's place. Both calls are made even when the first fails.
            let isAdded := staticcall(addGas, add_, terms, 0x100, terms, 0x80)
            isDone := and(isDone, and(isAdded, eq(returndatasize(), 0x80)))
        }
        if (!isDone) revert PointNotInGroup();
        return Bls12381.compressAt(terms);
    }

    /// @dev The same for a post's only commitment, whose leaf is the root.
    function _appendOnly(uint256 pair, Assignment memory assignment, uint256 weight, bytes calldata points)
        private
        view
        returns (uint256 end)
    {
        end = _write(pair, points, 0, weight);
        bytes32 leaf = _leafAt(pair, 0);
        if (leaf != assignment.root) revert ICustodyChallenges.WrongPath(leaf, assignment.root);
    }

    /// @dev Writes point number `j` and its scalar.
    function _write(uint256 pair, bytes calldata points, uint256 j, uint256 weight) private pure returns (uint256 end) {
        // Stays within the pair; the caller has seen that there are 128 bytes of `points` for it.
        assembly ("memory-safe") {
            calldatacopy(pair, add(points.offset, shl(7, j)), POINT_LENGTH)
            mstore(add(pair, POINT_LENGTH), weight)
            end := add(pair, PAIR_LENGTH)
        }
    }

    /// @dev How many siblings each path has. Reverts unless there are as many points and siblings as the challenge asks
    /// for.
    function _depthOf(Assignment memory assignment, bytes calldata points, bytes32[] calldata paths)
        private
        pure
        returns (uint256 depth)
    {
        uint256 k = assignment.k;
        if (points.length != k * POINT_LENGTH) {
            if (points.length % POINT_LENGTH != 0) revert Bls12381.WrongPointsLength(points.length);
            revert ICustodyChallenges.WrongNumberOfBlobs(points.length / POINT_LENGTH, k);
        }
        uint256 blobCount = assignment.word.blobCount();
        if (blobCount == 1 && paths.length == 0) return 0;
        depth = paths.length / k;
        if (depth * k != paths.length || !MerklePath.isDepthOf(depth, blobCount)) {
            revert ICustodyChallenges.WrongPathLength(paths.length, k * MerklePath.depthOf(blobCount));
        }
    }

    /// @dev Reverts unless the commitment at `point` is number `j` of those that the challenge asks for.
    function _requireInPost(
        Assignment memory assignment,
        uint256 offset,
        uint256 j,
        uint256 point,
        bytes32[] calldata path
    ) private view {
        uint256 blobCount = assignment.word.blobCount();
        uint256 index =
            Sampling.rotatedIndex(assignment.salt, _operatorOf(assignment), blobCount, assignment.k, j, offset);
        bytes32 computed = MerklePath.climb(_leafAt(point, index), index, path);
        if (computed != assignment.root) revert ICustodyChallenges.WrongPath(computed, assignment.root);
    }

    /// @dev The leaf of the commitment in memory at `point`.
    function _leafAt(uint256 point, uint256 index) private view returns (bytes32) {
        (bytes32 head, bytes16 tail) = Bls12381.compressAt(point);
        KzgOpening.requireNotInfinity(head);
        return MerklePath.leafOf(index, KzgOpening.versionedHash(head, tail));
    }

    /// @dev Part `j` of paths of this depth.
    function _pathAt(bytes32[] calldata paths, uint256 j, uint256 depth)
        private
        pure
        returns (bytes32[] calldata path)
    {
        // Within the paths, whose length is a multiple of the depth.
        assembly ("memory-safe") {
            path.offset := add(paths.offset, shl(5, mul(j, depth)))
            path.length := depth
        }
    }

    function _factorOf(Assignment memory assignment) private view returns (uint256) {
        return Sampling.foldingFactorOf(assignment.postId, _operatorOf(assignment), assignment.salt, assignment.root);
    }

    function _operatorOf(Assignment memory assignment) private pure returns (uint256) {
        return OperatorIndex.unwrap(assignment.operator);
    }
}
