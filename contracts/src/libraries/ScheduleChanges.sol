// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";
import {ISeedBeacon} from "../interfaces/ISeedBeacon.sol";
import {CustodyStorage} from "../types/CustodyStorage.sol";
import {Epoch, HISTORY_LENGTH, MAX_EPOCH_LENGTH} from "../types/Epoch.sol";
import {EpochWord} from "../types/EpochWord.sol";
import {ParametersWord, ParametersWordLib} from "../types/ParametersWord.sol";
import {LAST_LEVEL} from "../types/PostWord.sol";
import {PrecompileChecks} from "./PrecompileChecks.sol";

/// @title What governance changes about challenges: parameters, beacon, pauses
/// @dev A linked library, since it would not fit into the contract beside everything that `prove` needs. Who may call
/// is for the contract to decide.
///
/// A pause takes all its blocks from the epoch's budget at its start and moves the deadlines by them at once, so that
/// nothing has to happen at its end, and proving has one block number to compare with.
library ScheduleChanges {
    uint256 private constant MAX_OPERATORS_CHALLENGED = 64;
    uint256 private constant MAX_BLOBS_CHALLENGED = 64;
    uint256 private constant BPS = 10_000;
    /// The last block of a report window can fall away, see `CustodyStorageLib.deadlinesOf`; one must be left.
    uint256 private constant MIN_REPORT_WINDOW = 2;
    /// What the precompile costs today (EIP-4844).
    uint256 private constant MIN_PRECOMPILE_GAS = 50_000;
    /// Six times that, for repricings. Sums of commitments get their gas in proportion: with more, the largest batch
    /// would not fit a transaction.
    uint256 private constant MAX_PRECOMPILE_GAS = 300_000;

    /// @notice The first beacon and parameters.
    function start(CustodyStorage storage $, ISeedBeacon beacon, ICustodyChallenges.Parameters calldata values)
        external
    {
        Epoch fromEpoch = Epoch.wrap(0);
        uint256 epochLength = beacon.epochLength();
        uint256 delta = beacon.delta();
        if (epochLength > MAX_EPOCH_LENGTH || delta >= epochLength) _revertInvalidSchedule(beacon);
        ParametersWord lengths = ParametersWordLib.ofLengths(epochLength, delta, _finalizeByOf(beacon));
        $.firstBlock = SafeCast.toUint40(beacon.firstBlock());
        $.beacon = beacon;
        $.current = _validated(values, lengths, fromEpoch);
        $.next = $.current;
        emit ICustodyChallenges.BeaconChanged(fromEpoch, beacon);
        emit ICustodyChallenges.ParametersChanged(fromEpoch, values);
    }

    /// @notice See `ICustodyChallenges.setParameters`.
    function setParameters(CustodyStorage storage $, ICustodyChallenges.Parameters calldata values) external {
        Epoch fromEpoch = $.nextEpochAt(block.number);
        _change($, _validated(values, $.next, fromEpoch), $.beacon);
        emit ICustodyChallenges.ParametersChanged(fromEpoch, values);
    }

    /// @notice See `ICustodyChallenges.setBeacon`.
    function setBeacon(CustodyStorage storage $, ISeedBeacon beacon) external {
        ParametersWord latest = $.next;
        bool isAlike = address(beacon).code.length > 0 && beacon.firstBlock() == $.firstBlock
            && beacon.epochLength() == latest.epochLength() && beacon.delta() == latest.delta();
        if (!isAlike) revert ICustodyChallenges.BeaconScheduleDiffers(beacon);
        Epoch fromEpoch = $.nextEpochAt(block.number);
        // The parameters of the new beacon's first epoch: those that wait for it, or else those in force.
        ParametersWord changed = latest.withFinalizeBy(_finalizeByOf(beacon), fromEpoch);
        _requireFitsEpoch(changed.unpack(), changed);
        _change($, changed, beacon);
        emit ICustodyChallenges.BeaconChanged(fromEpoch, beacon);
    }

    /// @notice See `ICustodyChallenges.pause`.
    function pause(CustodyStorage storage $) external {
        (Epoch epoch, uint256 taken, uint256 most) = _budget($);
        if (taken >= most || $.isPaused()) revert ICustodyChallenges.PauseUnavailable(epoch, taken, most);

        $.pausedBefore += $.resumesAt - $.pausedFrom;
        uint48 thisBlock = SafeCast.toUint48(block.number);
        $.pausedFrom = thisBlock;
        $.resumesAt = thisBlock;
        uint256 resumesAt = Math.min(block.number + most - taken, $.lastBlockOf(epoch) + 1);
        (uint64 closesAt, uint64 reportsCloseAt) = _resumeAt($, epoch, resumesAt);
        // Fits: it fitted 48 bits.
        // forge-lint: disable-next-line(unsafe-typecast)
        emit ICustodyChallenges.PauseStarted(epoch, uint64(resumesAt - 1), closesAt, reportsCloseAt);
    }

    /// @notice See `ICustodyChallenges.unpause`.
    function unpause(CustodyStorage storage $) external {
        (Epoch epoch, uint256 taken, uint256 most) = _budget($);
        uint256 resumesAt = block.number + 1;
        if ($.resumesAt <= resumesAt) revert ICustodyChallenges.PauseUnavailable(epoch, taken, most);
        (uint64 closesAt, uint64 reportsCloseAt) = _resumeAt($, epoch, resumesAt);
        emit ICustodyChallenges.PauseEnded(epoch, closesAt, reportsCloseAt);
    }

    /// @dev Lets the last pause end before the block `resumesAt`: the epoch's budget and deadlines change by the
    /// difference. A pause that began after a deadline does not move it.
    function _resumeAt(CustodyStorage storage $, Epoch epoch, uint256 resumesAt) private returns (uint64, uint64) {
        uint256 from = $.pausedFrom;
        uint256 before = $.resumesAt;
        uint256 taken = $.pausedBlocksOf(epoch);
        $.pausedInEpoch = SafeCast.toUint24(taken + resumesAt - before);
        $.pauseEpoch = epoch;
        $.resumesAt = SafeCast.toUint48(resumesAt);

        EpochWord word = $.epochWord;
        if (word.isOf(epoch)) {
            uint256 closesAt = word.closesAt();
            uint256 reportsCloseAt = word.reportsCloseAt();
            if (from <= closesAt) closesAt = closesAt + resumesAt - before;
            if (from <= reportsCloseAt) reportsCloseAt = reportsCloseAt + resumesAt - before;
            $.epochWord = word.withDeadlines(SafeCast.toUint48(closesAt), SafeCast.toUint48(reportsCloseAt));
        }
        (uint256 provableUntil, uint256 reportableUntil) = $.deadlinesOf(epoch);
        return (SafeCast.toUint64(provableUntil), SafeCast.toUint64(reportableUntil));
    }

    /// @dev The epoch of this block, the blocks that pauses have taken from it, and how many they may take.
    function _budget(CustodyStorage storage $) private view returns (Epoch epoch, uint256 taken, uint256 most) {
        epoch = $.epochAt(block.number);
        taken = $.pausedBlocksOf(epoch);
        most = $.parametersAt(epoch).maxPause();
    }

    /// @dev Another word and beacon from the epoch on that the word names. What waited for an epoch that has started is
    /// in force; what still waits is replaced.
    function _change(CustodyStorage storage $, ParametersWord changed, ISeedBeacon beacon) private {
        if (Epoch.unwrap($.next.fromEpoch()) < Epoch.unwrap(changed.fromEpoch())) {
            $.current = $.next;
            $.previousBeacon = $.beacon;
        }
        $.next = changed;
        $.beacon = beacon;
    }

    /// @dev The word of parameters that are within their bounds, fit into epochs of these lengths, and give a
    /// precompile enough gas to work.
    function _validated(ICustodyChallenges.Parameters calldata values, ParametersWord lengths, Epoch fromEpoch)
        private
        view
        returns (ParametersWord word)
    {
        bool isSound = values.window > 0 && values.reportWindow >= MIN_REPORT_WINDOW && values.period > 0
            && values.precompileGasCap >= MIN_PRECOMPILE_GAS && values.precompileGasCap <= MAX_PRECOMPILE_GAS
            && values.custodyBps > 0 && values.custodyBps <= BPS;
        for (uint256 level = 0; level <= LAST_LEVEL; ++level) {
            uint256 operators = values.operatorsAtLevel[level];
            uint256 blobs = values.blobsAtLevel[level];
            isSound = isSound && operators > 0 && operators <= MAX_OPERATORS_CHALLENGED;
            isSound = isSound && blobs > 0 && blobs <= MAX_BLOBS_CHALLENGED;
        }
        if (!isSound) revert ICustodyChallenges.InvalidParameters(values);
        _requireFitsEpoch(values, lengths);
        word = ParametersWordLib.pack(values, lengths, fromEpoch);
        PrecompileChecks.requireWorking(values.precompileGasCap);
    }

    /// @dev How long a beacon's seeds can be derived; not longer than the chain remembers its blocks.
    function _finalizeByOf(ISeedBeacon beacon) private view returns (uint256 finalizeBy) {
        uint256 finality = beacon.finality();
        finalizeBy = beacon.finalizeBy();
        if (finality == 0 || finality > finalizeBy || finalizeBy > HISTORY_LENGTH) _revertInvalidSchedule(beacon);
    }

    function _revertInvalidSchedule(ISeedBeacon beacon) private view {
        revert ISeedBeacon.InvalidSchedule(beacon.epochLength(), beacon.delta(), beacon.finality(), beacon.finalizeBy());
    }

    function _requireFitsEpoch(ICustodyChallenges.Parameters memory values, ParametersWord lengths) private pure {
        uint256 answering = uint256(values.window) + values.maxPause + values.reportWindow;
        uint256 needed = lengths.delta() + lengths.finalizeBy() + answering;
        uint256 epochLength = lengths.epochLength();
        if (needed > epochLength) revert ICustodyChallenges.EpochTooShort(needed, epochLength);
    }
}
