// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {HashToField} from "../src/libraries/HashToField.sol";
import {Test} from "./support/Test.sol";

contract HashToFieldTest is Test {
    function test_toField_agreesWithVectors() public view {
        string memory json = vm.readFile(VECTORS);
        uint256 i = 0;
        for (; hasRow(json, "hashToField", i); ++i) {
            bytes memory tag = vm.parseJsonBytes(json, cell("hashToField", i, "domainTag"));
            bytes memory message = vm.parseJsonBytes(json, cell("hashToField", i, "message"));
            bytes32 expected = vm.parseJsonBytes32(json, cell("hashToField", i, "scalar"));
            vm.assertEq(bytes32(HashToField.toField(tag, message)), expected);
        }
        vm.assertEq(i, 49);
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

    function test_toField_revertsOnLongTag() public {
        vm.expectRevert(abi.encodeWithSelector(HashToField.DomainTagTooLong.selector, 256));
        this.toField(new bytes(256), "");
    }

    function toField(bytes memory tag, bytes memory message) external view returns (uint256) {
        return HashToField.toField(tag, message);
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
