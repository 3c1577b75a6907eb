// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "./Epoch.sol";

/// @dev All about a post that changes, in one word, lowest bits first: blobCount:20 | attestedEpoch:32 | endEpoch:32 |
/// level:4 | nextLevel:4 | settled:1 | flags:3 | epoch:32 | proven:64 | missed:64. Flags, lowest first: the post is at
/// risk; it was when `epoch` began; unused.
/// `level`, `settled`, the second flag, `proven` and `missed` belong to `epoch`; the first touch in another epoch
/// renews them.
type PostWord is uint256;

// Most blobs of a post: what 20 bits hold.
uint256 constant MAX_BLOBS = (1 << 20) - 1;

// Levels go from 0 to here: a post that fails at it is at risk.
uint8 constant LAST_LEVEL = 2;

using PostWordLib for PostWord global;

/// @title Reads and changes the fields of a post's word
library PostWordLib {
    uint256 private constant ATTESTED_EPOCH = 20;
    uint256 private constant END_EPOCH = 52;
    uint256 private constant LEVEL = 84;
    uint256 private constant NEXT_LEVEL = 88;
    uint256 private constant SETTLED = 92;
    uint256 private constant AT_RISK = 93;
    uint256 private constant BEGAN_AT_RISK = 94;
    uint256 private constant EPOCH = 96;
    uint256 private constant PROVEN = 128;
    uint256 private constant MISSED = 192;

    /// Everything that outlives an epoch: blobCount, attestedEpoch, endEpoch, nextLevel and whether it is at risk.
    uint256 private constant LASTING = (1 << LEVEL) - 1 | 0xf << NEXT_LEVEL | 1 << AT_RISK;

    /// @dev The word of a new post; `newBlobCount` is at most MAX_BLOBS.
    function pack(uint32 newBlobCount, Epoch newAttestedEpoch, Epoch newEndEpoch) internal pure returns (PostWord) {
        return PostWord.wrap(
            uint256(newBlobCount) | uint256(Epoch.unwrap(newAttestedEpoch)) << ATTESTED_EPOCH
                | uint256(Epoch.unwrap(newEndEpoch)) << END_EPOCH
        );
    }

    /// @dev The word as it stands in `inEpoch`: unchanged if the post was touched in it, else with the level that waits
    /// and nobody proven or missed.
    function touched(PostWord self, Epoch inEpoch) internal pure returns (PostWord) {
        if (Epoch.unwrap(self.epoch()) == Epoch.unwrap(inEpoch)) return self;
        uint256 lasting = PostWord.unwrap(self) & LASTING;
        uint256 atStart = (lasting & 1 << AT_RISK) << (BEGAN_AT_RISK - AT_RISK);
        return
            PostWord.wrap(
                lasting | atStart | uint256(self.nextLevel()) << LEVEL | uint256(Epoch.unwrap(inEpoch)) << EPOCH
            );
    }

    /// @dev The word after its epoch was settled: with the level of the next epochs, and whether the post is at risk.
    function withSettlement(PostWord self, uint8 newNextLevel, bool newAtRisk) internal pure returns (PostWord) {
        uint256 others = PostWord.unwrap(self) & ~(uint256(0xf) << NEXT_LEVEL | uint256(1) << AT_RISK);
        uint256 atRisk = newAtRisk ? uint256(1) << AT_RISK : 0;
        return PostWord.wrap(others | uint256(newNextLevel) << NEXT_LEVEL | atRisk | uint256(1) << SETTLED);
    }

    /// @dev The word with another first epoch without challenges.
    function withEndEpoch(PostWord self, Epoch newEndEpoch) internal pure returns (PostWord) {
        uint256 others = PostWord.unwrap(self) & ~(uint256(type(uint32).max) << END_EPOCH);
        return PostWord.wrap(others | uint256(Epoch.unwrap(newEndEpoch)) << END_EPOCH);
    }

    /// @dev Sets the proven bit of a stratum, which stands below 64.
    function withProven(PostWord self, uint256 stratum) internal pure returns (PostWord) {
        // No overflow: strata are few.
        unchecked {
            return PostWord.wrap(PostWord.unwrap(self) | 1 << (PROVEN + stratum));
        }
    }

    /// @dev Sets the missed bit of a stratum, which stands below 64.
    function withMissed(PostWord self, uint256 stratum) internal pure returns (PostWord) {
        // No overflow: strata are few.
        unchecked {
            return PostWord.wrap(PostWord.unwrap(self) | 1 << (MISSED + stratum));
        }
    }

    function hasProven(PostWord self, uint256 stratum) internal pure returns (bool) {
        // No overflow: strata are few.
        unchecked {
            return (PostWord.unwrap(self) >> (PROVEN + stratum)) & 1 == 1;
        }
    }

    function hasMissed(PostWord self, uint256 stratum) internal pure returns (bool) {
        // No overflow: strata are few.
        unchecked {
            return (PostWord.unwrap(self) >> (MISSED + stratum)) & 1 == 1;
        }
    }

    // Each cast below cuts off the fields above the one that is read.
    // forge-lint: disable-start(unsafe-typecast)

    function blobCount(PostWord self) internal pure returns (uint32) {
        return uint32(PostWord.unwrap(self) & MAX_BLOBS);
    }

    function attestedEpoch(PostWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(PostWord.unwrap(self) >> ATTESTED_EPOCH));
    }

    function endEpoch(PostWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(PostWord.unwrap(self) >> END_EPOCH));
    }

    function level(PostWord self) internal pure returns (uint8) {
        return uint8(PostWord.unwrap(self) >> LEVEL) & 0xf;
    }

    function nextLevel(PostWord self) internal pure returns (uint8) {
        return uint8(PostWord.unwrap(self) >> NEXT_LEVEL) & 0xf;
    }

    function isSettled(PostWord self) internal pure returns (bool) {
        return (PostWord.unwrap(self) >> SETTLED) & 1 == 1;
    }

    /// @dev The post failed at the last level, or nobody was left to challenge, and it was not settled well since.
    function isAtRisk(PostWord self) internal pure returns (bool) {
        return (PostWord.unwrap(self) >> AT_RISK) & 1 == 1;
    }

    /// @dev Whether it was at risk when `epoch` began: what `epoch` itself brings does not change what its misses cost.
    function beganAtRisk(PostWord self) internal pure returns (bool) {
        return (PostWord.unwrap(self) >> BEGAN_AT_RISK) & 1 == 1;
    }

    function epoch(PostWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(PostWord.unwrap(self) >> EPOCH));
    }

    function proven(PostWord self) internal pure returns (uint64) {
        return uint64(PostWord.unwrap(self) >> PROVEN);
    }

    function missed(PostWord self) internal pure returns (uint64) {
        return uint64(PostWord.unwrap(self) >> MISSED);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
