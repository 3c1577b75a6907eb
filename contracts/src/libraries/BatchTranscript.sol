// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HashToField} from "./HashToField.sol";
import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Where a batch of challenges is opened, and how its items are weighted
/// @dev Each of the two scalars follows from all that was said before it: the weights from the claimed values, the
/// point from the quotient, too.
library BatchTranscript {
    /// Domain separation tags, each with a byte behind it that holds its length.
    bytes32 private constant RHO_TAG = "EMERALD-CUSTODY-V1-BATCH-RHO\x1c";
    uint256 private constant RHO_TAG_LENGTH = 29;
    bytes private constant ZETA_TAG = "EMERALD-CUSTODY-V1-BATCH-ZETA";

    /// @notice The transcript of a batch before its items.
    function start(Epoch epoch, OperatorIndex operator, uint256 items) internal pure returns (bytes32) {
        return keccak256(abi.encode(epoch, operator, items));
    }

    /// @notice The transcript after another item.
    function append(bytes32 transcript, PostId postId, uint256 z, uint256 y) internal pure returns (bytes32 result) {
        // keccak256(abi.encode(transcript, postId, z, y)), behind the free memory pointer, which stays where it is.
        assembly ("memory-safe") {
            let place := mload(0x40)
            mstore(place, transcript)
            mstore(add(place, 0x20), postId)
            mstore(add(place, 0x40), z)
            mstore(add(place, 0x60), y)
            result := keccak256(place, 0x80)
        }
    }

    /// @notice The factor whose powers weight the items.
    function rhoOf(bytes32 transcript) internal view returns (uint256) {
        return HashToField.wordToField(RHO_TAG, RHO_TAG_LENGTH, transcript);
    }

    /// @notice The point at which the batch is opened.
    /// @param quotient Commitment to the quotient polynomial, uncompressed, 128 bytes.
    function zetaOf(bytes32 transcript, bytes calldata quotient) internal view returns (uint256) {
        return HashToField.toField(ZETA_TAG, abi.encodePacked(transcript, quotient));
    }
}
