// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Merkle tree over the versioned hashes of a post's commitments
/// @dev Leaves hash 37 bytes and nodes 64, so that neither can pass for the other. The tree is filled up to a power of
/// two with zero words.
library MerklePath {
    /// @dev keccak256(0x00 || uint32 index || versionedHash). Indexes stand below 2^20.
    function leafOf(uint256 index, bytes32 versionedHash) internal pure returns (bytes32 leaf) {
        // A third of the price of abi.encodePacked, with which the tests compare it; needs 37 of the scratch space's 64
        // bytes.
        assembly ("memory-safe") {
            // Byte 0 stays zero; the index ends with byte 4.
            mstore(0x00, shl(216, index))
            mstore(0x05, versionedHash)
            leaf := keccak256(0x00, 37)
        }
    }

    /// @dev Siblings on the way from a leaf to the root: ceil(log2 leafCount).
    function depthOf(uint256 leafCount) internal pure returns (uint256) {
        return Math.log2(leafCount, Math.Rounding.Ceil);
    }

    /// @dev Whether `depth` is `depthOf(leafCount)`, for at least one leaf.
    function isDepthOf(uint256 depth, uint256 leafCount) internal pure returns (bool) {
        // Neither subtraction goes below zero.
        unchecked {
            uint256 last = leafCount - 1;
            return last >> depth == 0 && (depth == 0 || last >> (depth - 1) != 0);
        }
    }

    /// @notice The root that a leaf and its siblings lead to.
    /// @param leaf Leaf at `index`.
    /// @param index Its place, below 2^251; bit t says whether it stands right of the sibling at height t.
    /// @param path Siblings, lowest first.
    function climb(bytes32 leaf, uint256 index, bytes32[] calldata path) internal pure returns (bytes32 node) {
        node = leaf;
        if (path.length == 0) return node;
        // Half the price of plain Solidity, with which the tests compare it.
        assembly ("memory-safe") {
            let sibling := path.offset
            let end := add(sibling, shl(5, path.length))
            // The bit that counts stands at the value of a word's length.
            let bits := shl(5, index)
            for {} 1 {} {
                // A right node goes to the second word of the scratch space, a left one to the first.
                let place := and(bits, 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(sibling))
                node := keccak256(0x00, 0x40)
                sibling := add(sibling, 0x20)
                if iszero(lt(sibling, end)) { break }
                bits := shr(1, bits)
            }
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
