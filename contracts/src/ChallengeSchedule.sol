// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ChallengeAssignments} from "./ChallengeAssignments.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IEpochs} from "./interfaces/IEpochs.sol";
import {IPause} from "./interfaces/IPause.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {ScheduleChanges} from "./libraries/ScheduleChanges.sol";
import {CustodyStorage} from "./types/CustodyStorage.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord, EpochWordLib} from "./types/EpochWord.sol";
import {ParametersWord} from "./types/ParametersWord.sol";
import {LAST_LEVEL} from "./types/PostWord.sol";

/// @title When challenges are open, and by which parameters
abstract contract ChallengeSchedule is ChallengeAssignments {
    /// @inheritdoc ICustodyChallenges
    function finaliseSeed(Epoch epoch, bytes calldata header) external {
        CustodyStorage storage $ = _storage();
        uint256 expected = $.epochWord.nextEpochNumber();
        if (uint256(Epoch.unwrap(epoch)) + 1 == expected) return;
        (ISeedBeacon source, uint256 seedBlock, ParametersWord frozen, uint256 pausedBlocks) = $.scheduleOf(epoch);
        (bytes32 seed, bytes32 prevRandao) = source.seedOf(epoch, header);
        uint256 derivableUntil = seedBlock + frozen.finalizeBy();
        // Seeds come in the epochs that they are for, and in time, whatever a beacon answers.
        if (block.number <= seedBlock || block.number > derivableUntil) {
            revert ISeedBeacon.OutsideSeedWindow(epoch, block.number, seedBlock + 1, derivableUntil);
        }
        _tellVoid(expected, epoch);

        uint48 closesAt = SafeCast.toUint48(derivableUntil + frozen.window() + pausedBlocks);
        $.seed = seed;
        $.epochWord = EpochWordLib.open(epoch, closesAt, frozen);
        emit SeedFinalised(
            epoch,
            seed,
            prevRandao,
            // Fits: the deadline comes after the seed block, and fits 48 bits.
            // forge-lint: disable-next-line(unsafe-typecast)
            uint64(seedBlock),
            closesAt,
            ParametersWord.unwrap(frozen),
            msg.sender
        );
    }

    /// @inheritdoc ICustodyChallenges
    function setParameters(Parameters calldata parameters_) external restricted {
        ScheduleChanges.setParameters(_storage(), parameters_);
    }

    /// @inheritdoc ICustodyChallenges
    function setBeacon(ISeedBeacon beacon_) external restricted {
        ScheduleChanges.setBeacon(_storage(), beacon_);
    }

    /// @inheritdoc ICustodyChallenges
    function pause() external restricted {
        ScheduleChanges.pause(_storage());
    }

    /// @inheritdoc ICustodyChallenges
    function unpause() external restricted {
        ScheduleChanges.unpause(_storage());
    }

    /// @inheritdoc IEpochs
    function epochAt(uint256 blockNumber) external view returns (Epoch) {
        return _storage().epochAt(blockNumber);
    }

    /// @inheritdoc IEpochs
    function nextEpochAt(uint256 blockNumber) external view returns (Epoch) {
        return _storage().nextEpochAt(blockNumber);
    }

    /// @inheritdoc IPause
    function requireNotPaused() external view {
        _requireNotPaused();
    }

    /// @inheritdoc IPause
    function isPaused() external view returns (bool) {
        return _storage().isPaused();
    }

    /// @inheritdoc IPause
    function unpausedBlocks() external view returns (uint256) {
        CustodyStorage storage $ = _storage();
        uint256 inLastPause = Math.min(block.number, $.resumesAt) - $.pausedFrom;
        return block.number - $.pausedBefore - inLastPause;
    }

    /// @inheritdoc ICustodyChallenges
    function epochRecord() external view returns (EpochRecord memory record) {
        CustodyStorage storage $ = _storage();
        EpochWord word = $.epochWord;
        Epoch epoch = word.epoch();
        if (!word.isOpened()) return record;
        (, uint256 reportsCloseAt) = $.deadlinesOf(epoch);
        record.seed = $.seed;
        record.epoch = epoch;
        record.closesAtBlock = word.closesAt();
        record.reportsCloseAtBlock = SafeCast.toUint48(reportsCloseAt);
        record.period = word.period();
        for (uint256 level = 0; level <= LAST_LEVEL; ++level) {
            record.operatorsAtLevel[level] = word.operatorsAt(level);
            record.blobsAtLevel[level] = word.blobsAt(level);
        }
        record.precompileGasCap = word.precompileGasCap();
        record.custodyBps = word.custodyBps();
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
        (uint256 closesAt,) = _storage().deadlinesOf(epoch);
        return SafeCast.toUint64(closesAt);
    }

    /// @dev Tells of the epochs from `expected` on that come before `epoch`, if there are any.
    function _tellVoid(uint256 expected, Epoch epoch) private {
        uint256 number = Epoch.unwrap(epoch);
        // Both fit: they come before this epoch, whose number has 32 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        if (number > expected) emit EpochsVoid(Epoch.wrap(uint32(expected)), Epoch.wrap(uint32(number - 1)));
    }
}
