// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {FoldedCommitments} from "../src/libraries/FoldedCommitments.sol";
import {MerklePath} from "../src/libraries/MerklePath.sol";
import {Sampling} from "../src/libraries/Sampling.sol";
import {PostId} from "../src/types/PostId.sol";
import {CurveVectors} from "./support/CurveVectors.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";

/// Commitments, their folds, and challenges from the seed to the opening.
contract VectorsFoldingTest is CurveVectors {
    /// The setup's constants of the test support are those of the vectors.
    function test_commit_agreesWithVectors() public view {
        string[] memory rows = rowsOf(CURVE_VECTORS, "polynomials");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory commitment = vm.parseJsonBytes(rows[i], ".commitment");
            vm.assertEq(LinearPolynomials.commit(scalar(rows[i], ".a"), scalar(rows[i], ".b")), commitment);
            vm.assertEq(_compress(vm.parseJsonBytes(rows[i], ".point")), commitment);
            vm.assertEq(_versionedHash(commitment), vm.parseJsonBytes32(rows[i], ".versionedHash"));
        }
    }

    function test_fold_agreesWithVectors() public view {
        bytes[] memory points = polynomialPoints();
        string[] memory rows = rowsOf(CURVE_VECTORS, "folding");
        for (uint256 i = 0; i < rows.length; ++i) {
            // In a call of its own, with memory of its own: what all folds need together would cost too much gas.
            this.assertFold(rows[i], pointsAt(points, rows[i], ".polynomials"));
        }
    }

    function assertFold(string memory row, bytes[] memory points) external view {
        bytes memory folded = _fold(points, scalar(row, ".gamma"));
        vm.assertEq(folded, vm.parseJsonBytes(row, ".fold"));
        bytes memory commitment = _compress(folded);
        vm.assertEq(commitment, vm.parseJsonBytes(row, ".compressed"));
        if (points.length > 1) {
            (bytes32 head, bytes16 tail) = FoldedCommitments.sum(_pairsOf(points, scalar(row, ".gamma")), GAS_CAP);
            vm.assertEq(abi.encodePacked(head, tail), commitment);
        }
        vm.assertEq(_versionedHash(commitment), vm.parseJsonBytes32(row, ".versionedHash"));
        _assertOpens(commitment, scalar(row, ".z"), scalar(row, ".y"), vm.parseJsonBytes(row, ".proof"));
    }

    function test_challenges_agreeWithVectors() public view {
        bytes[] memory points = polynomialPoints();
        string[] memory rows = rowsOf(CURVE_VECTORS, "challenges");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 salt = _assertScalars(rows[i]);
            _assertSampled(rows[i], salt, pointsAt(points, rows[i], ".polynomials"));
        }
    }

    function climb(bytes32 leaf, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return MerklePath.climb(leaf, index, path);
    }

    /// Salt, point and folding factor of a challenge.
    function _assertScalars(string memory row) private view returns (bytes32 salt) {
        PostId postId = PostId.wrap(vm.parseJsonBytes32(row, ".postId"));
        uint256 operator = vm.parseJsonUint(row, ".operator");
        // Levels are 0, 1 and 2.
        uint8 level = uint8(vm.parseJsonUint(row, ".level"));
        salt = Sampling.saltOf(vm.parseJsonBytes32(row, ".seed"), postId, level);
        vm.assertEq(salt, vm.parseJsonBytes32(row, ".salt"));
        vm.assertEq(Sampling.pointOf(postId, operator, salt), scalar(row, ".z"));
        bytes32 root = vm.parseJsonBytes32(row, ".root");
        vm.assertEq(Sampling.foldingFactorOf(postId, operator, salt, root), scalar(row, ".gamma"));
    }

    /// The right blobs, each in the tree, and the opening of their fold.
    function _assertSampled(string memory row, bytes32 salt, bytes[] memory points) private view {
        uint256 blobCount = vm.parseJsonUint(row, ".blobCount");
        uint256 most = vm.parseJsonUint(row, ".blobsAtLevel");
        vm.assertEq(points.length, blobCount < most ? blobCount : most);
        uint32[] memory indexes =
            Sampling.blobIndexes(salt, vm.parseJsonUint(row, ".operator"), blobCount, points.length);
        uint256[] memory expected = vm.parseJsonUintArray(row, ".indexes");
        for (uint256 j = 0; j < points.length; ++j) {
            vm.assertEq(indexes[j], expected[j]);
            bytes32[] memory path = vm.parseJsonBytes32Array(row, string.concat(".paths[", vm.toString(j), "]"));
            vm.assertEq(path.length, MerklePath.depthOf(blobCount));
            bytes32 leaf = MerklePath.leafOf(indexes[j], _versionedHash(_compress(points[j])));
            vm.assertEq(this.climb(leaf, indexes[j], path), vm.parseJsonBytes32(row, ".root"));
        }
        bytes memory commitment = _compress(_fold(points, scalar(row, ".gamma")));
        vm.assertEq(commitment, vm.parseJsonBytes(row, ".commitment"));
        _assertOpens(commitment, scalar(row, ".z"), scalar(row, ".y"), vm.parseJsonBytes(row, ".proof"));
    }

    function _assertOpens(bytes memory commitment, uint256 z, uint256 y, bytes memory proof) private view {
        vm.assertTrue(_opens(commitment, z, y, proof));
        vm.assertFalse(_opens(commitment, z, addmod(y, 1, R), proof));
    }
}
