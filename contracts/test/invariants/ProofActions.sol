// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {AnswerBook} from "./AnswerBook.sol";
import {EpochActions} from "./EpochActions.sol";
import {Verdict} from "./Verdict.sol";

/// Operators prove, somebody submits false proofs for them, and old ones again.
abstract contract ProofActions is AnswerBook, EpochActions {
    /// A submission that was accepted.
    struct Accepted {
        uint256 post;
        uint256 epoch;
        uint256 operator;
        bytes call;
    }

    Accepted[] private _accepted;

    function proveChallenge(uint256 random) external observed {
        if (!oneIn(4, random, "as it is")) openEpoch(random);
        (uint256 p, uint256 i) = likelyChallenge(random);
        proveOne(p, i, random);
    }

    /// A proof that is false in one place: it changes nothing, and does not keep the operator from proving.
    function proveFalsely(uint256 random) external observed {
        if (!oneIn(4, random, "as it is")) openEpoch(random);
        (uint256 p, uint256 i) = likelyChallenge(random);
        Response memory response = responseOf(posts[p], i, opensOneBlob(posts[p]));
        uint256 fault = draw(random, "fault", 3);
        if (fault == 0) response.y = addmod(response.y, 1, R);
        if (fault == 1) response.proof = pool[draw(random, "proof", POOL_SIZE)].commitment;
        if (fault == 2) response.y = addmod(response.y, response.z, R);
        (bool isDone, bytes memory result) = _submit(p, i, response, STRANGER);
        if (!isDone) return;
        bool wasProven = hasProven(p, i);
        uint256 expected = uint256(
            wasProven ? ICustodyChallenges.ProofOutcome.AlreadyProven : ICustodyChallenges.ProofOutcome.Rejected
        );
        vm.assertEq(abi.decode(result, (uint256)), expected, "a false proof is rejected");
        see("false proof");
    }

    /// What was accepted once is worth nothing a second time, whatever is exchanged in it.
    function replayProof(uint256 random) external observed {
        if (oneIn(2, random, "new")) {
            openEpoch(random);
            (uint256 p, uint256 i) = likelyChallenge(random);
            proveOne(p, i, random);
        }
        if (_accepted.length == 0) return;
        uint256 newest = _accepted.length - 1;
        Accepted storage old = _accepted[oneIn(2, random, "newest") ? newest : draw(random, "which", newest + 1)];
        bool isOpen = old.epoch == epochNow && isProvable();
        bytes memory call = old.call;
        uint256 exchange = draw(random, "exchange", 4);
        // The three words after the selector: post, epoch, operator.
        if (exchange == 1) _replaceWord(call, 0, bytes32(_idOfOther(old.post)));
        if (exchange == 2) _replaceWord(call, 1, bytes32(epochNow));
        if (exchange == 3) _replaceWord(call, 2, bytes32((old.operator + 1) % operators.length));
        vm.prank(STRANGER);
        (bool isDone, bytes memory result) = address(custody).call(call);
        if (exchange == 0) vm.assertTrue(isDone == isOpen, "an old proof is only looked at while its epoch is open");
        see("proof replayed");
        if (!isDone) return;
        bool isProven = abi.decode(result, (uint256)) == uint256(ICustodyChallenges.ProofOutcome.Proven);
        vm.assertFalse(isProven, "no proof is good for two challenges");
        see("proof replayed in its epoch");
    }

    function proveOne(uint256 p, uint256 i, uint256 random) internal {
        bool isCompressed = opensOneBlob(posts[p]);
        Response memory response = responseOf(posts[p], i, isCompressed);
        (bool isDone, bytes memory result) = _submit(p, i, response, reporterOf(random));
        if (!isDone) return;
        bool wasProven = hasProven(p, i);
        uint256 expected =
            uint256(wasProven ? ICustodyChallenges.ProofOutcome.AlreadyProven : ICustodyChallenges.ProofOutcome.Proven);
        vm.assertEq(abi.decode(result, (uint256)), expected, "a true proof is accepted once");
        if (wasProven) return;
        posts[p].provenOperators |= 1 << i;
        _accepted.push(Accepted(p, epochNow, i, _callOf(p, i, response)));
        see(isCompressed ? "one blob proven" : "folded blobs proven");
    }

    /// Which rules a proof for a challenge breaks, whatever is in it.
    function addProofRules(Verdict memory verdict, uint256 p, uint256 i) internal view {
        (uint256 closesAt,) = deadlines();
        verdict.rule(isSeeded(), ICustodyChallenges.EpochNotOpen.selector);
        verdict.rule(blockNow <= closesAt, ICustodyChallenges.DeadlinePassed.selector);
        addChallengeRules(verdict, p, i);
    }

    function addChallengeRules(Verdict memory verdict, uint256 p, uint256 i) internal view {
        verdict.rule(posts[p].attesters != 0, ICustodyChallenges.UnknownPost.selector);
        verdict.rule(isActivePost(posts[p]), ICustodyChallenges.PostNotActive.selector);
        (bool isChallenged,) = stratumOf(posts[p], i);
        verdict.rule(isChallenged, ICustodyChallenges.NotChallenged.selector);
    }

    function _submit(uint256 p, uint256 i, Response memory response, address caller)
        private
        returns (bool isDone, bytes memory result)
    {
        Verdict memory verdict;
        addProofRules(verdict, p, i);
        return attempt(caller, address(custody), _callOf(p, i, response), verdict);
    }

    function _callOf(uint256 p, uint256 i, Response memory response) private view returns (bytes memory) {
        Epoch epoch = Epoch.wrap(uint32(epochNow));
        if (response.k == 1) {
            return abi.encodeCall(
                custody.prove, (posts[p].id, epoch, op(i), response.points, response.paths, response.y, response.proof)
            );
        }
        return abi.encodeCall(
            custody.proveFolded,
            (posts[p].id, epoch, op(i), response.points, response.paths, response.y, response.proof)
        );
    }

    function opensOneBlob(PostModel storage post) internal view returns (bool) {
        return post.blobCount == 1 || custodyNow.blobsAtLevel[post.level] == 1;
    }

    function hasProven(uint256 p, uint256 i) internal view returns (bool) {
        return (posts[p].provenOperators >> i) & 1 == 1;
    }

    /// Mostly a challenge that is neither answered nor reported, if there is one; at times any post and operator.
    function likelyChallenge(uint256 random) internal view returns (uint256 p, uint256 i) {
        uint256 start = draw(random, "post", posts.length);
        uint256 first = draw(random, "stratum", 64);
        bool isAnyAnswer = oneIn(6, random, "any answer");
        for (uint256 n = 0; n < posts.length && !oneIn(10, random, "any"); ++n) {
            p = (start + n) % posts.length;
            uint256[] memory byStratum = challenged(posts[p]);
            for (uint256 j = 0; j < byStratum.length; ++j) {
                i = byStratum[(first + j) % byStratum.length];
                uint256 done = posts[p].provenOperators | posts[p].missedOperators;
                if (isAnyAnswer || (done >> i) & 1 == 0) return (p, i);
            }
        }
        return (start, draw(random, "operator", operators.length));
    }

    function _idOfOther(uint256 p) private view returns (bytes32) {
        return abi.decode(abi.encode(posts[(p + 1) % posts.length].id), (bytes32));
    }

    function _replaceWord(bytes memory data, uint256 place, bytes32 word) private pure {
        // After the length and the selector.
        assembly ("memory-safe") {
            mstore(add(add(data, 0x24), mul(place, 0x20)), word)
        }
    }
}
