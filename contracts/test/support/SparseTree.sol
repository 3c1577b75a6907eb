// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {MerklePath} from "../../src/libraries/MerklePath.sol";

/// Merkle trees of any size of which only a few leaves matter; all other subtrees are made up.
library SparseTree {
    /// The root over some leaves, and their paths, one after the other.
    function build(uint32[] memory indexes, bytes32[] memory leaves, uint256 leafCount)
        internal
        pure
        returns (bytes32 root, bytes32[] memory paths)
    {
        uint256 depth = MerklePath.depthOf(leafCount);
        paths = new bytes32[](indexes.length * depth);
        bytes32[] memory nodes = leaves;
        for (uint256 height = 0; height < depth; ++height) {
            bytes32[] memory siblings = _siblings(indexes, nodes, height);
            for (uint256 j = 0; j < nodes.length; ++j) {
                paths[j * depth + height] = siblings[j];
            }
            nodes = _parents(indexes, nodes, siblings, height);
        }
        root = nodes[0];
    }

    function _siblings(uint32[] memory indexes, bytes32[] memory nodes, uint256 height)
        private
        pure
        returns (bytes32[] memory siblings)
    {
        siblings = new bytes32[](nodes.length);
        for (uint256 j = 0; j < nodes.length; ++j) {
            siblings[j] = _nodeAt(indexes, nodes, height, (indexes[j] >> height) ^ 1);
        }
    }

    function _parents(uint32[] memory indexes, bytes32[] memory nodes, bytes32[] memory siblings, uint256 height)
        private
        pure
        returns (bytes32[] memory parents)
    {
        parents = new bytes32[](nodes.length);
        for (uint256 j = 0; j < nodes.length; ++j) {
            bool isRight = (indexes[j] >> height) & 1 == 1;
            parents[j] = isRight
                ? Hashes.efficientKeccak256(siblings[j], nodes[j])
                : Hashes.efficientKeccak256(nodes[j], siblings[j]);
        }
    }

    function _nodeAt(uint32[] memory indexes, bytes32[] memory nodes, uint256 height, uint256 place)
        private
        pure
        returns (bytes32)
    {
        for (uint256 j = 0; j < indexes.length; ++j) {
            if (indexes[j] >> height == place) return nodes[j];
        }
        return Hashes.efficientKeccak256(bytes32(height), bytes32(place));
    }
}
