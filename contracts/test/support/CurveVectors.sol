// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../../src/libraries/Bls12381.sol";
import {CompressedPoints} from "../../src/libraries/CompressedPoints.sol";
import {KzgOpening} from "../../src/libraries/KzgOpening.sol";
import {Precompiles} from "../../src/libraries/Precompiles.sol";
import {Test} from "./Test.sol";

/// Reads the cases on the curve, and does with the real precompiles what they are about.
abstract contract CurveVectors is Test {
    uint256 internal constant R = Bls12381.SCALAR_MODULUS;
    uint256 internal constant GAS_CAP = 110_000;

    /// Commitments that the cases name by their place in the list: 128 bytes each.
    function polynomialPoints() internal view returns (bytes[] memory points) {
        string[] memory rows = rowsOf(CURVE_VECTORS, "polynomials");
        points = new bytes[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            points[i] = vm.parseJsonBytes(rows[i], ".point");
        }
    }

    /// Those of `points` that a list of places in `row` names, in its order.
    function pointsAt(bytes[] memory points, string memory row, string memory key)
        internal
        pure
        returns (bytes[] memory chosen)
    {
        uint256[] memory places = vm.parseJsonUintArray(row, key);
        chosen = new bytes[](places.length);
        for (uint256 j = 0; j < places.length; ++j) {
            chosen[j] = points[places[j]];
        }
    }

    function scalar(string memory row, string memory key) internal pure returns (uint256) {
        return uint256(vm.parseJsonBytes32(row, key));
    }

    /// 48 bytes of a point in 128.
    function _compress(bytes memory point) internal pure returns (bytes memory) {
        uint256 start;
        // Behind the word of the length.
        assembly ("memory-safe") {
            start := add(point, 0x20)
        }
        (bytes32 head, bytes16 tail) = Bls12381.compressAt(start);
        return abi.encodePacked(head, tail);
    }

    /// The sum of gamma^j times point j, in 128 bytes.
    function _fold(bytes[] memory points, uint256 gamma) internal view returns (bytes memory) {
        return _sum(_pairsOf(points, gamma));
    }

    /// Each point with its power of gamma.
    function _pairsOf(bytes[] memory points, uint256 gamma) internal pure returns (bytes memory pairs) {
        uint256 weight = 1;
        for (uint256 j = 0; j < points.length; ++j) {
            pairs = bytes.concat(pairs, points[j], bytes32(weight));
            weight = mulmod(weight, gamma, R);
        }
    }

    /// The sum of all products in `pairs` of a point and a scalar, 160 bytes each.
    function _sum(bytes memory pairs) internal view returns (bytes memory point) {
        bool isDone;
        (isDone, point) = address(0x0c).staticcall(pairs);
        vm.assertTrue(isDone);
    }

    /// Whether the bytes are a point of the subgroup in 128 bytes, or infinity.
    function _isUncompressedPoint(bytes memory point) internal view returns (bool isPoint) {
        (isPoint,) = address(0x0c).staticcall{gas: 12_000}(bytes.concat(point, bytes32(uint256(1))));
    }

    /// Whether the bytes are a point of the subgroup in 48 bytes, or infinity.
    function _isCompressedPoint(bytes memory point) internal view returns (bool) {
        try this.requirePoint(point) {
            return true;
        } catch (bytes memory reason) {
            bytes4 refusal =
                point.length == 48 ? ICustodyChallenges.MalformedPoint.selector : Bls12381.WrongPointLength.selector;
            vm.assertEq(bytes4(reason), refusal);
            return false;
        }
    }

    function requirePoint(bytes calldata point) external view {
        CompressedPoints.requirePoint(point, GAS_CAP);
    }

    /// Whether the proof opens the commitment, given as 48 bytes, at `z` to `y`.
    function _opens(bytes memory commitment, uint256 z, uint256 y, bytes memory proof) internal view returns (bool) {
        return this.verifyOpening(_versionedHash(commitment), z, y, commitment, proof);
    }

    function verifyOpening(bytes32 versionedHash, uint256 z, uint256 y, bytes calldata commitment, bytes calldata proof)
        external
        view
        returns (bool)
    {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        bytes memory input = KzgOpening.inputOf(versionedHash, z, y, head, tail, proof);
        return KzgOpening.verify(input, GAS_CAP, Precompiles.POINT_EVALUATION);
    }

    /// Unlike the library's, also of infinity: a fold may cancel out.
    function _versionedHash(bytes memory commitment) internal pure returns (bytes32) {
        return bytes32(uint256(sha256(commitment)) & (type(uint256).max >> 8) | 1 << 248);
    }
}
