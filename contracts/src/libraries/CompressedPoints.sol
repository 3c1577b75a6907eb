// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";
import {Precompiles} from "./Precompiles.sol";
import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";

/// @title Whether 48 bytes are a point of G1
/// @dev The point evaluation precompile fails in the same way for a false opening and for bytes that are no points.
/// This tells them apart: y is a square root of x^3 + 4 modulo p, and G1MSM says whether (x, y) lies in the group.
/// Linked, since it runs only when an opening failed.
library CompressedPoints {
    /// p, and (p + 1) / 4: raised to it, a square becomes its root, since p = 3 mod 4.
    bytes private constant MODULUS =
        hex"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
    bytes private constant ROOT_EXPONENT =
        hex"0680447a8e5ff9a692c6e9ed90d2eb35d91dd2e13ce144afd9cc34a83dac3d8907aaffffac54ffffee7fbfffffffeaab";
    bytes private constant CUBE_EXPONENT = hex"03";

    /// Prices of today of powers modulo p (EIP-7883), by exponent.
    uint256 private constant ROOT_PRICE = 36_432;
    uint256 private constant CUBE_PRICE = 500;

    /// Where commitment and proof stand in the input of the point evaluation, and how the input ends.
    uint256 private constant COMMITMENT_OFFSET = 96;
    uint256 private constant PROOF_OFFSET = 144;

    /// @notice Reverts with `MalformedPoint` unless the two points in an input of the point evaluation are points.
    /// @param input 192 bytes, as `KzgOpening.inputOf` makes them.
    /// @param pointEvaluationGas What decides the gas of the precompiles.
    function requirePoints(bytes calldata input, uint256 pointEvaluationGas) external view {
        requirePoint(input[COMMITMENT_OFFSET:PROOF_OFFSET], pointEvaluationGas);
        requirePoint(input[PROOF_OFFSET:], pointEvaluationGas);
    }

    /// @notice Reverts with `MalformedPoint` unless 48 bytes are the canonical compression of a point of G1.
    function requirePoint(bytes calldata compressed, uint256 pointEvaluationGas) internal view {
        (bytes32 head, bytes16 tail) = Bls12381.split(compressed);
        if (!_isPoint(head, tail, pointEvaluationGas)) revert ICustodyChallenges.MalformedPoint(head, tail);
    }

    function _isPoint(bytes32 head, bytes16 tail, uint256 pointEvaluationGas) private view returns (bool) {
        uint256 flags = uint256(head) >> 248;
        if (flags & Bls12381.COMPRESSED_FLAG == 0) return false;
        if (flags & Bls12381.INFINITY_FLAG != 0) return head == bytes32(uint256(0xc0) << 248) && tail == 0;
        // Drops the three flags; casts take the lower half.
        uint256 high = uint256(head) << 3 >> 131;
        uint256 low = uint256(head) << 128 | uint128(tail);
        if (!Bls12381.isBelowModulus(high, low)) return false;
        return _isOnCurve(high, low, pointEvaluationGas);
    }

    /// @dev Whether a point of G1 has this x. Which of the two roots y is does not matter: both are of G1, or none.
    function _isOnCurve(uint256 high, uint256 low, uint256 pointEvaluationGas) private view returns (bool isInGroup) {
        bytes memory cube = _power(_encode(high, low), CUBE_EXPONENT, CUBE_PRICE, pointEvaluationGas);
        (uint256 cubeHigh, uint256 cubeLow) = _decode(cube);
        // The cube is below p; the carry is made by hand.
        unchecked {
            if (cubeLow + 4 < cubeLow) ++cubeHigh;
            cubeLow += 4;
        }
        bytes memory root = _power(_encode(cubeHigh, cubeLow), ROOT_EXPONENT, ROOT_PRICE, pointEvaluationGas);
        (uint256 yHigh, uint256 yLow) = _decode(root);
        uint256 msmGas = Precompiles.gasFor(Precompiles.G1_MSM_PRICE, pointEvaluationGas);
        Precompiles.requireGas(msmGas);
        bytes memory sum;
        (isInGroup, sum) = Precompiles.G1_MSM.staticcall{gas: msmGas}(abi.encode(high, low, yHigh, yLow, 1));
        return isInGroup && sum.length == Bls12381.UNCOMPRESSED_LENGTH;
    }

    /// @dev base^exponent modulo p.
    function _power(bytes memory base, bytes memory exponent, uint256 price, uint256 pointEvaluationGas)
        private
        view
        returns (bytes memory result)
    {
        bytes memory input = abi.encodePacked(base.length, exponent.length, MODULUS.length, base, exponent, MODULUS);
        uint256 modexpGas = Precompiles.gasFor(price, pointEvaluationGas);
        Precompiles.requireGas(modexpGas);
        bool isDone;
        (isDone, result) = Precompiles.MODEXP.staticcall{gas: modexpGas}(input);
        if (!isDone || result.length != MODULUS.length) {
            revert ICustodyChallenges.PrecompileUnavailable(Precompiles.MODEXP, modexpGas);
        }
    }

    /// @dev 48 bytes.
    function _encode(uint256 high, uint256 low) private pure returns (bytes memory) {
        // Fits: of 48 bytes, 16 are in the upper word.
        // forge-lint: disable-next-line(unsafe-typecast)
        return abi.encodePacked(uint128(high), low);
    }

    function _decode(bytes memory coordinate) private pure returns (uint256 high, uint256 low) {
        return abi.decode(bytes.concat(new bytes(16), coordinate), (uint256, uint256));
    }
}
