// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Eip712Quorum} from "../src/Eip712Quorum.sol";
import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract AttestationRelayTest is ProtocolTest {
    uint256 private constant OPERATORS = 5;

    PostId private postId;
    uint64 private deadline;

    function setUp() public {
        deployProtocol();
        joinOperators(OPERATORS);
        vm.roll(B0 + 5);
        vm.warp(1_000_000);
        deadline = uint64(block.timestamp + 60);
        postId = register(1, 2);
    }

    function test_submit_opensThePost() public {
        bytes32 root = registry.pendingPost(postId).root;
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(3);
        vm.expectEmit();
        emit IAttestationRelay.PostAttested(postId, 0, 6, 7, 3 ether, 5 ether, 0, root, 2);
        _submit(RELAY, operators, signatures);
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
        _submit(RELAY, operators, new bytes[](5));
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId))), before);
    }

    function test_submit_revertsOnUnknownPosts() public {
        PostId unknown = PostId.wrap(keccak256("unknown"));
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.UnknownPost.selector, unknown));
        relay.submit(unknown, 0, deadline, new OperatorIndex[](0), new bytes[](0));
    }

    function test_submit_isForRelaysFirstAndThenForAnybody() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(5);
        uint256 opens = block.number + RELAY_GRACE;
        vm.roll(opens - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.RelaysOnly.selector, STRANGER, opens, opens - 1));
        _submit(STRANGER, operators, signatures);
        vm.roll(opens);
        _submit(STRANGER, operators, signatures);
        vm.assertEq(custody.postOf(postId).attesters, 31);
    }

    function test_submit_revertsAfterTheSignedDeadline() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(5);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.AttestationExpired.selector, deadline, deadline + 1));
        _submit(RELAY, operators, signatures);
        vm.warp(deadline);
        _submit(RELAY, operators, signatures);
    }

    function test_submit_revertsWhenThePostHasLapsed() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(5);
        uint256 last = block.number + ATTESTATION_DEADLINE;
        vm.roll(last + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IAttestationRelay.AttestationDeadlinePassed.selector, postId, last, last + 1)
        );
        _submit(RELAY, operators, signatures);
    }

    /// Pitfall 41: three of five ether are 60 %, one wei less are not.
    function test_submit_asksForTheQuorumToTheWei() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(2);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 2 ether, 5 ether, 6000));
        _submit(RELAY, operators, signatures);
        // One wei more in total, from an operator who does not sign, counts from the next epoch on.
        vm.prank(ownerOf(4));
        stake.deposit{value: 1}(op(4));
        vm.roll(B0 + L);
        (operators, signatures) = _signedAt(3, 1, deadline);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 3 ether, 5 ether + 1, 6000));
        relay.submit(postId, 1, deadline, operators, signatures);
        (operators, signatures) = _signedAt(3, 0, deadline);
        _submit(RELAY, operators, signatures);
    }

    function test_submit_revertsWhenNobodySigns() public {
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 0, 5 ether, 6000));
        _submit(RELAY, new OperatorIndex[](0), new bytes[](0));
    }

    /// Pitfall 20: each operator counts once.
    function test_submit_revertsUnlessOperatorsIncrease() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(3);
        operators[2] = op(1);
        signatures[2] = signatures[1];
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(1), op(1)));
        _submit(RELAY, operators, signatures);
        operators[2] = op(0);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(1), op(0)));
        _submit(RELAY, operators, signatures);
    }

    function test_submit_revertsOnLengthMismatch() public {
        (OperatorIndex[] memory operators,) = _signed(3);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.LengthMismatch.selector, 3, 2));
        _submit(RELAY, operators, new bytes[](2));
    }

    function test_submit_revertsOnOperatorsWithoutStake() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(3);
        operators[2] = op(300);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(300), 0));
        _submit(RELAY, operators, signatures);
        // Joined in epoch 0, so active from epoch 1 on.
        vm.deal(ownerOf(5), 1 ether);
        vm.prank(ownerOf(5));
        stake.join{value: 1 ether}(vm.addr(keyOf(5)));
        (operators, signatures) = _signed(6);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(5), 0));
        _submit(RELAY, operators, signatures);
    }

    /// Pitfall 22: the stake that counts is of now or little older, and never of the future.
    function test_submit_revertsOnStaleStake() public {
        vm.roll(B0 + 3 * L);
        postId = register(2, 1);
        for (uint64 epoch = 1; epoch <= 3; ++epoch) {
            (OperatorIndex[] memory signers, bytes[] memory theirs) = _signedAt(5, epoch, deadline);
            quorum.verify(postId, registry.pendingPost(postId).root, epoch, deadline, signers, theirs);
        }
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signedAt(5, 0, deadline);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 0, 1, 3));
        _submit(RELAY, operators, signatures);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 4, 1, 3));
        relay.submit(postId, 4, deadline, operators, signatures);
    }

    /// Pitfall 26: a signature serves one post, root, stake epoch, deadline, chain and relay.
    function test_submit_revertsOnSignaturesForAnythingElse() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(3);
        PostId other = register(2, 2);
        vm.prank(RELAY);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        relay.submit(other, 0, deadline, operators, signatures);
        vm.prank(RELAY);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        relay.submit(postId, 0, deadline + 1, operators, signatures);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        quorum.verify(postId, keccak256("other root"), 0, deadline, operators, signatures);
        Eip712Quorum elsewhere = new Eip712Quorum(address(this), stake, beacon, 2);
        bytes32 root = registry.pendingPost(postId).root;
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        elsewhere.verify(postId, root, 0, deadline, operators, signatures);
        vm.chainId(5);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        _submit(RELAY, operators, signatures);
    }

    function test_submit_revertsOnAnothersSignature() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = _signed(3);
        signatures[2] = signatures[0];
        vm.expectRevert(
            abi.encodeWithSelector(IQuorum.WrongSigner.selector, op(2), vm.addr(keyOf(0)), vm.addr(keyOf(2)))
        );
        _submit(RELAY, operators, signatures);
    }

    function test_submit_revertsBeforeTheFirstEpoch() public {
        vm.roll(B0 - 1);
        PostId early = register(9, 1);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BeforeFirstEpoch.selector, B0 - 1, B0));
        relay.submit(early, 0, deadline, new OperatorIndex[](0), new bytes[](0));
    }

    function test_digestOf_agreesWithVectors() public {
        string memory json = vm.readFile(VECTORS);
        for (uint256 i = 0; hasRow(json, "attestations", i); ++i) {
            vm.chainId(vm.parseJsonUint(json, cell("attestations", i, "chainId")));
            address place = vm.parseJsonAddress(json, cell("attestations", i, "attestationRelay"));
            bytes32 digest = new Eip712Quorum(place, stake, beacon, 2)
                .digestOf(
                    PostId.wrap(vm.parseJsonBytes32(json, cell("attestations", i, "postId"))),
                    vm.parseJsonBytes32(json, cell("attestations", i, "root")),
                    uint64(vm.parseJsonUint(json, cell("attestations", i, "stakeEpoch"))),
                    uint64(vm.parseJsonUint(json, cell("attestations", i, "deadline")))
                );
            vm.assertEq(digest, vm.parseJsonBytes32(json, cell("attestations", i, "digest")));
        }
    }

    function test_setters_onlyForAdminAndWithinBounds() public {
        bytes memory unauthorized = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER);
        vm.prank(STRANGER);
        vm.expectRevert(unauthorized);
        relay.setRelayParameters(7000, 1);
        vm.prank(STRANGER);
        vm.expectRevert(unauthorized);
        relay.setQuorum(quorum);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidQuorumBps.selector, 5000));
        relay.setRelayParameters(5000, 1);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidQuorumBps.selector, 10_001));
        relay.setRelayParameters(10_001, 1);
        vm.expectEmit();
        emit IAttestationRelay.RelayParametersChanged(10_000, 1);
        relay.setRelayParameters(10_000, 1);
        vm.assertEq(relay.quorumBps(), 10_000);
        vm.assertEq(relay.relayGrace(), 1);
        relay.setQuorum(IQuorum(address(7)));
        vm.assertEq(address(relay.quorum()), address(7));
    }

    function _signed(uint256 count) private view returns (OperatorIndex[] memory, bytes[] memory) {
        return _signedAt(count, 0, deadline);
    }

    function _signedAt(uint256 count, uint64 stakeEpoch, uint64 until)
        private
        view
        returns (OperatorIndex[] memory operators, bytes[] memory signatures)
    {
        operators = firstOperators(count);
        signatures = signaturesOf(postId, stakeEpoch, until, operators);
    }

    function _submit(address sender, OperatorIndex[] memory operators, bytes[] memory signatures) private {
        vm.prank(sender);
        relay.submit(postId, 0, deadline, operators, signatures);
    }
}
