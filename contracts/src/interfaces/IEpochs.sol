// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Epoch.sol";

/// @title How the chain is cut into epochs
/// @notice Epoch e covers the same number of blocks as every other, from a first block of all on. This never changes.
interface IEpochs {
    /// @notice The block comes before epoch 0.
    /// @param blockNumber The block asked about.
    /// @param firstBlock First block of epoch 0.
    error BeforeFirstEpoch(uint256 blockNumber, uint256 firstBlock);

    /// @notice The epoch that a block belongs to; reverts for blocks before epoch 0.
    /// @param blockNumber Not before the first block of epoch 0.
    /// @return Epoch of the block.
    function epochAt(uint256 blockNumber) external view returns (Epoch);

    /// @notice The first epoch that starts after a block: 0 for every block before epoch 0.
    /// @param blockNumber Any block.
    /// @return The epoch of the block and 1, from epoch 0 on.
    function nextEpochAt(uint256 blockNumber) external view returns (Epoch);
}
