// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlsBn254} from "../src/libraries/BlsBn254.sol";
import {Bn254} from "./support/symbiotic/Bn254.sol";
import {Bn254G2} from "./support/symbiotic/Bn254G2.sol";
import {ExtraData} from "./support/symbiotic/ExtraData.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";
import {Test} from "./support/Test.sol";

/// The library, and the curve and validators that other tests sign with, against vectors that neither had a part in.
contract BlsBn254Test is Test {
    using ValidatorSet for ValidatorSet.Validator[];

    uint256 private constant P = BlsBn254.FIELD_MODULUS;

    string private json;

    function setUp() public {
        json = vm.readFile("test/vectors/bls-bn254.json");
    }

    function test_serialize_agreesWithVectors() public view {
        uint256 i = 0;
        for (; hasRow(json, "keys", i); ++i) {
            BlsBn254.G1Point memory key = _point("keys", i, "g1");
            bytes32 expected = vm.parseJsonBytes32(json, cell("keys", i, "serialized"));
            vm.assertEq(BlsBn254.serialize(key), expected);
            vm.assertTrue(BlsBn254.isNonzeroPoint(key));
            // The same by the curve of the tests, there and back.
            uint256 secret = vm.parseJsonUint(json, cell("keys", i, "secret"));
            Bn254.G1 memory own = Bn254.times(Bn254.generator(), secret);
            vm.assertEq(keccak256(abi.encode(own)), keccak256(abi.encode(key)));
            vm.assertEq(Bn254.compress(own), expected);
            vm.assertEq(keccak256(abi.encode(Bn254.decompress(expected))), keccak256(abi.encode(own)));
            vm.assertEq(
                keccak256(abi.encode(Bn254G2.multiply(secret))),
                keccak256(vm.parseJsonBytes(json, cell("keys", i, "g2")))
            );
        }
        vm.assertEq(i, 11);
    }

    function test_verify_acceptsTheSignaturesOfTheVectors() public view {
        uint256 i = 0;
        for (; hasRow(json, "signatures", i); ++i) {
            uint256 secret = vm.parseJsonUint(json, cell("signatures", i, "secret"));
            bytes32 digest = vm.parseJsonBytes32(json, cell("signatures", i, "digest"));
            BlsBn254.G1Point memory point = _point("signatures", i, "point");
            vm.assertEq(keccak256(abi.encode(BlsBn254.hashToPoint(digest))), keccak256(abi.encode(point)));
            vm.assertEq(keccak256(abi.encode(Bn254.hashToG1(digest))), keccak256(abi.encode(point)));
            BlsBn254.G1Point memory signature = _point("signatures", i, "signature");
            vm.assertTrue(_verify(secret, secret, digest, signature));
            vm.assertFalse(_verify(secret, secret, ~digest, signature));
            vm.assertFalse(_verify(secret + 1, secret + 1, digest, signature));
            vm.assertFalse(_verify(secret, secret + 1, digest, signature));
            vm.assertFalse(_verify(secret + 1, secret, digest, signature));
            signature.y = P - signature.y;
            vm.assertFalse(_verify(secret, secret, digest, signature));
        }
        vm.assertEq(i, 9);
    }

    /// Pitfall 20 and malformed points: nothing of it is a key or a signature.
    function test_verify_refusesWhatIsNoPoint() public view {
        BlsBn254.G1Point[6] memory bad = [
            BlsBn254.G1Point(0, 0),
            BlsBn254.G1Point(1, 3),
            BlsBn254.G1Point(1 + P, 2),
            BlsBn254.G1Point(1, 2 + P),
            BlsBn254.G1Point(P, P),
            BlsBn254.G1Point(type(uint256).max, type(uint256).max)
        ];
        BlsBn254.G2Point memory keyG2 = _keyG2(1);
        BlsBn254.G1Point memory good = BlsBn254.G1Point(1, 2);
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.assertFalse(BlsBn254.isNonzeroPoint(bad[i]));
            vm.assertFalse(BlsBn254.verify(bad[i], keyG2, keccak256("digest"), good));
            vm.assertFalse(BlsBn254.verify(good, keyG2, keccak256("digest"), bad[i]));
        }
    }

    /// Off the curve or at the identity: the precompile fails or the pairing is not one, and neither is a revert.
    function test_verify_refusesKeysThatAreNoPointOfG2() public view {
        bytes32 digest = keccak256("digest");
        BlsBn254.G1Point memory signature = _sign(5, digest);
        BlsBn254.G2Point memory keyG2 = _keyG2(5);
        vm.assertTrue(BlsBn254.verify(_key(5), keyG2, digest, signature));
        keyG2.y[0] = addmod(keyG2.y[0], 1, P);
        vm.assertFalse(this.verify{gas: 300_000}(_key(5), keyG2, digest, signature));
        keyG2.x = [uint256(0), 0];
        keyG2.y = [uint256(0), 0];
        vm.assertFalse(this.verify{gas: 300_000}(_key(5), keyG2, digest, signature));
    }

    /// Sets, what is committed of them and whole proofs are made as the relay makes them, byte for byte.
    function test_validatorSets_agreeWithVectors() public view {
        uint256 i = 0;
        for (; hasRow(json, "proofs", i); ++i) {
            ValidatorSet.Validator[] memory set = ValidatorSet.make(
                vm.parseJsonUintArray(json, cell("proofs", i, "secrets")),
                vm.parseJsonUintArray(json, cell("proofs", i, "powers"))
            );
            uint8 keyTag = uint8(vm.parseJsonUint(json, cell("proofs", i, "keyTag")));
            vm.assertEq(ExtraData.setHashKey(keyTag), vm.parseJsonBytes32(json, cell("proofs", i, "setHashKey")));
            vm.assertEq(ExtraData.aggregateKey(keyTag), vm.parseJsonBytes32(json, cell("proofs", i, "aggregateKey")));
            vm.assertEq(set.extraData(keyTag)[0].value, vm.parseJsonBytes32(json, cell("proofs", i, "setHash")));
            vm.assertEq(set.extraData(keyTag)[1].value, vm.parseJsonBytes32(json, cell("proofs", i, "aggregate")));
            uint256 signers = vm.parseJsonUint(json, cell("proofs", i, "signers"));
            bytes memory proof = set.prove(signers, vm.parseJsonBytes32(json, cell("proofs", i, "digest")));
            vm.assertEq(keccak256(proof), keccak256(vm.parseJsonBytes(json, cell("proofs", i, "proof"))));
        }
        vm.assertEq(i, 3);
    }

    function verify(
        BlsBn254.G1Point memory key,
        BlsBn254.G2Point memory keyG2,
        bytes32 digest,
        BlsBn254.G1Point memory signature
    ) external view returns (bool) {
        return BlsBn254.verify(key, keyG2, digest, signature);
    }

    function _verify(uint256 secret, uint256 secretG2, bytes32 digest, BlsBn254.G1Point memory signature)
        private
        view
        returns (bool)
    {
        return BlsBn254.verify(_key(secret), _keyG2(secretG2), digest, signature);
    }

    function _key(uint256 secret) private view returns (BlsBn254.G1Point memory) {
        Bn254.G1 memory point = Bn254.times(Bn254.generator(), secret);
        return BlsBn254.G1Point(point.x, point.y);
    }

    function _keyG2(uint256 secret) private view returns (BlsBn254.G2Point memory) {
        Bn254.G2 memory point = Bn254G2.multiply(secret);
        return BlsBn254.G2Point(point.x, point.y);
    }

    function _sign(uint256 secret, bytes32 digest) private view returns (BlsBn254.G1Point memory) {
        Bn254.G1 memory point = Bn254.times(Bn254.hashToG1(digest), secret);
        return BlsBn254.G1Point(point.x, point.y);
    }

    function _point(string memory list, uint256 i, string memory field)
        private
        view
        returns (BlsBn254.G1Point memory point)
    {
        return abi.decode(vm.parseJsonBytes(json, cell(list, i, field)), (BlsBn254.G1Point));
    }
}
