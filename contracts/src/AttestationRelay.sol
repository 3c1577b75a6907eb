// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IAttestationRelay} from "./interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {Roles} from "./Roles.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title Turns the attestations of a quorum into a post that can be challenged
contract AttestationRelay is IAttestationRelay, ProtocolContract {
    uint256 private constant BPS = 10_000;

    /// @custom:storage-location erc7201:emerald.storage.AttestationRelay
    struct RelayStorage {
        IPostRegistry postRegistry;
        ICustodyChallenges custodyChallenges;
        IQuorum quorum;
        uint16 quorumBps;
        uint32 relayGrace;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.AttestationRelay")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xcafde8e379e7fd95de8bab26827ab2d6e49beca9cdd644d1c2aefac8d3a93500;

    /// @param authority AccessManager that knows the relays and decides who may change parameters and upgrade.
    /// @param postRegistry Where posts wait.
    /// @param custodyChallenges Where attested posts go.
    /// @param quorum_ Who verifies attestations.
    /// @param quorumBps_ Share of the stake in 1/10,000, more than 5,000.
    /// @param relayGrace_ Blocks after a registration in which only relays may submit.
    function initialize(
        address authority,
        IPostRegistry postRegistry,
        ICustodyChallenges custodyChallenges,
        IQuorum quorum_,
        uint16 quorumBps_,
        uint32 relayGrace_
    ) external initializer {
        __AccessManaged_init(authority);
        RelayStorage storage $ = _storage();
        $.postRegistry = postRegistry;
        $.custodyChallenges = custodyChallenges;
        _setQuorum(quorum_);
        _setParameters(quorumBps_, relayGrace_);
    }

    /// @inheritdoc IAttestationRelay
    function submit(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external {
        RelayStorage storage $ = _storage();
        IPostRegistry.PendingPost memory post = $.postRegistry.pendingPost(postId);
        if (post.registeredBlock == 0) {
            if ($.custodyChallenges.postOf(postId).root == 0) revert UnknownPost(postId);
            return;
        }
        _requireOpen(postId, deadline, post);
        Tally memory tally;
        (tally.attesters, tally.signedStake, tally.totalStake) =
            $.quorum.verify(postId, post.root, stakeEpoch, deadline, operatorIndexes, signatures);
        tally.stakeEpoch = stakeEpoch;
        _requireQuorum(tally.signedStake, tally.totalStake);
        _openPost(postId, post, tally);
    }

    /// @inheritdoc IAttestationRelay
    function setRelayParameters(uint16 quorumBps_, uint32 relayGrace_) external restricted {
        _setParameters(quorumBps_, relayGrace_);
    }

    /// @inheritdoc IAttestationRelay
    function setQuorum(IQuorum quorum_) external restricted {
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

    /// @dev What a quorum answered about a post.
    struct Tally {
        uint256 attesters;
        uint256 signedStake;
        uint256 totalStake;
        uint64 stakeEpoch;
    }

    function _openPost(PostId postId, IPostRegistry.PendingPost memory post, Tally memory tally) private {
        RelayStorage storage $ = _storage();
        Epoch attestedEpoch = $.custodyChallenges.beacon().epochAt(block.number);
        // Challenges come in `termEpochs` epochs: those between these two.
        Epoch endEpoch = Epoch.wrap(Epoch.unwrap(attestedEpoch) + post.termEpochs + 1);
        emit PostAttested(
            postId,
            Epoch.unwrap(attestedEpoch),
            Epoch.unwrap(endEpoch),
            tally.attesters,
            tally.signedStake,
            tally.totalStake,
            tally.stakeEpoch,
            post.root,
            post.blobCount
        );
        $.postRegistry.removePending(postId);
        $.custodyChallenges.openPost(postId, post.root, post.blobCount, tally.attesters, attestedEpoch, endEpoch);
    }

    function _setParameters(uint16 quorumBps_, uint32 relayGrace_) private {
        if (quorumBps_ <= BPS / 2 || quorumBps_ > BPS) revert InvalidQuorumBps(quorumBps_);
        RelayStorage storage $ = _storage();
        $.quorumBps = quorumBps_;
        $.relayGrace = relayGrace_;
        emit RelayParametersChanged(quorumBps_, relayGrace_);
    }

    function _setQuorum(IQuorum quorum_) private {
        _storage().quorum = quorum_;
        emit QuorumChanged(address(quorum_));
    }

    function _requireOpen(PostId postId, uint64 deadline, IPostRegistry.PendingPost memory post) private view {
        if (block.timestamp > deadline) revert AttestationExpired(deadline, block.timestamp);
        if (block.number > post.attestationDeadlineBlock) {
            revert AttestationDeadlinePassed(postId, post.attestationDeadlineBlock, block.number);
        }
        uint256 opensAtBlock = uint256(post.registeredBlock) + _storage().relayGrace;
        if (block.number >= opensAtBlock) return;
        (bool isRelay,) = IAccessManager(authority()).hasRole(Roles.RELAY, msg.sender);
        if (!isRelay) revert RelaysOnly(msg.sender, opensAtBlock, block.number);
    }

    function _requireQuorum(uint256 signedStake, uint256 totalStake) private view {
        uint16 needed = _storage().quorumBps;
        if (totalStake == 0 || signedStake * BPS < totalStake * needed) {
            revert QuorumNotReached(signedStake, totalStake, needed);
        }
    }

    function _storage() private pure returns (RelayStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
