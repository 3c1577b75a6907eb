// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {AttestationTest} from "./support/AttestationTest.sol";

contract AttestationRelayTest is AttestationTest {
    function setUp() public {
        registerForAttestation();
    }

    function test_submit_opensThePost() public {
        bytes32 root = registry.pendingPost(postId).root;
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        vm.expectEmit();
        emit IAttestationRelay.PostAttested(postId, 0, 6, 7, 3 ether, 5 ether, 0, root, 2);
        submit(RELAY, operators, signatures);
        ICustodyChallenges.Post memory post = custody.postOf(postId);
        vm.assertEq(post.root, root);
        vm.assertEq(post.attesters, 7);
        vm.assertEq(post.blobCount, 2);
        vm.assertEq(registry.pendingPost(postId).registeredBlock, 0);
    }

    /// Pitfall 27: a second submission changes nothing.
    function test_submit_returnsWithoutEffectWhenAttested() public {
        attest(postId, 3);
        bytes32 before = keccak256(abi.encode(custody.postOf(postId)));
        OperatorIndex[] memory operators = firstOperators(5);
        submit(RELAY, operators, new bytes[](5));
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId))), before);
    }

    function test_submit_revertsOnUnknownPosts() public {
        PostId unknown = PostId.wrap(keccak256("unknown"));
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, unknown));
        relay.submit(unknown, 0, deadline, new OperatorIndex[](0), new bytes[](0));
    }

    function test_submit_isForRelaysFirstAndThenForAnybody() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        uint256 opens = block.number + RELAY_GRACE;
        vm.roll(opens - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.RelaysOnly.selector, STRANGER, opens, opens - 1));
        submit(STRANGER, operators, signatures);
        vm.roll(opens);
        submit(STRANGER, operators, signatures);
        vm.assertEq(custody.postOf(postId).attesters, 31);
    }

    function test_submit_revertsAfterTheSignedDeadline() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.AttestationExpired.selector, deadline, deadline + 1));
        submit(RELAY, operators, signatures);
        vm.warp(deadline);
        submit(RELAY, operators, signatures);
    }

    function test_submit_revertsWhenThePostHasLapsed() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        uint256 last = block.number + ATTESTATION_DEADLINE;
        vm.roll(last + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestationRelay.AttestationDeadlinePassed.selector, postId, last, last + 1)
        );
        submit(RELAY, operators, signatures);
    }

    /// Pitfall 41: three of five ether are 60 %, one wei less are not.
    function test_submit_asksForTheQuorumToTheWei() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(2);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 2 ether, 5 ether, 6000));
        submit(RELAY, operators, signatures);
        // One wei more in total, from an operator who does not sign, counts from the next epoch on.
        vm.prank(ownerOf(4));
        stake.deposit{value: 1}(op(4));
        vm.roll(B0 + L);
        (operators, signatures) = signedAt(3, 1, deadline);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 3 ether, 5 ether + 1, 6000));
        relay.submit(postId, 1, deadline, operators, signatures);
        (operators, signatures) = signedAt(3, 0, deadline);
        submit(RELAY, operators, signatures);
    }

    function test_submit_revertsWhenNobodySigns() public {
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 0, 5 ether, 6000));
        submit(RELAY, new OperatorIndex[](0), new bytes[](0));
    }

    /// Pitfall 41: with no stake at all, nothing is a quorum.
    function test_submit_revertsWhenNobodyHasStake() public {
        for (uint256 i = 0; i < OPERATORS; ++i) {
            vm.prank(ownerOf(i));
            stake.announceExit(op(i));
        }
        vm.roll(B0 + L);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 0, 0, 6000));
        relay.submit(postId, 1, deadline, new OperatorIndex[](0), new bytes[](0));
    }

    /// Pitfall 41: signed * 10,000 >= total * bps, for any stakes and any share, to the wei.
    function testFuzz_submit_opensExactlyFromTheQuorumOn(uint256[OPERATORS] memory more, uint16 bps, uint256 count)
        public
    {
        bps = uint16(bound(bps, 5001, 10_000));
        count = bound(count, 0, OPERATORS);
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (bps, uint32(RELAY_GRACE))));
        deadline = uint64(vm.getBlockTimestamp() + 60);
        uint256 total = 0;
        uint256 signed = 0;
        for (uint256 i = 0; i < OPERATORS; ++i) {
            // Often close to each other, so that the share lies close to whole parts.
            uint256 added = bound(more[i], 0, i % 2 == 0 ? 3 : 5 ether);
            vm.prank(ownerOf(i));
            stake.deposit{value: added}(op(i));
            total += MIN_STAKE + added;
            if (i < count) signed += MIN_STAKE + added;
        }
        vm.roll(B0 + L);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signedAt(count, 1, deadline);
        bool isReached = signed * 10_000 >= total * bps;
        if (!isReached) {
            vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, signed, total, bps));
        }
        vm.prank(RELAY);
        relay.submit(postId, 1, deadline, operators, signatures);
        vm.assertEq(custody.postOf(postId).root != 0, isReached);
    }

    /// Pitfall 33: nothing is attested while the protocol is paused.
    function test_submit_revertsWhilePaused() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        bytes memory paused = abi.encodeWithSelector(IPause.ProtocolPaused.selector, block.number + 3);
        vm.mockCallRevert(address(custody), abi.encodeCall(IPause.requireNotPaused, ()), paused);
        vm.expectRevert(paused);
        submit(RELAY, operators, signatures);
        vm.clearMockedCalls();
        submit(RELAY, operators, signatures);
    }

    // ------------------------------------------------------------ setters

    function test_setters_onlyForAdmin() public {
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER);
        vm.prank(STRANGER);
        vm.expectRevert(unauthorized);
        relay.setRelayParameters(7000, 1);
        vm.prank(STRANGER);
        vm.expectRevert(unauthorized);
        relay.setQuorum(quorum);
    }

    function test_setRelayParameters_staysWithinItsBounds() public {
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidQuorumBps.selector, 5000));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (5000, 1)));
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidQuorumBps.selector, 10_001));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (10_001, 1)));
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidRelayGrace.selector, 7201));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (6000, 7201)));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (5001, 7200)));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (10_000, 0)));
    }

    /// Pitfall 25: setting twice changes nothing.
    function test_setters_areIdempotent() public {
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IAttestationRelay.RelayParametersChanged(10_000, 1);
            asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (10_000, 1)));
            vm.assertEq(relay.quorumBps(), 10_000);
            vm.assertEq(relay.relayGrace(), 1);
            vm.expectEmit();
            emit IAttestationRelay.QuorumChanged(address(7));
            asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (IQuorum(address(7)))));
            vm.assertEq(address(relay.quorum()), address(7));
        }
    }
}
