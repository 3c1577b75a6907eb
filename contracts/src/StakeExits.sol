// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IPause} from "./interfaces/IPause.sol";
import {StakeSettings} from "./StakeSettings.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title How operators leave, and who takes their places
abstract contract StakeExits is StakeSettings, ReentrancyGuardTransient {
    using Checkpoints for Checkpoints.Trace224;

    /// @inheritdoc IOperatorStake
    function announceExit(OperatorIndex operator) external {
        Operator storage owned = _ownedByCaller(operator);
        if (_isLeaving(operator)) revert AlreadyLeaving(operator);
        (Epoch inactiveFrom, Epoch vacantFrom) = _leave(operator, owned);
        emit ExitAnnounced(operator, inactiveFrom, vacantFrom, owned.withdrawableFrom);
    }

    /// @inheritdoc IOperatorStake
    function withdraw(OperatorIndex operator) external nonReentrant {
        _requireNotPaused();
        StakeStorage storage $ = _storage();
        Operator storage owned = _ownedByCaller(operator);
        _requireWithdrawable(operator, owned);

        uint256 amountWei = owned.stake.latest();
        $.withdrawn |= 1 << OperatorIndex.unwrap(operator);
        $.signers[owned.signer] = false;
        $.totalWithdrawn += amountWei;
        _push(owned.stake, _nextEpoch(), 0);
        emit StakeWithdrawn(operator, msg.sender, amountWei);
        _send(msg.sender, amountWei);
    }

    /// @inheritdoc IOperatorStake
    function recordAttesters(uint256 attesters) external {
        _requireCustodyChallenges();
        StakeStorage storage $ = _storage();
        uint256 attested = $.attested;
        // Mostly they have attested before, and nothing is written.
        if (attesters & ~attested != 0) $.attested = attested | attesters;
    }

    /// @inheritdoc IOperatorStake
    function exitOf(OperatorIndex operator) external view returns (Exit memory exit) {
        if (!_isLeaving(operator)) return exit;
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        exit.isLeaving = true;
        exit.isWithdrawn = ($.withdrawn >> index) & 1 == 1;
        exit.inactiveFromEpoch = $.inactiveFrom[index];
        exit.vacantFromEpoch = _vacantFrom(exit.inactiveFromEpoch);
        exit.withdrawableFrom = $.operators[index].withdrawableFrom;
    }

    /// @dev Begins the exit of an operator that is not leaving. When its stake is free is settled here, whatever the
    /// parameters become later.
    function _leave(OperatorIndex operator, Operator storage leaver)
        internal
        returns (Epoch inactiveFrom, Epoch vacantFrom)
    {
        StakeStorage storage $ = _storage();
        inactiveFrom = _nextEpoch();
        vacantFrom = _vacantFrom(inactiveFrom);
        // Before epoch 0, what holds in it holds already.
        uint256 currentEpoch = Math.saturatingSub(Epoch.unwrap(inactiveFrom), 1);
        uint256 unbonding = _parametersAt(Epoch.wrap(SafeCast.toUint32(currentEpoch))).unbonding;
        leaver.withdrawableFrom = SafeCast.toUint48(IPause($.custodyChallenges).unpausedBlocks() + unbonding);
        uint256 index = OperatorIndex.unwrap(operator);
        $.leaving |= 1 << index;
        $.inactiveFrom[index] = inactiveFrom;
        _push($.totalStake, inactiveFrom, $.totalStake.latest() - leaver.stake.latest());
    }

    /// @dev A place for a new operator: one that was never taken, else the lowest that can be given again.
    function _freePlace() internal returns (OperatorIndex operator) {
        StakeStorage storage $ = _storage();
        uint256 index = $.operators.length;
        if (index < MAX_OPERATORS) {
            $.operators.push();
        } else {
            index = _lowestReusable();
            uint256 others = ~(1 << index);
            $.leaving &= others;
            $.withdrawn &= others;
            $.attested &= others;
        }
        // Fits: below 256.
        // forge-lint: disable-next-line(unsafe-typecast)
        return OperatorIndex.wrap(uint16(index));
    }

    function _send(address account, uint256 amountWei) internal {
        (bool isSent,) = account.call{value: amountWei}("");
        if (!isSent) revert TransferFailed(account, amountWei);
    }

    /// @dev A place is free once every post that its last operator can have attested has ended; at once if it attested
    /// none.
    function _lowestReusable() private view returns (uint256 index) {
        StakeStorage storage $ = _storage();
        uint256 longestTerm = $.postRegistry.longestTermEpochs();
        uint256 nextEpoch = Epoch.unwrap(_nextEpoch());
        uint256 attested = $.attested;
        for (uint256 left = $.withdrawn; left != 0; left &= left - 1) {
            index = Math.log2(left ^ (left & (left - 1))); // Place of the lowest bit.
            if ((attested >> index) & 1 == 0) return index;
            uint256 vacantFrom = Epoch.unwrap(_vacantFrom($.inactiveFrom[index]));
            if (nextEpoch > vacantFrom + longestTerm + 1) return index;
        }
        revert TooManyOperators(MAX_OPERATORS);
    }

    function _requireWithdrawable(OperatorIndex operator, Operator storage owned) private view {
        StakeStorage storage $ = _storage();
        if (!_isLeaving(operator)) revert NotLeaving(operator);
        if (($.withdrawn >> OperatorIndex.unwrap(operator)) & 1 == 1) revert AlreadyWithdrawn(operator);
        uint256 clock = IPause($.custodyChallenges).unpausedBlocks();
        if (clock < owned.withdrawableFrom) revert StillUnbonding(operator, owned.withdrawableFrom, clock);
    }

    function _vacantFrom(Epoch inactiveFrom) private pure returns (Epoch) {
        return Epoch.wrap(Epoch.unwrap(inactiveFrom) + LEVELS);
    }
}
