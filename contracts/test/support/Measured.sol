// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "../Vm.sol";
import {Test} from "./Test.sol";

/// Gas of whole transactions, as users pay it. It means something only with the optimizer that deployments use. Test
/// contracts that measure have Gas in their name, by which they are run together.
abstract contract Measured is Test {
    /// Most gas of a transaction (EIP-7825).
    uint256 internal constant TRANSACTION_GAS = 1 << 24;

    /// The file in `snapshots/` that keeps the figures, and the part of `gas-limits.json` that bounds them.
    string private group;

    constructor(string memory group_) {
        group = group_;
    }

    modifier onlyMeasured() {
        string memory profile = vm.envOr("FOUNDRY_PROFILE", "default");
        vm.skip(vm.isContext(Vm.ForgeContext.Coverage) || keccak256(bytes(profile)) != keccak256("default"));
        _;
    }

    /// Keeps the gas of the last call, or compares it with what is kept, and holds it to its limit: that of a
    /// transaction when it has no other.
    function note(string memory name) internal {
        vm.snapshotGasLastCall(group, name);
        string memory limits = vm.readFile("test/gas-limits.json");
        string memory key = string.concat(".", group, "['", name, "']");
        uint256 limit = vm.keyExistsJson(limits, key) ? vm.parseJsonUint(limits, key) : TRANSACTION_GAS;
        vm.assertLe(vm.lastCallGas().gasTotalUsed, limit, name);
    }
}
