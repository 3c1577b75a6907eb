// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {MerklePath} from "../src/libraries/MerklePath.sol";
import {MerkleTree} from "./support/MerkleTree.sol";
import {Test} from "./support/Test.sol";

contract MerklePathTest is Test {
    function test_rootAndPath_agreeWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "merkle");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes[] memory commitments = vm.parseJsonBytesArray(rows[i], ".commitments");
            bytes32 root = vm.parseJsonBytes32(rows[i], ".root");
            uint256 index = vm.parseJsonUint(rows[i], ".index");
            bytes32[] memory path = vm.parseJsonBytes32Array(rows[i], ".path");
            bytes32[] memory leaves = new bytes32[](commitments.length);
            for (uint256 j = 0; j < leaves.length; ++j) {
                leaves[j] = MerklePath.leafOf(j, this.versionedHashOf(commitments[j]));
            }
            vm.assertEq(MerklePath.rootOf(leaves), root);
            vm.assertEq(MerklePath.depthOf(leaves.length), path.length);
            vm.assertEq(this.climb(leaves[index], index, path), root);
        }
    }

    function test_climb_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "paths");
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 index = vm.parseJsonUint(rows[i], ".index");
            bytes32[] memory path = vm.parseJsonBytes32Array(rows[i], ".path");
            bytes32 leaf = MerklePath.leafOf(index, vm.parseJsonBytes32(rows[i], ".versionedHash"));
            vm.assertEq(path.length, MerklePath.depthOf(vm.parseJsonUint(rows[i], ".blobCount")));
            vm.assertEq(this.climb(leaf, index, path), vm.parseJsonBytes32(rows[i], ".root"));
        }
    }

    function testFuzz_climb_leadsEveryLeafToTheRoot(uint256 count, bytes32 salt) public view {
        count = bound(count, 1, 70);
        bytes32[] memory leaves = _leaves(count, salt);
        bytes32 root = MerklePath.rootOf(leaves);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(this.climb(leaves[i], i, MerkleTree.pathOf(leaves, i)), root);
        }
    }

    function testFuzz_climb_missesTheRootFromAnotherPlace(uint256 count, uint256 index, uint256 other, bytes32 salt)
        public
        view
    {
        count = bound(count, 2, 70);
        index = bound(index, 0, count - 1);
        other = bound(other, 0, count - 1);
        vm.assume(index != other);
        bytes32[] memory leaves = _leaves(count, salt);
        bytes32[] memory path = MerkleTree.pathOf(leaves, index);
        vm.assertFalse(this.climb(leaves[index], other, path) == MerklePath.rootOf(leaves));
    }

    function test_depthOf_isTheLogarithmRoundedUp() public pure {
        vm.assertEq(MerklePath.depthOf(1), 0);
        vm.assertEq(MerklePath.depthOf(2), 1);
        vm.assertEq(MerklePath.depthOf(3), 2);
        vm.assertEq(MerklePath.depthOf(4), 2);
        vm.assertEq(MerklePath.depthOf(5), 3);
        vm.assertEq(MerklePath.depthOf((1 << 20) - 1), 20);
    }

    function testFuzz_isDepthOf_agreesWithTheLogarithm(uint256 count, uint256 depth) public pure {
        count = bound(count, 1, (1 << 20) - 1);
        depth = bound(depth, 0, 300);
        vm.assertEq(MerklePath.isDepthOf(depth, count), depth == MerklePath.depthOf(count));
        vm.assertTrue(MerklePath.isDepthOf(MerklePath.depthOf(count), count));
    }

    function test_isDepthOf_aroundThePowersOfTwo() public pure {
        for (uint256 depth = 0; depth < 20; ++depth) {
            uint256 count = 1 << depth;
            vm.assertTrue(MerklePath.isDepthOf(depth, count));
            vm.assertFalse(MerklePath.isDepthOf(depth, count + 1));
            vm.assertTrue(MerklePath.isDepthOf(depth + 1, count + 1));
            vm.assertFalse(MerklePath.isDepthOf(depth + 1, count));
        }
    }

    /// Pitfall 19: 37 bytes, the index among them.
    function testFuzz_leafOf_agreesWithPlainSolidity(uint32 index, bytes32 versionedHash) public pure {
        bytes32 plain = keccak256(abi.encodePacked(bytes1(0x00), index, versionedHash));
        vm.assertEq(MerklePath.leafOf(index, versionedHash), plain);
    }

    function testFuzz_climb_agreesWithPlainSolidity(bytes32 leaf, uint256 index, bytes32[] memory path) public view {
        // Posts have less than 2^20 blobs; the library takes places below 2^251.
        index >>= 5;
        bytes32 node = leaf;
        for (uint256 height = 0; height < path.length; ++height) {
            bool isRight = (index >> height) & 1 == 1;
            node = keccak256(isRight ? abi.encode(path[height], node) : abi.encode(node, path[height]));
        }
        vm.assertEq(this.climb(leaf, index, path), node);
    }

    function climb(bytes32 leaf, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return MerklePath.climb(leaf, index, path);
    }

    function versionedHashOf(bytes calldata commitment) external view returns (bytes32) {
        return KzgOpening.versionedHashOf(commitment);
    }

    function _leaves(uint256 count, bytes32 salt) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = MerklePath.leafOf(i, keccak256(abi.encode(salt, i)));
        }
    }
}
