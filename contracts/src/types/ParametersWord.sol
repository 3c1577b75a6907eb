// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "./Epoch.sol";
import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";

/// @dev The parameters of challenges and the lengths of epochs in one word, lowest bits first: fromEpoch:32 | window:20
/// | maxPause:20 | epochLength:20 | delta:20 | finalizeBy:16 | period:16 | operatorsAtLevel:3x8 | blobsAtLevel:3x8 |
/// precompileGasCap:24 | reportWindow:24 | custodyBps:16.
/// `epochLength` and `delta` are the same in all words, `finalizeBy` is that of the beacon. The upper half, from bit
/// 128 on, is copied as it is into the word of each epoch.
type ParametersWord is uint256;

using ParametersWordLib for ParametersWord global;

/// @title Packs and reads the parameters of challenges
library ParametersWordLib {
    uint256 private constant WINDOW = 32;
    uint256 private constant MAX_PAUSE = 52;
    uint256 private constant EPOCH_LENGTH = 72;
    uint256 private constant DELTA = 92;
    uint256 private constant FINALIZE_BY = 112;
    uint256 private constant PERIOD = 128;
    uint256 private constant OPERATORS = 144;
    uint256 private constant BLOBS = 168;
    uint256 private constant PRECOMPILE_GAS_CAP = 192;
    uint256 private constant REPORT_WINDOW = 216;
    uint256 private constant CUSTODY_BPS = 240;

    /// Bits of a length.
    uint256 private constant LENGTH_MASK = (1 << 20) - 1;
    /// All that is no parameter but a length of the epochs: epochLength, delta and finalizeBy.
    uint256 private constant LENGTHS = (1 << PERIOD) - (1 << EPOCH_LENGTH);

    /// @dev A word with no more than the lengths of epochs; none is above MAX_EPOCH_LENGTH, and `newFinalizeBy` is at
    /// most HISTORY_LENGTH.
    function ofLengths(uint256 newEpochLength, uint256 newDelta, uint256 newFinalizeBy)
        internal
        pure
        returns (ParametersWord)
    {
        return ParametersWord.wrap(newEpochLength << EPOCH_LENGTH | newDelta << DELTA | newFinalizeBy << FINALIZE_BY);
    }

    /// @dev The word of these parameters with the lengths of epochs that `lengths` has. `window` and `maxPause` are at
    /// most MAX_EPOCH_LENGTH.
    function pack(ICustodyChallenges.Parameters memory values, ParametersWord lengths, Epoch newFromEpoch)
        internal
        pure
        returns (ParametersWord)
    {
        return ParametersWord.wrap(
            uint256(Epoch.unwrap(newFromEpoch)) | uint256(values.window) << WINDOW | uint256(values.maxPause)
                << MAX_PAUSE | ParametersWord.unwrap(lengths) & LENGTHS | uint256(values.period) << PERIOD
                | _packLevels(values.operatorsAtLevel) << OPERATORS | _packLevels(values.blobsAtLevel) << BLOBS
                | uint256(values.precompileGasCap) << PRECOMPILE_GAS_CAP | uint256(values.reportWindow) << REPORT_WINDOW
                | uint256(values.custodyBps) << CUSTODY_BPS
        );
    }

    /// @dev The word with the `finalizeBy` of another beacon, at most HISTORY_LENGTH, from another epoch on.
    function withFinalizeBy(ParametersWord self, uint256 newFinalizeBy, Epoch newFromEpoch)
        internal
        pure
        returns (ParametersWord)
    {
        uint256 others =
            ParametersWord.unwrap(self) & ~(uint256(type(uint16).max) << FINALIZE_BY | uint256(type(uint32).max));
        return ParametersWord.wrap(others | newFinalizeBy << FINALIZE_BY | Epoch.unwrap(newFromEpoch));
    }

    // Each cast below cuts off the fields above the one that is read.
    // forge-lint: disable-start(unsafe-typecast)

    function unpack(ParametersWord self) internal pure returns (ICustodyChallenges.Parameters memory values) {
        uint256 word = ParametersWord.unwrap(self);
        values.window = uint24(self.window());
        values.maxPause = uint24(self.maxPause());
        values.period = uint16(word >> PERIOD);
        values.operatorsAtLevel = _unpackLevels(word >> OPERATORS);
        values.blobsAtLevel = _unpackLevels(word >> BLOBS);
        values.precompileGasCap = uint24(word >> PRECOMPILE_GAS_CAP);
        values.reportWindow = uint24(word >> REPORT_WINDOW);
        values.custodyBps = uint16(word >> CUSTODY_BPS);
    }

    function fromEpoch(ParametersWord self) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(ParametersWord.unwrap(self)));
    }

    function window(ParametersWord self) internal pure returns (uint256) {
        return ParametersWord.unwrap(self) >> WINDOW & LENGTH_MASK;
    }

    function maxPause(ParametersWord self) internal pure returns (uint256) {
        return ParametersWord.unwrap(self) >> MAX_PAUSE & LENGTH_MASK;
    }

    function epochLength(ParametersWord self) internal pure returns (uint256) {
        return ParametersWord.unwrap(self) >> EPOCH_LENGTH & LENGTH_MASK;
    }

    function delta(ParametersWord self) internal pure returns (uint256) {
        return ParametersWord.unwrap(self) >> DELTA & LENGTH_MASK;
    }

    function finalizeBy(ParametersWord self) internal pure returns (uint256) {
        return uint16(ParametersWord.unwrap(self) >> FINALIZE_BY);
    }

    function reportWindow(ParametersWord self) internal pure returns (uint256) {
        return uint24(ParametersWord.unwrap(self) >> REPORT_WINDOW);
    }

    function _packLevels(uint8[3] memory levels) private pure returns (uint256) {
        return uint256(levels[0]) | uint256(levels[1]) << 8 | uint256(levels[2]) << 16;
    }

    function _unpackLevels(uint256 word) private pure returns (uint8[3] memory) {
        return [uint8(word), uint8(word >> 8), uint8(word >> 16)];
    }

    // forge-lint: disable-end(unsafe-typecast)
}
