// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ChallengeBatches} from "./ChallengeBatches.sol";
import {ChallengeOutcomes} from "./ChallengeOutcomes.sol";
import {ChallengeSchedule} from "./ChallengeSchedule.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {ScheduleChanges} from "./libraries/ScheduleChanges.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {Assignment} from "./types/Assignment.sol";
import {CustodyStorage, StoredPost} from "./types/CustodyStorage.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";
import {PostWord, PostWordLib} from "./types/PostWord.sol";

/// @title Challenges to prove custody, and their answers
/// @dev Everything that `prove` reads stands in this contract: three slots a post, two for the epoch.
contract CustodyChallenges is ChallengeBatches, ChallengeSchedule, ChallengeOutcomes {
    /// @param authority AccessManager that decides who may change parameters and upgrade.
    /// @param beacon_ Where seeds come from.
    /// @param operatorStake Who slashes.
    /// @param attestationRelay Who opens posts.
    /// @param postRegistry Who ends them early.
    /// @param parameters_ First parameters.
    function initialize(
        address authority,
        ISeedBeacon beacon_,
        IOperatorStake operatorStake,
        address attestationRelay,
        address postRegistry,
        Parameters calldata parameters_
    ) external initializer {
        __AccessManaged_init(authority);
        CustodyStorage storage $ = _storage();
        $.operatorStake = operatorStake;
        $.attestationRelay = attestationRelay;
        $.postRegistry = postRegistry;
        ScheduleChanges.start($, beacon_, parameters_);
    }

    /// @inheritdoc ICustodyChallenges
    function openPost(
        PostId postId,
        bytes32 root,
        uint32 blobCount,
        uint256 attesters,
        Epoch attestedEpoch,
        Epoch endEpoch
    ) external {
        _requireNotPaused();
        CustodyStorage storage $ = _storage();
        if (msg.sender != $.attestationRelay) revert NotAttestationRelay(msg.sender);
        StoredPost storage post = $.posts[postId];
        if (post.root != 0) revert PostAlreadyOpen(postId);
        post.root = root;
        post.attesters = attesters;
        post.word = PostWordLib.pack(blobCount, attestedEpoch, endEpoch);
        $.operatorStake.recordAttesters(attesters);
    }

    /// @inheritdoc ICustodyChallenges
    function endPost(PostId postId) external returns (Epoch endEpoch) {
        CustodyStorage storage $ = _storage();
        if (msg.sender != $.postRegistry) revert NotPostRegistry(msg.sender);
        StoredPost storage post = $.posts[postId];
        if (post.root == 0) revert UnknownPost(postId);
        endEpoch = post.word.endEpoch();
        Epoch next = $.beacon.nextEpochAt(block.number);
        if (Epoch.unwrap(endEpoch) <= Epoch.unwrap(next)) return endEpoch;
        post.word = post.word.withEndEpoch(next);
        emit PostEnding(postId, next);
        return next;
    }

    /// @inheritdoc ICustodyChallenges
    function challengeOf(PostId postId, Epoch epoch, OperatorIndex operator)
        external
        view
        returns (Challenge memory challenge)
    {
        challenge.deadlineBlock = deadlineOf(epoch);
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        uint256 index = OperatorIndex.unwrap(operator);
        if (!isChallenged || (_storage().operatorStake.vacantAt(epoch) >> index) & 1 == 1) return challenge;
        bytes32 salt = assignment.salt;
        challenge.isChallenged = true;
        challenge.salt = salt;
        // Both fit: strata and blobs of a challenge are at most 64.
        challenge.stratum = uint8(assignment.stratum);
        challenge.k = uint8(assignment.k);
        challenge.level = assignment.word.level();
        challenge.indexes = Sampling.blobIndexes(salt, index, assignment.word.blobCount(), assignment.k);
        challenge.z = Sampling.pointOf(postId, index, salt);
        challenge.gamma = Sampling.foldingFactorOf(postId, index, salt, assignment.root);
    }

    /// @inheritdoc ICustodyChallenges
    function postOf(PostId postId) external view returns (Post memory post) {
        StoredPost storage stored = _storage().posts[postId];
        PostWord word = stored.word;
        post.root = stored.root;
        post.attesters = stored.attesters;
        post.blobCount = word.blobCount();
        post.attestedEpoch = word.attestedEpoch();
        post.endEpoch = word.endEpoch();
        post.level = word.level();
        post.nextLevel = word.nextLevel();
        post.isSettled = word.isSettled();
        post.isAtRisk = word.isAtRisk();
        post.touchedEpoch = word.epoch();
        post.proven = word.proven();
        post.missed = word.missed();
    }

    /// @inheritdoc ICustodyChallenges
    function isProven(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool) {
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        return isChallenged && assignment.word.hasProven(assignment.stratum);
    }

    /// @inheritdoc ICustodyChallenges
    function isMissed(PostId postId, Epoch epoch, OperatorIndex operator) external view returns (bool) {
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        return isChallenged && assignment.word.hasMissed(assignment.stratum);
    }
}
