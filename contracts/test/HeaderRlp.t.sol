// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";

import {HeaderRlp} from "../src/libraries/HeaderRlp.sol";
import {Headers} from "./support/Headers.sol";
import {Test} from "./support/Test.sol";

contract HeaderRlpTest is Test {
    function test_prevRandaoOf_readsAHeaderOfARealChain() public view {
        string memory json = vm.readFile("test/vectors/anvil-header.json");
        bytes memory header = vm.parseJsonBytes(json, ".header");
        vm.assertEq(keccak256(header), vm.parseJsonBytes32(json, ".hash"));
        vm.assertEq(this.prevRandaoOf(header), vm.parseJsonBytes32(json, ".prevRandao"));
        vm.assertEq(BlockHeader.getPrevRandao(header), vm.parseJsonBytes32(json, ".prevRandao"));
    }

    function testFuzz_prevRandaoOf_agreesWithOpenZeppelin(bytes32 prevRandao, uint64 number) public view {
        bytes memory header = Headers.make(prevRandao, number);
        vm.assertEq(this.prevRandaoOf(header), prevRandao);
        vm.assertEq(BlockHeader.getPrevRandao(header), prevRandao);
    }

    /// Pitfall 37: fields that later forks append change nothing; the fields before have any length they may have.
    function testFuzz_prevRandaoOf_findsItAmongFieldsOfAnyLength(bytes32 prevRandao, uint256 width, uint256 appended)
        public
        view
    {
        width = bound(width, 0, 32);
        bytes memory field = abi.encodePacked(uint8(0x80 + width), new bytes(width));
        bytes memory more = new bytes(bound(appended, 0, 64));
        bytes memory start = Headers.beforeRandao(7, bytes.concat(field, hex"01"));
        bytes memory header = Headers.list(bytes.concat(start, Headers.word(prevRandao), Headers.afterRandao(), more));
        vm.assertEq(this.prevRandaoOf(header), prevRandao);
    }

    function testFuzz_prevRandaoOf_revertsOnTruncatedHeaders(bytes32 prevRandao, uint256 length) public {
        bytes memory header = Headers.make(prevRandao, 7);
        length = bound(length, 0, header.length - 1);
        bytes memory truncated = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            truncated[i] = header[i];
        }
        vm.expectPartialRevert(HeaderRlp.MalformedHeader.selector);
        this.prevRandaoOf(truncated);
    }

    /// The list's length is right, but it ends before the field.
    function testFuzz_prevRandaoOf_revertsWhenTheListEndsEarly(uint256 length) public {
        bytes memory payload = bytes.concat(Headers.beforeRandao(7, hex"8001"), Headers.word(keccak256("randao")));
        length = bound(length, 0, payload.length - 1);
        bytes memory cut = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            cut[i] = payload[i];
        }
        vm.expectPartialRevert(HeaderRlp.MalformedHeader.selector);
        this.prevRandaoOf(Headers.list(cut));
    }

    function test_prevRandaoOf_revertsOnLongItemBeforeIt() public {
        bytes memory start = Headers.beforeRandao(7, bytes.concat(hex"b821", new bytes(33), hex"01"));
        bytes memory header = Headers.list(bytes.concat(start, Headers.word(0), Headers.afterRandao()));
        vm.expectPartialRevert(HeaderRlp.MalformedHeader.selector);
        this.prevRandaoOf(header);
    }

    function test_prevRandaoOf_revertsWhenItIsNoWord() public {
        bytes memory start = Headers.beforeRandao(7, hex"8001");
        bytes memory header = Headers.list(bytes.concat(start, hex"9f", new bytes(31), Headers.afterRandao()));
        vm.expectPartialRevert(HeaderRlp.MalformedHeader.selector);
        this.prevRandaoOf(header);
    }

    function prevRandaoOf(bytes calldata header) external pure returns (bytes32) {
        return HeaderRlp.prevRandaoOf(header);
    }
}
