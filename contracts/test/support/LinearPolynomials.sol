// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../../src/libraries/Bls12381.sol";

/// Commitments and valid openings without a prover: for p(X) = aX + b, the commitment is [a·s + b], the value at z is
/// az + b, and the quotient (p(X) - p(z)) / (X - z) is the constant a, so that the proof is [a].
library LinearPolynomials {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;

    /// The generator of G1 and [s] of the public setup (EIP-4844), uncompressed as in EIP-2537.
    bytes internal constant GENERATOR =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1";
    bytes internal constant SECRET =
        hex"000000000000000000000000000000000d3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c810000000000000000000000000000000017de623f59a3043952d2f637a935fae14b6dee8b255e526304963d58ab6f1a827c7de623d34d394f8a3d0f57d6e972b9";

    /// Polynomial number `i` of a post, chosen by its `salt`.
    function coefficients(uint256 salt, uint256 i) internal pure returns (uint256 a, uint256 b) {
        a = uint256(keccak256(abi.encode("a", salt, i))) % R;
        b = uint256(keccak256(abi.encode("b", salt, i))) % R;
    }

    function commit(uint256 a, uint256 b) internal view returns (bytes memory) {
        return compress(point(a, b));
    }

    /// The commitment, uncompressed.
    function point(uint256 a, uint256 b) internal view returns (bytes memory) {
        return multiply(abi.encodePacked(SECRET, a, GENERATOR, b));
    }

    function evaluate(uint256 a, uint256 b, uint256 z) internal pure returns (uint256) {
        return addmod(mulmod(a, z, R), b, R);
    }

    function prove(uint256 a) internal view returns (bytes memory) {
        return compress(multiply(abi.encodePacked(GENERATOR, a)));
    }

    /// 48 bytes: x with the flags compressed, infinity, and y above (p - 1) / 2.
    function compress(bytes memory uncompressed) internal pure returns (bytes memory compressed) {
        (bytes32 xHigh, bytes32 xLow, bytes32 yHigh, bytes32 yLow) =
            abi.decode(uncompressed, (bytes32, bytes32, bytes32, bytes32));
        compressed = abi.encodePacked(uint128(uint256(xHigh)), xLow);
        bool isInfinity = (xHigh | xLow | yHigh | yLow) == 0;
        bool isLarge = _isAboveHalf(uint256(yHigh), uint256(yLow));
        compressed[0] |= isInfinity ? bytes1(0xc0) : isLarge ? bytes1(0xa0) : bytes1(0x80);
    }

    function _isAboveHalf(uint256 high, uint256 low) private pure returns (bool) {
        uint256 halfHigh = 0x0d0088f51cbff34d258dd3db21a5d66b;
        uint256 halfLow = 0xb23ba5c279c2895fb39869507b587b120f55ffff58a9ffffdcff7fffffffd555;
        return high > halfHigh || (high == halfHigh && low > halfLow);
    }

    /// The sum of the products of pairs of a point and a scalar.
    function multiply(bytes memory pairs) internal view returns (bytes memory sum) {
        bool isDone;
        (isDone, sum) = address(0x0c).staticcall(pairs);
        require(isDone, "G1MSM failed");
    }

    /// 1 / value in the scalar field.
    function inverse(uint256 value) internal view returns (uint256) {
        (bool isDone, bytes memory result) = address(0x05).staticcall(abi.encode(32, 32, 32, value, R - 2, R));
        require(isDone, "modexp failed");
        return abi.decode(result, (uint256));
    }
}
