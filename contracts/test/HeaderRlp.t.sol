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

    /// Pitfall 37: a header as it was before Prague appended the requests' hash, and one with a field more than now.
    function testFuzz_prevRandaoOf_readsTheHeadersOfOtherForks(bytes32 prevRandao, uint64 number) public view {
        bytes memory start = bytes.concat(Headers.beforeRandao(number, hex"84746573740a"), Headers.word(prevRandao));
        bytes memory cancun = Headers.list(bytes.concat(start, Headers.afterRandaoInCancun()));
        vm.assertEq(this.prevRandaoOf(cancun), prevRandao);
        vm.assertEq(BlockHeader.getPrevRandao(cancun), prevRandao);
        bytes memory prague = Headers.list(bytes.concat(start, Headers.afterRandao()));
        vm.assertEq(this.prevRandaoOf(prague), prevRandao);
        bytes memory later = bytes.concat(start, Headers.afterRandao(), Headers.word(keccak256("later")));
        vm.assertEq(this.prevRandaoOf(Headers.list(later)), prevRandao);
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

    /// Pitfall 37: any item that is no string of at most 32 bytes, in any field before prevRandao. The field holds a
    /// prevRandao of its own choice at every place that a parser could be led to.
    function testFuzz_prevRandaoOf_revertsOnLongItemsBeforeIt(uint256 field, uint8 prefix, bytes32 chosen) public {
        prefix = uint8(bound(prefix, 0xa1, 0xff));
        bytes memory trap = abi.encodePacked(prefix, uint8(33), Headers.word(chosen), Headers.word(chosen));
        bytes[5] memory fields = [bytes(hex"07"), hex"8401c9c380", hex"80", hex"8474657374", hex"83c0ffee"];
        fields[field % 5] = trap;
        bytes memory five = bytes.concat(fields[0], fields[1], fields[2], fields[3], fields[4]);
        bytes memory start = bytes.concat(Headers.beforeDifficulty(7), hex"80", five);
        bytes memory header = Headers.list(bytes.concat(start, Headers.word(chosen), Headers.afterRandao()));
        vm.expectPartialRevert(HeaderRlp.MalformedHeader.selector);
        this.prevRandaoOf(header);
    }

    /// Pitfall 37: a byte more than a word, and otherwise well formed.
    function test_prevRandaoOf_revertsOnStringsLongerThanAWord() public {
        bytes memory extraData = bytes.concat(hex"a1", new bytes(33));
        bytes memory numbers = bytes.concat(hex"80", hex"07", hex"8401c9c380", hex"80", hex"8474657374");
        bytes memory start = bytes.concat(Headers.beforeDifficulty(7), numbers);
        bytes memory rest = bytes.concat(Headers.word(keccak256("randao")), Headers.afterRandao());
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, start.length + 3));
        this.prevRandaoOf(Headers.list(bytes.concat(start, extraData, rest)));
    }

    /// Pitfall 37: the list itself in another form, or with another length than it has.
    function testFuzz_prevRandaoOf_revertsOnOtherLists(uint8 prefix, uint16 length) public {
        bytes memory payload = bytes.concat(
            Headers.beforeRandao(7, hex"84746573740a"), Headers.word(keccak256("randao")), Headers.afterRandao()
        );
        vm.assume(prefix != 0xf9);
        vm.assume(length != payload.length);
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, 0));
        this.prevRandaoOf(abi.encodePacked(prefix, uint16(payload.length), payload));
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, 0));
        this.prevRandaoOf(abi.encodePacked(uint8(0xf9), length, payload));
        // A length with a leading zero, which RLP has not.
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, 0));
        this.prevRandaoOf(abi.encodePacked(uint8(0xfa), uint24(payload.length), payload));
    }

    /// Pitfall 37: so long that the length does not fit its two bytes.
    function test_prevRandaoOf_revertsOnLongHeaders() public {
        bytes memory payload = bytes.concat(
            Headers.beforeRandao(7, hex"84746573740a"),
            Headers.word(keccak256("randao")),
            Headers.afterRandao(),
            new bytes(1 << 16)
        );
        bytes memory header = abi.encodePacked(hex"f9", uint16(payload.length), payload);
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, header.length));
        this.prevRandaoOf(header);
    }

    /// Pitfall 37: another prefix of the bloom would move everything behind it.
    function test_prevRandaoOf_revertsOnAnotherBloom() public {
        bytes memory header = Headers.make(keccak256("randao"), 7);
        uint256 bloom = 3 + 33 + 33 + 21 + 33 + 33 + 33;
        for (uint256 i = 0; i < 3; ++i) {
            bytes memory other = bytes.concat(header);
            other[bloom + i] ^= 0x01;
            vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, bloom));
            this.prevRandaoOf(other);
        }
    }

    /// Pitfall 38: with a difficulty, the field is the mixHash of proof of work, which a miner chooses.
    function test_prevRandaoOf_revertsOnProofOfWork() public {
        bytes memory start = Headers.beforeDifficulty(7);
        bytes memory rest = bytes.concat(hex"01", hex"8401c9c380", hex"80", hex"84746573740a", hex"83c0ffee");
        bytes memory header = bytes.concat(start, hex"01", rest, Headers.word(keccak256("mix")), Headers.afterRandao());
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, start.length + 3));
        this.prevRandaoOf(Headers.list(header));
    }

    /// Pitfall 37.
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
