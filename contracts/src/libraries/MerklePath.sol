// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Merkle tree over the versioned hashes of a post's commitments
/// @dev Leaves hash 37 bytes and nodes 64, so that neither can pass for the other. The tree is filled up to a power of
/// two with zero words.
library MerklePath {
    /// @dev keccak256(0x00 || uint32 index || versionedHash). Indexes stand below 2^20.
    function leafOf(uint256 index, bytes32 versionedHash) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0x00), uint32(index), versionedHash));
    }

    /// @dev Siblings on the way from a leaf to the root: ceil(log2 leafCount).
    function depthOf(uint256 leafCount) internal pure returns (uint256) {
        return Math.log2(leafCount, Math.Rounding.Ceil);
    }

    /// @notice The root that a leaf and its siblings lead to.
    /// @param leaf Leaf at `index`.
    /// @param index Its place; bit t says whether it stands right of the sibling at height t.
    /// @param path Siblings, lowest first.
    function climb(bytes32 leaf, uint256 index, bytes32[] calldata path) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 height = 0; height < path.length; ++height) {
            bytes32 sibling = path[height];
            bool isRight = (index >> height) & 1 == 1;
            node = isRight ? Hashes.efficientKeccak256(sibling, node) : Hashes.efficientKeccak256(node, sibling);
        }
    }

    /// @notice The root of a whole tree.
    /// @param leaves At least one leaf, in order.
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        uint256 width = 1 << depthOf(leaves.length);
        // Fresh memory is zero, and so are the leaves that fill up the tree.
        bytes32[] memory nodes = new bytes32[](width);
        for (uint256 i = 0; i < leaves.length; ++i) {
            nodes[i] = leaves[i];
        }
        for (; width > 1; width /= 2) {
            for (uint256 i = 0; i < width / 2; ++i) {
                nodes[i] = Hashes.efficientKeccak256(nodes[2 * i], nodes[2 * i + 1]);
            }
        }
        return nodes[0];
    }
}
