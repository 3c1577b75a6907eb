// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";
import {ProtocolTest} from "./ProtocolTest.sol";

/// A post that waits, up to and with block `lastBlock`.
abstract contract WaitingPostTest is ProtocolTest {
    PostId internal postId;
    bytes32 internal root;
    uint256 internal lastBlock;
    uint64 internal deadline;

    function registerWaitingPost() internal {
        deployProtocol();
        joinOperators(5);
        vm.roll(B0 + 5);
        vm.warp(1_000_000);
        postId = register(1, 2);
        deadline = relay.deadlineOf(postId);
        root = registry.pendingPost(postId).root;
        lastBlock = block.number + ATTESTATION_DEADLINE;
    }

    function expectAlreadyRegistered() internal {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.PostAlreadyRegistered.selector, postId));
        registry.register(registration);
    }

    function assertState(PostId post, IPostRegistry.PostState expected) internal view {
        vm.assertEq(uint256(registry.stateOf(post)), uint256(expected));
    }

    /// With the attestations of the first `count` operators, by the stake of epoch 1.
    function lapse(address sender, uint256 count) internal {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(count, 1);
        vm.prank(sender);
        relay.lapse(postId, 1, deadline, operators, signatures);
    }

    function signed(uint256 count, uint64 stakeEpoch)
        internal
        view
        returns (OperatorIndex[] memory operators, bytes[] memory signatures)
    {
        operators = firstOperators(count);
        signatures = new bytes[](count);
        // The question for the digest would be taken for the call that an expected revert waits for.
        if (count == 0) return (operators, signatures);
        bytes32 digest = quorum.digestOf(postId, root, stakeEpoch, deadline);
        for (uint256 i = 0; i < count; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(i), digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }
}
