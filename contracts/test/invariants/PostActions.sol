// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {MerklePath} from "../../src/libraries/MerklePath.sol";
import {PostId} from "../../src/types/PostId.sol";
import {Observations} from "./Observations.sol";
import {PolynomialPool} from "./PolynomialPool.sol";
import {Verdict} from "./Verdict.sol";

/// Publishers register posts, reopen and retire them.
abstract contract PostActions is Observations, PolynomialPool {
    uint256 internal constant MOST_POSTS = 7;

    function registerPost(uint256 random) external observed {
        registerWith(random);
    }

    function reopenPost(uint256 random) external observed {
        PostModel storage post = likelyPost(random, IPostRegistry.PostState.Lapsed);
        address caller = oneIn(12, random, "stranger") ? STRANGER : PUBLISHER;
        bool isLapsed = post.state == IPostRegistry.PostState.Lapsed && caller == PUBLISHER;
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(isLapsed, IPostRegistry.NotLapsed.selector);
        verdict.rule(post.termEpochs <= limits.maxTermEpochs, IPostRegistry.WrongTerm.selector);
        bytes memory call = abi.encodeCall(registry.reopen, (_registrationOf(post)));
        (bool isDone,) = attempt(caller, address(registry), call, verdict);
        if (!isDone) return;
        _bookWaiting(post);
        see("post reopened");
    }

    /// By the publisher, by somebody else in vain, or by ADMIN.
    function retirePost(uint256 random) external observed {
        // Rare, or no post would live to be challenged.
        if (!oneIn(4, random, "retire")) return;
        PostModel storage post = posts[draw(random, "post", posts.length)];
        bool isByAdmin = oneIn(3, random, "admin");
        address caller = oneIn(12, random, "stranger") ? STRANGER : PUBLISHER;
        bool isKnown = post.state != IPostRegistry.PostState.Dropped && (isByAdmin || caller == PUBLISHER);
        Verdict memory verdict;
        verdict.rule(isKnown, ICustodyChallenges.UnknownPost.selector);
        bool isDone;
        if (isByAdmin) {
            isDone = attemptAsAdmin(address(registry), abi.encodeCall(registry.retirePost, (post.id)), verdict);
        } else {
            bytes memory call = abi.encodeCall(registry.retire, (_registrationOf(post)));
            (isDone,) = attempt(caller, address(registry), call, verdict);
        }
        if (isDone) _bookRetirement(post);
    }

    function registerWith(uint256 random) internal {
        bool isOld = posts.length == MOST_POSTS || (posts.length > 0 && oneIn(10, random, "old"));
        if (isOld) {
            PostModel storage post = posts[draw(random, "post", posts.length)];
            _tryRegistering(_registrationOf(post), false);
            return;
        }
        uint8[6] memory blobCounts = [1, 1, 2, 3, 5, 6];
        PostModel memory added;
        added.blobCount = blobCounts[draw(random, "blobs", 6)];
        added.firstPolynomial = draw(random, "polynomial", POOL_SIZE);
        added.termEpochs = 1 + draw(random, "term", 20);
        added.nonce = posts.length;
        added.root = MerklePath.rootOf(poolLeavesOf(added.firstPolynomial, added.blobCount));
        posts.push(added);
        PostModel storage kept = posts[posts.length - 1];
        IPostRegistry.PostRegistration memory registration = _registrationOf(kept);
        kept.id = registry.postIdOf(PUBLISHER, registration);
        if (_tryRegistering(registration, true)) _bookWaiting(kept);
        else posts.pop();
    }

    function _tryRegistering(IPostRegistry.PostRegistration memory registration, bool isNew) private returns (bool) {
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        verdict.rule(isNew, IPostRegistry.PostAlreadyRegistered.selector);
        verdict.rule(registration.termEpochs <= limits.maxTermEpochs, IPostRegistry.WrongTerm.selector);
        (bool isDone,) =
            attempt(PUBLISHER, address(registry), abi.encodeCall(registry.register, (registration)), verdict);
        return isDone;
    }

    function _bookWaiting(PostModel storage post) private {
        post.state = IPostRegistry.PostState.Registered;
        post.registeredBlock = blockNow;
        post.registeredTime = timeNow;
        post.registeredClock = unpausedNow();
        post.attestationDeadline = limits.attestationDeadline;
    }

    function _bookRetirement(PostModel storage post) private {
        if (post.state != IPostRegistry.PostState.Attested) {
            post.state = IPostRegistry.PostState.Dropped;
            see("post dropped");
        } else if (post.endEpoch > epochNow + 1) {
            post.endEpoch = epochNow + 1;
            see("post retired");
        }
    }

    function _registrationOf(PostModel storage post) private view returns (IPostRegistry.PostRegistration memory) {
        bytes memory commitments;
        for (uint256 i = 0; i < post.blobCount; ++i) {
            commitments = bytes.concat(commitments, pool[(post.firstPolynomial + i) % POOL_SIZE].commitment);
        }
        return IPostRegistry.PostRegistration({
            root: post.root,
            blobCount: uint32(post.blobCount),
            byteLength: uint64(post.blobCount * 126_945),
            cidDigest: keccak256("cid"),
            codec: 0x55,
            contentType: "application/octet-stream",
            termEpochs: uint32(post.termEpochs),
            nonce: uint64(post.nonce),
            commitments: commitments,
            manifestDigest: 0
        });
    }

    function poolLeavesOf(uint256 firstPolynomial, uint256 blobCount) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](blobCount);
        for (uint256 i = 0; i < blobCount; ++i) {
            leaves[i] = MerklePath.leafOf(i, pool[(firstPolynomial + i) % POOL_SIZE].versionedHash);
        }
    }

    /// A post in the state, if there is one.
    function likelyPost(uint256 random, IPostRegistry.PostState state) internal view returns (PostModel storage) {
        uint256 start = draw(random, "post", posts.length);
        for (uint256 n = 0; n < posts.length && !oneIn(8, random, "any"); ++n) {
            PostModel storage post = posts[(start + n) % posts.length];
            if (post.state == state) return post;
        }
        return posts[start];
    }
}
