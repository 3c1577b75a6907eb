// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {HashToField} from "../src/libraries/HashToField.sol";
import {Test} from "./support/Test.sol";

contract HashToFieldTest is Test {
    function test_toField_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "hashToField");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory tag = vm.parseJsonBytes(rows[i], ".domainTag");
            bytes memory message = vm.parseJsonBytes(rows[i], ".message");
            bytes32 expected = vm.parseJsonBytes32(rows[i], ".scalar");
            vm.assertEq(bytes32(HashToField.toField(tag, message)), expected);
        }
    }

    function testFuzz_toField_agreesWithPlainSolidity(bytes memory tag, bytes memory message) public view {
        vm.assume(tag.length <= 255);
        vm.assertEq(HashToField.toField(tag, message), _plain(tag, message));
    }

    function testFuzz_toField_leavesMemoryInOrder(bytes memory tag, bytes memory message) public view {
        vm.assume(tag.length <= 255);
        bytes32 before = keccak256(bytes.concat(tag, message));
        HashToField.toField(tag, message);
        bytes memory fresh = new bytes(96);
        vm.assertEq(keccak256(fresh), keccak256(abi.encode(0, 0, 0)));
        vm.assertEq(keccak256(bytes.concat(tag, message)), before);
    }

    function testFuzz_wordToField_agreesWithToField(bytes32 seed, uint256 length, bytes32 word) public view {
        bytes memory tag = _tagOf(seed, bound(length, 0, 31));
        bytes32 primed = bytes32(bytes.concat(tag, bytes1(uint8(tag.length))));
        vm.assertEq(HashToField.wordToField(primed, tag.length + 1, word), HashToField.toField(tag, abi.encode(word)));
    }

    function testFuzz_wordToField_leavesMemoryInOrder(bytes32 word, bytes memory before) public view {
        bytes32 hash = keccak256(before);
        HashToField.wordToField("TAG\x03", 4, word);
        bytes memory fresh = new bytes(192);
        vm.assertEq(keccak256(fresh), keccak256(abi.encode(0, 0, 0, 0, 0, 0)));
        vm.assertEq(keccak256(before), hash);
    }

    function test_toField_revertsOnLongTag() public {
        vm.expectRevert(abi.encodeWithSelector(HashToField.DomainTagTooLong.selector, 256));
        this.toField(new bytes(256), "");
    }

    function toField(bytes memory tag, bytes memory message) external view returns (uint256) {
        return HashToField.toField(tag, message);
    }

    /// The first bytes of a seed.
    function _tagOf(bytes32 seed, uint256 length) private pure returns (bytes memory tag) {
        tag = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            tag[i] = seed[i];
        }
    }

    /// The text of RFC 9380, 5.3.1, word by word.
    function _plain(bytes memory tag, bytes memory message) private pure returns (uint256) {
        bytes memory tagPrime = abi.encodePacked(tag, uint8(tag.length));
        bytes32 b0 = sha256(abi.encodePacked(new bytes(64), message, uint16(48), uint8(0), tagPrime));
        bytes32 b1 = sha256(abi.encodePacked(b0, uint8(1), tagPrime));
        bytes32 b2 = sha256(abi.encodePacked(b0 ^ b1, uint8(2), tagPrime));
        uint256 r = Bls12381.SCALAR_MODULUS;
        return addmod(mulmod(uint256(b1), 1 << 128, r), uint256(b2) >> 128, r);
    }
}
