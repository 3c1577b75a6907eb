// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {StakeBook} from "./StakeBook.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title Whose stake counts in which epoch
abstract contract StakeVotes is StakeBook {
    using Checkpoints for Checkpoints.Trace224;

    /// @inheritdoc IOperatorStake
    function votesAt(OperatorIndex[] calldata operators, Epoch snapshot, Epoch current)
        external
        view
        returns (Vote[] memory votes, uint256 totalStake)
    {
        votes = new Vote[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            votes[i] = _voteOf(operators[i], snapshot, current);
        }
        totalStake = totalStakeAt(snapshot);
    }

    /// @inheritdoc IOperatorStake
    function activeOperatorsAt(Epoch epoch) external view returns (uint256 operators) {
        uint256 count = _storage().operators.length;
        for (uint256 i = 0; i < count; ++i) {
            // Fits: there are at most 256.
            // forge-lint: disable-next-line(unsafe-typecast)
            if (isActiveAt(OperatorIndex.wrap(uint16(i)), epoch)) operators |= 1 << i;
        }
    }

    /// @inheritdoc IOperatorStake
    function vacantAt(Epoch epoch) external view returns (uint256 operators) {
        StakeStorage storage $ = _storage();
        for (uint256 left = $.leaving; left != 0; left &= left - 1) {
            uint256 index = Math.log2(left ^ (left & (left - 1))); // Place of the lowest bit.
            if (Epoch.unwrap(epoch) >= Epoch.unwrap($.inactiveFrom[index]) + LEVELS) operators |= 1 << index;
        }
    }

    /// @inheritdoc IOperatorStake
    function leavingOperators() external view returns (uint256) {
        return _storage().leaving;
    }

    /// @inheritdoc IOperatorStake
    function isActiveAt(OperatorIndex operator, Epoch epoch) public view returns (bool) {
        return _isHere(operator, epoch, epoch) && stakeAt(operator, epoch) > 0;
    }

    /// @inheritdoc IOperatorStake
    function stakeAt(OperatorIndex operator, Epoch epoch) public view returns (uint256) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        if (index >= $.operators.length) return 0;
        return $.operators[index].stake.upperLookupRecent(Epoch.unwrap(epoch));
    }

    /// @inheritdoc IOperatorStake
    function totalStakeAt(Epoch epoch) public view returns (uint256) {
        return _storage().totalStake.upperLookupRecent(Epoch.unwrap(epoch));
    }

    /// @inheritdoc IOperatorStake
    function signerOf(OperatorIndex operator) public view returns (address) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        return index < $.operators.length ? $.operators[index].signer : address(0);
    }

    /// @inheritdoc IOperatorStake
    function ownerOf(OperatorIndex operator) external view returns (address) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        return index < $.operators.length ? $.operators[index].owner : address(0);
    }

    /// @inheritdoc IOperatorStake
    function operatorCount() external view returns (uint256) {
        return _storage().operators.length;
    }

    /// @dev A quorum asks this of each of its operators, so it reads as little as it can: three words, if the stake has
    /// not changed since the snapshot.
    function _voteOf(OperatorIndex operator, Epoch snapshot, Epoch current) private view returns (Vote memory vote) {
        if (!_isHere(operator, snapshot, current)) return vote;
        Operator storage voter = _storage().operators[OperatorIndex.unwrap(operator)];
        (, uint32 changedIn, uint224 latest) = voter.stake.latestCheckpoint();
        bool isUnchanged = changedIn <= Epoch.unwrap(snapshot);
        if (!isUnchanged && stakeAt(operator, current) == 0) return vote;
        vote.signer = voter.signer;
        vote.stake = isUnchanged ? latest : stakeAt(operator, snapshot);
    }

    /// @dev Whether the operator came by `first` and has not left by `last`.
    function _isHere(OperatorIndex operator, Epoch first, Epoch last) private view returns (bool) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        if (index >= $.operators.length) return false;
        if (Epoch.unwrap(first) < Epoch.unwrap($.operators[index].activeFrom)) return false;
        return !_isLeaving(operator) || Epoch.unwrap(last) < Epoch.unwrap($.inactiveFrom[index]);
    }
}
