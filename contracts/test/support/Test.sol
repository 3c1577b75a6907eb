// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "../Vm.sol";

/// What every test contract has: cheat codes, bounds for fuzzed values, rows of the vector files.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    string internal constant VECTORS = "test/vectors/protocol-vectors.json";
    string internal constant CURVE_VECTORS = "test/vectors/curve-vectors.json";

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

    /// All cases of one kind in a vector file, each a JSON object of its own, as many as the file's head announces.
    /// The file has a case a line; to parse the whole of it for every value would take minutes.
    function rowsOf(string memory file, string memory kind) internal view returns (string[] memory rows) {
        string memory json = vm.readFile(file);
        rows = new string[](vm.parseJsonUint(json, string.concat(".about.kinds.", kind)));
        vm.assertLt(0, rows.length);
        string[] memory lines = vm.split(json, "\n");
        bytes32 opening = keccak256(bytes(string.concat('"', kind, '": [')));
        uint256 start = 1;
        while (keccak256(bytes(lines[start - 1])) != opening) ++start;
        for (uint256 i = 0; i < rows.length; ++i) {
            rows[i] = _withoutComma(lines[start + i]);
        }
        vm.assertTrue(bytes(lines[start + rows.length])[0] == "]");
    }

    function _withoutComma(string memory line) private pure returns (string memory) {
        uint256 length = bytes(line).length;
        if (bytes(line)[length - 1] != ",") return line;
        // Shortens the string where it stands; the line is not empty.
        assembly ("memory-safe") {
            mstore(line, sub(length, 1))
        }
        return line;
    }
}
