// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Eip712Quorum} from "../src/Eip712Quorum.sol";
import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IQuorum} from "../src/interfaces/IQuorum.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {AttestationTest} from "./support/AttestationTest.sol";

/// Who counts, and for what, seen through the relay.
contract Eip712QuorumTest is AttestationTest {
    function setUp() public {
        registerForAttestation();
    }

    /// Pitfall 20: each operator counts once.
    function test_submit_revertsUnlessOperatorsIncrease() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        operators[2] = op(1);
        signatures[2] = signatures[1];
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(1), op(1)));
        submit(RELAY, operators, signatures);
        operators[2] = op(0);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorsNotIncreasing.selector, op(1), op(0)));
        submit(RELAY, operators, signatures);
    }

    function test_submit_revertsOnLengthMismatch() public {
        (OperatorIndex[] memory operators,) = signed(3);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.LengthMismatch.selector, 3, 2));
        submit(RELAY, operators, new bytes[](2));
    }

    function test_submit_revertsOnOperatorsWithoutStake() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        operators[2] = op(300);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(300), 0));
        submit(RELAY, operators, signatures);
        // Joined in epoch 0, so active from epoch 1 on.
        vm.deal(ownerOf(5), 1 ether);
        join(5);
        (operators, signatures) = signed(6);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(5), 0));
        submit(RELAY, operators, signatures);
    }

    /// Pitfall 22: whoever is on its way out makes no quorum any more, though its stake of the snapshot is there.
    function test_submit_revertsOnOperatorsOnTheirWayOut() public {
        vm.prank(ownerOf(2));
        stake.announceExit(op(2));
        // In the epoch of the announcement, all is as it was at its start.
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        quorum.verify(postId, registry.pendingPost(postId).root, 0, deadline, operators, signatures);
        vm.roll(B0 + L);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(2), 1));
        submit(RELAY, operators, signatures);
        // At a later snapshot it does not count in the total either: two of four ether are no quorum, three are.
        (operators, signatures) = signedAt(2, 1, deadline);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.QuorumNotReached.selector, 2 ether, 4 ether, 6000));
        relay.submit(postId, 1, deadline, operators, signatures);
        operators[1] = op(2);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(2), 1));
        relay.submit(postId, 1, deadline, operators, signatures);
    }

    /// Pitfall 22: a snapshot before an operator's ejection serves it no longer.
    function test_submit_revertsOnEjectedOperators() public {
        for (uint32 epoch = 1; epoch <= 3; ++epoch) {
            vm.roll(B0 + epoch * L);
            vm.prank(address(custody));
            stake.slash(op(1), Epoch.wrap(epoch), postId, 0, STRANGER);
        }
        vm.roll(B0 + 4 * L);
        postId = register(2, 1);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signedAt(3, 3, deadline);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(1), 4));
        relay.submit(postId, 3, deadline, operators, signatures);
    }

    /// Pitfall 20: stake that was slashed to nothing signs nothing.
    function test_submit_revertsOnOperatorsSlashedToNothing() public {
        IOperatorStake.StakeParameters memory parameters = stakeParameters();
        parameters.penaltyBps = [uint16(10_000), 10_000, 10_000];
        parameters.maxSlashBpsPerEpoch = 10_000;
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (parameters)));
        vm.roll(B0 + L);
        vm.prank(address(custody));
        stake.slash(op(1), Epoch.wrap(1), postId, 0, STRANGER);
        vm.roll(B0 + 2 * L);
        postId = register(2, 1);
        deadline = relay.deadlineOf(postId);
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signedAt(3, 1, deadline);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.OperatorNotActive.selector, op(1), 2));
        relay.submit(postId, 1, deadline, operators, signatures);
    }

    /// Pitfall 22: the stake that counts is of now or little older, and never of the future.
    function test_submit_revertsOnStaleStake() public {
        vm.roll(B0 + 3 * L);
        postId = register(2, 1);
        for (uint64 epoch = 1; epoch <= 3; ++epoch) {
            (OperatorIndex[] memory signers, bytes[] memory theirs) = signedAt(5, epoch, deadline);
            quorum.verify(postId, registry.pendingPost(postId).root, epoch, deadline, signers, theirs);
        }
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signedAt(5, 0, deadline);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 0, 1, 3));
        submit(RELAY, operators, signatures);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(IQuorum.StaleStakeEpoch.selector, 4, 1, 3));
        relay.submit(postId, 4, deadline, operators, signatures);
    }

    function test_submit_revertsBeforeTheFirstEpoch() public {
        vm.roll(B0 - 1);
        PostId early = register(9, 1);
        vm.prank(RELAY);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BeforeFirstEpoch.selector, B0 - 1, B0));
        relay.submit(early, 0, deadline, new OperatorIndex[](0), new bytes[](0));
    }

    /// Pitfall 26: a signature serves one post, root, stake epoch, deadline, chain and relay.
    function test_submit_revertsOnSignaturesForAnythingElse() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        PostId other = register(2, 2);
        vm.prank(RELAY);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        relay.submit(other, 0, deadline, operators, signatures);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        quorum.verify(postId, keccak256("other root"), 0, deadline, operators, signatures);
        Eip712Quorum elsewhere = new Eip712Quorum(address(this), stake, beacon, 2);
        bytes32 root = registry.pendingPost(postId).root;
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        quorum.verify(postId, root, 0, deadline + 1, operators, signatures);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        elsewhere.verify(postId, root, 0, deadline, operators, signatures);
        vm.chainId(5);
        vm.expectPartialRevert(IQuorum.WrongSigner.selector);
        submit(RELAY, operators, signatures);
    }

    function test_submit_revertsOnAnothersSignature() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        signatures[2] = signatures[0];
        vm.expectRevert(
            abi.encodeWithSelector(IQuorum.WrongSigner.selector, op(2), vm.addr(keyOf(0)), vm.addr(keyOf(2)))
        );
        submit(RELAY, operators, signatures);
    }

    /// Pitfall 20: a signature that recovers to no address is nobody's, not that of an operator without signer.
    function test_submit_revertsOnSignaturesOfNobody() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        signatures[1] = new bytes(65);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignature.selector);
        submit(RELAY, operators, signatures);
        signatures[1] = new bytes(64);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureLength.selector);
        submit(RELAY, operators, signatures);
    }

    /// Pitfall 26: the second signature of the same key for the same message, (r, -s), is no other one.
    function test_submit_revertsOnMalleableSignatures() public {
        (OperatorIndex[] memory operators, bytes[] memory signatures) = signed(3);
        (bytes32 r, bytes32 s) = abi.decode(signatures[0], (bytes32, bytes32));
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        uint8 v = uint8(signatures[0][64]) == 27 ? 28 : 27;
        signatures[0] = abi.encodePacked(r, order - uint256(s), v);
        vm.expectPartialRevert(ECDSA.ECDSAInvalidSignatureS.selector);
        submit(RELAY, operators, signatures);
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
}
