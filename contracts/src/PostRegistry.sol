// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {Registrations} from "./libraries/Registrations.sol";
import {RegistrySettings} from "./RegistrySettings.sol";
import {PostId} from "./types/PostId.sol";

/// @title Where publishers announce a file to be kept
contract PostRegistry is RegistrySettings {
    bytes32 public constant POST_TYPEHASH = keccak256(
        "Post(uint256 chainId,address registry,address publisher,bytes32 root,uint256 blobCount,uint256 byteLength,bytes32 cidDigest,uint256 codec,bytes32 contentTypeHash,uint256 termEpochs,uint256 nonce)"
    );

    /// @param authority AccessManager that decides who may change parameters, retire posts and upgrade.
    /// @param attestationRelay Contract that takes attested posts off the waiting list.
    /// @param custodyChallenges_ Contract that remembers attested posts, and whose pause stops this one.
    /// @param parameters First limits.
    function initialize(
        address authority,
        address attestationRelay,
        ICustodyChallenges custodyChallenges_,
        RegistryParameters calldata parameters
    ) external initializer {
        __AccessManaged_init(authority);
        RegistryStorage storage $ = _storage();
        $.attestationRelay = attestationRelay;
        $.custodyChallenges = custodyChallenges_;
        _setParameters(parameters);
    }

    /// @inheritdoc IPostRegistry
    function register(PostRegistration calldata registration) external returns (PostId) {
        return _register(registration);
    }

    /// @inheritdoc IPostRegistry
    function registerFromBlobs(PostRegistration calldata registration) external returns (PostId postId) {
        postId = _register(registration);
        Registrations.requireCarried(registration);
        emit PostBoundToBlobs(postId);
    }

    /// @inheritdoc IPostRegistry
    function reopen(PostRegistration calldata registration) external returns (PostId postId) {
        RegistryStorage storage $ = _storage();
        $.custodyChallenges.requireNotPaused();
        postId = postIdOf(msg.sender, registration);
        PostState state = stateOf(postId);
        if (state != PostState.Lapsed) revert NotLapsed(postId, state);
        Registrations.requireTerm(registration.termEpochs, $.parameters.maxTermEpochs);
        emit PostReopened(postId, _startWaiting($.posts[postId]));
    }

    /// @inheritdoc IPostRegistry
    function retire(PostRegistration calldata registration) external returns (PostId postId) {
        postId = postIdOf(msg.sender, registration);
        _retire(postId);
    }

    /// @inheritdoc IPostRegistry
    function retirePost(PostId postId) external restricted {
        _retire(postId);
    }

    /// @inheritdoc IPostRegistry
    function removePending(PostId postId) external {
        _requireAttestationRelay();
        delete _storage().posts[postId];
    }

    /// @inheritdoc IPostRegistry
    function lapsePending(PostId postId) external {
        _requireAttestationRelay();
        _storage().posts[postId].state = PostState.Lapsed;
    }

    /// @inheritdoc IPostRegistry
    function pendingPost(PostId postId) external view returns (PendingPost memory pending) {
        WaitingPost storage post = _storage().posts[postId];
        if (post.state != PostState.Registered) return pending;
        pending.root = post.root;
        pending.blobCount = post.blobCount;
        pending.termEpochs = post.termEpochs;
        pending.registeredBlock = post.registeredBlock;
        pending.registeredTimestamp = post.registeredTimestamp;
        pending.registeredClock = post.registeredClock;
        pending.attestationDeadline = post.attestationDeadline;
    }

    /// @inheritdoc IPostRegistry
    function stateOf(PostId postId) public view returns (PostState state) {
        RegistryStorage storage $ = _storage();
        state = $.posts[postId].state;
        bool isAttested = state == PostState.Unknown && $.custodyChallenges.postOf(postId).root != 0;
        if (isAttested) return PostState.Attested;
    }

    /// @inheritdoc IPostRegistry
    function postIdOf(address publisher, PostRegistration calldata registration) public view returns (PostId) {
        // In two halves: the whole list at once is more than the stack holds without the optimizer's help.
        bytes memory origin = abi.encode(POST_TYPEHASH, block.chainid, address(this), publisher);
        bytes memory content = abi.encode(
            registration.root,
            uint256(registration.blobCount),
            uint256(registration.byteLength),
            registration.cidDigest,
            uint256(registration.codec),
            keccak256(bytes(registration.contentType)),
            uint256(registration.termEpochs),
            uint256(registration.nonce)
        );
        return PostId.wrap(keccak256(bytes.concat(origin, content)));
    }

    function _register(PostRegistration calldata registration) private returns (PostId postId) {
        RegistryStorage storage $ = _storage();
        $.custodyChallenges.requireNotPaused();
        Registrations.requireWellFormed(registration, $.parameters.maxTermEpochs);
        postId = postIdOf(msg.sender, registration);
        if (stateOf(postId) != PostState.Unknown) revert PostAlreadyRegistered(postId);

        WaitingPost storage post = $.posts[postId];
        post.root = registration.root;
        post.blobCount = registration.blobCount;
        post.termEpochs = registration.termEpochs;
        _announce(postId, registration, _startWaiting(post));
    }

    /// @return deadlineBlock Last block in which the post can be attested, if no pause comes.
    function _startWaiting(WaitingPost storage post) private returns (uint64 deadlineBlock) {
        RegistryStorage storage $ = _storage();
        uint32 deadline = $.parameters.attestationDeadline;
        post.registeredBlock = SafeCast.toUint48(block.number);
        post.registeredTimestamp = SafeCast.toUint48(block.timestamp);
        post.registeredClock = SafeCast.toUint48($.custodyChallenges.unpausedBlocks());
        post.attestationDeadline = deadline;
        post.state = PostState.Registered;
        return SafeCast.toUint64(block.number + deadline);
    }

    /// @dev The challenges' contract refuses a post that it does not know.
    function _retire(PostId postId) private {
        RegistryStorage storage $ = _storage();
        WaitingPost storage post = $.posts[postId];
        bool isWaiting = post.state == PostState.Registered || post.state == PostState.Lapsed;
        if (!isWaiting) {
            emit PostRetired(postId, msg.sender, $.custodyChallenges.endPost(postId));
            return;
        }
        post.state = PostState.Dropped;
        emit PostDropped(postId, msg.sender);
    }

    /// @dev Takes the registration in memory: one place on the stack, where calldata would take more than there are.
    function _announce(PostId postId, PostRegistration memory registration, uint64 deadlineBlock) private {
        emit PostRegistered(
            postId,
            msg.sender,
            registration.root,
            registration.blobCount,
            registration.byteLength,
            registration.cidDigest,
            registration.codec,
            registration.contentType,
            registration.termEpochs,
            registration.nonce,
            registration.commitments,
            registration.manifestDigest,
            deadlineBlock
        );
    }

    function _requireAttestationRelay() private view {
        if (msg.sender != _storage().attestationRelay) revert NotAttestationRelay(msg.sender);
    }
}
