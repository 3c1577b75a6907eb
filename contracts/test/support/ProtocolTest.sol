// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

import {AttestationRelay} from "../../src/AttestationRelay.sol";
import {CustodyChallenges} from "../../src/CustodyChallenges.sol";
import {Eip712Quorum} from "../../src/Eip712Quorum.sol";
import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {MerklePath} from "../../src/libraries/MerklePath.sol";
import {OperatorStake} from "../../src/OperatorStake.sol";
import {PostRegistry} from "../../src/PostRegistry.sol";
import {SeedBeacon} from "../../src/SeedBeacon.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";
import {Governance} from "./Governance.sol";
import {Headers} from "./Headers.sol";
import {History} from "./History.sol";
import {LinearPolynomials} from "./LinearPolynomials.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// The whole protocol behind its proxies, with operators, publishers and proofs.
abstract contract ProtocolTest is Governance {
    uint256 internal constant B0 = 1000;
    uint256 internal constant L = 100;
    uint256 internal constant DELTA = 10;
    uint256 internal constant FINALITY = 2;
    uint256 internal constant FINALIZE_BY = 20;
    uint256 internal constant WINDOW = 30;
    uint256 internal constant REPORT_WINDOW = 15;
    uint256 internal constant MIN_STAKE = 1 ether;
    uint256 internal constant UNBONDING = 500;
    uint256 internal constant RELAY_GRACE = 20;
    uint256 internal constant ATTESTATION_DEADLINE = 100;

    address internal constant TREASURY = address(0x7e);
    address internal constant PUBLISHER = address(0xb0b);
    address internal constant RELAY = address(0x4e1a);
    address internal constant STRANGER = address(0xbad);

    SeedBeacon internal beacon;
    PostRegistry internal registry;
    AttestationRelay internal relay;
    CustodyChallenges internal custody;
    OperatorStake internal stake;
    Eip712Quorum internal quorum;

    /// What it takes to answer a challenge.
    struct Answer {
        bytes commitment;
        bytes32[] path;
        uint256 y;
        bytes proof;
    }

    function deployProtocol() internal {
        vm.roll(B0 - 10);
        History.install();
        beacon = new SeedBeacon(B0, L, DELTA, FINALITY, FINALIZE_BY);
        address[4] memory code = [
            address(new PostRegistry()),
            address(new AttestationRelay()),
            address(new CustodyChallenges()),
            address(new OperatorStake())
        ];
        uint256 nonce = vm.getNonce(address(this)) + GOVERNANCE_CONTRACTS;
        registry = PostRegistry(vm.computeCreateAddress(address(this), nonce));
        relay = AttestationRelay(vm.computeCreateAddress(address(this), nonce + 1));
        custody = CustodyChallenges(vm.computeCreateAddress(address(this), nonce + 2));
        stake = OperatorStake(vm.computeCreateAddress(address(this), nonce + 3));
        quorum = Eip712Quorum(vm.computeCreateAddress(address(this), nonce + 4));
        deployGovernance(address(custody), RELAY);
        address authority = address(manager);
        new ERC1967Proxy(
            code[0],
            abi.encodeCall(
                PostRegistry.initialize,
                (
                    authority,
                    address(relay),
                    custody,
                    IPostRegistry.RegistryParameters({
                        attestationDeadline: uint32(ATTESTATION_DEADLINE), maxTermEpochs: 1000
                    })
                )
            )
        );
        new ERC1967Proxy(
            code[1],
            abi.encodeCall(
                AttestationRelay.initialize, (authority, registry, custody, stake, quorum, 6000, uint32(RELAY_GRACE))
            )
        );
        new ERC1967Proxy(
            code[2],
            abi.encodeCall(
                CustodyChallenges.initialize,
                (authority, beacon, stake, address(relay), address(registry), custodyParameters())
            )
        );
        new ERC1967Proxy(
            code[3],
            abi.encodeCall(OperatorStake.initialize, (authority, beacon, address(custody), registry, stakeParameters()))
        );
        new Eip712Quorum(address(relay), stake, beacon, 2);
    }

    function custodyParameters() internal pure returns (ICustodyChallenges.Parameters memory) {
        return ICustodyChallenges.Parameters({
            window: uint24(WINDOW),
            maxPause: 10,
            reportWindow: uint24(REPORT_WINDOW),
            period: 1,
            operatorsAtLevel: [64, 64, 64],
            blobsAtLevel: [1, 1, 1],
            precompileGasCap: 110_000,
            custodyBps: 10_000
        });
    }

    function stakeParameters() internal pure returns (IOperatorStake.StakeParameters memory) {
        return IOperatorStake.StakeParameters({
            minStake: uint96(MIN_STAKE),
            unbonding: uint32(UNBONDING),
            margin: 8,
            slasherDelay: 10,
            penaltyBps: [500, 1000, 2000],
            maxSlashBpsPerEpoch: 1200,
            reporterBps: 500,
            ejectAfterMissedEpochs: 3,
            ejectWithinEpochs: 8,
            treasury: TREASURY
        });
    }

    // ------------------------------------------------------------ operators

    function ownerOf(uint256 i) internal pure returns (address) {
        return address(uint160(0x01230000 + i));
    }

    function keyOf(uint256 i) internal pure returns (uint256) {
        return 0x5e0000 + i;
    }

    function op(uint256 i) internal pure returns (OperatorIndex) {
        return OperatorIndex.wrap(uint16(i));
    }

    /// Operators 0 to count - 1, with the least stake each.
    function joinOperators(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            vm.deal(ownerOf(i), 100 ether);
            join(i);
        }
    }

    /// Operator `i` joins with its own key and the least stake.
    function join(uint256 i) internal returns (OperatorIndex) {
        bytes memory possession = possessionOf(ownerOf(i), keyOf(i));
        vm.prank(ownerOf(i));
        return stake.join{value: MIN_STAKE}(vm.addr(keyOf(i)), possession);
    }

    /// The proof that a key agrees to serve `owner`.
    function possessionOf(address owner, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, stake.joinDigestOf(owner, vm.addr(key)));
        return abi.encodePacked(r, s, v);
    }

    // ------------------------------------------------------------ posts

    function polynomialOf(uint256 salt, uint256 i) internal pure returns (uint256 a, uint256 b) {
        // Few different ones, since each costs two multiplications on the curve.
        return LinearPolynomials.coefficients(salt, i % 4);
    }

    function leavesOf(uint256 salt, uint256 blobCount) internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](blobCount);
        bytes32[4] memory hashes;
        for (uint256 i = 0; i < blobCount; ++i) {
            if (i < 4) {
                (uint256 a, uint256 b) = polynomialOf(salt, i);
                hashes[i] = versionedHash(LinearPolynomials.commit(a, b));
            }
            leaves[i] = MerklePath.leafOf(i, hashes[i % 4]);
        }
    }

    function versionedHash(bytes memory commitment) internal pure returns (bytes32) {
        return bytes32(uint256(sha256(commitment)) & (type(uint256).max >> 8) | 1 << 248);
    }

    /// What `ProofAccepted` names: the hash of the precompile's input.
    function openingOf(bytes memory commitment, uint256 z, uint256 y, bytes memory proof)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encodePacked(versionedHash(commitment), z, y, commitment, proof));
    }

    /// A well-formed registration of `blobCount` blobs that `salt` decides.
    function registrationOf(uint256 salt, uint256 blobCount)
        internal
        view
        returns (IPostRegistry.PostRegistration memory)
    {
        bytes memory commitments;
        for (uint256 i = 0; i < blobCount && blobCount <= 64; ++i) {
            (uint256 a, uint256 b) = polynomialOf(salt, i);
            commitments = bytes.concat(commitments, LinearPolynomials.commit(a, b));
        }
        return IPostRegistry.PostRegistration({
            root: MerklePath.rootOf(leavesOf(salt, blobCount)),
            blobCount: uint32(blobCount),
            byteLength: uint64(blobCount * 126_945),
            cidDigest: keccak256(abi.encode("cid", salt)),
            codec: 0x70,
            contentType: "application/octet-stream",
            termEpochs: 5,
            nonce: uint64(salt),
            commitments: commitments,
            manifestDigest: blobCount <= 64 ? bytes32(0) : keccak256("manifest")
        });
    }

    function register(uint256 salt, uint256 blobCount) internal returns (PostId) {
        IPostRegistry.PostRegistration memory registration = registrationOf(salt, blobCount);
        vm.prank(PUBLISHER);
        return registry.register(registration);
    }

    function firstOperators(uint256 count) internal pure returns (OperatorIndex[] memory operators) {
        operators = new OperatorIndex[](count);
        for (uint256 i = 0; i < count; ++i) {
            operators[i] = op(i);
        }
    }

    /// Operators in the bitmap, strictly increasing.
    function named(uint256 bitmap) internal pure returns (OperatorIndex[] memory operators) {
        uint256 count = 0;
        for (uint256 rest = bitmap; rest > 0; rest &= rest - 1) {
            ++count;
        }
        operators = new OperatorIndex[](count);
        uint256 place = 0;
        for (uint256 i = 0; place < count; ++i) {
            if (bitmap >> i & 1 == 1) operators[place++] = op(i);
        }
    }

    function signaturesOf(PostId postId, uint64 stakeEpoch, uint64 deadline, OperatorIndex[] memory operators)
        internal
        view
        returns (bytes[] memory signatures)
    {
        bytes32 digest = quorum.digestOf(postId, registry.pendingPost(postId).root, stakeEpoch, deadline);
        signatures = new bytes[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(OperatorIndex.unwrap(operators[i])), digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }

    /// The first `count` operators attest the post, by the stake of the current epoch.
    function attest(PostId postId, uint256 count) internal {
        uint64 stakeEpoch = Epoch.unwrap(beacon.epochAt(block.number));
        uint64 deadline = relay.deadlineOf(postId);
        OperatorIndex[] memory operators = firstOperators(count);
        bytes[] memory signatures = signaturesOf(postId, stakeEpoch, deadline, operators);
        vm.prank(RELAY);
        relay.submit(postId, stakeEpoch, deadline, operators, signatures);
    }

    /// A post of `blobCount` blobs, attested in epoch 0 by the first `count` operators.
    function openPost(uint256 salt, uint256 blobCount, uint256 count) internal returns (PostId postId) {
        vm.roll(B0 + 5);
        postId = register(salt, blobCount);
        attest(postId, count);
    }

    // ------------------------------------------------------------ epochs

    /// Rolls to the first block in which the epoch's seed can be finalised, and finalises it.
    function finalise(uint256 number, bytes32 prevRandao) internal returns (Epoch epoch) {
        epoch = Epoch.wrap(uint32(number));
        bytes memory header = mineSeedBlock(epoch, prevRandao);
        custody.finaliseSeed(epoch, header);
    }

    function mineSeedBlock(Epoch epoch, bytes32 prevRandao) internal returns (bytes memory header) {
        vm.roll(beacon.seedBlock(epoch) + FINALITY);
        return seedHeader(epoch, prevRandao);
    }

    /// Header of the epoch's seed block, which must be at most 256 blocks back.
    function seedHeader(Epoch epoch, bytes32 prevRandao) internal returns (bytes memory header) {
        uint256 seedBlock = beacon.seedBlock(epoch);
        header = Headers.make(prevRandao, seedBlock);
        vm.setBlockhash(seedBlock, keccak256(header));
    }

    function pauseAsGuardian() internal {
        vm.prank(GUARDIAN);
        custody.pause();
    }

    function unpauseAsGuardian() internal {
        vm.prank(GUARDIAN);
        custody.unpause();
    }

    function closesAt(Epoch epoch) internal view returns (uint256) {
        return beacon.seedBlock(epoch) + FINALIZE_BY + WINDOW;
    }

    // ------------------------------------------------------------ proofs

    /// The right answer to an operator's challenge of one blob.
    function answerOf(PostId postId, Epoch epoch, uint256 operator, uint256 salt)
        internal
        view
        returns (Answer memory)
    {
        ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(operator));
        uint256 index = challenge.indexes[0];
        (uint256 a, uint256 b) = polynomialOf(salt, index);
        return Answer({
            commitment: LinearPolynomials.commit(a, b),
            path: MerkleTree.pathOf(leavesOf(salt, custody.postOf(postId).blobCount), index),
            y: LinearPolynomials.evaluate(a, b, challenge.z),
            proof: LinearPolynomials.prove(a)
        });
    }

    function prove(PostId postId, Epoch epoch, uint256 operator, Answer memory answer)
        internal
        returns (ICustodyChallenges.ProofOutcome)
    {
        return custody.prove(postId, epoch, op(operator), answer.commitment, answer.path, answer.y, answer.proof);
    }
}
