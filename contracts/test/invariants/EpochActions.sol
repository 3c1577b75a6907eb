// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {ISeedBeacon} from "../../src/interfaces/ISeedBeacon.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {Headers} from "../support/Headers.sol";
import {Observations} from "./Observations.sol";
import {Verdict} from "./Verdict.sol";

/// Blocks pass, seeds are finalised or not, the guardian pauses.
abstract contract EpochActions is Observations {
    function passBlocks(uint256 random) external observed {
        moveTo(blockNow + 1 + draw(random, "blocks", 6));
    }

    /// To where something opens or closes, or a block beside it; rarely some epochs on.
    function passToBorder(uint256 random) external observed {
        (uint256 closesAt, uint256 reportsCloseAt) = deadlines();
        uint256 next = firstBlock(epochNow + 1);
        uint256[5] memory borders = [seedOpensAt(), closesAt, closesAt + 1, reportsCloseAt, next];
        uint256 border = borders[draw(random, "border", 5)] + draw(random, "beside", 3);
        moveTo(oneIn(10, random, "far") ? next + draw(random, "blocks", 4 * L) : border - 1);
    }

    function finaliseSeed(uint256 random) external observed {
        // Mostly in its time, and at times in none.
        if (!isSeeded() && !oneIn(8, random, "as it is")) moveTo(seedOpensAt() + draw(random, "late", 5));
        uint256 epoch = epochNow;
        if (oneIn(12, random, "other epoch")) epoch = epochNow == 0 ? 1 : epochNow - 1 + 2 * draw(random, "which", 2);
        finaliseWith(epoch, random);
    }

    function pauseOrUnpause(uint256 random) external observed {
        // Where a pause is felt most: when the seed can be finalised, and by the deadline.
        (uint256 closesAt,) = deadlines();
        if (oneIn(5, random, "early")) {
            if (blockNow > seedOpensAt()) moveTo(firstBlock(epochNow + 1));
            moveTo(seedOpensAt());
        } else if (oneIn(3, random, "late") && blockNow <= closesAt) {
            moveTo(closesAt + draw(random, "block", 2));
        }
        // What can succeed, in three of four cases.
        bool isLikely = !oneIn(4, random, "unlikely");
        if (isPausedNow() == isLikely) _unpause(random);
        else _pause(random);
        if (isPausedNow() && !isSeeded() && !oneIn(3, random, "wait")) finaliseWith(epochNow, random);
    }

    /// Goes to where proofs are taken: in this epoch or, when that is too late for it, in the next.
    function openEpoch(uint256 random) internal {
        if (isProvable()) return;
        uint256 finaliseBy = seedBlock(epochNow) + beacons[beaconNow].finalizeBy();
        if (isSeeded() || blockNow > finaliseBy) moveTo(firstBlock(epochNow + 1));
        moveTo(seedOpensAt());
        finaliseWith(epochNow, random);
    }

    function isProvable() internal view returns (bool) {
        (uint256 closesAt,) = deadlines();
        return isSeeded() && blockNow <= closesAt;
    }

    function finaliseWith(uint256 epoch, uint256 random) internal {
        ISeedBeacon source = beacons[epoch > epochNow ? beaconNext : beaconNow];
        bool isRecorded = seedOfEpoch[epoch] != 0 && lastSeededEpoch == epoch;
        uint256 number = seedBlock(epoch);
        bytes32 prevRandao = keccak256(abi.encode("randao", random, epoch));
        bytes memory header = Headers.make(prevRandao, number);
        bool isHeader = !oneIn(16, random, "wrong header");
        if (number < blockNow) vm.setBlockhash(number, isHeader ? keccak256(header) : keccak256("another"));

        bool isInTime = number + source.finality() <= blockNow && blockNow <= number + source.finalizeBy();
        Verdict memory verdict;
        verdict.rule(isRecorded || isInTime, ISeedBeacon.OutsideSeedWindow.selector);
        verdict.rule(isRecorded || isHeader, ISeedBeacon.WrongHeader.selector);
        bytes memory call = abi.encodeCall(custody.finaliseSeed, (Epoch.wrap(uint32(epoch)), header));
        (bool isDone,) = attempt(STRANGER, address(custody), call, verdict);
        if (!isDone || isRecorded) return;
        bytes32 typehash = beacons[0].SEED_TYPEHASH();
        seedOfEpoch[epoch] = keccak256(abi.encode(typehash, block.chainid, source, epoch, prevRandao));
        lastSeededEpoch = epoch;
        see(isPausedNow() ? "seed finalised in a pause" : "seed finalised");
    }

    function _pause(uint256 random) private {
        uint256 taken = pausedInEpoch();
        bool isGuardian = !oneIn(10, random, "stranger");
        Verdict memory verdict;
        verdict.rule(isGuardian, UNAUTHORIZED);
        verdict.rule(!isPausedNow() && taken < custodyNow.maxPause, ICustodyChallenges.PauseUnavailable.selector);
        bytes memory call = abi.encodeCall(custody.pause, ());
        (bool isDone,) = attempt(isGuardian ? GUARDIAN : STRANGER, address(custody), call, verdict);
        if (!isDone) return;
        uint256 until = blockNow + custodyNow.maxPause - taken;
        if (until > lastBlock(epochNow)) until = lastBlock(epochNow) + 1;
        pauses.push(Pause({from: blockNow, until: until}));
        see("paused");
    }

    /// The block of the call is still paused.
    function _unpause(uint256 random) private {
        bool isGuardian = !oneIn(10, random, "stranger");
        bool isToShorten = pauses.length > 0 && pauses[pauses.length - 1].until > blockNow + 1;
        Verdict memory verdict;
        verdict.rule(isGuardian, UNAUTHORIZED);
        verdict.rule(isToShorten, ICustodyChallenges.PauseUnavailable.selector);
        bytes memory call = abi.encodeCall(custody.unpause, ());
        (bool isDone,) = attempt(isGuardian ? GUARDIAN : STRANGER, address(custody), call, verdict);
        if (!isDone) return;
        pauses[pauses.length - 1].until = blockNow + 1;
        see("pause ended early");
    }

    function seedOpensAt() internal view returns (uint256) {
        return seedBlock(epochNow) + beacons[beaconNow].finality();
    }
}
