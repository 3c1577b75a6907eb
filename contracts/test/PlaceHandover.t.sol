// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Eip712Quorum} from "../src/Eip712Quorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// The whole protocol with all places taken: an operator leaves, and another comes into its place. Operator 0 has most
/// of the stake, and is a quorum alone.
contract PlaceHandoverTest is ProtocolTest {
    uint256 private constant PLACE = 7;
    uint256 private constant NEXT = 300;

    /// An attestation of a post by the operator of PLACE, after another came into it.
    struct Case {
        uint256 leftIn;
        uint256 joinedIn;
        uint256 attestedIn;
        uint64 stakeEpoch;
        uint256 newKey;
    }

    function setUp() public {
        deployProtocol();
        joinOperators(256);
        vm.deal(ownerOf(0), 1000 ether);
        vm.prank(ownerOf(0));
        stake.deposit{value: 1000 ether}(op(0));
        // Takes the stakes of all epochs: that signatures are refused must not hang on how old they may be.
        quorum = new Eip712Quorum(address(relay), stake, beacon, type(uint64).max);
        asAdmin(address(relay), abi.encodeCall(relay.setQuorum, (quorum)));
    }

    /// The bitmap names the attesters of all posts: their places stay theirs, those of all others are free.
    function test_submit_keepsThePlacesOfTheAttesters() public {
        _attestAt(1, 0x81);
        _attestAt(2, 0x11);
        for (uint256 i = 0; i < 8; ++i) {
            _leave(i, B0 + L);
        }
        vm.roll(B0 + L + UNBONDING);
        for (uint256 i = 0; i < 8; ++i) {
            vm.prank(ownerOf(i));
            stake.withdraw(op(i));
        }
        uint256 given = 0;
        for (uint256 i = 0; i < 5; ++i) {
            given |= 1 << OperatorIndex.unwrap(_join(NEXT + i, keyOf(NEXT + i)));
        }
        vm.assertEq(given, 0xff & ~uint256(0x91));
        (bool isDone,) = _tryToJoin(NEXT + 5, keyOf(NEXT + 5));
        vm.assertFalse(isDone);
    }

    /// Pitfall 20: whoever has a place answers for what its own key signed by stakes of its own time, and for nothing
    /// else, whenever the place changed hands; also when it took over the signer that was there before.
    function testFuzz_submit_creditsNobodyWithAnAttestationOfWhoWasThereBefore(
        uint8[4] memory epochs,
        bool isSameKey,
        bool isSignedByNewKey
    ) public {
        Case memory each;
        each.leftIn = bound(epochs[0], 0, 9);
        each.joinedIn = bound(epochs[1], each.leftIn + 5, each.leftIn + 14);
        each.attestedIn = bound(epochs[2], each.joinedIn, each.joinedIn + 9);
        each.stakeEpoch = uint64(bound(epochs[3], 0, each.attestedIn));
        each.newKey = keyOf(isSameKey ? PLACE : NEXT);
        _handOver(each);

        vm.roll(B0 + each.attestedIn * L + L - 1);
        PostId postId = register(1, 1);
        uint256 key = isSignedByNewKey ? each.newKey : keyOf(PLACE);
        bool isCredited = key == each.newKey && each.stakeEpoch > each.joinedIn;
        vm.assertTrue(_submit(postId, each.stakeEpoch, 1 | 1 << PLACE, key) == isCredited);
        vm.assertEq(custody.postOf(postId).attesters, isCredited ? 1 | 1 << PLACE : 0);
    }

    function _handOver(Case memory each) private {
        _leave(PLACE, B0 + each.leftIn * L);
        vm.roll(B0 + each.joinedIn * L);
        vm.prank(ownerOf(PLACE));
        stake.withdraw(op(PLACE));
        vm.assertEq(OperatorIndex.unwrap(_join(NEXT, each.newKey)), PLACE);
    }

    /// The operators of the bitmap attest a post that `salt` decides, in epoch 0.
    function _attestAt(uint256 salt, uint256 attesters) private {
        vm.roll(B0 + 5);
        vm.assertTrue(_submit(register(salt, 1), 0, attesters, keyOf(PLACE)));
    }

    /// Everybody signs with the key that it joined with, only the operator of PLACE with `key`.
    function _submit(PostId postId, uint64 stakeEpoch, uint256 attesters, uint256 key) private returns (bool isDone) {
        OperatorIndex[] memory operators = named(attesters);
        uint64 deadline = uint64(block.timestamp + 60);
        bytes[] memory signatures = signaturesOf(postId, stakeEpoch, deadline, operators);
        bytes32 digest = quorum.digestOf(postId, registry.pendingPost(postId).root, stakeEpoch, deadline);
        for (uint256 i = 0; i < operators.length; ++i) {
            if (OperatorIndex.unwrap(operators[i]) != PLACE) continue;
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
        vm.prank(RELAY);
        (isDone,) =
            address(relay).call(abi.encodeCall(relay.submit, (postId, stakeEpoch, deadline, operators, signatures)));
    }

    function _leave(uint256 operator, uint256 blockNumber) private {
        vm.roll(blockNumber);
        vm.prank(ownerOf(operator));
        stake.announceExit(op(operator));
    }

    function _join(uint256 i, uint256 key) private returns (OperatorIndex) {
        (bool isDone, bytes memory result) = _tryToJoin(i, key);
        vm.assertTrue(isDone);
        return abi.decode(result, (OperatorIndex));
    }

    function _tryToJoin(uint256 i, uint256 key) private returns (bool isDone, bytes memory result) {
        bytes memory call = abi.encodeCall(stake.join, (vm.addr(key), possessionOf(ownerOf(i), key)));
        vm.deal(ownerOf(i), MIN_STAKE);
        vm.prank(ownerOf(i));
        return address(stake).call{value: MIN_STAKE}(call);
    }
}
