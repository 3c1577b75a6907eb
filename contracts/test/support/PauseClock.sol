// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPause} from "../../src/interfaces/IPause.sol";

/// A pause that anybody starts and that ends by itself, and the clock that stands still in it.
contract PauseClock is IPause {
    /// Blocks of earlier pauses, and the last pause: blocks `from` to `until` - 1.
    uint256 private past;
    uint256 private from;
    uint256 private until;

    /// Pauses this block and those after it, `blocks` in all.
    function pause(uint256 blocks) external {
        past += _paused();
        from = block.number;
        until = block.number + blocks;
    }

    function requireNotPaused() external view {
        if (isPaused()) revert ProtocolPaused(until - 1);
    }

    function isPaused() public view returns (bool) {
        return block.number < until;
    }

    function unpausedBlocks() external view returns (uint256) {
        return block.number - past - _paused();
    }

    function _paused() private view returns (uint256) {
        return (block.number < until ? block.number : until) - from;
    }
}
