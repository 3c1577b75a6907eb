// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {FoldedCommitments} from "../src/libraries/FoldedCommitments.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {MerklePath} from "../src/libraries/MerklePath.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {FoldedAnswers} from "./support/FoldedAnswers.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {SparseTree} from "./support/SparseTree.sol";

/// Challenges of several blobs, answered by the opening of their fold.
contract FoldedProofsTest is FoldedAnswers {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant OPERATOR = 2;
    uint256 private constant SALT = 77;

    Epoch private epoch;

    function setUp() public {
        deployProtocol();
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.blobsAtLevel = [4, 4, 4];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        joinOperators(5);
        epoch = finalise(1, keccak256("one"));
    }

    function testFuzz_proveFolded_acceptsTheRightBlobsOnly(uint256 blobCount, uint256 salt) public {
        PostId postId = openSparsePost(salt, bound(blobCount, 2, MAX_BLOBS), OPERATOR, 5);
        FoldedAnswer memory answer = foldedAnswerOf(postId, OPERATOR, salt);
        uint256 right = answer.y;
        answer.y = addmod(right, 1, R);
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Rejected);
        answer.y = right;
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Proven);
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.AlreadyProven);
    }

    /// Pitfall 9: whoever kept the folded blob instead of the blobs has nothing left in the next epoch. The blobs are
    /// folded in the same order, so that nothing but the factor is another.
    function test_proveFolded_rejectsTheFoldOfAnEarlierEpoch() public {
        PostId postId = openSparsePost(SALT, 2, OPERATOR, 5);
        ICustodyChallenges.Challenge memory before = custody.challengeOf(postId, epoch, op(OPERATOR));
        (uint256 a, uint256 b) = fold(SALT, before.indexes, before.gamma);
        FoldedAnswer memory answer = foldedAnswerOf(postId, OPERATOR, SALT);
        vm.assertEq(answer.y, LinearPolynomials.evaluate(a, b, before.z));

        ICustodyChallenges.Challenge memory challenge = before;
        for (uint256 e = 2; challenge.salt == before.salt || challenge.indexes[0] != before.indexes[0]; ++e) {
            epoch = finalise(e, keccak256("another"));
            challenge = custody.challengeOf(postId, epoch, op(OPERATOR));
        }
        vm.assertFalse(bytes32(challenge.gamma) == bytes32(before.gamma));
        answer.y = LinearPolynomials.evaluate(a, b, challenge.z);
        answer.proof = LinearPolynomials.prove(a);
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Rejected);
        answer = foldedAnswerOf(postId, OPERATOR, SALT);
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Proven);
    }

    /// Pitfall 12: (0, 2) lies on the curve but not in the group, and vanishes in a pairing. So a fold with it opens as
    /// if it were not there, unless somebody looks: G1MSM does for all but the first, which only G1ADD sees.
    function test_proveFolded_refusesPointsOutsideTheGroupInEveryPlace() public {
        bytes memory stray = abi.encode(0, 0, 0, 2);
        for (uint256 place = 0; place < 4; ++place) {
            (PostId postId, FoldedAnswer memory answer) = _answerWith(stray, place);
            vm.expectPartialRevert(
                place == 0 ? ICustodyChallenges.MalformedPoint.selector : FoldedCommitments.PointNotInGroup.selector
            );
            proveFolded(postId, epoch, OPERATOR, answer);
        }
    }

    /// Pitfall 11: infinity stands for no data, in a fold neither.
    function test_proveFolded_refusesInfinityInEveryPlace() public {
        for (uint256 place = 0; place < 4; ++place) {
            (PostId postId, FoldedAnswer memory answer) = _answerWith(new bytes(128), place);
            vm.expectRevert(KzgOpening.CommitmentAtInfinity.selector);
            proveFolded(postId, epoch, OPERATOR, answer);
        }
    }

    /// Pitfall 11: polynomials that fold to a constant have infinity for their proof.
    function test_proveFolded_acceptsInfinityAsProofOfConstants() public {
        PostId postId = PostId.wrap(keccak256("constants"));
        uint32[] memory indexes = sparseIndexes(postId, 4, OPERATOR);
        bytes memory point = LinearPolynomials.point(0, 5);
        bytes[] memory points = new bytes[](4);
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 j = 0; j < 4; ++j) {
            points[j] = point;
            leaves[j] = MerklePath.leafOf(indexes[j], versionedHash(LinearPolynomials.compress(point)));
        }
        FoldedAnswer memory answer;
        bytes32 root;
        (root, answer.paths) = SparseTree.build(indexes, leaves, 4);
        _open(postId, root);
        uint256 gamma = custody.challengeOf(postId, epoch, op(OPERATOR)).gamma;
        uint256 power = 1;
        for (uint256 j = 0; j < 4; ++j) {
            answer.y = addmod(answer.y, mulmod(power, 5, R), R);
            power = mulmod(power, gamma, R);
        }
        answer.points = joined(points);
        answer.proof = bytes.concat(hex"c0", new bytes(47));
        vm.assertTrue(proveFolded(postId, epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Proven);
    }

    /// Pitfalls 13 and 17: values beyond the field, and bytes too many or too few.
    function test_proveFolded_revertsOnMalformedInput() public {
        PostId postId = openSparsePost(SALT, 256, OPERATOR, 5);
        FoldedAnswer memory answer = foldedAnswerOf(postId, OPERATOR, SALT);
        answer.y += R;
        _expect(postId, answer, abi.encodeWithSelector(ICustodyChallenges.ScalarNotCanonical.selector, answer.y));
        answer.y -= R;
        bytes memory points = answer.points;
        answer.points = bytes.concat(points, hex"00");
        _expect(postId, answer, abi.encodeWithSelector(Bls12381.WrongPointsLength.selector, 513));
        answer.points = bytes.concat(points, new bytes(128));
        _expect(postId, answer, abi.encodeWithSelector(ICustodyChallenges.WrongNumberOfBlobs.selector, 5, 4));
        answer.points = points;
        answer.proof = bytes.concat(answer.proof, hex"00");
        _expect(postId, answer, abi.encodeWithSelector(Bls12381.WrongPointLength.selector, 49));
    }

    /// Pitfall 19: paths that are too short or too long, and the right blob in another's place or twice.
    function test_proveFolded_revertsOnWrongPaths() public {
        PostId postId = openSparsePost(SALT, 256, OPERATOR, 5);
        FoldedAnswer memory answer = foldedAnswerOf(postId, OPERATOR, SALT);
        bytes32[] memory paths = answer.paths;
        for (uint256 length = 28; length <= 36; length += 4) {
            if (length == 32) continue;
            answer.paths = new bytes32[](length);
            _expect(postId, answer, abi.encodeWithSelector(ICustodyChallenges.WrongPathLength.selector, length, 32));
        }
        // The second blob, with its own path, in the first one's place as well.
        answer.paths = paths;
        for (uint256 i = 0; i < 8; ++i) {
            answer.paths[i] = paths[8 + i];
        }
        for (uint256 i = 0; i < 128; ++i) {
            answer.points[i] = answer.points[128 + i];
        }
        vm.expectPartialRevert(ICustodyChallenges.WrongPath.selector);
        proveFolded(postId, epoch, OPERATOR, answer);
    }

    function _expect(PostId postId, FoldedAnswer memory answer, bytes memory reason) private {
        vm.expectRevert(reason);
        proveFolded(postId, epoch, OPERATOR, answer);
    }

    /// A post of four blobs, one of which has `stray` for its commitment, and the answer that is right without it.
    function _answerWith(bytes memory stray, uint256 place)
        private
        returns (PostId postId, FoldedAnswer memory answer)
    {
        postId = PostId.wrap(keccak256(abi.encode(stray, place)));
        uint32[] memory indexes = sparseIndexes(postId, 4, OPERATOR);
        bytes32[] memory leaves = sparseLeaves(SALT, indexes);
        leaves[place] = MerklePath.leafOf(indexes[place], versionedHash(LinearPolynomials.compress(stray)));
        bytes32 root;
        (root, answer.paths) = SparseTree.build(indexes, leaves, 4);
        _open(postId, root);
        answer.points = pointsOf(SALT, indexes);
        for (uint256 i = 0; i < 128; ++i) {
            answer.points[128 * place + i] = stray[i];
        }
        ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(OPERATOR));
        (uint256 a, uint256 b) = fold(SALT, indexes, challenge.gamma);
        (uint256 slope, uint256 constantTerm) = polynomialOf(SALT, indexes[place]);
        uint256 weight = R - 1;
        for (uint256 j = 0; j < place; ++j) {
            weight = mulmod(weight, challenge.gamma, R);
        }
        a = addmod(a, mulmod(weight, slope, R), R);
        b = addmod(b, mulmod(weight, constantTerm, R), R);
        answer.y = LinearPolynomials.evaluate(a, b, challenge.z);
        answer.proof = LinearPolynomials.prove(a);
    }

    function _open(PostId postId, bytes32 root) private {
        vm.prank(address(relay));
        custody.openPost(postId, root, 4, 0x1f, Epoch.wrap(0), Epoch.wrap(99));
    }
}
