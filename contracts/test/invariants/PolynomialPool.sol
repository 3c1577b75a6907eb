// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../../src/libraries/Bls12381.sol";
import {LinearPolynomials} from "../support/LinearPolynomials.sol";

/// A few linear polynomials, whose work on the curve is done once: the proof of p(X) = aX + b is [a] at every point.
abstract contract PolynomialPool {
    struct Polynomial {
        uint256 a;
        uint256 b;
        /// Uncompressed as in EIP-2537, and compressed.
        bytes point;
        bytes commitment;
        bytes32 versionedHash;
        bytes proof;
    }

    uint256 internal constant R = Bls12381.SCALAR_MODULUS;
    uint256 internal constant POOL_SIZE = 4;

    Polynomial[POOL_SIZE] internal pool;

    function fillPool() internal {
        for (uint256 i = 0; i < POOL_SIZE; ++i) {
            (uint256 a, uint256 b) = LinearPolynomials.coefficients(0, i);
            bytes memory pairs = abi.encodePacked(LinearPolynomials.SECRET, a, LinearPolynomials.GENERATOR, b);
            bytes memory point = multiply(pairs);
            bytes memory commitment = LinearPolynomials.compress(point);
            bytes32 hash = bytes32(uint256(sha256(commitment)) & (type(uint256).max >> 8) | 1 << 248);
            pool[i] = Polynomial(a, b, point, commitment, hash, LinearPolynomials.compress(timesGenerator(a)));
        }
    }

    /// [scalar], uncompressed.
    function timesGenerator(uint256 scalar) internal view returns (bytes memory) {
        return multiply(abi.encodePacked(LinearPolynomials.GENERATOR, scalar));
    }

    function inverse(uint256 scalar) internal view returns (uint256) {
        bytes memory input = abi.encode(32, 32, 32, scalar, R - 2, R);
        (bool isDone, bytes memory result) = address(0x05).staticcall(input);
        require(isDone, "MODEXP failed");
        return abi.decode(result, (uint256));
    }

    function multiply(bytes memory pairs) internal view returns (bytes memory point) {
        bool isDone;
        (isDone, point) = address(0x0c).staticcall(pairs);
        require(isDone, "G1MSM failed");
    }
}
