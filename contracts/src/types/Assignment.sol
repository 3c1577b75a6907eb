// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "./OperatorIndex.sol";
import {PostId} from "./PostId.sol";
import {PostWord} from "./PostWord.sol";

/// @dev What an operator has to answer for a post in the recorded epoch.
struct Assignment {
    PostId postId;
    OperatorIndex operator;
    /// Salt of the post in the epoch.
    bytes32 salt;
    /// Place of the operator among those challenged.
    uint256 stratum;
    /// Blobs to open.
    uint256 k;
    uint256 precompileGasCap;
    /// Root of the post's commitments.
    bytes32 root;
    /// The post's word as it stands in the epoch, which it names.
    PostWord word;
    /// First slot of the post in storage.
    uint256 post;
    /// Where to open the (folded) polynomial; only set in batches.
    uint256 z;
}

/// @title Makes room for assignments
library AssignmentLib {
    /// Bytes of an assignment: 10 words.
    uint256 private constant LENGTH = 0x140;

    /// @notice Memory for one assignment, not cleared, in an array. A struct that is declared is cleared first, which
    /// costs more than to write it.
    function allocate() internal pure returns (Assignment[] memory one) {
        assembly ("memory-safe") {
            // A length, the address of a struct, then the struct.
            one := mload(0x40)
            mstore(0x40, add(one, 0x180))
            mstore(one, 1)
            mstore(add(one, 0x20), add(one, 0x40))
        }
    }

    /// @notice Memory for some assignments, not cleared.
    function allocate(uint256 count) internal pure returns (Assignment[] memory assignments) {
        assembly ("memory-safe") {
            // A length, as many addresses of structs, then the structs.
            assignments := mload(0x40)
            mstore(assignments, count)
            let place := add(assignments, 0x20)
            let end := add(place, shl(5, count))
            let assignment := end
            for {} lt(place, end) { place := add(place, 0x20) } {
                mstore(place, assignment)
                assignment := add(assignment, LENGTH)
            }
            mstore(0x40, assignment)
        }
    }
}
