// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract ProveTest is ProtocolTest {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant SALT = 77;

    PostId private postId;

    function setUp() public {
        deployProtocol();
        joinOperators(5);
        postId = openPost(SALT, 5, 5);
    }

    /// Pitfall 7: the credit is the operator's, whoever sends its proof.
    function test_prove_acceptsATrueProofFromAnybody() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(2));
        vm.expectEmit();
        emit ICustodyChallenges.ProofAccepted(
            postId,
            epoch,
            op(2),
            STRANGER,
            0,
            challenge.stratum,
            openingOf(answer.commitment, challenge.z, answer.y, answer.proof)
        );
        vm.prank(STRANGER);
        vm.assertTrue(prove(postId, epoch, 2, answer) == ICustodyChallenges.ProofOutcome.Proven);
        vm.assertTrue(custody.isProven(postId, epoch, op(2)));
        vm.assertFalse(custody.isProven(postId, epoch, op(3)));
        ICustodyChallenges.Post memory post = custody.postOf(postId);
        vm.assertEq(post.proven, 1 << challenge.stratum);
        vm.assertEq(post.missed, 0);
        vm.assertEq(Epoch.unwrap(post.touchedEpoch), 1);
    }

    /// Whatever the seed and the post: each challenged operator can prove, once, in every epoch of the term. Pitfall 8:
    /// this test has the bytes once and answers for all of them, as anybody could.
    function testFuzz_prove_acceptsEveryChallengedOperator(bytes32 randao, uint256 blobCount, uint256 epochNumber)
        public
    {
        vm.roll(B0 + 6);
        PostId fuzzed = register(uint64(uint256(randao)), bound(blobCount, 1, 9));
        attest(fuzzed, 4);
        Epoch epoch = finalise(bound(epochNumber, 1, 5), randao);
        for (uint256 operator = 0; operator < 4; ++operator) {
            Answer memory answer = answerOf(fuzzed, epoch, operator, uint64(uint256(randao)));
            vm.assertTrue(prove(fuzzed, epoch, operator, answer) == ICustodyChallenges.ProofOutcome.Proven);
            vm.assertTrue(prove(fuzzed, epoch, operator, answer) == ICustodyChallenges.ProofOutcome.AlreadyProven);
        }
        vm.assertEq(custody.postOf(fuzzed).proven, 0xf);
    }

    function test_prove_startsAfreshInTheNextEpoch() public {
        Epoch first = finalise(1, keccak256("one"));
        Answer memory old = answerOf(postId, first, 2, SALT);
        prove(postId, first, 2, old);
        Epoch second = finalise(2, keccak256("two"));
        vm.assertFalse(custody.isProven(postId, second, op(2)));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, first, second));
        prove(postId, first, 2, old);
        prove(postId, second, 2, answerOf(postId, second, 2, SALT));
        vm.assertEq(custody.postOf(postId).proven, 1 << custody.challengeOf(postId, second, op(2)).stratum);
    }

    /// A large post, whose commitments were never on chain.
    function test_prove_climbsFromOneOf256Blobs() public {
        vm.roll(B0 + 6);
        PostId large = register(5, 256);
        attest(large, 5);
        Epoch epoch = finalise(1, keccak256("randao"));
        vm.assertTrue(prove(large, epoch, 1, answerOf(large, epoch, 1, 5)) == ICustodyChallenges.ProofOutcome.Proven);
    }

    function test_prove_worksInTheLastBlockAndNotAfter() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 0, SALT);
        Answer memory late = answerOf(postId, epoch, 1, SALT);
        vm.roll(closesAt(epoch));
        vm.assertTrue(prove(postId, epoch, 0, answer) == ICustodyChallenges.ProofOutcome.Proven);
        vm.roll(closesAt(epoch) + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICustodyChallenges.DeadlinePassed.selector, epoch, closesAt(epoch), closesAt(epoch) + 1
            )
        );
        prove(postId, epoch, 1, late);
    }

    function testFuzz_prove_rejectsFalseValuesWithoutEffect(uint256 shift) public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        uint256 right = answer.y;
        answer.y = addmod(right, bound(shift, 1, R - 1), R);
        bytes32 before = keccak256(abi.encode(custody.postOf(postId)));
        vm.expectEmit();
        emit ICustodyChallenges.ProofRejected(postId, epoch, op(2), STRANGER, 1);
        vm.prank(STRANGER);
        vm.assertTrue(prove(postId, epoch, 2, answer) == ICustodyChallenges.ProofOutcome.Rejected);
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId))), before);
        // Nobody burns the operator's chance.
        answer.y = right;
        vm.assertTrue(prove(postId, epoch, 2, answer) == ICustodyChallenges.ProofOutcome.Proven);
    }

    /// Pitfall 6: the answer of one operator, post or epoch is no answer for another.
    function test_prove_rejectsAnswersToOtherChallenges() public {
        vm.roll(B0 + 7);
        PostId one = register(1, 1);
        attest(one, 5);
        Epoch first = finalise(1, keccak256("one"));
        Answer memory answer = answerOf(one, first, 2, 1);
        vm.assertTrue(prove(one, first, 3, answer) == ICustodyChallenges.ProofOutcome.Rejected);
        Epoch second = finalise(2, keccak256("one"));
        vm.assertTrue(prove(one, second, 2, answer) == ICustodyChallenges.ProofOutcome.Rejected);
    }

    function test_prove_revertsOnMalformedInput() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        bytes memory right = answer.commitment;
        answer.commitment = new bytes(47);
        vm.expectRevert(abi.encodeWithSelector(Bls12381.WrongPointLength.selector, 47));
        prove(postId, epoch, 2, answer);
        answer.commitment = right;
        answer.commitment[0] |= 0x40;
        vm.expectPartialRevert(KzgOpening.CommitmentAtInfinity.selector);
        prove(postId, epoch, 2, answer);

        answer = answerOf(postId, epoch, 2, SALT);
        answer.proof = bytes.concat(answer.proof, hex"00");
        vm.expectRevert(abi.encodeWithSelector(Bls12381.WrongPointLength.selector, 49));
        prove(postId, epoch, 2, answer);

        answer = answerOf(postId, epoch, 2, SALT);
        answer.y = R;
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.ScalarNotCanonical.selector, R));
        prove(postId, epoch, 2, answer);
        answer.y = type(uint256).max;
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.ScalarNotCanonical.selector, answer.y));
        prove(postId, epoch, 2, answer);
    }

    /// Pitfall 19.
    function test_prove_revertsOnWrongPaths() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        bytes32[] memory path = answer.path;
        answer.path = new bytes32[](2);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.WrongPathLength.selector, 2, 3));
        prove(postId, epoch, 2, answer);
        answer.path = new bytes32[](4);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.WrongPathLength.selector, 4, 3));
        prove(postId, epoch, 2, answer);
        path[1] = keccak256("other");
        answer.path = path;
        vm.expectPartialRevert(ICustodyChallenges.WrongPath.selector);
        prove(postId, epoch, 2, answer);
        answer = answerOf(postId, epoch, 2, SALT);
        answer.commitment = LinearPolynomials.commit(1, 2);
        vm.expectPartialRevert(ICustodyChallenges.WrongPath.selector);
        prove(postId, epoch, 2, answer);
    }

    function test_prove_revertsForWhomNothingIsDue() public {
        vm.roll(B0 + 7);
        PostId young = register(3, 1);
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.UnknownPost.selector, young));
        prove(young, epoch, 2, answer);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.NotChallenged.selector, postId, epoch, op(5)));
        prove(postId, epoch, 5, answer);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.NotChallenged.selector, postId, epoch, op(65_535)));
        prove(postId, epoch, 65_535, answer);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, Epoch.wrap(2), epoch));
        prove(postId, Epoch.wrap(2), 2, answer);
    }

    /// Pitfall 5: a post attested in an epoch is not challenged by that epoch's seed, which may be known already.
    function test_prove_revertsInTheEpochOfTheAttestationAndAfterTheEnd() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        PostId young = register(3, 1);
        attest(young, 5);
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICustodyChallenges.PostNotActive.selector, young, epoch, Epoch.wrap(1), Epoch.wrap(7)
            )
        );
        prove(young, epoch, 2, answer);
        // The older post, attested in epoch 0 for 5 epochs, is over in epoch 6.
        epoch = finalise(6, keccak256("randao"));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICustodyChallenges.PostNotActive.selector, postId, epoch, Epoch.wrap(0), Epoch.wrap(6)
            )
        );
        prove(postId, epoch, 2, answer);
        vm.assertTrue(custody.challengeOf(young, epoch, op(2)).isChallenged);
    }

    function test_prove_asksForAFoldWhenTheChallengeHasMoreBlobs() public {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.blobsAtLevel = [4, 16, 64];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        Epoch epoch = finalise(1, keccak256("randao"));
        ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(2));
        vm.assertEq(challenge.k, 4);
        vm.assertEq(challenge.indexes.length, 4);
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.WrongNumberOfBlobs.selector, 1, 4));
        prove(postId, epoch, 2, answer);
    }

    /// Pitfall 14: with too little gas a true proof reverts; it is never rejected.
    function testFuzz_prove_neverRejectsATrueProofForWantOfGas(uint256 gasGiven) public {
        Epoch epoch = finalise(1, keccak256("randao"));
        Answer memory answer = answerOf(postId, epoch, 2, SALT);
        gasGiven = bound(gasGiven, 60_000, 260_000);
        try custody.prove{gas: gasGiven}(
            postId, epoch, op(2), answer.commitment, answer.path, answer.y, answer.proof
        ) returns (
            ICustodyChallenges.ProofOutcome outcome
        ) {
            vm.assertTrue(outcome == ICustodyChallenges.ProofOutcome.Proven);
        } catch {}
    }
}
