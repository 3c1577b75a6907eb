// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "./Epoch.sol";
import {ParametersWord} from "./ParametersWord.sol";

/// @dev All that answering a challenge needs to know about its epoch, in one word, lowest bits first: epoch:32 |
/// closesAt:48 | reportsCloseAt:48 | period:16 | operatorsAtLevel:3x8 | blobsAtLevel:3x8 | precompileGasCap:24 |
/// reportWindow:24 | custodyBps:16. A pause moves the two deadlines. The upper half is that of the epoch's
/// ParametersWord.
type EpochWord is uint256;

using EpochWordLib for EpochWord global;

/// @title Makes and reads the word of an epoch
library EpochWordLib {
    uint256 private constant CLOSES_AT = 32;
    uint256 private constant REPORTS_CLOSE_AT = 80;
    uint256 private constant PERIOD = 128;
    uint256 private constant OPERATORS = 144;
    uint256 private constant BLOBS = 168;
    uint256 private constant PRECOMPILE_GAS_CAP = 192;
    uint256 private constant REPORT_WINDOW = 216;
    uint256 private constant CUSTODY_BPS = 240;

    /// @dev The word of a new epoch; freezes the parameters in it.
    function open(Epoch newEpoch, uint48 newClosesAt, ParametersWord parameters) internal pure returns (EpochWord) {
        uint256 frozen = ParametersWord.unwrap(parameters) >> PERIOD << PERIOD;
        uint48 newReportsCloseAt = newClosesAt + EpochWord.wrap(frozen).reportWindow();
        uint256 deadlines = uint256(newClosesAt) << CLOSES_AT | uint256(newReportsCloseAt) << REPORTS_CLOSE_AT;
        return EpochWord.wrap(frozen | deadlines | Epoch.unwrap(newEpoch));
    }

    /// @dev The word with other deadlines.
    function withDeadlines(EpochWord self, uint48 newClosesAt, uint48 newReportsCloseAt)
        internal
        pure
        returns (EpochWord)
    {
        uint256 others = EpochWord.unwrap(self) & ~(uint256(type(uint96).max) << CLOSES_AT);
        return
            EpochWord.wrap(others | uint256(newClosesAt) << CLOSES_AT | uint256(newReportsCloseAt) << REPORTS_CLOSE_AT);
    }

    /// @dev Whether this is the word of any epoch.
    function isOpened(EpochWord self) internal pure returns (bool) {
        return self.closesAt() != 0;
    }

    /// @dev Number of the epoch after this one; 0 before the first epoch was opened.
    function nextEpochNumber(EpochWord self) internal pure returns (uint256) {
        return self.isOpened() ? uint256(Epoch.unwrap(self.epoch())) + 1 : 0;
    }

    /// @dev Whether this is the word of `anEpoch`; never true before the first epoch was opened.
    function isOf(EpochWord self, Epoch anEpoch) internal pure returns (bool) {
        return Epoch.unwrap(self.epoch()) == Epoch.unwrap(anEpoch) && self.isOpened();
    }

    // Each cast below cuts off the fields above the one that is read.
    // forge-lint: disable-start(unsafe-typecast)

    function epoch(EpochWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(EpochWord.unwrap(self)));
    }

    function closesAt(EpochWord self) internal pure returns (uint48) {
        return uint48(EpochWord.unwrap(self) >> CLOSES_AT);
    }

    function reportsCloseAt(EpochWord self) internal pure returns (uint48) {
        return uint48(EpochWord.unwrap(self) >> REPORTS_CLOSE_AT);
    }

    function period(EpochWord self) internal pure returns (uint16) {
        return uint16(EpochWord.unwrap(self) >> PERIOD);
    }

    /// @dev `level` is 0, 1 or 2.
    function operatorsAt(EpochWord self, uint256 level) internal pure returns (uint8) {
        // No overflow: levels are few.
        unchecked {
            return uint8(EpochWord.unwrap(self) >> (OPERATORS + 8 * level));
        }
    }

    /// @dev `level` is 0, 1 or 2.
    function blobsAt(EpochWord self, uint256 level) internal pure returns (uint8) {
        // No overflow: levels are few.
        unchecked {
            return uint8(EpochWord.unwrap(self) >> (BLOBS + 8 * level));
        }
    }

    function precompileGasCap(EpochWord self) internal pure returns (uint24) {
        return uint24(EpochWord.unwrap(self) >> PRECOMPILE_GAS_CAP);
    }

    function reportWindow(EpochWord self) internal pure returns (uint24) {
        return uint24(EpochWord.unwrap(self) >> REPORT_WINDOW);
    }

    function custodyBps(EpochWord self) internal pure returns (uint16) {
        return uint16(EpochWord.unwrap(self) >> CUSTODY_BPS);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
