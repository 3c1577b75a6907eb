// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {StakeSlashing} from "./StakeSlashing.sol";
import {StakeVotes} from "./StakeVotes.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title Escrow of the operators' stake in the chain's native token
contract OperatorStake is StakeVotes, StakeSlashing {
    bytes32 public constant JOIN_TYPEHASH = keccak256("Join(address owner,address signer)");

    /// @param authority AccessManager that decides who may change parameters and upgrade.
    /// @param beacon Schedule of the epochs.
    /// @param custodyChallenges Contract that reports misses, and whose pause stops this one.
    /// @param postRegistry Contract that knows how long posts can last.
    /// @param parameters First parameters.
    function initialize(
        address authority,
        ISeedBeacon beacon,
        address custodyChallenges,
        IPostRegistry postRegistry,
        StakeParameters calldata parameters
    ) external initializer {
        __AccessManaged_init(authority);
        StakeStorage storage $ = _storage();
        $.beacon = beacon;
        $.custodyChallenges = custodyChallenges;
        $.postRegistry = postRegistry;
        _schedule(parameters, Epoch.wrap(0));
    }

    /// @inheritdoc IOperatorStake
    function join(address signer, bytes calldata possession) external payable returns (OperatorIndex operator) {
        _requireNotPaused();
        StakeStorage storage $ = _storage();
        uint256 minStake = $.next.minStake;
        if (msg.value < minStake) revert StakeTooSmall(msg.value, minStake);
        if (signer == address(0) || $.signers[signer]) revert SignerNotFree(signer);
        _requirePossession(signer, possession);

        Epoch activeFrom = _nextEpoch();
        operator = _freePlace();
        Operator storage added = $.operators[OperatorIndex.unwrap(operator)];
        added.owner = msg.sender;
        added.signer = signer;
        added.activeFrom = activeFrom;
        // Left behind by whoever had the place before.
        added.missedEpoch = Epoch.wrap(0);
        added.missedEpochs = 0;
        added.slashedInEpoch = 0;
        added.withdrawableFrom = 0;
        $.signers[signer] = true;
        uint256 stake = _increase(added, activeFrom, msg.value);
        emit OperatorJoined(operator, msg.sender, signer, stake, activeFrom);
    }

    /// @inheritdoc IOperatorStake
    function deposit(OperatorIndex operator) external payable {
        _requireNotPaused();
        Operator storage owned = _ownedByCaller(operator);
        if (_isLeaving(operator)) revert AlreadyLeaving(operator);
        Epoch activeFrom = _nextEpoch();
        uint256 stake = _increase(owned, activeFrom, msg.value);
        emit StakeDeposited(operator, msg.value, stake, activeFrom);
    }

    /// @inheritdoc IOperatorStake
    function withdrawCredit() external nonReentrant {
        _requireNotPaused();
        StakeStorage storage $ = _storage();
        uint256 amountWei = $.credits[msg.sender];
        if (amountWei == 0) revert NoCredit(msg.sender);
        $.credits[msg.sender] = 0;
        emit CreditWithdrawn(msg.sender, amountWei);
        _send(msg.sender, amountWei);
    }

    /// @inheritdoc IOperatorStake
    function creditOf(address account) external view returns (uint256) {
        return _storage().credits[account];
    }

    /// @inheritdoc IOperatorStake
    function joinDigestOf(address owner, address signer) public view returns (bytes32) {
        return TypedData.digestOf("EmeraldStake", address(this), keccak256(abi.encode(JOIN_TYPEHASH, owner, signer)));
    }

    /// @dev Else anybody could take another's key for an operator of its own, or keep it from joining.
    function _requirePossession(address signer, bytes calldata possession) private view {
        if (signer == msg.sender && possession.length == 0) return;
        address recovered = ECDSA.recoverCalldata(joinDigestOf(msg.sender, signer), possession);
        if (recovered != signer) revert NotPossessed(signer, recovered);
    }
}
