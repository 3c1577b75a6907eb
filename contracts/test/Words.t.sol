// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {EpochWord, EpochWordLib} from "../src/types/EpochWord.sol";
import {ParametersWord, ParametersWordLib} from "../src/types/ParametersWord.sol";
import {MAX_BLOBS, PostWord, PostWordLib} from "../src/types/PostWord.sol";
import {Test} from "./support/Test.sol";

/// The packed words: what goes in comes out, and nothing else changes.
contract WordsTest is Test {
    function testFuzz_postWord_keepsWhatItIsMadeOf(uint256 blobCount, uint32 attested, uint32 end) public pure {
        uint32 count = uint32(bound(blobCount, 1, MAX_BLOBS));
        PostWord word = PostWordLib.pack(count, Epoch.wrap(attested), Epoch.wrap(end));
        vm.assertEq(word.blobCount(), count);
        vm.assertEq(Epoch.unwrap(word.attestedEpoch()), attested);
        vm.assertEq(Epoch.unwrap(word.endEpoch()), end);
        vm.assertEq(PostWord.unwrap(word) >> 84, 0);
    }

    /// Any word at all: every field is read from its place in the published layout.
    function testFuzz_postWord_readsThePublishedLayout(uint256 raw) public pure {
        PostWord word = PostWord.wrap(raw);
        vm.assertEq(word.blobCount(), raw % 2 ** 20);
        vm.assertEq(Epoch.unwrap(word.attestedEpoch()), (raw >> 20) % 2 ** 32);
        vm.assertEq(Epoch.unwrap(word.endEpoch()), (raw >> 52) % 2 ** 32);
        vm.assertEq(word.level(), (raw >> 84) % 16);
        vm.assertEq(word.nextLevel(), (raw >> 88) % 16);
        vm.assertEq(word.isSettled(), (raw >> 92) % 2 == 1);
        vm.assertEq(word.isAtRisk(), (raw >> 93) % 2 == 1);
        vm.assertEq(word.beganAtRisk(), (raw >> 94) % 2 == 1);
        vm.assertEq(Epoch.unwrap(word.epoch()), (raw >> 96) % 2 ** 32);
        vm.assertEq(word.proven(), (raw >> 128) % 2 ** 64);
        vm.assertEq(word.missed(), raw >> 192);
    }

    function testFuzz_touched_renewsOnlyWhatBelongsToAnEpoch(uint256 raw, uint32 epoch) public pure {
        PostWord word = PostWord.wrap(raw);
        PostWord touched = word.touched(Epoch.wrap(epoch));
        vm.assertEq(Epoch.unwrap(touched.epoch()), epoch);
        vm.assertEq(PostWord.unwrap(touched) % 2 ** 84, raw % 2 ** 84);
        vm.assertEq(touched.nextLevel(), word.nextLevel());
        vm.assertEq(touched.isAtRisk(), word.isAtRisk());
        if (Epoch.unwrap(word.epoch()) == epoch) {
            vm.assertEq(PostWord.unwrap(touched), raw);
            return;
        }
        vm.assertEq(touched.level(), word.nextLevel());
        vm.assertEq(touched.beganAtRisk(), word.isAtRisk());
        vm.assertFalse(touched.isSettled());
        vm.assertEq(touched.proven(), 0);
        vm.assertEq(touched.missed(), 0);
    }

    function testFuzz_withSettlement_decidesTheNextEpochs(uint256 raw, uint8 nextLevel, bool isAtRisk) public pure {
        nextLevel %= 16;
        PostWord word = PostWord.wrap(raw);
        PostWord settled = word.withSettlement(nextLevel, isAtRisk);
        vm.assertTrue(settled.isSettled());
        vm.assertEq(settled.nextLevel(), nextLevel);
        vm.assertEq(settled.isAtRisk(), isAtRisk);
        uint256 decided = uint256(0x3f) << 88;
        vm.assertEq(PostWord.unwrap(settled) & ~decided, raw & ~decided);
    }

    function testFuzz_withEndEpoch_changesNothingElse(uint256 raw, uint32 endEpoch) public pure {
        PostWord word = PostWord.wrap(raw).withEndEpoch(Epoch.wrap(endEpoch));
        vm.assertEq(Epoch.unwrap(word.endEpoch()), endEpoch);
        uint256 others = ~(uint256(type(uint32).max) << 52);
        vm.assertEq(PostWord.unwrap(word) & others, raw & others);
    }

    function testFuzz_postWord_setsOneBit(uint256 raw, uint256 stratum) public pure {
        stratum = bound(stratum, 0, 63);
        PostWord word = PostWord.wrap(raw);
        vm.assertEq(PostWord.unwrap(word.withProven(stratum)), raw | 1 << (128 + stratum));
        vm.assertEq(PostWord.unwrap(word.withMissed(stratum)), raw | 1 << (192 + stratum));
        vm.assertEq(word.hasProven(stratum), (raw >> (128 + stratum)) % 2 == 1);
        vm.assertEq(word.hasMissed(stratum), (raw >> (192 + stratum)) % 2 == 1);
    }

    function testFuzz_parametersWord_keepsWhatItIsMadeOf(
        ICustodyChallenges.Parameters memory values,
        uint32[2] memory rawLengths,
        uint16 finalizeBy,
        uint32 from
    ) public pure {
        _bound(values);
        ParametersWord lengths =
            ParametersWordLib.ofLengths(rawLengths[0] % (1 << 20), rawLengths[1] % (1 << 20), finalizeBy);
        ParametersWord word = ParametersWordLib.pack(values, lengths, Epoch.wrap(from));
        vm.assertEq(Epoch.unwrap(word.fromEpoch()), from);
        vm.assertEq(word.epochLength(), rawLengths[0] % (1 << 20));
        vm.assertEq(word.delta(), rawLengths[1] % (1 << 20));
        vm.assertEq(word.finalizeBy(), finalizeBy);
        vm.assertEq(word.window(), values.window);
        vm.assertEq(word.maxPause(), values.maxPause);
        vm.assertEq(word.reportWindow(), values.reportWindow);
        vm.assertEq(keccak256(abi.encode(word.unpack())), keccak256(abi.encode(values)));
    }

    function testFuzz_withFinalizeBy_changesNothingElse(uint256 raw, uint16 finalizeBy, uint32 from) public pure {
        ParametersWord word = ParametersWord.wrap(raw).withFinalizeBy(finalizeBy, Epoch.wrap(from));
        vm.assertEq(word.finalizeBy(), finalizeBy);
        vm.assertEq(Epoch.unwrap(word.fromEpoch()), from);
        uint256 others = ~(uint256(type(uint16).max) << 112 | uint256(type(uint32).max));
        vm.assertEq(ParametersWord.unwrap(word) & others, raw & others);
    }

    function testFuzz_epochWord_freezesTheParameters(
        ICustodyChallenges.Parameters memory values,
        uint32 from,
        uint32 epoch,
        uint40 closesAt
    ) public pure {
        _bound(values);
        ParametersWord parameters = ParametersWordLib.pack(values, ParametersWord.wrap(0), Epoch.wrap(from));
        EpochWord word = EpochWordLib.open(Epoch.wrap(epoch), closesAt, parameters);
        vm.assertEq(Epoch.unwrap(word.epoch()), epoch);
        vm.assertEq(word.closesAt(), closesAt);
        vm.assertEq(word.reportsCloseAt(), uint256(closesAt) + values.reportWindow);
        vm.assertEq(word.custodyBps(), values.custodyBps);
        vm.assertEq(word.period(), values.period);
        vm.assertEq(word.precompileGasCap(), values.precompileGasCap);
        vm.assertEq(word.reportWindow(), values.reportWindow);
        for (uint256 level = 0; level < 3; ++level) {
            vm.assertEq(word.operatorsAt(level), values.operatorsAtLevel[level]);
            vm.assertEq(word.blobsAt(level), values.blobsAtLevel[level]);
        }
    }

    function testFuzz_withDeadlines_changesNothingElse(uint256 raw, uint48 closesAt, uint48 reportsCloseAt)
        public
        pure
    {
        EpochWord word = EpochWord.wrap(raw).withDeadlines(closesAt, reportsCloseAt);
        vm.assertEq(word.closesAt(), closesAt);
        vm.assertEq(word.reportsCloseAt(), reportsCloseAt);
        uint256 others = ~(uint256(type(uint96).max) << 32);
        vm.assertEq(EpochWord.unwrap(word) & others, raw & others);
        vm.assertEq(word.isOpened(), closesAt != 0);
        vm.assertEq(word.nextEpochNumber(), closesAt == 0 ? 0 : uint256(Epoch.unwrap(word.epoch())) + 1);
    }

    /// What has to fit into an epoch is no longer than one.
    function _bound(ICustodyChallenges.Parameters memory values) private pure {
        values.window %= 1 << 20;
        values.maxPause %= 1 << 20;
    }
}
