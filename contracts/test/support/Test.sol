// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "../Vm.sol";

/// What every test contract has: cheat codes, bounds for fuzzed values, rows of the vector files.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string internal constant VECTORS = "test/vectors/protocol-vectors.json";

    /// A value between `low` and `high`, both included, that `value` decides.
    function bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        if (high - low == type(uint256).max) return value;
        return low + value % (high - low + 1);
    }

    /// Key of `field` in row `i` of the list `list`.
    function cell(string memory list, uint256 i, string memory field) internal pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "].", field);
    }

    /// Whether the list has a row `i`.
    function hasRow(string memory json, string memory list, uint256 i) internal view returns (bool) {
        return vm.keyExistsJson(json, string.concat(".", list, "[", vm.toString(i), "]"));
    }
}
