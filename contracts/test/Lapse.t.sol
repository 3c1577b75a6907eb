// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {WaitingPostTest} from "./support/WaitingPostTest.sol";

/// What becomes of a post that finds no quorum in time.
contract LapseTest is WaitingPostTest {
    function setUp() public {
        registerWaitingPost();
    }

    function test_registered_lapses() public {
        vm.roll(lastBlock + 1);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 1, 0x03, 0x1c, RELAY);
        lapse(RELAY, 2);
        assertState(postId, IPostRegistry.PostState.Lapsed);
        vm.assertEq(registry.pendingPost(postId).registeredBlock, 0);
        vm.assertEq(custody.postOf(postId).root, bytes32(0));
        expectAlreadyRegistered();
        // Lapsing again changes nothing.
        lapse(RELAY, 2);
        assertState(postId, IPostRegistry.PostState.Lapsed);
    }

    /// However many signatures come now, it is too late.
    function test_lapse_opensNothingEvenWithAQuorum() public {
        vm.roll(lastBlock + 1);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 1, 0x1f, 0, RELAY);
        lapse(RELAY, 5);
        vm.assertEq(custody.postOf(postId).root, bytes32(0));
        assertState(postId, IPostRegistry.PostState.Lapsed);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5, 1);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, postId));
        relay.submit(postId, 1, deadline, operators, signatures);
    }

    /// Signatures are evidence of the past: the time that they were signed for may be over.
    function test_lapse_takesExpiredSignatures() public {
        vm.roll(lastBlock + 1);
        vm.warp(deadline + 1000);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 1, 0x03, 0x1c, RELAY);
        lapse(RELAY, 2);
    }

    /// Nobody is said to have signed who did not.
    function test_lapse_verifiesSignatures() public {
        vm.roll(lastBlock + 1);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(2, 1);
        signatures[1] = signatures[0];
        vm.prank(RELAY);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        relay.lapse(postId, 1, deadline, operators, signatures);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.LengthMismatch.selector, 0, 2));
        relay.lapse(postId, 1, deadline, new OperatorIndex[](0), signatures);
    }

    /// Nor to be missing who was not there.
    function test_lapse_namesActiveOperatorsOnly() public {
        vm.prank(ownerOf(3));
        stake.announceExit(op(3));
        vm.roll(lastBlock + 1);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 1, 0, 0x17, RELAY);
        lapse(RELAY, 0);
    }

    function test_lapse_asksForAnEpochInWhichThePostWaited() public {
        vm.roll(B0 + 2 * L);
        PostId later = register(2, 1);
        vm.roll(B0 + 3 * L + 50);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 1, 2, 3));
        relay.lapse(later, 1, 0, new OperatorIndex[](0), new bytes[](0));
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 4, 2, 3));
        relay.lapse(later, 4, 0, new OperatorIndex[](0), new bytes[](0));
        vm.prank(RELAY);
        relay.lapse(later, 2, 0, new OperatorIndex[](0), new bytes[](0));
    }

    function test_lapse_worksForPostsRegisteredBeforeEpoch0() public {
        vm.roll(B0 - 1);
        PostId early = register(2, 1);
        vm.roll(B0 + ATTESTATION_DEADLINE);
        vm.prank(RELAY);
        relay.lapse(early, 0, 0, new OperatorIndex[](0), new bytes[](0));
        assertState(early, IPostRegistry.PostState.Lapsed);
    }

    function test_lapse_onlyAfterTheDeadline() public {
        vm.roll(lastBlock);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestationRelay.AttestationDeadlineNotPassed.selector, postId, lastBlock, lastBlock
            )
        );
        lapse(RELAY, 0);
    }

    function test_lapse_isForRelaysFirstAndThenForAnybody() public {
        uint256 opens = lastBlock + 1 + RELAY_GRACE;
        vm.roll(opens - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.RelaysOnly.selector, STRANGER, opens, opens - 1));
        lapse(STRANGER, 0);
        vm.roll(opens);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 1, 0, 0x1f, STRANGER);
        lapse(STRANGER, 0);
    }
}
