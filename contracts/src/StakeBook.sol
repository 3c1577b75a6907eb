// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IPause} from "./interfaces/IPause.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {ISlashingListener} from "./interfaces/ISlashingListener.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title What the stake's contract remembers, and the sums that it keeps
abstract contract StakeBook is IOperatorStake, ProtocolContract {
    using Checkpoints for Checkpoints.Trace224;

    uint256 internal constant BPS = 10_000;
    /// A post keeps its attesters in a bitmap of one word.
    uint256 internal constant MAX_OPERATORS = 256;
    /// Levels of challenges: a miss in the last epoch before an exit can be followed up in so many epochs more.
    uint32 internal constant LEVELS = 3;

    struct Operator {
        address owner;
        /// Epoch of the last miss, which `missedEpochs` (see MissHistory) and `slashedInEpoch` belong to.
        Epoch missedEpoch;
        uint64 missedEpochs;
        address signer;
        /// First epoch that its stake counts in. The stakes of earlier epochs are those of who had the place before.
        Epoch activeFrom;
        /// When leaving: reading of the unpaused clock from which on the stake can be withdrawn.
        uint48 withdrawableFrom;
        uint256 slashedInEpoch;
        /// Stake by the epoch from which on it counts; the latest entry is what the contract holds for the operator.
        Checkpoints.Trace224 stake;
    }

    /// @custom:storage-location erc7201:emerald.storage.OperatorStake
    struct StakeStorage {
        Operator[] operators;
        mapping(address signer => bool isTaken) signers;
        mapping(address account => uint256 amountWei) credits;
        /// Sum of the stakes of all operators that are not leaving, by the epoch from which on it counts.
        Checkpoints.Trace224 totalStake;
        uint256 totalDeposited;
        /// totalDeposited = sum of the operators' stakes + totalWithdrawn + totalSlashed, always.
        uint256 totalSlashed;
        uint256 totalWithdrawn;
        /// Parameters up to the epoch before `nextFromEpoch`, empty when there is none, and those from it on.
        StakeParameters current;
        StakeParameters next;
        Epoch nextFromEpoch;
        ISeedBeacon beacon;
        address custodyChallenges;
        /// 0: nobody listens. Beside the address that every slash reads anyway.
        uint32 listenerGasCap;
        ISlashingListener listener;
        IPostRegistry postRegistry;
        /// Bit i: operator i announced its exit or was ejected.
        uint256 leaving;
        /// Bit i: and its stake was withdrawn. A subset of `leaving`.
        uint256 withdrawn;
        /// Bit i: a post remembers operator i as one of its attesters, or did until its end.
        uint256 attested;
        /// Of the operators in `leaving`: first epoch in which they attest nothing. Eight in a word.
        Epoch[MAX_OPERATORS] inactiveFrom;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.OperatorStake")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xaeab081fbe8aefd3fb9a78175117bb95944c7d4670fb352159cb208e93b1c200;

    /// @inheritdoc IOperatorStake
    function stakeOf(OperatorIndex operator) external view returns (uint256) {
        return _known(operator).stake.latest();
    }

    /// @inheritdoc IOperatorStake
    function totalDeposited() external view returns (uint256) {
        return _storage().totalDeposited;
    }

    /// @inheritdoc IOperatorStake
    function totalSlashed() external view returns (uint256) {
        return _storage().totalSlashed;
    }

    /// @inheritdoc IOperatorStake
    function totalWithdrawn() external view returns (uint256) {
        return _storage().totalWithdrawn;
    }

    function _increase(Operator storage operator, Epoch fromEpoch, uint256 amountWei) internal returns (uint256 stake) {
        StakeStorage storage $ = _storage();
        stake = operator.stake.latest() + amountWei;
        _push(operator.stake, fromEpoch, stake);
        _push($.totalStake, fromEpoch, $.totalStake.latest() + amountWei);
        $.totalDeposited += amountWei;
    }

    /// @dev The total lost the stake of a leaving operator when it began to leave.
    function _decrease(OperatorIndex index, Operator storage operator, Epoch fromEpoch, uint256 amountWei) internal {
        StakeStorage storage $ = _storage();
        _push(operator.stake, fromEpoch, operator.stake.latest() - amountWei);
        if (!_isLeaving(index)) _push($.totalStake, fromEpoch, $.totalStake.latest() - amountWei);
        $.totalSlashed += amountWei;
    }

    function _push(Checkpoints.Trace224 storage trace, Epoch fromEpoch, uint256 amountWei) internal {
        trace.push(Epoch.unwrap(fromEpoch), SafeCast.toUint224(amountWei));
    }

    function _known(OperatorIndex operator) internal view returns (Operator storage) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        if (index >= $.operators.length) revert UnknownOperator(operator);
        return $.operators[index];
    }

    function _ownedByCaller(OperatorIndex operator) internal view returns (Operator storage known) {
        known = _known(operator);
        if (msg.sender != known.owner) revert NotOwner(operator, msg.sender);
    }

    /// @dev False for indexes that no operator has.
    function _isLeaving(OperatorIndex operator) internal view returns (bool) {
        return (_storage().leaving >> OperatorIndex.unwrap(operator)) & 1 == 1;
    }

    /// @dev The first epoch that what happens now can count in.
    function _nextEpoch() internal view returns (Epoch) {
        return _storage().beacon.nextEpochAt(block.number);
    }

    function _requireCustodyChallenges() internal view {
        if (msg.sender != _storage().custodyChallenges) revert NotCustodyChallenges(msg.sender);
    }

    function _requireNotPaused() internal view {
        IPause(_storage().custodyChallenges).requireNotPaused();
    }

    function _storage() internal pure returns (StakeStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
