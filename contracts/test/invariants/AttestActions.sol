// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAttestationRelay} from "../../src/interfaces/IAttestationRelay.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {IQuorum} from "../../src/interfaces/IQuorum.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostActions} from "./PostActions.sol";
import {Verdict} from "./Verdict.sol";

/// Operators attest posts with their signatures, around what makes a quorum, or let them lapse.
abstract contract AttestActions is PostActions {
    /// Epochs by which the stake that counts may lie back, as the quorum was deployed.
    uint256 private constant MAX_STAKE_AGE = 2;
    /// Seconds from the beginning of a wait to the deadline that its attestations carry.
    uint256 private constant ATTESTATION_LIFETIME = 60 days;

    /// One call with attestations.
    struct Submission {
        address caller;
        uint256 stakeEpoch;
        uint256 deadline;
        OperatorIndex[] signers;
        bytes[] signatures;
        /// What is wrong with the signatures, if anything: order or key.
        bool isAscending;
        bool isSignedRight;
    }

    function attestPost(uint256 random) external observed {
        attestWith(likelyPost(random, IPostRegistry.PostState.Registered), random);
    }

    function lapsePost(uint256 random) external observed {
        PostModel storage post = likelyPost(random, IPostRegistry.PostState.Registered);
        bool isWaiting = post.state == IPostRegistry.PostState.Registered;
        if (isWaiting && oneIn(3, random, "overdue")) {
            moveTo(post.registeredBlock + post.attestationDeadline + draw(random, "late", 24));
        }
        bool isEmpty = oneIn(2, random, "empty");
        Submission memory submission = _submissionOf(post, isEmpty ? 0 : draw(random, "signers", 256), random);

        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        bool isKnown = isWaiting || post.state == IPostRegistry.PostState.Lapsed;
        verdict.rule(isKnown, IAttestationRelay.UnknownPost.selector);
        if (isWaiting) {
            uint256 wait = post.attestationDeadline;
            verdict.rule(_blocksWaited(post) > wait, IAttestationRelay.AttestationDeadlineNotPassed.selector);
            _addRelayRule(verdict, submission, post, wait + 1 + relayGrace);
            if (submission.signers.length > 0) _addSignatureRules(verdict, submission, post);
        }
        bytes memory call = abi.encodeCall(
            relay.lapse,
            (
                post.id,
                uint64(submission.stakeEpoch),
                uint64(submission.deadline),
                submission.signers,
                submission.signatures
            )
        );
        (bool isDone,) = attempt(submission.caller, address(relay), call, verdict);
        if (!isDone || !isWaiting) return;
        post.state = IPostRegistry.PostState.Lapsed;
        see("post lapsed");
    }

    function attestWith(PostModel storage post, uint256 random) internal {
        bool isWaiting = post.state == IPostRegistry.PostState.Registered;
        // Mostly everybody signs.
        uint256 chosen = oneIn(2, random, "some") ? draw(random, "signers", 256) : type(uint256).max;
        Submission memory submission = _submissionOf(post, chosen, random);

        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        bool isKnown = isWaiting || post.state == IPostRegistry.PostState.Attested;
        verdict.rule(isKnown, IAttestationRelay.UnknownPost.selector);
        if (isWaiting) {
            verdict.rule(submission.deadline >= timeNow, IAttestationRelay.AttestationExpired.selector);
            uint256 wait = post.attestationDeadline;
            verdict.rule(_blocksWaited(post) <= wait, IAttestationRelay.AttestationDeadlinePassed.selector);
            _addRelayRule(verdict, submission, post, relayGrace < wait / 2 ? relayGrace : wait / 2);
            _addSignatureRules(verdict, submission, post);
            verdict.rule(_isQuorum(submission), IAttestationRelay.QuorumNotReached.selector);
        }
        bytes memory call = abi.encodeCall(
            relay.submit,
            (
                post.id,
                uint64(submission.stakeEpoch),
                uint64(submission.deadline),
                submission.signers,
                submission.signatures
            )
        );
        (bool isDone,) = attempt(submission.caller, address(relay), call, verdict);
        if (isDone && isWaiting) bookOpening(post, _bitmapOf(submission.signers));
    }

    function _blocksWaited(PostModel storage post) private view returns (uint256) {
        return unpausedNow() - post.registeredClock;
    }

    function _addRelayRule(
        Verdict memory verdict,
        Submission memory submission,
        PostModel storage post,
        uint256 opensAfter
    ) private view {
        bool mayCall = submission.caller == RELAY || _blocksWaited(post) >= opensAfter;
        verdict.rule(mayCall, IAttestationRelay.RelaysOnly.selector);
    }

    function _addSignatureRules(Verdict memory verdict, Submission memory submission, PostModel storage post)
        private
        view
    {
        bool isOfThisWait = submission.deadline == post.registeredTime + ATTESTATION_LIFETIME;
        verdict.rule(isOfThisWait, IAttestationRelay.WrongDeadline.selector);
        uint256 epoch = submission.stakeEpoch;
        bool isFresh = epoch <= epochNow && epoch + MAX_STAKE_AGE >= epochNow;
        verdict.rule(isFresh, IQuorum.StaleStakeEpoch.selector);
        verdict.rule(submission.isAscending, IQuorum.OperatorsNotIncreasing.selector);
        verdict.rule(submission.isSignedRight, IQuorum.WrongSigner.selector);
        bool areActive = true;
        for (uint256 n = 0; n < submission.signers.length; ++n) {
            uint256 i = OperatorIndex.unwrap(submission.signers[n]);
            areActive = areActive && isActive(i, epoch) && isActive(i, epochNow);
        }
        verdict.rule(areActive, IQuorum.OperatorNotActive.selector);
    }

    function _isQuorum(Submission memory submission) private view returns (bool) {
        uint256 signed = 0;
        for (uint256 n = 0; n < submission.signers.length; ++n) {
            signed += stakeAtStart[submission.stakeEpoch][OperatorIndex.unwrap(submission.signers[n])];
        }
        uint256 total = totalActiveStake(submission.stakeEpoch);
        return total > 0 && signed * BPS >= total * quorumBps;
    }

    /// Attestations by those of `chosen` that are active, mostly.
    function _submissionOf(PostModel storage post, uint256 chosen, uint256 random)
        private
        view
        returns (Submission memory submission)
    {
        submission.caller = oneIn(4, random, "anybody") ? STRANGER : RELAY;
        submission.deadline = post.registeredTime + ATTESTATION_LIFETIME;
        if (oneIn(16, random, "another wait")) submission.deadline -= 1 + draw(random, "earlier", 1000);
        uint256 back = draw(random, "stake epoch", 3);
        if (oneIn(12, random, "stale")) back = 3;
        submission.stakeEpoch = back > epochNow ? 0 : epochNow - back;
        if (oneIn(20, random, "early")) submission.stakeEpoch = epochNow + 1;
        submission.signers = _signersOf(chosen, submission.stakeEpoch, oneIn(12, random, "inactive"));
        submission.isAscending = true;
        uint256 count = submission.signers.length;
        if (count > 1 && oneIn(16, random, "twice")) {
            submission.signers[1] = submission.signers[0];
            submission.isAscending = false;
        }
        submission.isSignedRight = count == 0 || !oneIn(16, random, "forged");
        bytes32 root = submission.isSignedRight ? post.root : keccak256("another root");
        bytes32 digest = quorum.digestOf(post.id, root, uint64(submission.stakeEpoch), uint64(submission.deadline));
        submission.signatures = new bytes[](count);
        for (uint256 n = 0; n < count; ++n) {
            uint256 key = operators[OperatorIndex.unwrap(submission.signers[n])].key;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
            submission.signatures[n] = abi.encodePacked(r, s, v);
        }
    }

    function _signersOf(uint256 chosen, uint256 stakeEpoch, bool withInactive)
        private
        view
        returns (OperatorIndex[] memory signers)
    {
        uint256 bitmap = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            bool counts = withInactive || (isActive(i, stakeEpoch) && isActive(i, epochNow));
            if (counts) bitmap |= chosen & (1 << i);
        }
        uint256[] memory members = membersOf(bitmap);
        signers = new OperatorIndex[](members.length);
        for (uint256 n = 0; n < members.length; ++n) {
            signers[n] = op(members[n]);
        }
    }

    function _bitmapOf(OperatorIndex[] memory signers) private pure returns (uint256 bitmap) {
        for (uint256 n = 0; n < signers.length; ++n) {
            bitmap |= 1 << OperatorIndex.unwrap(signers[n]);
        }
    }
}
