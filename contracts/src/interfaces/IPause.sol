// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Whether the protocol is paused, and a clock that stands still while it is
/// @notice The guardian pauses; a pause ends by itself, at the latest with its epoch. Proving, finalising seeds and
/// announcing an exit go on; registering, attesting, deposits, reports, slashing, settling and withdrawals stop.
interface IPause {
    /// @notice The protocol is paused, up to and with block `untilBlock`.
    /// @param untilBlock Last block of the pause, unless the guardian ends it sooner.
    error ProtocolPaused(uint256 untilBlock);

    /// @notice Reverts with `ProtocolPaused` while the protocol is paused.
    function requireNotPaused() external view;

    /// @notice Whether the protocol is paused in this block.
    /// @return True up to and with the last block of a pause, also when that is the one that `unpause` stands in.
    function isPaused() external view returns (bool);

    /// @notice A clock that goes with the blocks and stands still from the first block of a pause to the one after its
    /// last: this block's number less all paused blocks before it. Never goes back. Unbonding, and how long a post
    /// waits, are counted in these. @return Blocks, paused ones not counted.
    function unpausedBlocks() external view returns (uint256);
}
