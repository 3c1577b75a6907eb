// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISymbioticSettlement} from "../../../src/interfaces/ISymbioticSettlement.sol";
import {BlsBn254} from "../../../src/libraries/BlsBn254.sol";
import {SymbioticQuorum} from "../../../src/SymbioticQuorum.sol";
import {OperatorIndex} from "../../../src/types/OperatorIndex.sol";
import {PostId} from "../../../src/types/PostId.sol";
import {ProtocolTest} from "../ProtocolTest.sol";
import {Bn254} from "./Bn254.sol";
import {Bn254G2} from "./Bn254G2.sol";
import {LocalSettlement} from "./LocalSettlement.sol";
import {SimpleSigVerifier} from "./SimpleSigVerifier.sol";
import {ValidatorSet} from "./ValidatorSet.sol";

/// The protocol with a Settlement whose validators sign. Validator i speaks for operator i, as far as there are such
/// operators and they registered.
abstract contract SymbioticTest is ProtocolTest {
    using ValidatorSet for ValidatorSet.Validator[];

    uint8 internal constant KEY_TAG = 15;
    /// First epoch of the Settlement that has a header.
    uint48 internal constant FIRST = 7;
    uint48 internal constant MAX_STAKE_AGE = 2;
    uint48 internal constant MAX_CAPTURE_AGE = 1 days;
    uint256 internal constant NOW = 10_000_000;
    bytes32 internal constant ROOT = keccak256("root");
    /// Of posts that are registered now.
    uint64 internal constant DEADLINE = uint64(NOW + 60 days);
    PostId internal constant POST = PostId.wrap(keccak256("post"));

    LocalSettlement internal settlement;
    SymbioticQuorum internal symbiotic;
    /// What the clock was set to: the optimizer may read `block.timestamp` once for a whole test.
    uint256 internal time;

    function deploySymbiotic() internal {
        deployProtocol();
        warpTo(NOW);
        settlement = new LocalSettlement(address(new SimpleSigVerifier()));
        symbiotic = newQuorum(address(relay), KEY_TAG);
    }

    function newQuorum(address attestationRelay, uint8 keyTag) internal returns (SymbioticQuorum) {
        return new SymbioticQuorum(attestationRelay, settlement, keyTag, stake, beacon, MAX_STAKE_AGE, MAX_CAPTURE_AGE);
    }

    function warpTo(uint256 timestamp) internal {
        time = timestamp;
        vm.warp(timestamp);
    }

    // ------------------------------------------------------------ validators

    function secretOf(uint256 i) internal pure returns (uint256) {
        // 128 bits are enough of a secret here, and twice as fast.
        return uint256(keccak256(abi.encode("validator", i))) >> 128;
    }

    /// 10, 20, 30, ...
    function validators(uint256 count) internal view returns (ValidatorSet.Validator[] memory) {
        uint256[] memory secrets = new uint256[](count);
        uint256[] memory powers = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            (secrets[i], powers[i]) = (secretOf(i), 10 * (i + 1));
        }
        return ValidatorSet.make(secrets, powers);
    }

    function headerOf(uint48 epoch, ValidatorSet.Validator[] memory set, uint256 threshold)
        internal
        view
        returns (ISymbioticSettlement.ValSetHeader memory)
    {
        return ISymbioticSettlement.ValSetHeader({
            version: 1,
            requiredKeyTag: KEY_TAG,
            epoch: epoch,
            captureTimestamp: uint48(time - 1),
            quorumThreshold: threshold,
            totalVotingPower: set.totalPower(),
            validatorsSszMRoot: keccak256("ssz")
        });
    }

    /// Commits the set as that of `epoch`, captured a second ago.
    function commit(uint48 epoch, ValidatorSet.Validator[] memory set, uint256 threshold) internal {
        settlement.setGenesis(headerOf(epoch, set, threshold), set.extraData(KEY_TAG));
    }

    // ------------------------------------------------------------ keys

    function publicKey(uint256 secret) internal view returns (BlsBn254.G1Point memory) {
        return toPoint(Bn254.times(Bn254.generator(), secret));
    }

    function publicKeyG2(uint256 secret) internal view returns (BlsBn254.G2Point memory) {
        Bn254.G2 memory point = Bn254G2.multiply(secret);
        return BlsBn254.G2Point(point.x, point.y);
    }

    function sign(uint256 secret, bytes32 digest) internal view returns (BlsBn254.G1Point memory) {
        return toPoint(Bn254.times(Bn254.hashToG1(digest), secret));
    }

    function toPoint(Bn254.G1 memory point) internal pure returns (BlsBn254.G1Point memory) {
        return BlsBn254.G1Point(point.x, point.y);
    }

    function serialized(uint256 secret) internal view returns (bytes32) {
        return Bn254.compress(Bn254.times(Bn254.generator(), secret));
    }

    function possessionOf(uint256 secret, OperatorIndex operator, address owner)
        internal
        view
        returns (BlsBn254.G1Point memory)
    {
        return sign(secret, keccak256(symbiotic.keyMessageOf(operator, owner, serialized(secret))));
    }

    function registerKey(uint256 operator, uint256 secret) internal {
        registerKeyAs(ownerOf(operator), operator, secret);
    }

    function registerKeyAs(address owner, uint256 operator, uint256 secret) internal {
        BlsBn254.G1Point memory possession = possessionOf(secret, op(operator), owner);
        (BlsBn254.G1Point memory key, BlsBn254.G2Point memory keyG2) = (publicKey(secret), publicKeyG2(secret));
        vm.prank(owner);
        symbiotic.registerKey(op(operator), key, keyG2, possession);
    }

    /// Operators 0 to count - 1 register the keys of validators 0 to count - 1.
    function registerKeys(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            registerKey(i, secretOf(i));
        }
    }

    // ------------------------------------------------------------ attestations

    function digestAt(uint64 stakeEpoch) internal view returns (bytes32) {
        return keccak256(symbiotic.messageOf(POST, ROOT, stakeEpoch, DEADLINE));
    }

    function one(bytes memory proof) internal pure returns (bytes[] memory proofs) {
        proofs = new bytes[](1);
        proofs[0] = proof;
    }

    /// Verifies the attestation of POST at `stakeEpoch` that `operators` are said to have made.
    function verifyAt(uint64 stakeEpoch, uint256 operators, bytes memory proof)
        internal
        view
        returns (uint256 attesters, uint256 signedStake, uint256 totalStake)
    {
        return symbiotic.verify(POST, ROOT, stakeEpoch, DEADLINE, named(operators), one(proof));
    }
}
