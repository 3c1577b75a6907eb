// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MissHistory} from "../src/libraries/MissHistory.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {Test} from "./support/Test.sol";

contract MissHistoryTest is Test {
    /// Against a list of the epochs with a miss.
    function testFuzz_countWithin_countsEpochsWithAMiss(uint8[20] memory gaps, uint32 first, uint256 within)
        public
        pure
    {
        within = bound(within, 1, 64);
        uint256[20] memory missed;
        uint64 history = 0;
        Epoch last = Epoch.wrap(0);
        uint256 epoch = bound(first, 0, 1e9);
        for (uint256 i = 0; i < gaps.length; ++i) {
            // Often 0: several misses in one epoch count once.
            epoch += gaps[i] % 100 < 30 ? 0 : gaps[i] % 100 - 30;
            missed[i] = epoch;
            history = MissHistory.withMiss(history, last, Epoch.wrap(uint32(epoch)));
            last = Epoch.wrap(uint32(epoch));
            vm.assertEq(MissHistory.countWithin(history, within), _count(missed, i, within));
        }
    }

    function test_withMiss_forgetsAfter64Epochs() public pure {
        uint64 history = MissHistory.withMiss(1, Epoch.wrap(10), Epoch.wrap(73));
        vm.assertEq(MissHistory.countWithin(history, 64), 2);
        vm.assertEq(MissHistory.countWithin(history, 63), 1);
        vm.assertEq(MissHistory.withMiss(1, Epoch.wrap(10), Epoch.wrap(74)), 1);
        vm.assertEq(MissHistory.withMiss(1, Epoch.wrap(0), Epoch.wrap(type(uint32).max)), 1);
    }

    /// Different epochs among `missed[0..last]` that are less than `within` before the last.
    function _count(uint256[20] memory missed, uint256 last, uint256 within) private pure returns (uint256 count) {
        for (uint256 i = 0; i <= last; ++i) {
            bool isNew = i == 0 || missed[i] != missed[i - 1];
            if (isNew && missed[i] + within > missed[last]) ++count;
        }
    }
}
