// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {WaitingPostTest} from "./support/WaitingPostTest.sol";

/// Each way from one state of a post to another but lapsing, and that there is no other way.
contract PostStatesTest is WaitingPostTest {
    function setUp() public {
        registerWaitingPost();
    }

    function test_unknown() public {
        PostId unknown = PostId.wrap(keccak256("unknown"));
        assertState(unknown, IPostRegistry.PostState.Unknown);
        vm.roll(lastBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, unknown));
        relay.lapse(unknown, 0, deadline, new OperatorIndex[](0), new bytes[](0));
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        // Another publisher's post is another post.
        vm.expectPartialRevert(IPostRegistry.NotLapsed.selector);
        registry.reopen(registration);
    }

    // ------------------------------------------------------------ Registered -> Attested

    function test_registered_isAttested() public {
        assertState(postId, IPostRegistry.PostState.Registered);
        attest(postId, 3);
        assertState(postId, IPostRegistry.PostState.Attested);
        vm.assertEq(registry.pendingPost(postId).root, bytes32(0));
        // Pitfall 27: there is no way back.
        vm.roll(lastBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, postId));
        lapse(RELAY, 0);
        _expectNotLapsed(IPostRegistry.PostState.Attested);
        expectAlreadyRegistered();
    }

    // ------------------------------------------------------------ Lapsed -> Registered

    function test_lapsed_isReopenedByItsPublisher() public {
        vm.roll(lastBlock + 1);
        lapse(RELAY, 0);
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        // Commitments are no part of the identifier.
        registration.commitments = "";
        vm.expectRevert(
            abi.encodeWithSelector(
                IPostRegistry.NotLapsed.selector,
                registry.postIdOf(address(this), registration),
                IPostRegistry.PostState.Unknown
            )
        );
        registry.reopen(registration);

        vm.roll(lastBlock + 30);
        vm.expectEmit();
        emit IPostRegistry.PostReopened(postId, uint64(block.number + ATTESTATION_DEADLINE));
        vm.prank(PUBLISHER);
        registry.reopen(registration);
        assertState(postId, IPostRegistry.PostState.Registered);
        IPostRegistry.PendingPost memory post = registry.pendingPost(postId);
        vm.assertEq(post.root, registration.root);
        vm.assertEq(post.blobCount, 2);
        vm.assertEq(post.termEpochs, 5);
        vm.assertEq(post.registeredBlock, block.number);
        vm.assertEq(post.registeredTimestamp, block.timestamp);
        vm.assertEq(post.registeredClock, custody.unpausedBlocks());
        vm.assertEq(post.attestationDeadline, ATTESTATION_DEADLINE);
        _expectNotLapsed(IPostRegistry.PostState.Registered);
        attest(postId, 3);
        assertState(postId, IPostRegistry.PostState.Attested);
    }

    /// Who attested while the post waited before has not said anything about now: each wait needs attestations of its
    /// own, also in the epoch in which the former one ended.
    function test_reopened_needsNewAttestations() public {
        (OperatorIndex[] memory operators, bytes[] memory old) = signed(5, 1);
        vm.roll(lastBlock + 1);
        vm.warp(block.timestamp + 1);
        lapse(RELAY, 0);
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        registry.reopen(registration);
        uint64 current = relay.deadlineOf(postId);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.WrongDeadline.selector, postId, deadline, current));
        relay.submit(postId, 1, deadline, operators, old);
        vm.prank(RELAY);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        relay.submit(postId, 1, current, operators, old);
        attest(postId, 3);
        assertState(postId, IPostRegistry.PostState.Attested);
    }

    function test_reopen_keepsToTheLimitsOfNow() public {
        vm.roll(lastBlock + 1);
        lapse(RELAY, 0);
        asAdmin(
            address(registry), abi.encodeCall(registry.setRegistryParameters, (IPostRegistry.RegistryParameters(7, 4)))
        );
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongTerm.selector, 5, 4));
        registry.reopen(registration);
    }

    function test_reopened_lapsesAgain() public {
        vm.roll(lastBlock + 1);
        lapse(RELAY, 0);
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        registry.reopen(registration);
        vm.expectPartialRevert(IAttestationRelay.AttestationDeadlineNotPassed.selector);
        lapse(RELAY, 0);
        vm.roll(block.number + ATTESTATION_DEADLINE + 1);
        vm.prank(RELAY);
        relay.lapse(postId, 2, 0, new OperatorIndex[](0), new bytes[](0));
        assertState(postId, IPostRegistry.PostState.Lapsed);
    }

    // ------------------------------------------------------------ Registered, Lapsed -> Dropped

    function test_registered_isDroppedByItsPublisher() public {
        _expectDropped(PUBLISHER);
        _retire();
        _assertDropped();
    }

    function test_lapsed_isDroppedByItsPublisher() public {
        vm.roll(lastBlock + 1);
        lapse(RELAY, 0);
        _expectDropped(PUBLISHER);
        _retire();
        _assertDropped();
    }

    function test_registered_isDroppedByGovernance() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        registry.retirePost(postId);
        _expectDropped(address(timelock));
        asAdmin(address(registry), abi.encodeCall(registry.retirePost, (postId)));
        _assertDropped();
    }

    /// Only whoever published a post can name it by its registration.
    function test_retire_ofAnothersPostDoesNothingToIt() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(STRANGER);
        vm.expectRevert();
        registry.retire(registration);
        assertState(postId, IPostRegistry.PostState.Registered);
    }

    // ------------------------------------------------------------ Attested -> Ended

    function test_attested_isRetiredByItsPublisher() public {
        attest(postId, 3);
        _mockEnd();
        vm.expectEmit();
        emit IPostRegistry.PostRetired(postId, PUBLISHER, Epoch.wrap(1));
        _retire();
    }

    function test_attested_isRetiredByGovernance() public {
        attest(postId, 3);
        _mockEnd();
        vm.expectEmit();
        emit IPostRegistry.PostRetired(postId, address(timelock), Epoch.wrap(1));
        asAdmin(address(registry), abi.encodeCall(registry.retirePost, (postId)));
    }

    // ------------------------------------------------------------ pause

    /// Pitfall 33: registering, attesting and lapsing stop; taking a post back does not.
    function test_pause_stopsLapsingAndReopening() public {
        PostId lapsed = register(2, 2);
        vm.roll(lastBlock + 1);
        vm.prank(RELAY);
        relay.lapse(lapsed, 1, 0, new OperatorIndex[](0), new bytes[](0));
        bytes memory paused = abi.encodeWithSelector(IPause.ProtocolPaused.selector, block.number + 3);
        vm.mockCallRevert(address(custody), abi.encodeCall(IPause.requireNotPaused, ()), paused);
        vm.prank(RELAY);
        vm.expectRevert(paused);
        relay.lapse(postId, 1, 0, new OperatorIndex[](0), new bytes[](0));
        IPostRegistry.PostRegistration memory registration = registrationOf(2, 2);
        vm.prank(PUBLISHER);
        vm.expectRevert(paused);
        registry.reopen(registration);
        _retire();
        assertState(postId, IPostRegistry.PostState.Dropped);
    }

    // ------------------------------------------------------------ helpers

    /// At the call boundary: what the challenges' contract does with it is its own test.
    function _mockEnd() private {
        bytes memory call = abi.encodeCall(ICustodyChallenges.endPost, (postId));
        vm.mockCall(address(custody), call, abi.encode(Epoch.wrap(1)));
        vm.expectCall(address(custody), call);
    }

    function _retire() private {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        vm.assertEq(PostId.unwrap(registry.retire(registration)), PostId.unwrap(postId));
    }

    function _expectDropped(address by) private {
        vm.expectEmit();
        emit IPostRegistry.PostDropped(postId, by);
    }

    /// From Dropped, no way leads on.
    function _assertDropped() private {
        assertState(postId, IPostRegistry.PostState.Dropped);
        vm.assertEq(registry.pendingPost(postId).root, bytes32(0));
        expectAlreadyRegistered();
        _expectNotLapsed(IPostRegistry.PostState.Dropped);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3, 0);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, postId));
        relay.submit(postId, 0, deadline, operators, signatures);
        vm.roll(lastBlock + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, postId));
        lapse(RELAY, 0);
        vm.expectRevert();
        asAdmin(address(registry), abi.encodeCall(registry.retirePost, (postId)));
    }

    function _expectNotLapsed(IPostRegistry.PostState state) private {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.NotLapsed.selector, postId, state));
        registry.reopen(registration);
    }
}
