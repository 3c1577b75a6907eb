// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAttestationRelay} from "./interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ProtocolContract} from "./ProtocolContract.sol";

/// @title What the relay remembers, and what governance sets about it
abstract contract RelaySettings is IAttestationRelay, ProtocolContract {
    uint256 internal constant BPS = 10_000;
    /// Seconds: twice as long as a post can wait in blocks of 12 seconds if nothing is paused.
    uint64 internal constant ATTESTATION_LIFETIME = 60 days;
    /// A day of blocks of 12 seconds: how long a post that found no quorum can be kept from being closed.
    uint32 private constant MAX_RELAY_GRACE = 7200;

    /// @custom:storage-location erc7201:emerald.storage.AttestationRelay
    struct RelayStorage {
        IPostRegistry postRegistry;
        ICustodyChallenges custodyChallenges;
        IQuorum quorum;
        uint16 quorumBps;
        uint32 relayGrace;
        IOperatorStake operatorStake;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.AttestationRelay")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xcafde8e379e7fd95de8bab26827ab2d6e49beca9cdd644d1c2aefac8d3a93500;

    /// @inheritdoc IAttestationRelay
    function setRelayParameters(uint16 quorumBps_, uint32 relayGrace_) external restricted {
        _setParameters(quorumBps_, relayGrace_);
    }

    /// @inheritdoc IAttestationRelay
    function setQuorum(IQuorum quorum_) external restricted {
        // What has no code answers with nothing, which the compiler's check of it refuses without saying why.
        if (address(quorum_).code.length == 0) revert QuorumWithoutCode(address(quorum_));
        address served = quorum_.attestationRelay();
        if (served != address(this)) revert QuorumOfAnotherRelay(address(quorum_), served);
        _setQuorum(quorum_);
    }

    /// @inheritdoc IAttestationRelay
    function quorum() external view returns (IQuorum) {
        return _storage().quorum;
    }

    /// @inheritdoc IAttestationRelay
    function quorumBps() external view returns (uint16) {
        return _storage().quorumBps;
    }

    /// @inheritdoc IAttestationRelay
    function relayGrace() external view returns (uint32) {
        return _storage().relayGrace;
    }

    function _setParameters(uint16 quorumBps_, uint32 relayGrace_) internal {
        if (quorumBps_ <= BPS / 2 || quorumBps_ > BPS) revert InvalidQuorumBps(quorumBps_);
        if (relayGrace_ > MAX_RELAY_GRACE) revert InvalidRelayGrace(relayGrace_);
        RelayStorage storage $ = _storage();
        $.quorumBps = quorumBps_;
        $.relayGrace = relayGrace_;
        emit RelayParametersChanged(quorumBps_, relayGrace_);
    }

    /// @dev When the relay is initialised its first quorum is not there yet, since that one is made with its address.
    function _setQuorum(IQuorum quorum_) internal {
        _storage().quorum = quorum_;
        emit QuorumChanged(address(quorum_));
    }

    function _storage() internal pure returns (RelayStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
