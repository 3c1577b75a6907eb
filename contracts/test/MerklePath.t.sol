// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerklePath} from "../src/libraries/MerklePath.sol";
import {MerkleTree} from "./support/MerkleTree.sol";
import {Test} from "./support/Test.sol";

contract MerklePathTest is Test {
    function test_rootAndPath_agreeWithVectors() public view {
        string memory json = vm.readFile(VECTORS);
        for (uint256 i = 0; hasRow(json, "merkle", i); ++i) {
            bytes32[] memory leaves = vm.parseJsonBytes32Array(json, cell("merkle", i, "versionedHashes"));
            bytes32 root = vm.parseJsonBytes32(json, cell("merkle", i, "root"));
            uint256 index = vm.parseJsonUint(json, cell("merkle", i, "index"));
            bytes32[] memory path = vm.parseJsonBytes32Array(json, cell("merkle", i, "path"));
            vm.assertEq(MerklePath.depthOf(leaves.length), path.length);
            vm.assertEq(this.climb(MerklePath.leafOf(index, leaves[index]), index, path), root);
            for (uint256 j = 0; j < leaves.length; ++j) {
                leaves[j] = MerklePath.leafOf(j, leaves[j]);
            }
            vm.assertEq(MerklePath.rootOf(leaves), root);
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

    function climb(bytes32 leaf, uint256 index, bytes32[] calldata path) external pure returns (bytes32) {
        return MerklePath.climb(leaf, index, path);
    }

    function _leaves(uint256 count, bytes32 salt) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = MerklePath.leafOf(i, keccak256(abi.encode(salt, i)));
        }
    }
}
