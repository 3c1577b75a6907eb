// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title Escrow of the operators' stake in the chain's native token
contract OperatorStake is IOperatorStake, ProtocolContract {
    using Checkpoints for Checkpoints.Trace224;

    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_REPORTER_BPS = 1000;
    /// A post keeps its attesters in a bitmap of one word.
    uint256 private constant MAX_OPERATORS = 256;

    struct Operator {
        address owner;
        address signer;
        /// Epoch that `slashedInEpoch` belongs to.
        Epoch slashedEpoch;
        uint256 slashedInEpoch;
        /// Stake by the epoch from which on it counts; the latest entry is what the contract holds for the operator.
        Checkpoints.Trace224 stake;
    }

    /// @custom:storage-location erc7201:emerald.storage.OperatorStake
    struct StakeStorage {
        Operator[] operators;
        mapping(address signer => bool isTaken) signers;
        mapping(address account => uint256 amountWei) credits;
        /// Sum of the operators' stakes by the epoch from which on it counts.
        Checkpoints.Trace224 totalStake;
        uint256 totalDeposited;
        /// totalDeposited = sum of stakes + totalSlashed, always.
        uint256 totalSlashed;
        /// Parameters up to the epoch before `nextFromEpoch`, and those from it on.
        StakeParameters current;
        StakeParameters next;
        Epoch nextFromEpoch;
        ISeedBeacon beacon;
        address custodyChallenges;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.OperatorStake")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xaeab081fbe8aefd3fb9a78175117bb95944c7d4670fb352159cb208e93b1c200;

    /// @param authority AccessManager that decides who may change parameters and upgrade.
    /// @param beacon Schedule of the epochs.
    /// @param custodyChallenges Contract that reports misses.
    /// @param parameters First parameters.
    function initialize(
        address authority,
        ISeedBeacon beacon,
        address custodyChallenges,
        StakeParameters calldata parameters
    ) external initializer {
        __AccessManaged_init(authority);
        StakeStorage storage $ = _storage();
        $.beacon = beacon;
        $.custodyChallenges = custodyChallenges;
        _requireValid(parameters);
        $.current = parameters;
        $.next = parameters;
        emit StakeParametersChanged(Epoch.wrap(0), parameters);
    }

    /// @inheritdoc IOperatorStake
    function join(address signer) external payable returns (OperatorIndex operator) {
        StakeStorage storage $ = _storage();
        Epoch activeFrom = $.beacon.nextEpochAt(block.number);
        uint256 minStake = $.next.minStake;
        if (msg.value < minStake) revert StakeTooSmall(msg.value, minStake);
        if ($.operators.length == MAX_OPERATORS) revert TooManyOperators(MAX_OPERATORS);
        if (signer == address(0) || $.signers[signer]) revert SignerNotFree(signer);

        // Fits: there are at most 256.
        operator = OperatorIndex.wrap(uint16($.operators.length));
        Operator storage added = $.operators.push();
        added.owner = msg.sender;
        added.signer = signer;
        $.signers[signer] = true;
        uint256 stake = _increase(added, activeFrom, msg.value);
        emit OperatorJoined(operator, msg.sender, signer, stake, activeFrom);
    }

    /// @inheritdoc IOperatorStake
    function deposit(OperatorIndex operator) external payable {
        Operator storage known = _known(operator);
        if (msg.sender != known.owner) revert NotOwner(operator, msg.sender);
        Epoch activeFrom = _storage().beacon.nextEpochAt(block.number);
        uint256 stake = _increase(known, activeFrom, msg.value);
        emit StakeDeposited(operator, msg.value, stake, activeFrom);
    }

    /// @inheritdoc IOperatorStake
    function slash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, address reporter)
        external
        returns (uint256 amountWei)
    {
        StakeStorage storage $ = _storage();
        if (msg.sender != $.custodyChallenges) revert NotCustodyChallenges(msg.sender);
        Operator storage known = _known(operator);
        StakeParameters memory parameters = stakeParametersAt(epoch);

        amountWei = _penaltyRoundedDown(known, epoch, parameters.penaltyBps[level], parameters.maxSlashBpsPerEpoch);
        _decrease(known, $.beacon.nextEpochAt(block.number), amountWei);
        known.slashedInEpoch = _slashedIn(known, epoch) + amountWei;
        known.slashedEpoch = epoch;
        uint256 reporterWei = amountWei * parameters.reporterBps / BPS;
        $.credits[reporter] += reporterWei;
        $.credits[parameters.treasury] += amountWei - reporterWei;
        if (amountWei > 0) emit OperatorSlashed(operator, epoch, postId, amountWei, reporterWei, reporter);
        emit SlashingSignal(operator, epoch, postId, level, amountWei);
    }

    /// @inheritdoc IOperatorStake
    function withdrawCredit() external {
        StakeStorage storage $ = _storage();
        uint256 amountWei = $.credits[msg.sender];
        if (amountWei == 0) revert NoCredit(msg.sender);
        $.credits[msg.sender] = 0;
        emit CreditWithdrawn(msg.sender, amountWei);
        (bool isSent,) = msg.sender.call{value: amountWei}("");
        if (!isSent) revert TransferFailed(msg.sender, amountWei);
    }

    /// @inheritdoc IOperatorStake
    function setStakeParameters(StakeParameters calldata parameters) external restricted {
        _requireValid(parameters);
        StakeStorage storage $ = _storage();
        Epoch fromEpoch = $.beacon.nextEpochAt(block.number);
        // What waited for an epoch that has started is in force; what still waits is replaced.
        if (Epoch.unwrap($.nextFromEpoch) < Epoch.unwrap(fromEpoch)) $.current = $.next;
        $.next = parameters;
        $.nextFromEpoch = fromEpoch;
        emit StakeParametersChanged(fromEpoch, parameters);
    }

    /// @inheritdoc IOperatorStake
    function stakeAt(OperatorIndex operator, Epoch epoch) external view returns (uint256) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        if (index >= $.operators.length) return 0;
        return $.operators[index].stake.upperLookupRecent(Epoch.unwrap(epoch));
    }

    /// @inheritdoc IOperatorStake
    function totalStakeAt(Epoch epoch) external view returns (uint256) {
        return _storage().totalStake.upperLookupRecent(Epoch.unwrap(epoch));
    }

    /// @inheritdoc IOperatorStake
    function stakeOf(OperatorIndex operator) external view returns (uint256) {
        return _known(operator).stake.latest();
    }

    /// @inheritdoc IOperatorStake
    function signerOf(OperatorIndex operator) external view returns (address) {
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

    /// @inheritdoc IOperatorStake
    function creditOf(address account) external view returns (uint256) {
        return _storage().credits[account];
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
    function stakeParametersAt(Epoch epoch) public view returns (StakeParameters memory) {
        StakeStorage storage $ = _storage();
        return Epoch.unwrap(epoch) < Epoch.unwrap($.nextFromEpoch) ? $.current : $.next;
    }

    function _increase(Operator storage operator, Epoch fromEpoch, uint256 amountWei) private returns (uint256 stake) {
        StakeStorage storage $ = _storage();
        stake = operator.stake.latest() + amountWei;
        operator.stake.push(Epoch.unwrap(fromEpoch), SafeCast.toUint224(stake));
        $.totalStake.push(Epoch.unwrap(fromEpoch), SafeCast.toUint224($.totalStake.latest() + amountWei));
        $.totalDeposited += amountWei;
    }

    function _decrease(Operator storage operator, Epoch fromEpoch, uint256 amountWei) private {
        StakeStorage storage $ = _storage();
        operator.stake.push(Epoch.unwrap(fromEpoch), SafeCast.toUint224(operator.stake.latest() - amountWei));
        $.totalStake.push(Epoch.unwrap(fromEpoch), SafeCast.toUint224($.totalStake.latest() - amountWei));
        $.totalSlashed += amountWei;
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
        return Epoch.unwrap(operator.slashedEpoch) == Epoch.unwrap(epoch) ? operator.slashedInEpoch : 0;
    }

    function _known(OperatorIndex operator) private view returns (Operator storage) {
        StakeStorage storage $ = _storage();
        uint256 index = OperatorIndex.unwrap(operator);
        if (index >= $.operators.length) revert UnknownOperator(operator);
        return $.operators[index];
    }

    function _requireValid(StakeParameters calldata parameters) private pure {
        bool arePenaltiesSound = parameters.penaltyBps[0] <= BPS && parameters.penaltyBps[1] <= BPS
            && parameters.penaltyBps[2] <= BPS && parameters.maxSlashBpsPerEpoch <= BPS;
        bool isReporterSound = parameters.reporterBps <= MAX_REPORTER_BPS;
        if (!arePenaltiesSound || !isReporterSound || parameters.minStake == 0 || parameters.treasury == address(0)) {
            revert InvalidStakeParameters(parameters);
        }
    }

    function _storage() private pure returns (StakeStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
