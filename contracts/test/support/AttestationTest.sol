// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";
import {ProtocolTest} from "./ProtocolTest.sol";

/// A post of two blobs that waits for five operators.
abstract contract AttestationTest is ProtocolTest {
    uint256 internal constant OPERATORS = 5;

    PostId internal postId;
    uint64 internal deadline;

    function registerForAttestation() internal {
        deployProtocol();
        joinOperators(OPERATORS);
        vm.roll(B0 + 5);
        vm.warp(1_000_000);
        postId = register(1, 2);
        deadline = relay.deadlineOf(postId);
    }

    function signed(uint256 count) internal view returns (OperatorIndex[] memory, bytes[] memory) {
        return signedAt(count, 0, deadline);
    }

    function signedAt(uint256 count, uint64 stakeEpoch, uint64 until)
        internal
        view
        returns (OperatorIndex[] memory operators, bytes[] memory signatures)
    {
        operators = firstOperators(count);
        signatures = signaturesOf(postId, stakeEpoch, until, operators);
    }

    function submit(address sender, OperatorIndex[] memory operators, bytes[] memory signatures) internal {
        vm.prank(sender);
        relay.submit(postId, 0, deadline, operators, signatures);
    }
}
