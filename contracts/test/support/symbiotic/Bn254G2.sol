// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bn254} from "./Bn254.sol";

/// Multiples of the generator of G2, for which there is no precompile: affine arithmetic over Fp2 = Fp[i], i^2 = -1.
library Bn254G2 {
    uint256 private constant P = Bn254.P;

    /// factor * H, for a factor from 1 to r - 1.
    function multiply(uint256 factor) internal view returns (Bn254.G2 memory product) {
        product = Bn254.generatorG2();
        uint256 free;
        // Where the scratch memory of the many steps starts; sixty keys would not fit into a transaction with it.
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        Bn254.G2 memory last = _doubleAndAdd(factor);
        (product.x[0], product.x[1]) = (last.x[0], last.x[1]);
        (product.y[0], product.y[1]) = (last.y[0], last.y[1]);
        // Nothing points into the scratch memory any more.
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    /// From the highest bit on, which never meets the identity, nor two different points with the same x.
    function _doubleAndAdd(uint256 factor) private view returns (Bn254.G2 memory point) {
        Bn254.G2 memory generator = Bn254.generatorG2();
        uint256 bit = 255;
        while (factor >> bit & 1 == 0) --bit;
        point = Bn254.generatorG2();
        while (bit > 0) {
            --bit;
            uint256[2] memory slope = _divide(_scale(_times(point.x, point.x), 3), _scale(point.y, 2));
            point = _intersect(point, point.x, slope);
            if (factor >> bit & 1 == 1) point = plus(point, generator);
        }
    }

    /// The sum of two points with different x.
    function plus(Bn254.G2 memory left, Bn254.G2 memory right) internal view returns (Bn254.G2 memory) {
        uint256[2] memory slope = _divide(_minus(right.y, left.y), _minus(right.x, left.x));
        return _intersect(left, right.x, slope);
    }

    function negate(Bn254.G2 memory point) internal pure returns (Bn254.G2 memory) {
        uint256[2] memory zero;
        return Bn254.G2(point.x, _minus(zero, point.y));
    }

    /// The third point of the curve on the line through `point`, mirrored; `otherX` is the x of the second.
    function _intersect(Bn254.G2 memory point, uint256[2] memory otherX, uint256[2] memory slope)
        private
        pure
        returns (Bn254.G2 memory third)
    {
        third.x = _minus(_minus(_times(slope, slope), point.x), otherX);
        third.y = _minus(_times(slope, _minus(point.x, third.x)), point.y);
    }

    function _times(uint256[2] memory a, uint256[2] memory b) private pure returns (uint256[2] memory) {
        uint256 imaginary = addmod(mulmod(a[0], b[1], P), mulmod(a[1], b[0], P), P);
        return [imaginary, addmod(mulmod(a[1], b[1], P), P - mulmod(a[0], b[0], P), P)];
    }

    function _divide(uint256[2] memory a, uint256[2] memory b) private view returns (uint256[2] memory) {
        uint256 norm = addmod(mulmod(b[0], b[0], P), mulmod(b[1], b[1], P), P);
        uint256 inverse = Bn254.power(norm, P - 2);
        return _times(a, [mulmod(P - b[0], inverse, P), mulmod(b[1], inverse, P)]);
    }

    function _minus(uint256[2] memory a, uint256[2] memory b) private pure returns (uint256[2] memory) {
        return [addmod(a[0], P - b[0], P), addmod(a[1], P - b[1], P)];
    }

    function _scale(uint256[2] memory a, uint256 factor) private pure returns (uint256[2] memory) {
        return [mulmod(a[0], factor, P), mulmod(a[1], factor, P)];
    }
}
