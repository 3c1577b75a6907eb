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
        emit IAttestationRelay.PostLapsed(postId, 0, 0x03, 0x1c, RELAY);
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
        emit IAttestationRelay.PostLapsed(postId, 0, 0x1f, 0, RELAY);
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
        emit IAttestationRelay.PostLapsed(postId, 0, 0x03, 0x1c, RELAY);
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
        // Those of another wait say nothing about this one.
        vm.prank(RELAY);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestationRelay.WrongDeadline.selector, postId, deadline + 1, deadline)
        );
        relay.lapse(postId, 1, deadline + 1, operators, signatures);
    }

    /// Nor to be missing who was not there when the post began to wait: it had left, or came later. Who reports it, and
    /// when, makes no difference.
    function test_lapse_namesThoseWhoWereActiveWhenThePostBeganToWait() public {
        vm.prank(ownerOf(3));
        stake.announceExit(op(3));
        vm.roll(B0 + L + 5);
        PostId later = register(2, 1);
        vm.prank(ownerOf(4));
        stake.announceExit(op(4));
        vm.deal(ownerOf(5), MIN_STAKE);
        join(5);
        vm.roll(B0 + 7 * L);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(later, 1, 0, 0x17, STRANGER);
        vm.prank(STRANGER);
        relay.lapse(later, 7, 0, new OperatorIndex[](0), new bytes[](0));
    }

    function test_lapse_worksForPostsRegisteredBeforeEpoch0() public {
        vm.roll(B0 - 1);
        PostId early = register(2, 1);
        vm.roll(B0 + ATTESTATION_DEADLINE);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(early, 0, 0, 0x1f, RELAY);
        vm.prank(RELAY);
        relay.lapse(early, 0, 0, new OperatorIndex[](0), new bytes[](0));
        assertState(early, IPostRegistry.PostState.Lapsed);
    }

    function test_lapse_onlyAfterTheDeadline() public {
        vm.roll(lastBlock);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestationRelay.AttestationDeadlineNotPassed.selector,
                postId,
                ATTESTATION_DEADLINE,
                ATTESTATION_DEADLINE
            )
        );
        lapse(RELAY, 0);
    }

    function test_lapse_isForRelaysFirstAndThenForAnybody() public {
        _expectHeadStart(lastBlock + 1 + RELAY_GRACE);
    }

    /// Pitfall 33: what was paused counts neither as time to attest nor as the relays' time to report.
    function test_pause_movesTheDeadlineAndTheRelaysHeadStart() public {
        vm.roll(lastBlock - 4);
        pauseAsGuardian();
        vm.roll(lastBlock - 1);
        unpauseAsGuardian(); // Four blocks: that of the last call is paused too.
        vm.roll(lastBlock + 4);
        vm.expectPartialRevert(IAttestationRelay.AttestationDeadlineNotPassed.selector);
        lapse(RELAY, 0);
        vm.roll(lastBlock + 7);
        pauseAsGuardian(); // The six blocks that are left of ten.
        _expectHeadStart(lastBlock + 10 + 1 + RELAY_GRACE);
    }

    /// Anybody may report from the block `opens` on, and not before.
    function _expectHeadStart(uint256 opens) private {
        uint256 blocks = ATTESTATION_DEADLINE + 1 + RELAY_GRACE;
        vm.roll(opens - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.RelaysOnly.selector, STRANGER, blocks, blocks - 1));
        lapse(STRANGER, 0);
        vm.roll(opens);
        vm.expectEmit();
        emit IAttestationRelay.PostLapsed(postId, 0, 0, 0x1f, STRANGER);
        lapse(STRANGER, 0);
    }
}
