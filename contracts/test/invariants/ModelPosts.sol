// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {PostId} from "../../src/types/PostId.sol";
import {ModelStake} from "./ModelStake.sol";

/// Posts and the levels of their challenges, as they should be.
abstract contract ModelPosts is ModelStake {
    struct PostModel {
        PostId id;
        bytes32 root;
        uint256 blobCount;
        /// Blob i has polynomial number (i + firstPolynomial) of the pool.
        uint256 firstPolynomial;
        uint256 termEpochs;
        uint256 nonce;
        IPostRegistry.PostState state;
        /// Block, time and reading of the unpaused clock when it began to wait, and for how many unpaused blocks it
        /// does.
        uint256 registeredBlock;
        uint256 registeredTime;
        uint256 registeredClock;
        uint256 attestationDeadline;
        /// Bit i: operator i.
        uint256 attesters;
        uint256 attestedEpoch;
        uint256 endEpoch;
        /// In this epoch, and in the next.
        uint256 level;
        uint256 nextLevel;
        bool isAtRisk;
        /// What follows is about this epoch.
        bool beganAtRisk;
        bool isSettled;
        uint256 provenOperators;
        uint256 missedOperators;
    }

    uint256 internal constant LAST_LEVEL = 2;

    PostModel[] internal posts;

    /// Rules of registration and attestation, which hold as soon as they are set.
    IPostRegistry.RegistryParameters internal limits;
    uint16 internal quorumBps;
    uint32 internal relayGrace;

    function onNewEpoch() internal virtual override {
        super.onNewEpoch();
        for (uint256 p = 0; p < posts.length; ++p) {
            PostModel storage post = posts[p];
            post.level = post.nextLevel;
            post.beganAtRisk = post.isAtRisk;
            post.isSettled = false;
            post.provenOperators = 0;
            post.missedOperators = 0;
        }
    }

    /// Whether a post can have challenges in this epoch.
    function isActivePost(PostModel storage post) internal view returns (bool) {
        bool isAttested = post.state == IPostRegistry.PostState.Attested;
        return isAttested && post.attestedEpoch < epochNow && epochNow < post.endEpoch;
    }

    function bookOpening(PostModel storage post, uint256 attesters) internal {
        post.state = IPostRegistry.PostState.Attested;
        post.attesters = attesters;
        post.attestedEpoch = epochNow;
        post.endEpoch = epochNow + post.termEpochs + 1;
        see("post attested");
    }

    /// Draws the consequences of `proven` out of `due` answers.
    function bookSettlement(PostModel storage post, uint256 due, uint256 proven) internal {
        bool isWell = due > 0 && proven * BPS >= due * custodyNow.custodyBps;
        if (isWell) {
            if (post.isAtRisk) see("post recovered");
            post.isAtRisk = false;
            post.nextLevel = 0;
        } else {
            if (due == 0 || post.level == LAST_LEVEL) post.isAtRisk = true;
            if (post.isAtRisk) see("post at risk");
            post.nextLevel = post.level == LAST_LEVEL ? LAST_LEVEL : post.level + 1;
            if (post.nextLevel == LAST_LEVEL) see("last level");
        }
        post.isSettled = true;
    }
}
