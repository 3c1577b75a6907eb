// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IEpochs} from "../interfaces/IEpochs.sol";
import {Epoch} from "../types/Epoch.sol";

/// @title Which epoch a block belongs to
library Epochs {
    /// @notice See `IEpochs.epochAt`.
    function ofBlock(uint256 blockNumber, uint256 firstBlock, uint256 epochLength) internal pure returns (Epoch) {
        if (blockNumber < firstBlock) revert IEpochs.BeforeFirstEpoch(blockNumber, firstBlock);
        return Epoch.wrap(SafeCast.toUint32((blockNumber - firstBlock) / epochLength));
    }

    /// @notice See `IEpochs.nextEpochAt`.
    function afterBlock(uint256 blockNumber, uint256 firstBlock, uint256 epochLength) internal pure returns (Epoch) {
        if (blockNumber < firstBlock) return Epoch.wrap(0);
        return Epoch.wrap(Epoch.unwrap(ofBlock(blockNumber, firstBlock, epochLength)) + 1);
    }
}
