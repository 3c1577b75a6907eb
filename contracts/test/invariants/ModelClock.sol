// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {SeedBeacon} from "../../src/SeedBeacon.sol";
import {Stage} from "./Stage.sol";

/// Blocks, epochs, pauses, seeds and parameters as they should be.
abstract contract ModelClock is Stage {
    /// First paused block, and the first one after it.
    struct Pause {
        uint256 from;
        uint256 until;
    }

    uint256 internal epochNow;
    /// Pauses that began in this epoch, and the blocks of all others. A pause ends with its epoch.
    Pause[] internal pauses;
    uint256 internal pausedBefore;

    /// What holds in this epoch, and what will from the next one on.
    ICustodyChallenges.Parameters internal custodyNow;
    ICustodyChallenges.Parameters internal custodyNext;
    IOperatorStake.StakeParameters internal stakingNow;
    IOperatorStake.StakeParameters internal stakingNext;
    uint256 internal beaconNow;
    uint256 internal beaconNext;

    /// Two beacons that agree on all but when a seed can be finalised.
    SeedBeacon[2] internal beacons;

    /// Zero for epochs whose seed nobody has finalised.
    mapping(uint256 epoch => bytes32) internal seedOfEpoch;
    uint256 internal lastSeededEpoch;

    function startClock() internal {
        beacons = [beacon, new SeedBeacon(B0, L, DELTA, FINALITY + 3, FINALIZE_BY + 4)];
        custodyNow = custodyParameters();
        custodyNext = custodyNow;
        stakingNow = stakeParameters();
        stakingNext = stakingNow;
        timeNow = block.timestamp;
        blockNow = B0;
        vm.roll(B0);
    }

    /// What changes when an epoch starts.
    function onNewEpoch() internal virtual {
        ++epochNow;
        pausedBefore += pausedInEpoch();
        delete pauses;
        custodyNow = custodyNext;
        stakingNow = stakingNext;
        beaconNow = beaconNext;
    }

    function moveTo(uint256 blockNumber) internal {
        if (blockNumber <= blockNow) return;
        timeNow += 12 * (blockNumber - blockNow);
        blockNow = blockNumber;
        vm.roll(blockNow);
        vm.warp(timeNow);
        while (blockNow > lastBlock(epochNow)) {
            if (seedOfEpoch[epochNow] == 0) see("void epoch");
            onNewEpoch();
        }
    }

    function firstBlock(uint256 epoch) internal pure returns (uint256) {
        return B0 + epoch * L;
    }

    function lastBlock(uint256 epoch) internal pure returns (uint256) {
        return firstBlock(epoch + 1) - 1;
    }

    function seedBlock(uint256 epoch) internal pure returns (uint256) {
        return firstBlock(epoch) + DELTA;
    }

    function isSeeded() internal view returns (bool) {
        return seedOfEpoch[epochNow] != 0;
    }

    // ------------------------------------------------------------ pauses

    function isPausedNow() internal view returns (bool) {
        return pauses.length > 0 && blockNow < pauses[pauses.length - 1].until;
    }

    /// Blocks that the pauses of this epoch take, up to the end of the last.
    function pausedInEpoch() internal view returns (uint256 blocks) {
        for (uint256 i = 0; i < pauses.length; ++i) {
            blocks += pauses[i].until - pauses[i].from;
        }
    }

    function unpausedNow() internal view returns (uint256 clock) {
        clock = blockNow - pausedBefore;
        for (uint256 i = 0; i < pauses.length; ++i) {
            clock -= (blockNow < pauses[i].until ? blockNow : pauses[i].until) - pauses[i].from;
        }
    }

    // ------------------------------------------------------------ deadlines

    /// The deadline of this epoch's proofs if nobody pauses.
    function promisedDeadline() internal view returns (uint256) {
        return seedBlock(epochNow) + beacons[beaconNow].finalizeBy() + custodyNow.window;
    }

    /// Last blocks for proofs and for reports of this epoch: each pause that began before moves them by its blocks.
    function deadlines() internal view returns (uint256 closesAt, uint256 reportsCloseAt) {
        closesAt = promisedDeadline();
        reportsCloseAt = closesAt + custodyNow.reportWindow;
        for (uint256 i = 0; i < pauses.length; ++i) {
            uint256 blocks = pauses[i].until - pauses[i].from;
            if (pauses[i].from <= closesAt) closesAt += blocks;
            if (pauses[i].from <= reportsCloseAt) reportsCloseAt += blocks;
        }
        // Everything about an epoch is over before the next one starts.
        if (reportsCloseAt > lastBlock(epochNow)) reportsCloseAt = lastBlock(epochNow);
    }
}
