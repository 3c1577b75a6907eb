// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The precompiles that proofs go through, and the gas they are given
/// @dev A precompile that fails burns all the gas it was given. So each is given its price of today, times what
/// governance gives the point evaluation over what that costs today: one parameter follows every repricing. SHA-256
/// alone gets what there is, since no input makes it fail.
library Precompiles {
    address internal constant SHA_256 = address(0x02);
    /// EIP-198, priced by EIP-7883.
    address internal constant MODEXP = address(0x05);
    /// EIP-4844.
    address internal constant POINT_EVALUATION = address(0x0a);
    /// EIP-2537.
    address internal constant G1_ADD = address(0x0b);
    address internal constant G1_MSM = address(0x0c);

    /// Prices of today, in gas.
    uint256 internal constant POINT_EVALUATION_PRICE = 50_000;
    uint256 internal constant G1_ADD_PRICE = 375;
    /// One pair of a point and a scalar; several are cheaper, see `msmPrice`.
    uint256 internal constant G1_MSM_PRICE = 12_000;

    /// What the call itself costs, and the instructions between the check and the call.
    uint256 private constant CALL_RESERVE = 1000;

    /// @notice The transaction has not enough gas to give a callee its share.
    error NotEnoughGas(uint256 available, uint256 needed);

    /// @notice Gas for a precompile that costs `price` today.
    /// @param pointEvaluationGas What the point evaluation gets, at least its price of today.
    function gasFor(uint256 price, uint256 pointEvaluationGas) internal pure returns (uint256) {
        // Prices are below 2^30 and the other factor has 24 bits.
        unchecked {
            return price * pointEvaluationGas / POINT_EVALUATION_PRICE;
        }
    }

    /// @notice Upper bound, less than 11 % above, of the price of G1MSM for `pairs` pairs, of which there are 1 or
    /// more.
    function msmPrice(uint256 pairs) internal pure returns (uint256) {
        // There are far less than 2^30 pairs.
        unchecked {
            return pairs * G1_MSM_PRICE * _permilleOf(pairs) / 1000;
        }
    }

    /// @dev Reverts unless a callee can be given this much now: it gets at most 63/64 of what is left (EIP-150), and
    /// with less a true proof would look false.
    /// @param calleeGas Below 2^64.
    function requireGas(uint256 calleeGas) internal view {
        // Nothing overflows: amounts of gas are below 2^64.
        unchecked {
            uint256 needed = calleeGas + calleeGas / 63 + CALL_RESERVE;
            if (gasleft() < needed) revert NotEnoughGas(gasleft(), needed);
        }
    }

    /// @dev Steps through the table of discounts of EIP-2537, each as dear as its first entry.
    function _permilleOf(uint256 pairs) private pure returns (uint256) {
        if (pairs < 5) return pairs == 4 ? 797 : pairs == 3 ? 848 : pairs == 2 ? 949 : 1000;
        if (pairs < 17) return pairs < 9 ? 764 : 719;
        if (pairs < 65) return pairs < 33 ? 673 : 625;
        return pairs < 129 ? 575 : 519;
    }
}
