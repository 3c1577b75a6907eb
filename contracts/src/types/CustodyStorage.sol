// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IOperatorStake} from "../interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "../interfaces/ISeedBeacon.sol";
import {Epochs} from "../libraries/Epochs.sol";
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
    /// Where the seeds of the epochs from `next.fromEpoch()` on come from.
    ISeedBeacon beacon;
    /// Epoch of the last pause, and how many of its blocks its pauses take, up to the end of the last.
    Epoch pauseEpoch;
    uint24 pausedInEpoch;
    /// First block of epoch 0.
    uint40 firstBlock;
    /// Where the seeds of the epochs before `next.fromEpoch()` come from; means nothing before the first change.
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
/// @dev No beacon is asked for any of it: where epochs begin and what is due when follows from numbers kept here.
library CustodyStorageLib {
    /// @dev Whether the protocol is paused in this block.
    function isPaused(CustodyStorage storage $) internal view returns (bool) {
        return block.number < $.resumesAt;
    }

    /// @dev See `IEpochs.epochAt`.
    function epochAt(CustodyStorage storage $, uint256 blockNumber) internal view returns (Epoch) {
        return Epochs.ofBlock(blockNumber, $.firstBlock, $.next.epochLength());
    }

    /// @dev See `IEpochs.nextEpochAt`.
    function nextEpochAt(CustodyStorage storage $, uint256 blockNumber) internal view returns (Epoch) {
        return Epochs.afterBlock(blockNumber, $.firstBlock, $.next.epochLength());
    }

    /// @dev Number of the last block of an epoch.
    function lastBlockOf(CustodyStorage storage $, Epoch epoch) internal view returns (uint256) {
        // Far below 2^256: the numbers have 40, 32 and 20 bits. No epoch is empty.
        unchecked {
            return $.firstBlock + (uint256(Epoch.unwrap(epoch)) + 1) * $.next.epochLength() - 1;
        }
    }

    /// @dev How many blocks of an epoch pauses take; of epochs before that of the last pause, this is not known any
    /// more.
    function pausedBlocksOf(CustodyStorage storage $, Epoch epoch) internal view returns (uint256) {
        return Epoch.unwrap(epoch) == Epoch.unwrap($.pauseEpoch) ? $.pausedInEpoch : 0;
    }

    /// @dev The parameters of an epoch, not before the last but one that they changed for.
    function parametersAt(CustodyStorage storage $, Epoch epoch) internal view returns (ParametersWord) {
        ParametersWord next = $.next;
        return Epoch.unwrap(epoch) < Epoch.unwrap(next.fromEpoch()) ? $.current : next;
    }

    /// @dev What decides about the seed of an epoch and its deadline, not before the last but one that the parameters
    /// changed for: where the seed comes from, of which block, the parameters, and how many blocks pauses take.
    function scheduleOf(CustodyStorage storage $, Epoch epoch)
        internal
        view
        returns (ISeedBeacon source, uint256 seedBlock, ParametersWord frozen, uint256 pausedBlocks)
    {
        // These share a slot, which is read once as long as nothing comes between.
        source = $.beacon;
        uint256 firstBlock = $.firstBlock;
        pausedBlocks = $.pausedBlocksOf(epoch);
        frozen = $.next;
        if (Epoch.unwrap(epoch) < Epoch.unwrap(frozen.fromEpoch())) (source, frozen) = ($.previousBeacon, $.current);
        // Far below 2^256: the numbers have 40, 32, 20 and 20 bits.
        unchecked {
            seedBlock = firstBlock + uint256(Epoch.unwrap(epoch)) * frozen.epochLength() + frozen.delta();
        }
    }

    /// @dev Last blocks in which proofs and misses of an epoch are accepted; a forecast until its seed is finalised.
    /// When a pause leaves no room for it in the epoch, the last block of the report window falls away.
    function deadlinesOf(CustodyStorage storage $, Epoch epoch)
        internal
        view
        returns (uint256 closesAt, uint256 reportsCloseAt)
    {
        EpochWord word = $.epochWord;
        if (word.isOf(epoch)) {
            (closesAt, reportsCloseAt) = (word.closesAt(), word.reportsCloseAt());
        } else {
            (, uint256 seedBlock, ParametersWord frozen, uint256 pausedBlocks) = $.scheduleOf(epoch);
            closesAt = seedBlock + frozen.finalizeBy() + frozen.window() + pausedBlocks;
            reportsCloseAt = closesAt + frozen.reportWindow();
        }
        reportsCloseAt = Math.min(reportsCloseAt, $.lastBlockOf(epoch));
    }
}
