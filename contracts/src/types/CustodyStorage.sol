// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOperatorStake} from "../interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "../interfaces/ISeedBeacon.sol";
import {Epoch} from "./Epoch.sol";
import {EpochWord} from "./EpochWord.sol";
import {ParametersWord} from "./ParametersWord.sol";
import {PostId} from "./PostId.sol";
import {PostWord} from "./PostWord.sol";

/// @dev A post that can be challenged.
struct StoredPost {
    bytes32 root;
    /// Bit i: operator i attested. Never changes.
    uint256 attesters;
    PostWord word;
}

/// @dev Everything that the challenges' contract remembers.
/// @custom:storage-location erc7201:emerald.storage.CustodyChallenges
struct CustodyStorage {
    mapping(PostId => StoredPost) posts;
    /// Seed and word of the last epoch whose seed was finalised.
    bytes32 seed;
    EpochWord epochWord;
    /// Parameters of the epochs before `next.fromEpoch()`, and those from it on.
    ParametersWord current;
    ParametersWord next;
    /// Where the seeds of the epochs from `beaconFromEpoch` on come from.
    ISeedBeacon beacon;
    Epoch beaconFromEpoch;
    /// Epoch of the last pause, and how many of its blocks its pauses take, up to the end of the last.
    Epoch pauseEpoch;
    uint24 pausedInEpoch;
    /// Where the seeds of the epochs before `beaconFromEpoch` come from; means nothing before the first change.
    ISeedBeacon previousBeacon;
    /// Blocks of all pauses before the last.
    uint48 pausedBefore;
    IOperatorStake operatorStake;
    /// First block of the last pause, and the first one after it.
    uint48 pausedFrom;
    uint48 resumesAt;
    address attestationRelay;
    address postRegistry;
}

using CustodyStorageLib for CustodyStorage global;

/// @title What holds in an epoch, by what the challenges' contract remembers
library CustodyStorageLib {
    /// @dev Whether the protocol is paused in this block.
    function isPaused(CustodyStorage storage $) internal view returns (bool) {
        return block.number < $.resumesAt;
    }

    /// @dev Where the seed of an epoch comes from, and how many of its blocks pauses take; of epochs before that of the
    /// last pause, this is not known any more. All beacons cut the epochs alike.
    function scheduleOf(CustodyStorage storage $, Epoch epoch)
        internal
        view
        returns (ISeedBeacon source, uint256 pausedBlocks)
    {
        // They share a slot, which is read once as long as nothing comes between.
        Epoch fromEpoch = $.beaconFromEpoch;
        Epoch pauseEpoch = $.pauseEpoch;
        (source, pausedBlocks) = ($.beacon, $.pausedInEpoch);
        if (Epoch.unwrap(epoch) < Epoch.unwrap(fromEpoch)) source = $.previousBeacon;
        if (Epoch.unwrap(epoch) != Epoch.unwrap(pauseEpoch)) pausedBlocks = 0;
    }

    /// @dev The parameters of an epoch, not before the last but one that they changed for.
    function parametersAt(CustodyStorage storage $, Epoch epoch) internal view returns (ParametersWord) {
        ParametersWord next = $.next;
        return Epoch.unwrap(epoch) < Epoch.unwrap(next.fromEpoch()) ? $.current : next;
    }

    /// @dev Last blocks in which proofs and misses of an epoch are accepted; a forecast until its seed is finalised.
    /// When a pause leaves no room for it in the epoch, the last block of the report window falls away.
    function deadlinesOf(CustodyStorage storage $, Epoch epoch)
        internal
        view
        returns (uint256 closesAt, uint256 reportsCloseAt)
    {
        (ISeedBeacon source, uint256 pausedBlocks) = $.scheduleOf(epoch);
        EpochWord word = $.epochWord;
        if (word.isOf(epoch)) {
            (closesAt, reportsCloseAt) = (word.closesAt(), word.reportsCloseAt());
        } else {
            ParametersWord frozen = $.parametersAt(epoch);
            closesAt = source.seedBlock(epoch) + source.finalizeBy() + frozen.window() + pausedBlocks;
            reportsCloseAt = closesAt + frozen.reportWindow();
        }
        reportsCloseAt = Math.min(reportsCloseAt, source.lastBlock(epoch));
    }
}
