// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "../Vm.sol";
import {Test} from "./Test.sol";

/// Gas of whole transactions, as users pay it. It means something only with the optimizer that deployments use.
abstract contract Measured is Test {
    modifier onlyMeasured() {
        string memory profile = vm.envOr("FOUNDRY_PROFILE", "default");
        vm.skip(vm.isContext(Vm.ForgeContext.Coverage) || keccak256(bytes(profile)) != keccak256("default"));
        _;
    }

    /// Gas of the last call.
    function used() internal view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    /// Keeps the gas of the last call in `snapshots/protocol.json`.
    function note(string memory name) internal {
        vm.snapshotGasLastCall("protocol", name);
    }
}
