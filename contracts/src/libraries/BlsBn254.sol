// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title BLS signatures over BN254 with keys in both groups, as Symbiotic's relay makes them
/// @dev Precompiles 0x05 to 0x08 (EIP-198, EIP-196, EIP-197). A call that fails burns all gas it was given; who sends
/// points off the curve pays for that.
library BlsBn254 {
    /// Order p of the field of coordinates.
    uint256 internal constant FIELD_MODULUS = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    /// Order r of both groups.
    uint256 internal constant GROUP_ORDER = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    /// (p + 1) / 4: raising to it takes the square root where there is one, since p = 3 mod 4.
    uint256 private constant SQUARE_ROOT = 0x0c19139cb84c680a6e14116da060561765e05aa45a1c72a34f082305b61f3f52;

    /// (0, 0) is the identity.
    struct G1Point {
        uint256 x;
        uint256 y;
    }

    /// Each coordinate is x[0] * i + x[1], the order of EIP-197.
    struct G2Point {
        uint256[2] x;
        uint256[2] y;
    }

    /// @dev Whether the point is one of the group other than the identity: (0, 0) does not solve the equation, and all
    /// points of the curve are in the group.
    function isNonzeroPoint(G1Point memory point) internal pure returns (bool) {
        if (point.x >= FIELD_MODULUS || point.y >= FIELD_MODULUS) return false;
        return mulmod(point.y, point.y, FIELD_MODULUS) == _squareOfY(point.x);
    }

    /// @dev 2x, plus 1 if y is not the root that `_squareRoot` gives. `point` is not the identity.
    function serialize(G1Point memory point) internal view returns (bytes32) {
        bool isOtherRoot = _squareRoot(_squareOfY(point.x)) != point.y;
        // Fits: x is below 2^254.
        return bytes32(point.x << 1 | (isOtherRoot ? 1 : 0));
    }

    /// @dev The first x from `digest` mod p on that has a y; two tries on average.
    function hashToPoint(bytes32 digest) internal view returns (G1Point memory point) {
        point.x = uint256(digest) % FIELD_MODULUS;
        point.y = _squareRoot(_squareOfY(point.x));
        while (!isNonzeroPoint(point)) {
            point.x = addmod(point.x, 1, FIELD_MODULUS);
            point.y = _squareRoot(_squareOfY(point.x));
        }
    }

    /// @notice Whether `signature` is one of `digest` by the secret behind `key`, and `keyG2` has the same secret.
    /// @dev Both in one pairing: e(S + aK, -H) * e(M + aG, K2) = 1 with a weight that depends on all of them. False for
    /// points off the curve or at the identity.
    function verify(G1Point memory key, G2Point memory keyG2, bytes32 digest, G1Point memory signature)
        internal
        view
        returns (bool)
    {
        if (!isNonzeroPoint(key) || !isNonzeroPoint(signature)) return false;
        G1Point memory message = hashToPoint(digest);
        uint256 weight = uint256(keccak256(abi.encode(signature, key, keyG2, message))) % GROUP_ORDER;
        return
            _isPairingOne(
                _add(signature, _multiply(key, weight)), _add(message, _multiply(G1Point(1, 2), weight)), keyG2
            );
    }

    /// @dev Whether e(left, -H) * e(right, keyG2) = 1, where H generates G2.
    function _isPairingOne(G1Point memory left, G1Point memory right, G2Point memory keyG2)
        private
        view
        returns (bool)
    {
        G2Point memory negatedGenerator = G2Point(
            [
                0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2,
                0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
            ],
            [
                0x275dc4a288d1afb3cbb1ac09187524c7db36395df7be3b99e673b13a075a65ec,
                0x1d9befcd05a5323e6da4d435f3b617cdb3af83285c2df711ef39c01571827f9d
            ]
        );
        (bool isDone, bytes memory output) = address(0x08).staticcall(abi.encode(left, negatedGenerator, right, keyG2));
        // The length tells a chain without the precompile, where the call succeeds with nothing.
        return isDone && output.length == 32 && abi.decode(output, (uint256)) == 1;
    }

    function _squareOfY(uint256 x) private pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, FIELD_MODULUS), x, FIELD_MODULUS), 3, FIELD_MODULUS);
    }

    function _squareRoot(uint256 square) private view returns (uint256) {
        return abi.decode(_call(0x05, abi.encode(32, 32, 32, square, SQUARE_ROOT, FIELD_MODULUS)), (uint256));
    }

    function _add(G1Point memory left, G1Point memory right) private view returns (G1Point memory) {
        return abi.decode(_call(0x06, abi.encode(left, right)), (G1Point));
    }

    function _multiply(G1Point memory point, uint256 factor) private view returns (G1Point memory) {
        return abi.decode(_call(0x07, abi.encode(point, factor)), (G1Point));
    }

    /// @dev The inputs made here are valid, so a failure is for want of gas or of the precompile; decoding then
    /// reverts.
    function _call(uint160 precompile, bytes memory input) private view returns (bytes memory output) {
        // forge-lint: disable-next-line(unchecked-call)
        (, output) = address(precompile).staticcall(input);
    }
}
