// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAttestationRelay} from "./interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {RelaySettings} from "./RelaySettings.sol";
import {Roles} from "./Roles.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title Turns the attestations of a quorum into a post that can be challenged
contract AttestationRelay is RelaySettings {
    /// @dev What a quorum answered about a post.
    struct Tally {
        uint256 attesters;
        uint256 signedStake;
        uint256 totalStake;
        uint64 stakeEpoch;
    }

    /// @param authority AccessManager that knows the relays and decides who may change parameters and upgrade.
    /// @param postRegistry Where posts wait.
    /// @param custodyChallenges Where attested posts go, and whose pause stops this contract.
    /// @param operatorStake Who knows the operators.
    /// @param quorum_ Who verifies attestations.
    /// @param quorumBps_ Share of the stake in 1/10,000, more than 5,000.
    /// @param relayGrace_ Blocks after a registration, and after an attestation deadline, in which only relays may act.
    function initialize(
        address authority,
        IPostRegistry postRegistry,
        ICustodyChallenges custodyChallenges,
        IOperatorStake operatorStake,
        IQuorum quorum_,
        uint16 quorumBps_,
        uint32 relayGrace_
    ) external initializer {
        __AccessManaged_init(authority);
        RelayStorage storage $ = _storage();
        $.postRegistry = postRegistry;
        $.custodyChallenges = custodyChallenges;
        $.operatorStake = operatorStake;
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
        (bool isWaiting, IPostRegistry.PendingPost memory post) = _waitingOr(postId, IPostRegistry.PostState.Attested);
        if (!isWaiting) return;
        _requireOpen(postId, deadline, post);
        Tally memory tally;
        (tally.attesters, tally.signedStake, tally.totalStake) =
            _storage().quorum.verify(postId, post.root, stakeEpoch, deadline, operatorIndexes, signatures);
        tally.stakeEpoch = stakeEpoch;
        _requireQuorum(tally.signedStake, tally.totalStake);
        _openPost(postId, post, tally);
    }

    /// @inheritdoc IAttestationRelay
    function lapse(
        PostId postId,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external {
        (bool isWaiting, IPostRegistry.PendingPost memory post) = _waitingOr(postId, IPostRegistry.PostState.Lapsed);
        if (!isWaiting) return;
        _requireOverdue(postId, post);
        uint256 attested = 0;
        // Not every quorum may be able to say that nobody signed.
        if (operatorIndexes.length != 0 || signatures.length != 0) {
            _requireOfThisWait(postId, deadline, post);
            (attested,,) =
                _storage().quorum.verify(postId, post.root, stakeEpoch, deadline, operatorIndexes, signatures);
        }
        _closePost(postId, post, attested);
    }

    /// @inheritdoc IAttestationRelay
    function deadlineOf(PostId postId) external view returns (uint64) {
        IPostRegistry.PendingPost memory post = _storage().postRegistry.pendingPost(postId);
        return post.registeredBlock == 0 ? 0 : _deadlineOf(post);
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

    function _closePost(PostId postId, IPostRegistry.PendingPost memory post, uint256 attested) private {
        RelayStorage storage $ = _storage();
        uint32 next = Epoch.unwrap($.custodyChallenges.beacon().nextEpochAt(post.registeredBlock));
        // Registered before epoch 0, it waited from epoch 0 on.
        uint32 epoch = next == 0 ? 0 : next - 1;
        uint256 active = $.operatorStake.activeOperatorsAt(Epoch.wrap(epoch));
        emit PostLapsed(postId, epoch, attested, active & ~attested, msg.sender);
        $.postRegistry.lapsePending(postId);
    }

    /// @dev A waiting post; none when the post is in the state that the caller wants to bring it to.
    function _waitingOr(PostId postId, IPostRegistry.PostState wanted)
        private
        view
        returns (bool isWaiting, IPostRegistry.PendingPost memory post)
    {
        RelayStorage storage $ = _storage();
        $.custodyChallenges.requireNotPaused();
        post = $.postRegistry.pendingPost(postId);
        isWaiting = post.registeredBlock != 0;
        if (!isWaiting && $.postRegistry.stateOf(postId) != wanted) revert UnknownPost(postId);
    }

    function _requireOpen(PostId postId, uint64 deadline, IPostRegistry.PendingPost memory post) private view {
        uint256 waited = _blocksWaited(post);
        if (waited > post.attestationDeadline) {
            revert AttestationDeadlinePassed(postId, post.attestationDeadline, waited);
        }
        // The deadline is set in the registry and the head start here: whatever they are, half of the time is
        // everybody's.
        _requireRelayUntil(Math.min(_storage().relayGrace, post.attestationDeadline / 2), waited);
        _requireOfThisWait(postId, deadline, post);
        // A proposer can bend the time by seconds; deadlines are far longer.
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp > deadline) revert AttestationExpired(deadline, block.timestamp);
    }

    function _requireOverdue(PostId postId, IPostRegistry.PendingPost memory post) private view {
        uint256 waited = _blocksWaited(post);
        if (waited <= post.attestationDeadline) {
            revert AttestationDeadlineNotPassed(postId, post.attestationDeadline, waited);
        }
        _requireRelayUntil(uint256(post.attestationDeadline) + 1 + _storage().relayGrace, waited);
    }

    function _requireRelayUntil(uint256 opensAfter, uint256 waited) private view {
        if (waited >= opensAfter) return;
        (bool isRelay,) = IAccessManager(authority()).hasRole(Roles.RELAY, msg.sender);
        if (!isRelay) revert RelaysOnly(msg.sender, opensAfter, waited);
    }

    /// @dev A post begins each wait in a later block, which has a later timestamp: no two waits have the same deadline.
    function _requireOfThisWait(PostId postId, uint64 deadline, IPostRegistry.PendingPost memory post) private pure {
        uint64 expected = _deadlineOf(post);
        if (deadline != expected) revert WrongDeadline(postId, deadline, expected);
    }

    /// @dev Pauses not counted.
    function _blocksWaited(IPostRegistry.PendingPost memory post) private view returns (uint256) {
        return _storage().custodyChallenges.unpausedBlocks() - post.registeredClock;
    }

    function _deadlineOf(IPostRegistry.PendingPost memory post) private pure returns (uint64) {
        return post.registeredTimestamp + ATTESTATION_LIFETIME;
    }

    function _requireQuorum(uint256 signedStake, uint256 totalStake) private view {
        uint16 needed = _storage().quorumBps;
        if (totalStake == 0 || signedStake * BPS < totalStake * needed) {
            revert QuorumNotReached(signedStake, totalStake, needed);
        }
    }
}
