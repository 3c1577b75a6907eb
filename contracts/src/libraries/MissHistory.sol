// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Epoch.sol";

/// @title In which of the last 64 epochs an operator missed a challenge
/// @dev Bit i of a history stands for the i-th epoch before the last miss, so bit 0 is set unless there was none.
library MissHistory {
    /// @dev The history after a miss in `epoch`, which is not before `lastMissed`.
    function withMiss(uint64 history, Epoch lastMissed, Epoch epoch) internal pure returns (uint64) {
        uint64 passed = Epoch.unwrap(epoch) - Epoch.unwrap(lastMissed);
        return history << passed | 1; // After 64 epochs nothing is left of what was.
    }

    /// @dev Epochs with a miss among the `epochs` (1 to 64) up to and with that of the last.
    function countWithin(uint64 history, uint256 epochs) internal pure returns (uint256 count) {
        // The cut is to the lowest `epochs` bits, all of them for 64.
        for (uint256 left = history & ((1 << epochs) - 1); left != 0; left &= left - 1) {
            ++count;
        }
    }
}
