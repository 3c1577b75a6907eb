// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "./Epoch.sol";
import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";

/// @dev The parameters of challenges in one word, lowest bits first: fromEpoch:32 | window:24 | maxPause:24 | unused:48
/// | period:16 | operatorsAtLevel:3x8 | blobsAtLevel:3x8 | precompileGasCap:24 | reportWindow:24 | custodyBps:16.
/// The upper half, from bit 128 on, is copied as it is into the word of each epoch.
type ParametersWord is uint256;

using ParametersWordLib for ParametersWord global;

/// @title Packs and reads the parameters of challenges
library ParametersWordLib {
    uint256 private constant WINDOW = 32;
    uint256 private constant MAX_PAUSE = 56;
    uint256 private constant PERIOD = 128;
    uint256 private constant OPERATORS = 144;
    uint256 private constant BLOBS = 168;
    uint256 private constant PRECOMPILE_GAS_CAP = 192;
    uint256 private constant REPORT_WINDOW = 216;
    uint256 private constant CUSTODY_BPS = 240;

    function pack(ICustodyChallenges.Parameters memory values, Epoch newFromEpoch)
        internal
        pure
        returns (ParametersWord)
    {
        return ParametersWord.wrap(
            uint256(Epoch.unwrap(newFromEpoch)) | uint256(values.window) << WINDOW | uint256(values.maxPause)
                << MAX_PAUSE | uint256(values.period) << PERIOD | _packLevels(values.operatorsAtLevel) << OPERATORS
                | _packLevels(values.blobsAtLevel) << BLOBS | uint256(values.precompileGasCap) << PRECOMPILE_GAS_CAP
                | uint256(values.reportWindow) << REPORT_WINDOW | uint256(values.custodyBps) << CUSTODY_BPS
        );
    }

    // Each cast below cuts off the fields above the one that is read.
    // forge-lint: disable-start(unsafe-typecast)

    function unpack(ParametersWord self) internal pure returns (ICustodyChallenges.Parameters memory values) {
        uint256 word = ParametersWord.unwrap(self);
        values.window = uint24(word >> WINDOW);
        values.maxPause = uint24(word >> MAX_PAUSE);
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
        return uint24(ParametersWord.unwrap(self) >> WINDOW);
    }

    function maxPause(ParametersWord self) internal pure returns (uint256) {
        return uint24(ParametersWord.unwrap(self) >> MAX_PAUSE);
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
