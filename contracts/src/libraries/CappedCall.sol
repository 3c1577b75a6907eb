// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Calls that can do no harm to the caller
library CappedCall {
    /// @notice Too little gas is left to give a callee all it may use.
    error NotEnoughGas(uint256 available, uint256 needed);

    /// @dev Calls with exactly `gasCap` gas, and never looks at what comes back, however long it is.
    /// @param gasAfter What the caller needs for the call itself and for its own work afterwards, when all of `gasCap`
    /// is burnt.
    /// @return isDone Whether the callee returned; true as well where there is no code.
    function tryCall(address callee, bytes memory data, uint256 gasCap, uint256 gasAfter)
        internal
        returns (bool isDone)
    {
        // A callee gets at most 63/64 of what is left (EIP-150); asked for more, it would silently get less.
        uint256 needed = gasCap + gasCap / 63 + gasAfter;
        uint256 available = gasleft();
        if (available < needed) revert NotEnoughGas(available, needed);
        // In assembly because Solidity copies what comes back, at the caller's cost.
        assembly ("memory-safe") {
            isDone := call(gasCap, callee, 0, add(data, 0x20), mload(data), 0, 0)
        }
    }
}
