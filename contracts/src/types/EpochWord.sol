// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "./Epoch.sol";
import {ParametersWord} from "./ParametersWord.sol";

/// @dev All that answering a challenge needs to know about its epoch, in one word, lowest bits first: epoch:32 |
/// closesAt:48 | pausedSince:48 | period:16 | operatorsAtLevel:3x8 | blobsAtLevel:3x8 | precompileGasCap:24 |
/// reportWindow:24 | unused:16. The upper half is that of the epoch's ParametersWord.
type EpochWord is uint256;

using EpochWordLib for EpochWord global;

/// @title Makes and reads the word of an epoch
library EpochWordLib {
    uint256 private constant CLOSES_AT = 32;
    uint256 private constant PAUSED_SINCE = 80;
    uint256 private constant PERIOD = 128;
    uint256 private constant OPERATORS = 144;
    uint256 private constant BLOBS = 168;
    uint256 private constant PRECOMPILE_GAS_CAP = 192;
    uint256 private constant REPORT_WINDOW = 216;

    /// @dev The word of a new epoch, not paused; freezes the parameters in it.
    function open(Epoch newEpoch, uint48 newClosesAt, ParametersWord parameters) internal pure returns (EpochWord) {
        uint256 frozen = ParametersWord.unwrap(parameters) >> PERIOD << PERIOD;
        return EpochWord.wrap(frozen | uint256(Epoch.unwrap(newEpoch)) | uint256(newClosesAt) << CLOSES_AT);
    }

    /// @dev Whether this is the word of `anEpoch`; never true before the first epoch was opened.
    function isOf(EpochWord self, Epoch anEpoch) internal pure returns (bool) {
        return Epoch.unwrap(self.epoch()) == Epoch.unwrap(anEpoch) && self.closesAt() != 0;
    }

    // Each cast below cuts off the fields above the one that is read.

    function epoch(EpochWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(EpochWord.unwrap(self)));
    }

    function closesAt(EpochWord self) internal pure returns (uint48) {
        return uint48(EpochWord.unwrap(self) >> CLOSES_AT);
    }

    function pausedSince(EpochWord self) internal pure returns (uint48) {
        return uint48(EpochWord.unwrap(self) >> PAUSED_SINCE);
    }

    function period(EpochWord self) internal pure returns (uint16) {
        return uint16(EpochWord.unwrap(self) >> PERIOD);
    }

    /// @dev `level` is 0, 1 or 2.
    function operatorsAt(EpochWord self, uint256 level) internal pure returns (uint8) {
        return uint8(EpochWord.unwrap(self) >> (OPERATORS + 8 * level));
    }

    /// @dev `level` is 0, 1 or 2.
    function blobsAt(EpochWord self, uint256 level) internal pure returns (uint8) {
        return uint8(EpochWord.unwrap(self) >> (BLOBS + 8 * level));
    }

    function precompileGasCap(EpochWord self) internal pure returns (uint24) {
        return uint24(EpochWord.unwrap(self) >> PRECOMPILE_GAS_CAP);
    }

    function reportWindow(EpochWord self) internal pure returns (uint24) {
        return uint24(EpochWord.unwrap(self) >> REPORT_WINDOW);
    }
}
