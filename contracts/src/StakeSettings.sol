// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISlashingListener} from "./interfaces/ISlashingListener.sol";
import {StakeBook} from "./StakeBook.sol";
import {Epoch} from "./types/Epoch.sol";

/// @title What governance sets about stake, and within which bounds
abstract contract StakeSettings is StakeBook {
    uint256 private constant MAX_REPORTER_BPS = 1000;
    /// Two years of blocks of 12 seconds: no setting can lock stake for good.
    uint256 private constant MAX_UNBONDING = 5_256_000;
    /// Bits in an operator's history of misses.
    uint256 private constant MAX_EJECT_WITHIN = 64;
    /// Enough for a call that writes a few words, and little beside the limit of a transaction (16,777,216, EIP-7825).
    uint32 private constant MIN_LISTENER_GAS = 50_000;
    uint32 private constant MAX_LISTENER_GAS = 2_000_000;

    /// @inheritdoc IOperatorStake
    function setStakeParameters(StakeParameters calldata parameters) external restricted {
        _schedule(parameters, _nextEpoch());
    }

    /// @inheritdoc IOperatorStake
    function setSlashingListener(ISlashingListener listener, uint32 gasCap) external restricted {
        bool isNobody = address(listener) == address(0) && gasCap == 0;
        bool isSound = address(listener).code.length > 0 && gasCap >= MIN_LISTENER_GAS && gasCap <= MAX_LISTENER_GAS;
        if (!isNobody && !isSound) revert InvalidSlashingListener(address(listener), gasCap);
        StakeStorage storage $ = _storage();
        $.listener = listener;
        $.listenerGasCap = gasCap;
        emit SlashingListenerChanged(address(listener), gasCap);
    }

    /// @inheritdoc IOperatorStake
    function slashingListener() external view returns (ISlashingListener listener, uint32 gasCap) {
        StakeStorage storage $ = _storage();
        return ($.listener, $.listenerGasCap);
    }

    /// @inheritdoc IOperatorStake
    function isParameterSetSafe() external view returns (bool) {
        return _isSafe(_parametersAt(Epoch.wrap(0))) && _isSafe(_storage().next);
    }

    /// @inheritdoc IOperatorStake
    function stakeParametersAt(Epoch epoch) external view returns (StakeParameters memory) {
        return _parametersAt(epoch);
    }

    /// @dev The first parameters are scheduled for epoch 0, later ones for epochs to come.
    function _schedule(StakeParameters memory parameters, Epoch fromEpoch) internal {
        _requireValid(parameters);
        StakeStorage storage $ = _storage();
        // What waited for an epoch that has started is in force; what still waits is replaced.
        if (Epoch.unwrap($.nextFromEpoch) < Epoch.unwrap(fromEpoch)) $.current = $.next;
        $.next = parameters;
        $.nextFromEpoch = fromEpoch;
        emit StakeParametersChanged(fromEpoch, parameters);
    }

    function _parametersAt(Epoch epoch) internal view returns (StakeParameters storage) {
        StakeStorage storage $ = _storage();
        return Epoch.unwrap(epoch) < Epoch.unwrap($.nextFromEpoch) ? $.current : $.next;
    }

    function _requireValid(StakeParameters memory values) private view {
        bool arePenaltiesSound = values.penaltyBps[0] <= BPS && values.penaltyBps[1] <= BPS
            && values.penaltyBps[2] <= BPS && values.maxSlashBpsPerEpoch <= BPS
            && values.reporterBps <= MAX_REPORTER_BPS;
        bool isEjectionSound = values.ejectAfterMissedEpochs > 0
            && values.ejectAfterMissedEpochs <= values.ejectWithinEpochs && values.ejectWithinEpochs <= MAX_EJECT_WITHIN;
        bool isRestSound = values.minStake > 0 && values.treasury != address(0) && values.margin > 0
            && values.unbonding <= MAX_UNBONDING;
        if (!arePenaltiesSound || !isEjectionSound || !isRestSound) revert InvalidStakeParameters(values);
        uint256 least = _leastUnbonding(values.slasherDelay, values.margin);
        if (values.unbonding < least) revert UnbondingTooShort(values.unbonding, least);
    }

    function _isSafe(StakeParameters storage values) private view returns (bool) {
        return values.unbonding >= _leastUnbonding(values.slasherDelay, values.margin);
    }

    /// @dev The epoch of the announcement and one for each level, in full, then the slashers elsewhere.
    function _leastUnbonding(uint256 slasherDelay, uint256 margin) private view returns (uint256) {
        return (LEVELS + 1) * _storage().beacon.epochLength() + slasherDelay + margin;
    }
}
