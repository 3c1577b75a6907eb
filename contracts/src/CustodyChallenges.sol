// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ChallengeAssignments} from "./ChallengeAssignments.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {Bls12381} from "./libraries/Bls12381.sol";
import {KzgOpening} from "./libraries/KzgOpening.sol";
import {MerklePath} from "./libraries/MerklePath.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord, EpochWordLib} from "./types/EpochWord.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {ParametersWord, ParametersWordLib} from "./types/ParametersWord.sol";
import {PostId} from "./types/PostId.sol";
import {PostWord, PostWordLib} from "./types/PostWord.sol";

/// @title Challenges to prove custody, and their answers
/// @dev Everything that `prove` reads stands in this contract: three slots a post, two for the epoch.
contract CustodyChallenges is ChallengeAssignments {
    uint256 private constant MAX_OPERATORS_CHALLENGED = 64;
    uint256 private constant MAX_BLOBS_CHALLENGED = 64;
    uint256 private constant LEVELS = 3;
    /// What the precompile costs today (EIP-4844); repricings go up to a few times that.
    uint256 private constant MIN_PRECOMPILE_GAS = 50_000;
    uint256 private constant MAX_PRECOMPILE_GAS = 1_000_000;
    /// `reason` in ProofRejected.
    uint8 private constant REASON_OPENING_FALSE = 1;

    /// @param authority AccessManager that decides who may change parameters and upgrade.
    /// @param beacon_ Where seeds come from.
    /// @param operatorStake Who slashes.
    /// @param attestationRelay Who opens posts.
    /// @param parameters_ First parameters.
    function initialize(
        address authority,
        ISeedBeacon beacon_,
        IOperatorStake operatorStake,
        address attestationRelay,
        Parameters calldata parameters_
    ) external initializer {
        __AccessManaged_init(authority);
        CustodyStorage storage $ = _storage();
        $.beacon = beacon_;
        $.operatorStake = operatorStake;
        $.attestationRelay = attestationRelay;
        _requireValid(parameters_);
        $.current = ParametersWordLib.pack(parameters_, Epoch.wrap(0));
        $.next = $.current;
        emit ParametersChanged(Epoch.wrap(0), parameters_);
    }

    /// @inheritdoc ICustodyChallenges
    function finaliseSeed(Epoch epoch, bytes calldata header) external {
        CustodyStorage storage $ = _storage();
        if ($.epochWord.isOf(epoch)) return;
        ISeedBeacon source = $.beacon;
        (bytes32 seed, bytes32 prevRandao, uint256 seedBlock) = source.seedOf(epoch, header);
        ParametersWord frozen = _parametersAt(epoch);
        uint48 closesAt = SafeCast.toUint48(seedBlock + source.finalizeBy() + frozen.window());
        $.seed = seed;
        $.epochWord = EpochWordLib.open(epoch, closesAt, frozen);
        // Fits: the deadline comes after the seed block, and fits 48 bits.
        emit SeedFinalised(
            epoch, seed, prevRandao, uint64(seedBlock), closesAt, ParametersWord.unwrap(frozen), msg.sender
        );
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
        CustodyStorage storage $ = _storage();
        if (msg.sender != $.attestationRelay) revert NotAttestationRelay(msg.sender);
        StoredPost storage post = $.posts[postId];
        if (post.root != 0) revert PostAlreadyOpen(postId);
        post.root = root;
        post.attesters = attesters;
        post.word = PostWordLib.pack(blobCount, attestedEpoch, endEpoch);
    }

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
        Assignment memory assignment = _requireOpenChallenge(postId, epoch, operator);
        if (assignment.k != 1) revert FoldedProofRequired(assignment.k);
        if (assignment.word.hasProven(assignment.stratum)) return ProofOutcome.AlreadyProven;
        if (y >= Bls12381.SCALAR_MODULUS) revert ScalarNotCanonical(y);

        bytes32 versionedHash = KzgOpening.versionedHashOf(commitment);
        _requireInPost(assignment, versionedHash, path);
        uint256 z = Sampling.pointOf(postId, OperatorIndex.unwrap(operator), assignment.salt);
        if (!KzgOpening.verify(versionedHash, z, y, commitment, proof, assignment.precompileGasCap)) {
            return _reject(assignment);
        }
        return _accept(assignment, z, y, proof);
    }

    /// @inheritdoc ICustodyChallenges
    function reportMissed(PostId postId, Epoch epoch, OperatorIndex operator) external {
        CustodyStorage storage $ = _storage();
        _requireReportWindow($.epochWord, epoch);
        Assignment memory assignment = _requireChallenged(postId, epoch, operator);
        if (assignment.word.hasProven(assignment.stratum)) revert ProvenInTime(postId, epoch, operator);
        if (assignment.word.hasMissed(assignment.stratum)) revert MissAlreadyReported(postId, epoch, operator);
        $.posts[postId].word = assignment.word.withMissed(assignment.stratum);
        uint8 level = assignment.word.level();
        emit ChallengeMissed(postId, epoch, operator, level, msg.sender);
        $.operatorStake.slash(operator, epoch, postId, level, msg.sender);
    }

    /// @inheritdoc ICustodyChallenges
    function setParameters(Parameters calldata parameters_) external restricted {
        _requireValid(parameters_);
        CustodyStorage storage $ = _storage();
        Epoch fromEpoch = $.beacon.nextEpochAt(block.number);
        // What waited for an epoch that has started is in force; what still waits is replaced.
        if (Epoch.unwrap($.next.fromEpoch()) < Epoch.unwrap(fromEpoch)) $.current = $.next;
        $.next = ParametersWordLib.pack(parameters_, fromEpoch);
        emit ParametersChanged(fromEpoch, parameters_);
    }

    /// @inheritdoc ICustodyChallenges
    function challengeOf(PostId postId, Epoch epoch, OperatorIndex operator)
        external
        view
        returns (Challenge memory challenge)
    {
        challenge.deadlineBlock = deadlineOf(epoch);
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        if (!isChallenged) return challenge;
        uint256 index = OperatorIndex.unwrap(operator);
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
        post.flags = word.flags();
        post.touchedEpoch = word.epoch();
        post.proven = word.proven();
        post.missed = word.missed();
    }

    /// @inheritdoc ICustodyChallenges
    function epochRecord() external view returns (EpochRecord memory record) {
        EpochWord word = _storage().epochWord;
        record.seed = _storage().seed;
        record.epoch = word.epoch();
        record.closesAtBlock = word.closesAt();
        record.pausedSinceBlock = word.pausedSince();
        record.reportWindow = word.reportWindow();
        record.period = word.period();
        for (uint256 level = 0; level < LEVELS; ++level) {
            record.operatorsAtLevel[level] = word.operatorsAt(level);
            record.blobsAtLevel[level] = word.blobsAt(level);
        }
        record.precompileGasCap = word.precompileGasCap();
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

    /// @inheritdoc ICustodyChallenges
    function parameters() external view returns (Parameters memory) {
        return _storage().next.unpack();
    }

    /// @inheritdoc ICustodyChallenges
    function beacon() external view returns (ISeedBeacon) {
        return _storage().beacon;
    }

    /// @inheritdoc ICustodyChallenges
    function deadlineOf(Epoch epoch) public view returns (uint64) {
        CustodyStorage storage $ = _storage();
        if ($.epochWord.isOf(epoch)) return $.epochWord.closesAt();
        return SafeCast.toUint64($.beacon.seedBlock(epoch) + $.beacon.finalizeBy() + _parametersAt(epoch).window());
    }

    function _accept(Assignment memory assignment, uint256 z, uint256 y, bytes calldata proof)
        private
        returns (ProofOutcome)
    {
        _storage().posts[assignment.postId].word = assignment.word.withProven(assignment.stratum);
        emit ProofAccepted(
            assignment.postId,
            assignment.epoch,
            assignment.operator,
            msg.sender,
            assignment.word.level(),
            uint8(assignment.stratum), // Fits: below 64.
            z,
            y,
            proof
        );
        return ProofOutcome.Proven;
    }

    function _reject(Assignment memory assignment) private returns (ProofOutcome) {
        emit ProofRejected(assignment.postId, assignment.epoch, assignment.operator, msg.sender, REASON_OPENING_FALSE);
        return ProofOutcome.Rejected;
    }

    /// @dev Reverts unless the blob behind `versionedHash` is the one that the challenge asks for.
    function _requireInPost(Assignment memory assignment, bytes32 versionedHash, bytes32[] calldata path) private pure {
        uint256 blobCount = assignment.word.blobCount();
        uint256 depth = MerklePath.depthOf(blobCount);
        if (path.length != depth) revert WrongPathLength(path.length, depth);
        uint256 operator = OperatorIndex.unwrap(assignment.operator);
        uint256 index = Sampling.blobIndex(assignment.salt, operator, blobCount, 1, 0);
        bytes32 computed = MerklePath.climb(MerklePath.leafOf(index, versionedHash), index, path);
        if (computed != assignment.root) revert WrongPath(computed, assignment.root);
    }

    /// @dev Bounds of each parameter, room in the epoch for all of them, and a precompile that works within its cap.
    function _requireValid(Parameters calldata values) private view {
        bool isSound = values.window > 0 && values.reportWindow > 0 && values.period > 0
            && values.precompileGasCap >= MIN_PRECOMPILE_GAS && values.precompileGasCap <= MAX_PRECOMPILE_GAS;
        for (uint256 level = 0; level < LEVELS; ++level) {
            uint256 operators = values.operatorsAtLevel[level];
            uint256 blobs = values.blobsAtLevel[level];
            isSound = isSound && operators > 0 && operators <= MAX_OPERATORS_CHALLENGED;
            isSound = isSound && blobs > 0 && blobs <= MAX_BLOBS_CHALLENGED;
        }
        if (!isSound) revert InvalidParameters(values);
        _requireFitsEpoch(values);
        KzgOpening.requireAvailable(values.precompileGasCap);
    }

    function _requireFitsEpoch(Parameters calldata values) private view {
        ISeedBeacon source = _storage().beacon;
        uint256 answering = uint256(values.window) + values.maxPause + values.reportWindow;
        uint256 needed = source.delta() + source.finalizeBy() + answering;
        uint256 epochLength = source.epochLength();
        if (needed > epochLength) revert EpochTooShort(needed, epochLength);
    }
}
