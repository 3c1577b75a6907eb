// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Epoch.sol";

/// @title Where the unpredictable seed of each epoch comes from
/// @notice Epoch e covers `epochLength` blocks from `firstBlock() + e * epochLength()`. Its seed block stands `delta`
/// blocks after its start. A seed can be derived from `finality` to `finalizeBy` blocks after its seed block; an epoch
/// whose seed nobody derived in that time has none.
/// Where seeds come from can change, but where epochs begin cannot: all beacons of a protocol agree on `firstBlock`,
/// `epochLength` and `delta`, so any of them, also one that was replaced, answers rightly for every epoch to `epochAt`,
/// `nextEpochAt`, `seedBlock` and `lastBlock`.
interface ISeedBeacon {
    /// @notice The schedule breaks `1 <= finality <= finalizeBy <= 8191` or `delta + finalizeBy < epochLength`.
    error InvalidSchedule(uint256 epochLength, uint256 delta, uint256 finality, uint256 finalizeBy);
    /// @notice What a block number, a block hash or prevRandao means on this chain is not known to be what it means on
    /// Ethereum.
    error UnknownChain(uint256 chainId);
    /// @notice The history contract of EIP-2935 does not know the block before this one.
    error HistoryUnavailable(uint256 blockNumber);
    /// @notice The block comes before epoch 0.
    error BeforeFirstEpoch(uint256 blockNumber, uint256 firstBlock);
    /// @notice The seed of `epoch` can be derived only in blocks `opensAtBlock` to `closesAtBlock`.
    error OutsideSeedWindow(Epoch epoch, uint256 blockNumber, uint256 opensAtBlock, uint256 closesAtBlock);
    /// @notice The chain does not remember the hash of the seed block any more.
    error BlockHashUnavailable(uint256 seedBlock);
    /// @notice The header is not the one of the seed block.
    error WrongHeader(uint256 seedBlock, bytes32 headerHash, bytes32 blockHash);

    /// @notice Derives the seed of an epoch from the RLP header of its seed block.
    /// @dev seed = keccak256(abi.encode(SEED_TYPEHASH, chainId, beacon, epoch, prevRandao)). Nothing else of the header
    /// enters: a block hash would let the builder of the seed block try many bodies.
    /// @param epoch Epoch whose seed is wanted.
    /// @param header RLP encoding of the header of block `seedBlock(epoch)`.
    /// @return seed Seed of the epoch.
    /// @return prevRandao The header's prevRandao (mixHash).
    /// @return seedBlockNumber Number of the seed block.
    /// @return derivableUntil Last block in which the seed can be derived.
    function seedOf(Epoch epoch, bytes calldata header)
        external
        view
        returns (bytes32 seed, bytes32 prevRandao, uint256 seedBlockNumber, uint256 derivableUntil);

    /// @notice The epoch that a block belongs to; reverts for blocks before epoch 0.
    function epochAt(uint256 blockNumber) external view returns (Epoch);

    /// @notice The first epoch that starts after a block: 0 for every block before epoch 0.
    function nextEpochAt(uint256 blockNumber) external view returns (Epoch);

    /// @notice Number of the block whose prevRandao becomes the seed of `epoch`.
    function seedBlock(Epoch epoch) external view returns (uint256);

    /// @notice Number of the last block of `epoch`.
    function lastBlock(Epoch epoch) external view returns (uint256);

    /// @notice First block of epoch 0 (B0).
    function firstBlock() external view returns (uint256);

    /// @notice Blocks in an epoch (L).
    function epochLength() external view returns (uint256);

    /// @notice Blocks from the start of an epoch to its seed block (delta).
    function delta() external view returns (uint256);

    /// @notice Blocks after the seed block from which on the seed can be derived.
    function finality() external view returns (uint256);

    /// @notice Blocks after the seed block up to which the seed can be derived.
    function finalizeBy() external view returns (uint256);
}
