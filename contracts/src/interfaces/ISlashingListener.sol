// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Hears of every miss that can cost stake, for stake that is held elsewhere
/// @notice The stake calls it with a limit of gas after everything of its own is done. Whatever it does, reverting or
/// burning its gas, the miss stands, and `SignalNotDelivered` tells that it was not heard.
interface ISlashingListener {
    /// @notice An operator missed a challenge. The misses of one operator come with epochs that never fall.
    /// @param operator Who missed; the stake knows its owner and signer.
    /// @param epoch Epoch of the challenge: the stake at its start is what the penalty is a part of.
    /// @param postId Post of the challenge.
    /// @param level Level of the challenge, 0 to 2.
    /// @param amountWei What was taken of the stake held here, possibly 0.
    function onSlash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, uint256 amountWei) external;
}
