// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ModelClock} from "./ModelClock.sol";

/// Operators, their stakes and exits, and everybody's credits, as they should be.
abstract contract ModelStake is ModelClock {
    struct OperatorModel {
        address owner;
        uint256 key;
        uint256 stake;
        /// What misses of this epoch have cost so far.
        uint256 slashedInEpoch;
        bool isLeaving;
        bool isWithdrawn;
        /// Epoch in which the exit began.
        uint256 exitEpoch;
        /// Reading of the unpaused clock.
        uint256 withdrawableFrom;
        /// Epochs with a miss that cost something, ascending.
        uint256[] missedEpochs;
    }

    uint256 internal constant BPS = 10_000;
    /// An operator can be challenged in so many epochs after that of its exit.
    uint256 internal constant LEVELS = 3;

    OperatorModel[] internal operators;
    mapping(uint256 epoch => mapping(uint256 operator => uint256)) internal stakeAtStart;
    uint256 internal deposited;
    uint256 internal withdrawn;
    uint256 internal slashed;
    mapping(address account => uint256) internal credits;
    /// Everybody who ever had a credit.
    address[] internal creditors;
    mapping(address account => bool) private _isCreditor;

    function onNewEpoch() internal virtual override {
        super.onNewEpoch();
        for (uint256 i = 0; i < operators.length; ++i) {
            stakeAtStart[epochNow][i] = operators[i].stake;
            operators[i].slashedInEpoch = 0;
        }
    }

    /// Whether an operator can attest in an epoch that has begun.
    function isActive(uint256 i, uint256 epoch) internal view returns (bool) {
        if (i >= operators.length || stakeAtStart[epoch][i] == 0) return false;
        return !operators[i].isLeaving || epoch <= operators[i].exitEpoch;
    }

    function isVacant(uint256 i, uint256 epoch) internal view returns (bool) {
        return operators[i].isLeaving && epoch > operators[i].exitEpoch + LEVELS;
    }

    function totalActiveStake(uint256 epoch) internal view returns (uint256 total) {
        for (uint256 i = 0; i < operators.length; ++i) {
            // An exit takes its stake out of what starts after it, not out of what has begun.
            if (!operators[i].isLeaving || epoch <= operators[i].exitEpoch) total += stakeAtStart[epoch][i];
        }
    }

    /// Who reports misses: strangers, and operators on their own account or another's.
    function reporterOf(uint256 random) internal view returns (address) {
        if (random % 3 < 2) return address(uint160(0x4e90 + random % 3));
        return operators[random % operators.length].owner;
    }

    function bookDeposit(uint256 i, uint256 amountWei) internal {
        operators[i].stake += amountWei;
        deposited += amountWei;
    }

    function bookExit(uint256 i) internal {
        operators[i].isLeaving = true;
        operators[i].exitEpoch = epochNow;
        operators[i].withdrawableFrom = unpausedNow() + stakingNow.unbonding;
    }

    function bookWithdrawal(uint256 i) internal {
        withdrawn += operators[i].stake;
        operators[i].stake = 0;
        operators[i].isWithdrawn = true;
    }

    /// What a miss costs: a share of the stake at the epoch's start, until the epoch's share or the stake is used up.
    function bookSlash(uint256 i, uint256 level, address reporter) internal {
        OperatorModel storage operator = operators[i];
        uint256 start = stakeAtStart[epochNow][i];
        uint256 amount = start * stakingNow.penaltyBps[level] / BPS;
        uint256 most = start * stakingNow.maxSlashBpsPerEpoch / BPS;
        uint256 left = most > operator.slashedInEpoch ? most - operator.slashedInEpoch : 0;
        if (amount > left) amount = left;
        if (amount > operator.stake) amount = operator.stake;

        operator.stake -= amount;
        operator.slashedInEpoch += amount;
        slashed += amount;
        uint256 share = amount * stakingNow.reporterBps / BPS;
        _bookCredit(reporter, share);
        _bookCredit(stakingNow.treasury, amount - share);
        if (amount > 0) see("stake slashed");
        _bookMissedEpoch(i);
    }

    function bookCreditWithdrawal(address account) internal {
        credits[account] = 0;
    }

    function _bookCredit(address account, uint256 amountWei) private {
        if (!_isCreditor[account]) creditors.push(account);
        _isCreditor[account] = true;
        credits[account] += amountWei;
    }

    function _bookMissedEpoch(uint256 i) private {
        uint256[] storage missed = operators[i].missedEpochs;
        if (missed.length == 0 || missed[missed.length - 1] != epochNow) missed.push(epochNow);
        uint256 recent = 0;
        for (uint256 m = 0; m < missed.length; ++m) {
            if (missed[m] + stakingNow.ejectWithinEpochs > epochNow) ++recent;
        }
        if (recent < stakingNow.ejectAfterMissedEpochs || operators[i].isLeaving) return;
        bookExit(i);
        see("operator ejected");
    }
}
