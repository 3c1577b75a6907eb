// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../../src/libraries/Bls12381.sol";
import {FoldedCommitments} from "../../src/libraries/FoldedCommitments.sol";
import {KzgOpening} from "../../src/libraries/KzgOpening.sol";
import {MerklePath} from "../../src/libraries/MerklePath.sol";
import {Precompiles} from "../../src/libraries/Precompiles.sol";
import {Sampling} from "../../src/libraries/Sampling.sol";
import {Assignment} from "../../src/types/Assignment.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";
import {PostWordLib} from "../../src/types/PostWord.sol";

/// The least that a contract does with the libraries: one post, one operator, one slot that is not zero before.
contract LibraryHarness {
    uint256 private constant GAS_CAP = 110_000;

    PostId private immutable POST_ID;
    bytes32 private immutable ROOT;
    uint256 private immutable BLOB_COUNT;
    uint256 private immutable K;

    uint256 public accepted = 1;

    constructor(PostId postId, bytes32 root, uint256 blobCount, uint256 k) {
        POST_ID = postId;
        ROOT = root;
        BLOB_COUNT = blobCount;
        K = k;
    }

    function prove(
        uint256 operator,
        bytes32 salt,
        bytes calldata commitment,
        bytes32[] calldata path,
        uint256 y,
        bytes calldata proof
    ) external {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        KzgOpening.requireNotInfinity(head);
        bytes32 versionedHash = KzgOpening.versionedHash(head, tail);
        uint256 index = Sampling.blobIndex(salt, operator, BLOB_COUNT, 1, 0);
        require(MerklePath.isDepthOf(path.length, BLOB_COUNT), "path");
        require(MerklePath.climb(MerklePath.leafOf(index, versionedHash), index, path) == ROOT, "root");
        uint256 z = Sampling.pointOf(POST_ID, operator, salt);
        _accept(KzgOpening.inputOf(versionedHash, z, y, head, tail, proof));
    }

    function proveFolded(
        uint256 operator,
        bytes32 salt,
        bytes calldata points,
        bytes32[] calldata paths,
        uint256 y,
        bytes calldata proof
    ) external {
        Assignment memory assignment;
        assignment.postId = POST_ID;
        assignment.operator = OperatorIndex.wrap(uint16(operator));
        assignment.salt = salt;
        assignment.k = K;
        assignment.root = ROOT;
        assignment.word = PostWordLib.pack(uint32(BLOB_COUNT), Epoch.wrap(0), Epoch.wrap(0));
        bytes memory pairs = FoldedCommitments.allocate(K);
        FoldedCommitments.append(FoldedCommitments.firstOf(pairs), assignment, 1, points, paths);
        (bytes32 head, bytes16 tail) = FoldedCommitments.sum(pairs, GAS_CAP);
        uint256 z = Sampling.pointOf(POST_ID, operator, salt);
        _accept(KzgOpening.inputOf(KzgOpening.versionedHash(head, tail), z, y, head, tail, proof));
    }

    function _accept(bytes memory input) private {
        require(KzgOpening.verify(input, GAS_CAP, Precompiles.POINT_EVALUATION), "opening");
        accepted += 1;
    }
}
