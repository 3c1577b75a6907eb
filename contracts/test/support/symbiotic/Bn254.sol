// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The curve BN254 as the contracts of Symbiotic's relay use it. Shares no code with what it tests.
library Bn254 {
    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    uint256 internal constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    struct G1 {
        uint256 x;
        uint256 y;
    }

    /// Imaginary part first.
    struct G2 {
        uint256[2] x;
        uint256[2] y;
    }

    function generator() internal pure returns (G1 memory) {
        return G1(1, 2);
    }

    function generatorG2() internal pure returns (G2 memory) {
        return G2(
            [
                0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2,
                0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
            ],
            [
                0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b,
                0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
            ]
        );
    }

    function plus(G1 memory left, G1 memory right) internal view returns (G1 memory) {
        return abi.decode(_call(0x06, abi.encode(left, right)), (G1));
    }

    function times(G1 memory point, uint256 factor) internal view returns (G1 memory) {
        return abi.decode(_call(0x07, abi.encode(point, factor)), (G1));
    }

    function negate(G1 memory point) internal pure returns (G1 memory) {
        return G1(point.x, (P - point.y) % P);
    }

    /// The first x from the hash on that has a y, with the root that raising to (p + 1) / 4 gives.
    function hashToG1(bytes32 hash) internal view returns (G1 memory point) {
        point.x = uint256(hash) % P;
        while (true) {
            uint256 square;
            (square, point.y) = squareAndRoot(point.x);
            if (mulmod(point.y, point.y, P) == square) return point;
            point.x = addmod(point.x, 1, P);
        }
    }

    /// 32 bytes: x and, in the last bit, which root y is; 0 for the identity.
    function compress(G1 memory point) internal view returns (bytes32) {
        if (point.x == 0 && point.y == 0) return 0;
        (, uint256 y) = squareAndRoot(point.x);
        return bytes32(2 * point.x + (y == point.y ? 0 : 1));
    }

    function decompress(bytes32 compressed) internal view returns (G1 memory point) {
        if (compressed == 0) return point;
        point.x = uint256(compressed) >> 1;
        (, point.y) = squareAndRoot(point.x);
        return uint256(compressed) & 1 == 1 ? negate(point) : point;
    }

    /// One pairing for the signature and for the two halves of the key having the same secret.
    function verify(G1 memory key, bytes32 hash, G1 memory signature, G2 memory keyG2) internal view returns (bool) {
        if (key.x == 0 && key.y == 0) return false;
        G1 memory message = hashToG1(hash);
        bytes32 challenge =
            keccak256(abi.encodePacked(signature.x, signature.y, key.x, key.y, keyG2.x, keyG2.y, message.x, message.y));
        uint256 alpha = uint256(challenge) % R;
        G2 memory negated = generatorG2();
        negated.y = [P - negated.y[0], P - negated.y[1]];
        G1 memory left = plus(signature, times(key, alpha));
        G1 memory right = plus(message, times(generator(), alpha));
        return abi.decode(_call(0x08, abi.encode(left, negated, right, keyG2)), (uint256)) == 1;
    }

    /// x^3 + 3, and its square root if it has one.
    function squareAndRoot(uint256 x) internal view returns (uint256 square, uint256 root) {
        square = addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
        root = power(square, (P + 1) / 4);
    }

    function power(uint256 base, uint256 exponent) internal view returns (uint256) {
        return abi.decode(_call(0x05, abi.encode(32, 32, 32, base, exponent, P)), (uint256));
    }

    function _call(uint160 precompile, bytes memory input) private view returns (bytes memory output) {
        bool isDone;
        (isDone, output) = address(precompile).staticcall(input);
        require(isDone, "precompile failed");
    }
}
