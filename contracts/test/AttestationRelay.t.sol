// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {Eip712Quorum} from "../src/Eip712Quorum.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
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
        _expectHeadStart(block.number, RELAY_GRACE, operators, signatures);
    }

    /// Design, section 2: no censorship. The head start and the deadline are set in different contracts; whatever they
    /// are, the half of the time that is left, and its last block, are everybody's.
    function test_submit_isForAnybodyInHalfOfTheTimeWhateverIsSet() public {
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (6000, 7200)));
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        _expectHeadStart(block.number, ATTESTATION_DEADLINE / 2, operators, signatures);
        for (uint32 length = 1; length <= 3; ++length) {
            asAdmin(
                address(registry),
                abi.encodeCall(
                    registry.setRegistryParameters,
                    (IPostRegistry.RegistryParameters({attestationDeadline: length, maxTermEpochs: 1000}))
                )
            );
            postId = register(1 + length, 1);
            deadline = relay.deadlineOf(postId);
            (operators, signatures) = signed(5);
            if (length > 1) _expectHeadStart(block.number, 1, operators, signatures);
            else submit(STRANGER, operators, signatures);
        }
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
        _expectTooLate();
        submit(RELAY, operators, signatures);
        vm.roll(last);
        submit(RELAY, operators, signatures);
        vm.assertEq(custody.postOf(postId).attesters, 31);
    }

    /// An attestation carries the deadline of the wait that it was made in, and no other.
    function test_submit_revertsOnAnotherDeadline() public {
        vm.assertEq(deadline, block.timestamp + 60 days);
        vm.assertEq(relay.deadlineOf(PostId.wrap(keccak256("unknown"))), 0);
        for (uint64 other = deadline - 1; other <= deadline + 1; other += 2) {
            (OperatorIndex[] memory operators, bytes[] memory signatures) = signedAt(5, 0, other);
            vm.prank(RELAY);
            vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.WrongDeadline.selector, postId, other, deadline));
            relay.submit(postId, 0, other, operators, signatures);
        }
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

    /// Pitfall 33: deadlines move by the blocks that were paused, whatever epoch they lie in: here 3 and 10.
    function test_pause_movesTheAttestationDeadline() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        uint256 last = block.number + ATTESTATION_DEADLINE;
        vm.roll(B0 + L - 3);
        pauseAsGuardian();
        vm.roll(B0 + L);
        pauseAsGuardian();
        vm.roll(last + 14);
        _expectTooLate();
        submit(RELAY, operators, signatures);
        vm.roll(last + 13);
        submit(RELAY, operators, signatures);
        vm.assertEq(custody.postOf(postId).attesters, 31);
    }

    /// Nobody could use the blocks of a pause, so they are not of the relays' time either.
    function test_pause_movesTheRelaysHeadStart() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(5);
        uint256 from = block.number;
        vm.roll(from + 2);
        pauseAsGuardian();
        vm.roll(from + 5);
        unpauseAsGuardian(); // Four blocks: that of the last call is paused too.
        _expectHeadStart(from + 4, RELAY_GRACE, operators, signatures);
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
        IQuorum other = new Eip712Quorum(address(relay), stake, beacon, 3);
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IAttestationRelay.RelayParametersChanged(10_000, 1);
            asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (10_000, 1)));
            vm.assertEq(relay.quorumBps(), 10_000);
            vm.assertEq(relay.relayGrace(), 1);
            vm.expectEmit();
            emit IAttestationRelay.QuorumChanged(address(other));
            asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (other)));
            vm.assertEq(address(relay.quorum()), address(other));
        }
    }

    /// The way back from a mistake takes the whole delay of governance, in which nothing could be attested.
    function test_setQuorum_takesQuorumsOfThisRelayOnly() public {
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumWithoutCode.selector, STRANGER));
        _setQuorum(STRANGER);
        address elsewhere = address(new Eip712Quorum(STRANGER, stake, beacon, 2));
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumOfAnotherRelay.selector, elsewhere, STRANGER));
        _setQuorum(elsewhere);
        vm.expectRevert();
        _setQuorum(address(beacon));
        vm.assertEq(address(relay.quorum()), address(quorum));
    }

    // ------------------------------------------------------------ helpers

    /// Relays only for `blocks` blocks from `from` on.
    function _expectHeadStart(uint256 from, uint256 blocks, OperatorIndex[] memory operators, bytes[] memory signatures)
        private
    {
        vm.roll(from + blocks - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.RelaysOnly.selector, STRANGER, blocks, blocks - 1));
        submit(STRANGER, operators, signatures);
        vm.roll(from + blocks);
        submit(STRANGER, operators, signatures);
        vm.assertEq(custody.postOf(postId).attesters, 31);
    }

    function _expectTooLate() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAttestationRelay.AttestationDeadlinePassed.selector,
                postId,
                ATTESTATION_DEADLINE,
                ATTESTATION_DEADLINE + 1
            )
        );
    }

    function _setQuorum(address quorum_) private {
        asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (IQuorum(quorum_))));
    }
}
