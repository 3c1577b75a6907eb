// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEpochs} from "./IEpochs.sol";
import {Epoch} from "../types/Epoch.sol";

/// @title Where the unpredictable seed of each epoch comes from
/// @notice Epoch e covers `epochLength` blocks from `firstBlock() + e * epochLength()`. Its seed block stands `delta`
/// blocks after its start. A seed can be derived from `finality` to `finalizeBy` blocks after its seed block; an epoch
/// whose seed nobody derived in that time has none.
/// Where seeds come from can change, but where epochs begin cannot: all beacons of a protocol say the same of
/// `firstBlock`, `epochLength` and `delta` when they are put in place. The first one is the clock of who is built with
/// it, and the challenges' contract keeps those numbers itself; a later one is asked for seeds only.
interface ISeedBeacon is IEpochs {
    /// @notice The schedule breaks `1 <= finality <= finalizeBy <= 8191` or `delta + finalizeBy < epochLength`, or an
    /// epoch is longer than 20 bits can say, or the first block's number does not fit 40.
    /// @param epochLength L, in blocks.
    /// @param delta Blocks from the start of an epoch to its seed block.
    /// @param finality Blocks after the seed block from which on the seed can be derived.
    /// @param finalizeBy Blocks after the seed block up to which the seed can be derived.
    error InvalidSchedule(uint256 epochLength, uint256 delta, uint256 finality, uint256 finalizeBy);
    /// @notice What a block number, a block hash or prevRandao means on this chain is not known to be what it means on
    /// Ethereum.
    /// @param chainId Chain id of this chain.
    error UnknownChain(uint256 chainId);
    /// @notice The history contract of EIP-2935 does not know the block before this one.
    /// @param blockNumber The block whose hash was asked for.
    error HistoryUnavailable(uint256 blockNumber);
    /// @notice The seed can be derived only in a window of blocks after the seed block.
    /// @param epoch Epoch whose seed is wanted.
    /// @param blockNumber The block of now.
    /// @param opensAtBlock First block of the window.
    /// @param closesAtBlock Last block of the window.
    error OutsideSeedWindow(Epoch epoch, uint256 blockNumber, uint256 opensAtBlock, uint256 closesAtBlock);
    /// @notice The chain does not remember the hash of the seed block any more.
    /// @param seedBlock Number of the seed block.
    error BlockHashUnavailable(uint256 seedBlock);
    /// @notice The header is not the one of the seed block.
    /// @param seedBlock Number of the seed block.
    /// @param headerHash Keccak hash of the header given.
    /// @param blockHash Hash of the seed block, as the chain remembers it.
    error WrongHeader(uint256 seedBlock, bytes32 headerHash, bytes32 blockHash);

    /// @notice Derives the seed of an epoch from the RLP header of its seed block.
    /// @dev seed = keccak256(abi.encode(SEED_TYPEHASH, chainId, beacon, epoch, prevRandao)). Nothing else of the header
    /// enters: a block hash would let the builder of the seed block try many bodies.
    /// @param epoch Epoch whose seed is wanted.
    /// @param header RLP encoding of the header of block `seedBlock(epoch)`.
    /// @return seed Seed of the epoch.
    /// @return prevRandao The header's prevRandao (mixHash).
    function seedOf(Epoch epoch, bytes calldata header) external view returns (bytes32 seed, bytes32 prevRandao);

    /// @notice Number of the block whose prevRandao becomes the seed of `epoch`.
    /// @param epoch Number of the epoch.
    /// @return firstBlock + epoch * epochLength + delta.
    function seedBlock(Epoch epoch) external view returns (uint256);

    /// @notice Number of the last block of `epoch`.
    /// @param epoch Number of the epoch.
    /// @return The block before the first one of the next epoch.
    function lastBlock(Epoch epoch) external view returns (uint256);

    /// @notice First block of epoch 0 (B0).
    /// @return Block number.
    function firstBlock() external view returns (uint256);

    /// @notice Blocks in an epoch (L).
    /// @return Blocks.
    function epochLength() external view returns (uint256);

    /// @notice Blocks from the start of an epoch to its seed block (delta).
    /// @return Blocks, less than `epochLength`.
    function delta() external view returns (uint256);

    /// @notice Blocks after the seed block from which on the seed can be derived.
    /// @return Blocks, at least 1.
    function finality() external view returns (uint256);

    /// @notice Blocks after the seed block up to which the seed can be derived.
    /// @return Blocks, `finality` to 8,191: no hash of an older block is known to the chain (EIP-2935).
    function finalizeBy() external view returns (uint256);
}
