// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ChallengeAssignments} from "./ChallengeAssignments.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {Assignment} from "./types/Assignment.sol";
import {CustodyStorage} from "./types/CustodyStorage.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord} from "./types/EpochWord.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";
import {LAST_LEVEL, PostWord} from "./types/PostWord.sol";

/// @title What follows from answers once the deadline has passed
abstract contract ChallengeOutcomes is ChallengeAssignments {
    uint256 private constant BPS = 10_000;

    /// @dev What an epoch proved about a post.
    struct Tally {
        uint256 challenged;
        uint256 proven;
        /// Whether none of those who attested the post is left.
        bool isDeserted;
    }

    /// @inheritdoc ICustodyChallenges
    function reportMissed(PostId postId, Epoch epoch, OperatorIndex operator) external {
        _requireNotPaused();
        _requireReportWindow(epoch);
        CustodyStorage storage $ = _storage();
        Assignment memory assignment = _requireChallenged(postId, epoch, operator);
        PostWord word = assignment.word;
        if (word.hasProven(assignment.stratum)) revert ProvenInTime(postId, epoch, operator);
        if (word.hasMissed(assignment.stratum)) revert MissAlreadyReported(postId, epoch, operator);
        IOperatorStake stake = $.operatorStake;
        bool isVacant = (stake.vacantAt(epoch) >> OperatorIndex.unwrap(operator)) & 1 == 1;
        if (isVacant) revert OperatorVacant(operator, epoch);

        $.posts[postId].word = word.withMissed(assignment.stratum);
        uint8 level = word.level();
        emit ChallengeMissed(postId, epoch, operator, level, msg.sender);
        // A post at risk has cost its operators what it can; it waits to be settled well, or for its end. One that all
        // its operators have left is at risk too, but they are vacant for good.
        if (level == LAST_LEVEL && word.beganAtRisk()) return;
        stake.slash(operator, epoch, postId, level, msg.sender);
    }

    /// @inheritdoc ICustodyChallenges
    function settle(PostId postId, Epoch epoch) external {
        _requireNotPaused();
        _requireSettlement(epoch);
        CustodyStorage storage $ = _storage();
        EpochWord epochWord = $.epochWord;
        (bool isPicked, PostWord word, bytes32 salt) = _pickOf(epochWord, postId, $.posts[postId].word, epoch);
        if (!isPicked) {
            _requireActive(postId, epoch);
            revert PostNotPicked(postId, epoch);
        }
        if (word.isSettled()) revert AlreadySettled(postId, epoch);

        Tally memory tally = _tallyOf(word, salt, $.posts[postId].attesters, epochWord.operatorsAt(word.level()), epoch);
        _settle(postId, epoch, word, tally, epochWord.custodyBps());
    }

    /// @dev Too few proofs, or nobody to give one, raise the level; enough reset it. Those who are left lose a post
    /// only at the last level: a draw that meets none of them says nothing about what they hold.
    function _settle(PostId postId, Epoch epoch, PostWord word, Tally memory tally, uint256 custodyBps) private {
        uint8 level = word.level();
        bool isWell = tally.challenged > 0 && tally.proven * BPS >= tally.challenged * custodyBps;
        bool isLost = tally.isDeserted || (tally.challenged > 0 && level == LAST_LEVEL);
        bool isAtRisk = !isWell && (isLost || word.isAtRisk());
        uint8 nextLevel = isWell ? 0 : level == LAST_LEVEL ? LAST_LEVEL : level + 1;
        _storage().posts[postId].word = word.withSettlement(nextLevel, isAtRisk);
        // Both casts fit: at most 64 operators are challenged for a post.
        emit PostSettled(
            postId, epoch, level, nextLevel, uint16(tally.challenged), uint16(tally.proven), isAtRisk, msg.sender
        );
        if (isAtRisk && !word.isAtRisk()) emit PostAtRisk(postId, epoch);
    }

    /// @dev Counts the strata whose operators were there in the epoch.
    function _tallyOf(PostWord word, bytes32 salt, uint256 attesters, uint256 maxChallenged, Epoch epoch)
        private
        view
        returns (Tally memory tally)
    {
        uint256 strata = (1 << Math.min(Sampling.countOnes(attesters), maxChallenged)) - 1;
        uint256 gone = attesters & _storage().operatorStake.vacantAt(epoch);
        for (uint256 operator = 0; gone >> operator != 0; ++operator) {
            if ((gone >> operator) & 1 == 0) continue;
            (bool isChallenged, uint256 stratum) = Sampling.stratumOf(salt, attesters, operator, maxChallenged);
            if (isChallenged) strata &= ~(1 << stratum);
        }
        tally.challenged = Sampling.countOnes(strata);
        tally.proven = Sampling.countOnes(strata & word.proven());
        tally.isDeserted = gone == attesters;
    }

    function _requireReportWindow(Epoch epoch) private view {
        (uint256 opensAt, uint256 closesAt) = _afterDeadline(epoch);
        if (block.number < opensAt || block.number > closesAt) {
            revert OutsideReportWindow(epoch, block.number, opensAt, closesAt);
        }
    }

    function _requireSettlement(Epoch epoch) private view {
        (uint256 opensAt,) = _afterDeadline(epoch);
        uint256 closesAt = _storage().lastBlockOf(epoch);
        if (block.number < opensAt || block.number > closesAt) {
            revert OutsideSettlement(epoch, block.number, opensAt, closesAt);
        }
    }

    /// @dev First block after the deadline of the recorded epoch, and the last one to report misses in.
    function _afterDeadline(Epoch epoch) private view returns (uint256 opensAt, uint256 reportsCloseAt) {
        EpochWord word = _storage().epochWord;
        if (!word.isOf(epoch)) revert EpochNotOpen(epoch, word.epoch());
        uint256 closesAt;
        (closesAt, reportsCloseAt) = _storage().deadlinesOf(epoch);
        opensAt = closesAt + 1;
    }
}
