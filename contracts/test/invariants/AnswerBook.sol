// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HashToField} from "../../src/libraries/HashToField.sol";
import {LinearPolynomials} from "../support/LinearPolynomials.sol";
import {MerkleTree} from "../support/MerkleTree.sol";
import {PostActions} from "./PostActions.sol";

/// True answers to every challenge: the polynomials are linear, so that their openings are known for whatever seed.
abstract contract AnswerBook is PostActions {
    struct Response {
        uint256 k;
        uint256 z;
        /// The challenge's powers of this fold the blobs' polynomials into aX + b, whose proof is [a].
        uint256 gamma;
        uint256 a;
        uint256 y;
        /// Compressed when k is 1, else 128 bytes for each blob.
        bytes points;
        bytes32[] paths;
        bytes proof;
    }

    /// The answer of an operator to its challenge, or to the one it would have if it were challenged.
    function responseOf(PostModel storage post, uint256 operator, bool isCompressed)
        internal
        view
        returns (Response memory response)
    {
        uint256[] memory blobs = blobsOf(post, operator);
        bytes32 salt = saltOf(post);
        response.k = blobs.length;
        response.z =
            HashToField.toField("EMERALD-CUSTODY-V1-POINT", abi.encode(keccak256(abi.encode(post.id, operator, salt))));
        response.gamma = HashToField.toField(
            "EMERALD-CUSTODY-V1-GAMMA", abi.encode(keccak256(abi.encode(post.id, operator, salt, post.root)))
        );
        uint256 b = _fold(response, post, blobs, isCompressed);
        response.paths = _pathsOf(post, blobs);
        response.y = LinearPolynomials.evaluate(response.a, b, response.z);
        response.proof = blobs.length == 1
            ? pool[(post.firstPolynomial + blobs[0]) % POOL_SIZE].proof
            : LinearPolynomials.compress(timesGenerator(response.a));
    }

    function _fold(Response memory response, PostModel storage post, uint256[] memory blobs, bool isCompressed)
        private
        view
        returns (uint256 b)
    {
        uint256 power = 1;
        for (uint256 j = 0; j < blobs.length; ++j) {
            Polynomial storage polynomial = pool[(post.firstPolynomial + blobs[j]) % POOL_SIZE];
            response.a = addmod(response.a, mulmod(power, polynomial.a, R), R);
            b = addmod(b, mulmod(power, polynomial.b, R), R);
            power = mulmod(power, response.gamma, R);
            bytes memory point = isCompressed ? polynomial.commitment : polynomial.point;
            response.points = bytes.concat(response.points, point);
        }
    }

    /// The paths of all blobs, one after the other.
    function _pathsOf(PostModel storage post, uint256[] memory blobs) private view returns (bytes32[] memory paths) {
        bytes32[] memory leaves = poolLeavesOf(post.firstPolynomial, post.blobCount);
        uint256 depth = MerkleTree.pathOf(leaves, 0).length;
        paths = new bytes32[](blobs.length * depth);
        for (uint256 j = 0; j < blobs.length; ++j) {
            bytes32[] memory path = MerkleTree.pathOf(leaves, blobs[j]);
            for (uint256 height = 0; height < depth; ++height) {
                paths[j * depth + height] = path[height];
            }
        }
    }
}
