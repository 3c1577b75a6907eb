// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ChallengeAssignments} from "./ChallengeAssignments.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {Bls12381} from "./libraries/Bls12381.sol";
import {CompressedPoints} from "./libraries/CompressedPoints.sol";
import {FoldedCommitments} from "./libraries/FoldedCommitments.sol";
import {KzgOpening} from "./libraries/KzgOpening.sol";
import {MerklePath} from "./libraries/MerklePath.sol";
import {Precompiles} from "./libraries/Precompiles.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {Assignment, AssignmentLib} from "./types/Assignment.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";
import {PostWord} from "./types/PostWord.sol";

/// @title Answers to challenges
/// @dev A post's word changes only when an opening was accepted, so nobody can use up an operator's chance.
abstract contract ChallengeProofs is ChallengeAssignments {
    /// `reason` in ProofRejected and BatchRejected.
    uint8 internal constant REASON_OPENING_FALSE = 1;

    /// @inheritdoc ICustodyChallenges
    function prove(
        PostId postId,
        Epoch epoch,
        OperatorIndex operator,
        bytes calldata commitment,
        bytes32[] calldata path,
        uint256 y,
        bytes calldata proof
    ) external returns (ProofOutcome) {
        Assignment memory assignment = AssignmentLib.allocate()[0];
        _requireOpenChallenge(assignment, postId, epoch, operator);
        if (assignment.k != 1) revert WrongNumberOfBlobs(1, assignment.k);
        if (assignment.word.hasProven(assignment.stratum)) return ProofOutcome.AlreadyProven;
        return _conclude(assignment, y, _openingOf(assignment, commitment, path, y, proof));
    }

    /// @inheritdoc ICustodyChallenges
    function proveFolded(
        PostId postId,
        Epoch epoch,
        OperatorIndex operator,
        bytes calldata points,
        bytes32[] calldata paths,
        uint256 y,
        bytes calldata proof
    ) external returns (ProofOutcome) {
        Assignment memory assignment = AssignmentLib.allocate()[0];
        _requireOpenChallenge(assignment, postId, epoch, operator);
        if (assignment.k == 1) revert WrongNumberOfBlobs(points.length / Bls12381.UNCOMPRESSED_LENGTH, 1);
        if (assignment.word.hasProven(assignment.stratum)) return ProofOutcome.AlreadyProven;
        return _conclude(assignment, y, _foldedOpeningOf(assignment, points, paths, y, proof));
    }

    /// @dev Where the point evaluation is. Only tests of another price put something else there.
    function _pointEvaluation() internal pure virtual returns (address) {
        return Precompiles.POINT_EVALUATION;
    }

    /// @dev Reverts unless what the point evaluation refused is well-formed. It does not tell what was wrong, and false
    /// openings are rare: so only then is it worth the gas to look.
    function _requireWellFormed(bytes memory input, uint256 y, uint256 precompileGasCap) internal view {
        _requireScalar(y);
        CompressedPoints.requirePoints(input, precompileGasCap);
    }

    /// @dev Notes that the challenge of a post's stratum was answered.
    function _accept(Assignment memory assignment, bytes32 opening) internal {
        PostWord word = assignment.word;
        _postOf(assignment).word = word.withProven(assignment.stratum);
        emit ProofAccepted(
            assignment.postId,
            word.epoch(),
            assignment.operator,
            msg.sender,
            word.level(),
            uint8(assignment.stratum), // Fits: below 64.
            opening
        );
    }

    function _pointOf(Assignment memory assignment) internal view returns (uint256) {
        return Sampling.pointOf(assignment.postId, OperatorIndex.unwrap(assignment.operator), assignment.salt);
    }

    /// @dev Reverts unless the value is below the order of the scalar field.
    function _requireScalar(uint256 value) internal pure {
        if (value >= Bls12381.SCALAR_MODULUS) revert ScalarNotCanonical(value);
    }

    function _conclude(Assignment memory assignment, uint256 y, bytes memory input) private returns (ProofOutcome) {
        if (KzgOpening.verify(input, assignment.precompileGasCap, _pointEvaluation())) {
            _accept(assignment, keccak256(input));
            return ProofOutcome.Proven;
        }
        _requireWellFormed(input, y, assignment.precompileGasCap);
        emit ProofRejected(
            assignment.postId, assignment.word.epoch(), assignment.operator, msg.sender, REASON_OPENING_FALSE
        );
        return ProofOutcome.Rejected;
    }

    /// @dev The opening of the one blob that the challenge asks for; reverts unless the commitment is in the post.
    function _openingOf(
        Assignment memory assignment,
        bytes calldata commitment,
        bytes32[] calldata path,
        uint256 y,
        bytes calldata proof
    ) private view returns (bytes memory input) {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        KzgOpening.requireNotInfinity(head);
        bytes32 versionedHash = KzgOpening.versionedHash(head, tail);
        _requireInPost(assignment, versionedHash, path);
        uint256 z = Sampling.pointOf(assignment.postId, OperatorIndex.unwrap(assignment.operator), assignment.salt);
        return KzgOpening.inputOf(versionedHash, z, y, head, tail, proof);
    }

    /// @dev The opening of the blobs that the challenge asks for, folded into one; reverts unless all are in the post.
    function _foldedOpeningOf(
        Assignment memory assignment,
        bytes calldata points,
        bytes32[] calldata paths,
        uint256 y,
        bytes calldata proof
    ) private view returns (bytes memory input) {
        (bytes32 head, bytes16 tail) = _fold(assignment, points, paths);
        return KzgOpening.inputOf(KzgOpening.versionedHash(head, tail), _pointOf(assignment), y, head, tail, proof);
    }

    /// @dev The folded commitment, compressed.
    function _fold(Assignment memory assignment, bytes calldata points, bytes32[] calldata paths)
        private
        view
        returns (bytes32 head, bytes16 tail)
    {
        bytes memory pairs = FoldedCommitments.allocate(assignment.k);
        FoldedCommitments.append(FoldedCommitments.firstOf(pairs), assignment, 1, points, paths);
        return FoldedCommitments.sum(pairs, assignment.precompileGasCap);
    }

    /// @dev Reverts unless the blob behind `versionedHash` is the one that the challenge asks for.
    function _requireInPost(Assignment memory assignment, bytes32 versionedHash, bytes32[] calldata path) private pure {
        uint256 blobCount = assignment.word.blobCount();
        bytes32 computed;
        if (blobCount == 1 && path.length == 0) {
            computed = MerklePath.leafOf(0, versionedHash);
        } else {
            if (!MerklePath.isDepthOf(path.length, blobCount)) {
                revert WrongPathLength(path.length, MerklePath.depthOf(blobCount));
            }
            uint256 operator = OperatorIndex.unwrap(assignment.operator);
            uint256 index = Sampling.blobIndex(assignment.salt, operator, blobCount, 1, 0);
            computed = MerklePath.climb(MerklePath.leafOf(index, versionedHash), index, path);
        }
        if (computed != assignment.root) revert WrongPath(computed, assignment.root);
    }
}
