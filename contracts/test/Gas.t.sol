// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// What whole transactions cost, through the proxies; `snapshots/protocol.json` keeps the figures.
contract GasTest is ProtocolTest {
    function setUp() public {
        deployProtocol();
        joinOperators(20);
    }

    function test_gas_prove() public {
        PostId one = openPost(1, 1, 20);
        PostId many = openPost(2, 64, 20);
        PostId large = openPost(3, 256, 20);
        Epoch epoch = finalise(1, keccak256("randao"));
        _prove("prove, one blob, first of the epoch", one, epoch, 7, 1);
        _prove("prove, one blob", one, epoch, 8, 1);
        _prove("prove, one blob of 64", many, epoch, 7, 2);
        _prove("prove, one blob of 256", large, epoch, 7, 3);
        Answer memory answer = answerOf(one, epoch, 9, 1);
        answer.y = answer.y == 0 ? 1 : answer.y - 1;
        prove(one, epoch, 9, answer);
        _note("prove, false proof");
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(one, epoch, op(9));
        _note("reportMissed");
        // From the second epoch on, the post's word is not new any more.
        epoch = finalise(2, keccak256("again"));
        _prove("prove, one blob, first of a later epoch", one, epoch, 7, 1);
        vm.assertLt(vm.lastCallGas().gasTotalUsed, 108_000);
    }

    function test_gas_finaliseSeed() public {
        finalise(1, keccak256("one"));
        _note("finaliseSeed, first ever");
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = mineSeedBlock(epoch, keccak256("two"));
        custody.finaliseSeed(epoch, header);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        _note("finaliseSeed");
        vm.assertLe(used, 60_000);
        custody.finaliseSeed(epoch, header);
        _note("finaliseSeed, after another");
    }

    function test_gas_registerAndAttest() public {
        vm.roll(B0 + 5);
        PostId postId = register(1, 1);
        _note("register, 1 blob");
        register(2, 64);
        _note("register, 64 blobs");
        attest(postId, 20);
        _note("submit, 20 operators");
    }

    function _prove(string memory name, PostId postId, Epoch epoch, uint256 operator, uint256 salt) private {
        Answer memory answer = answerOf(postId, epoch, operator, salt);
        prove(postId, epoch, operator, answer);
        _note(name);
    }

    function _note(string memory name) private {
        vm.snapshotGasLastCall("protocol", name);
    }
}
