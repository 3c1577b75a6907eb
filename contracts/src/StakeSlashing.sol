// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISlashingListener} from "./interfaces/ISlashingListener.sol";
import {CappedCall} from "./libraries/CappedCall.sol";
import {MissHistory} from "./libraries/MissHistory.sol";
import {StakeExits} from "./StakeExits.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title What a miss costs
abstract contract StakeSlashing is StakeExits {
    using Checkpoints for Checkpoints.Trace224;
    using MissHistory for uint64;

    /// For the call of the listener, the event when it fails, and the way back to whoever reported: measured, less than
    /// 5,000.
    uint256 private constant GAS_AFTER_LISTENER = 20_000;

    /// @inheritdoc IOperatorStake
    function slash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, address reporter)
        external
        nonReentrant
        returns (uint256 amountWei)
    {
        _requireCustodyChallenges();
        _requireNotPaused();
        Operator storage known = _known(operator);
        StakeParameters storage parameters = _parametersAt(epoch);
        _requireInOrder(operator, known, epoch);

        amountWei = _penaltyRoundedDown(known, epoch, parameters.penaltyBps[level], parameters.maxSlashBpsPerEpoch);
        _decrease(operator, known, _nextEpoch(), amountWei);
        known.slashedInEpoch = _slashedIn(known, epoch) + amountWei;
        known.missedEpochs = known.missedEpochs.withMiss(known.missedEpoch, epoch);
        known.missedEpoch = epoch;
        if (amountWei > 0) {
            uint256 reporterWei = _credit(parameters, amountWei, reporter);
            emit OperatorSlashed(operator, epoch, postId, amountWei, reporterWei, reporter);
        }
        emit SlashingSignal(operator, epoch, postId, level, amountWei);
        _ejectIfDue(operator, known, parameters, epoch);
        _tellListener(operator, epoch, postId, level, amountWei);
    }

    /// @inheritdoc IOperatorStake
    function missesOf(OperatorIndex operator) external view returns (Epoch lastMissedEpoch, uint64 missedEpochs) {
        Operator storage known = _known(operator);
        return (known.missedEpoch, known.missedEpochs);
    }

    function _credit(StakeParameters storage parameters, uint256 amountWei, address reporter)
        private
        returns (uint256 reporterWeiRoundedDown)
    {
        StakeStorage storage $ = _storage();
        reporterWeiRoundedDown = amountWei * parameters.reporterBps / BPS;
        $.credits[reporter] += reporterWeiRoundedDown;
        $.credits[parameters.treasury] += amountWei - reporterWeiRoundedDown;
    }

    function _ejectIfDue(
        OperatorIndex operator,
        Operator storage known,
        StakeParameters storage parameters,
        Epoch epoch
    ) private {
        uint256 missed = known.missedEpochs.countWithin(parameters.ejectWithinEpochs);
        if (missed < parameters.ejectAfterMissedEpochs || _isLeaving(operator)) return;
        (Epoch inactiveFrom, Epoch vacantFrom) = _leave(operator, known);
        emit OperatorEjected(operator, epoch, inactiveFrom, vacantFrom, known.withdrawableFrom);
    }

    /// @dev Comes last: whatever the listener does, it finds everything done and can undo none of it.
    function _tellListener(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, uint256 amountWei) private {
        StakeStorage storage $ = _storage();
        uint256 gasCap = $.listenerGasCap;
        if (gasCap == 0) return;
        address listener = address($.listener);
        bytes memory call = abi.encodeCall(ISlashingListener.onSlash, (operator, epoch, postId, level, amountWei));
        if (CappedCall.tryCall(listener, call, gasCap, GAS_AFTER_LISTENER)) return;
        emit SignalNotDelivered(operator, epoch, postId, listener);
    }

    /// @dev min(penalty, what the cap of the epoch leaves, stake left); both shares are of the stake at its start.
    function _penaltyRoundedDown(Operator storage operator, Epoch epoch, uint256 penaltyBps, uint256 maxBps)
        private
        view
        returns (uint256)
    {
        uint256 stakeAtStart = operator.stake.upperLookupRecent(Epoch.unwrap(epoch));
        uint256 mostInEpoch = stakeAtStart * maxBps / BPS;
        uint256 leftInEpoch = Math.saturatingSub(mostInEpoch, _slashedIn(operator, epoch));
        return Math.min(Math.min(stakeAtStart * penaltyBps / BPS, leftInEpoch), operator.stake.latest());
    }

    function _slashedIn(Operator storage operator, Epoch epoch) private view returns (uint256) {
        return Epoch.unwrap(operator.missedEpoch) == Epoch.unwrap(epoch) ? operator.slashedInEpoch : 0;
    }

    /// @dev Slashers elsewhere lose what belongs to an earlier epoch once a later one was slashed.
    function _requireInOrder(OperatorIndex operator, Operator storage known, Epoch epoch) private view {
        if (Epoch.unwrap(epoch) < Epoch.unwrap(known.missedEpoch)) {
            revert SlashOutOfOrder(operator, epoch, known.missedEpoch);
        }
    }
}
