// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {BatchTranscript} from "../../src/libraries/BatchTranscript.sol";
import {Bls12381} from "../../src/libraries/Bls12381.sol";
import {MerklePath} from "../../src/libraries/MerklePath.sol";
import {Sampling} from "../../src/libraries/Sampling.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {PostId} from "../../src/types/PostId.sol";
import {LinearPolynomials} from "./LinearPolynomials.sol";
import {ProtocolTest} from "./ProtocolTest.sol";
import {SparseTree} from "./SparseTree.sol";

/// Posts of any size, and the right answers to challenges of several blobs or posts.
abstract contract FoldedAnswers is ProtocolTest {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 internal constant MAX_BLOBS = (1 << 20) - 1;

    /// What it takes to answer a challenge of several blobs.
    struct FoldedAnswer {
        bytes points;
        bytes32[] paths;
        uint256 y;
        bytes proof;
    }

    /// What it takes to answer several challenges at once.
    struct BatchAnswer {
        ICustodyChallenges.BatchItem[] items;
        bytes quotient;
        bytes proof;
    }

    /// A challenge's polynomial aX + b, folded from those of its blobs, and where it is opened.
    struct Line {
        uint256 a;
        uint256 b;
        uint256 z;
    }

    // ------------------------------------------------------------ posts

    /// Opens a post of which only the blobs exist that `operator` is asked for at the level 0 of the recorded epoch,
    /// attested by the first `attesters` operators before it. Its id is that of its salt.
    function openSparsePost(uint256 salt, uint256 blobCount, uint256 operator, uint256 attesters)
        internal
        returns (PostId postId)
    {
        postId = PostId.wrap(keccak256(abi.encode("post", salt)));
        uint32[] memory indexes = sparseIndexes(postId, blobCount, operator);
        (bytes32 root,) = SparseTree.build(indexes, sparseLeaves(salt, indexes), blobCount);
        vm.prank(address(relay));
        custody.openPost(postId, root, uint32(blobCount), (1 << attesters) - 1, Epoch.wrap(0), Epoch.wrap(99));
    }

    /// The blobs that an operator is asked for at level 0 of the recorded epoch.
    function sparseIndexes(PostId postId, uint256 blobCount, uint256 operator) internal view returns (uint32[] memory) {
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        uint256 most = record.blobsAtLevel[0];
        bytes32 salt = Sampling.saltOf(record.seed, postId, 0);
        return Sampling.blobIndexes(salt, operator, blobCount, blobCount < most ? blobCount : most);
    }

    function sparseLeaves(uint256 salt, uint32[] memory indexes) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](indexes.length);
        bytes32[4] memory hashes = hashesOf(salt);
        for (uint256 j = 0; j < indexes.length; ++j) {
            leaves[j] = MerklePath.leafOf(indexes[j], hashes[indexes[j] % 4]);
        }
    }

    /// Versioned hashes of the four polynomials that a salt gives.
    function hashesOf(uint256 salt) internal view returns (bytes32[4] memory hashes) {
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 a, uint256 b) = polynomialOf(salt, i);
            hashes[i] = versionedHash(LinearPolynomials.commit(a, b));
        }
    }

    // ------------------------------------------------------------ answers

    /// The right answer to an operator's challenge of a sparse post, for k > 1.
    function foldedAnswerOf(PostId postId, uint256 operator, uint256 salt)
        internal
        view
        returns (FoldedAnswer memory answer)
    {
        uint256 blobCount = custody.postOf(postId).blobCount;
        uint32[] memory indexes = sparseIndexes(postId, blobCount, operator);
        answer.points = pointsOf(salt, indexes);
        (, answer.paths) = SparseTree.build(indexes, sparseLeaves(salt, indexes), blobCount);
        Line memory line = lineOf(postId, operator, salt);
        answer.y = LinearPolynomials.evaluate(line.a, line.b, line.z);
        answer.proof = LinearPolynomials.prove(line.a);
    }

    /// The right answer to an operator's challenge of a sparse post, for k = 1.
    function sparseAnswerOf(PostId postId, uint256 operator, uint256 salt) internal view returns (Answer memory) {
        FoldedAnswer memory folded = foldedAnswerOf(postId, operator, salt);
        return Answer({
            commitment: LinearPolynomials.compress(folded.points), path: folded.paths, y: folded.y, proof: folded.proof
        });
    }

    /// The right answer to all challenges of an operator for sparse posts.
    function batchAnswerOf(PostId[] memory posts, uint256[] memory salts, Epoch epoch, uint256 operator)
        internal
        view
        returns (BatchAnswer memory answer)
    {
        Line[] memory lines = new Line[](posts.length);
        answer.items = new ICustodyChallenges.BatchItem[](posts.length);
        for (uint256 i = 0; i < posts.length; ++i) {
            FoldedAnswer memory folded = foldedAnswerOf(posts[i], operator, salts[i]);
            lines[i] = lineOf(posts[i], operator, salts[i]);
            answer.items[i] = ICustodyChallenges.BatchItem({
                postId: posts[i], y: folded.y, inverse: 0, points: folded.points, paths: folded.paths
            });
        }
        finishBatch(answer, lines, epoch, operator);
    }

    /// The right answers to the challenges of an operator for sparse posts, each by itself.
    function proofItemsOf(PostId[] memory posts, uint256[] memory salts, uint256 operator)
        internal
        view
        returns (ICustodyChallenges.ProofItem[] memory items)
    {
        items = new ICustodyChallenges.ProofItem[](posts.length);
        for (uint256 i = 0; i < posts.length; ++i) {
            FoldedAnswer memory folded = foldedAnswerOf(posts[i], operator, salts[i]);
            bool isOne = folded.points.length == 128;
            items[i] = ICustodyChallenges.ProofItem({
                postId: posts[i],
                operator: op(operator),
                points: isOne ? LinearPolynomials.compress(folded.points) : folded.points,
                paths: folded.paths,
                y: folded.y,
                proof: folded.proof
            });
        }
    }

    /// Makes the quotient, the inverses and the proof of a batch.
    function finishBatch(BatchAnswer memory answer, Line[] memory lines, Epoch epoch, uint256 operator) internal view {
        bytes32 transcript = transcriptOf(answer, lines, epoch, operator);
        answer.quotient = quotientOf(lines, BatchTranscript.rhoOf(transcript));
        closeBatch(answer, lines, transcript);
    }

    /// Makes the inverses and the proof that go with a batch's quotient.
    function closeBatch(BatchAnswer memory answer, Line[] memory lines, bytes32 transcript) internal view {
        uint256 rho = BatchTranscript.rhoOf(transcript);
        uint256 zeta = this.zetaOf(transcript, answer.quotient);
        uint256 slope = 0;
        uint256 power = 1;
        for (uint256 i = 0; i < lines.length; ++i) {
            uint256 inverse = LinearPolynomials.inverse(addmod(zeta, R - lines[i].z, R));
            answer.items[i].inverse = inverse;
            slope = addmod(slope, mulmod(mulmod(power, inverse, R), lines[i].a, R), R);
            power = mulmod(power, rho, R);
        }
        answer.proof = LinearPolynomials.prove(slope);
    }

    function transcriptOf(BatchAnswer memory answer, Line[] memory lines, Epoch epoch, uint256 operator)
        internal
        pure
        returns (bytes32 transcript)
    {
        transcript = BatchTranscript.start(epoch, op(operator), lines.length);
        for (uint256 i = 0; i < lines.length; ++i) {
            ICustodyChallenges.BatchItem memory item = answer.items[i];
            transcript = BatchTranscript.append(transcript, item.postId, lines[i].z, item.y);
        }
    }

    function zetaOf(bytes32 transcript, bytes calldata quotient) external view returns (uint256) {
        return BatchTranscript.zetaOf(transcript, quotient);
    }

    /// The polynomial that a challenge at level 0 of the recorded epoch is about.
    function lineOf(PostId postId, uint256 operator, uint256 salt) internal view returns (Line memory line) {
        bytes32 seedSalt = Sampling.saltOf(custody.epochRecord().seed, postId, 0);
        ICustodyChallenges.Post memory post = custody.postOf(postId);
        line.z = Sampling.pointOf(postId, operator, seedSalt);
        uint256 gamma = Sampling.foldingFactorOf(postId, operator, seedSalt, post.root);
        (line.a, line.b) = fold(salt, sparseIndexes(postId, post.blobCount, operator), gamma);
    }

    /// The sum of gamma^j times polynomial number j of the challenge.
    function fold(uint256 salt, uint32[] memory indexes, uint256 gamma) internal pure returns (uint256 a, uint256 b) {
        uint256 power = 1;
        for (uint256 j = 0; j < indexes.length; ++j) {
            (uint256 slope, uint256 constantTerm) = polynomialOf(salt, indexes[j]);
            a = addmod(a, mulmod(power, slope, R), R);
            b = addmod(b, mulmod(power, constantTerm, R), R);
            power = mulmod(power, gamma, R);
        }
    }

    function pointsOf(uint256 salt, uint32[] memory indexes) internal view returns (bytes memory points) {
        bytes[4] memory four;
        for (uint256 i = 0; i < 4; ++i) {
            (uint256 a, uint256 b) = polynomialOf(salt, i);
            four[i] = LinearPolynomials.point(a, b);
        }
        bytes[] memory parts = new bytes[](indexes.length);
        for (uint256 j = 0; j < indexes.length; ++j) {
            parts[j] = four[indexes[j] % 4];
        }
        return joined(parts);
    }

    function joined(bytes[] memory parts) internal pure returns (bytes memory whole) {
        whole = new bytes(parts.length * 128);
        for (uint256 j = 0; j < parts.length; ++j) {
            bytes memory part = parts[j];
            // Parts have 128 bytes.
            assembly ("memory-safe") {
                mcopy(add(add(whole, 0x20), mul(j, 128)), add(part, 0x20), 128)
            }
        }
    }

    // ------------------------------------------------------------ calls

    function proveFolded(PostId postId, Epoch epoch, uint256 operator, FoldedAnswer memory answer)
        internal
        returns (ICustodyChallenges.ProofOutcome)
    {
        return custody.proveFolded(postId, epoch, op(operator), answer.points, answer.paths, answer.y, answer.proof);
    }

    function proveBatch(Epoch epoch, uint256 operator, BatchAnswer memory answer) internal returns (bool) {
        return custody.proveBatch(epoch, op(operator), answer.items, answer.quotient, answer.proof);
    }

    /// The commitment to the quotient: the sum of rho^i times the slope of item i.
    function quotientOf(Line[] memory lines, uint256 rho) internal view returns (bytes memory) {
        uint256 quotient = 0;
        uint256 power = 1;
        for (uint256 i = 0; i < lines.length; ++i) {
            quotient = addmod(quotient, mulmod(power, lines[i].a, R), R);
            power = mulmod(power, rho, R);
        }
        return LinearPolynomials.multiply(abi.encodePacked(LinearPolynomials.GENERATOR, quotient));
    }
}
