// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerklePath} from "../../src/libraries/MerklePath.sol";

/// Paths in the tree over a post's leaves.
library MerkleTree {
    /// Siblings of leaf `index`, lowest first: each is the root of the subtree beside the way up.
    function pathOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        uint256 depth = MerklePath.depthOf(leaves.length);
        path = new bytes32[](depth);
        for (uint256 height = 0; height < depth; ++height) {
            path[height] = _subtreeRoot(leaves, (index >> height) ^ 1, height);
        }
    }

    function _subtreeRoot(bytes32[] memory leaves, uint256 place, uint256 height) private pure returns (bytes32) {
        uint256 start = place << height;
        if (height == 0) return start < leaves.length ? leaves[start] : bytes32(0);
        bytes32 left = _subtreeRoot(leaves, 2 * place, height - 1);
        return keccak256(abi.encode(left, _subtreeRoot(leaves, 2 * place + 1, height - 1)));
    }
}
