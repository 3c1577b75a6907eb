// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// Challenges of whole files that the node's own prover answered, and answers that must not pass.
contract ProverProofsTest is ProtocolTest {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    /// First slot of the challenges' namespace: posts; the seed stands in the next.
    uint256 private constant CUSTODY_STORAGE = 0x1010244a3fa560d2aae7a68ab929bfc7de837b160b8af5fd27681a22d7de7a00;
    uint256 private constant NEXT_LEVEL = 88;

    string private json;

    function setUp() public {
        deployProtocol();
        json = vm.readFile("test/vectors/prover-proofs.json");
    }

    function test_prove_acceptsTheProofsOfTheNodesProver() public {
        uint256 i = 0;
        for (; hasRow(json, "proofs", i); ++i) {
            uint256 operator = vm.parseJsonUint(json, cell("proofs", i, "operator"));
            PostId postId = PostId.wrap(vm.parseJsonBytes32(json, cell("proofs", i, "postId")));
            Epoch epoch = _openEpoch(i, postId, operator);
            ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(operator));
            vm.assertEq(challenge.salt, vm.parseJsonBytes32(json, cell("proofs", i, "salt")));
            vm.assertEq(challenge.level, vm.parseJsonUint(json, cell("proofs", i, "level")));
            vm.assertEq(challenge.indexes[0], vm.parseJsonUint(json, cell("proofs", i, "index")));
            vm.assertEq(bytes32(challenge.z), vm.parseJsonBytes32(json, cell("proofs", i, "z")));
            vm.assertEq(bytes32(challenge.gamma), vm.parseJsonBytes32(json, cell("proofs", i, "gamma")));

            Answer memory answer = Answer({
                commitment: vm.parseJsonBytes(json, cell("proofs", i, "commitment")),
                path: vm.parseJsonBytes32Array(json, cell("proofs", i, "path")),
                y: uint256(vm.parseJsonBytes32(json, cell("proofs", i, "y"))),
                proof: vm.parseJsonBytes(json, cell("proofs", i, "proof"))
            });
            uint256 right = answer.y;
            answer.y = addmod(right, 1, R);
            vm.assertTrue(prove(postId, epoch, operator, answer) == ICustodyChallenges.ProofOutcome.Rejected);
            answer.y = right;
            vm.assertTrue(prove(postId, epoch, operator, answer) == ICustodyChallenges.ProofOutcome.Proven);
        }
        vm.assertEq(i, 7);
    }

    function test_verify_refusesEveryWrongOpening() public view {
        uint256 i = 0;
        for (; hasRow(json, "wrong", i); ++i) {
            bool isValid = this.verify(
                vm.parseJsonBytes(json, cell("wrong", i, "commitment")),
                uint256(vm.parseJsonBytes32(json, cell("wrong", i, "z"))),
                uint256(vm.parseJsonBytes32(json, cell("wrong", i, "y"))),
                vm.parseJsonBytes(json, cell("wrong", i, "proof"))
            );
            vm.assertFalse(isValid);
        }
        vm.assertEq(i, 17);
    }

    function verify(bytes calldata commitment, uint256 z, uint256 y, bytes calldata proof)
        external
        view
        returns (bool)
    {
        (bytes32 head, bytes16 tail) = Bls12381.split(commitment);
        bytes memory input = KzgOpening.inputOf(KzgOpening.versionedHashOf(commitment), z, y, head, tail, proof);
        return KzgOpening.verify(input, 110_000, Precompiles.POINT_EVALUATION);
    }

    /// Opens the row's post, attested by its operator alone, and an epoch with the row's seed and level.
    function _openEpoch(uint256 i, PostId postId, uint256 operator) private returns (Epoch epoch) {
        bytes32 root = vm.parseJsonBytes32(json, cell("proofs", i, "root"));
        uint32 blobCount = uint32(vm.parseJsonUint(json, cell("proofs", i, "blobCount")));
        vm.prank(address(relay));
        custody.openPost(postId, root, blobCount, 1 << operator, Epoch.wrap(0), Epoch.wrap(99));
        epoch = finalise(i + 1, keccak256(abi.encode(i)));
        vm.store(address(custody), bytes32(CUSTODY_STORAGE + 1), vm.parseJsonBytes32(json, cell("proofs", i, "seed")));

        bytes32 word = bytes32(uint256(keccak256(abi.encode(postId, CUSTODY_STORAGE))) + 2);
        uint256 level = vm.parseJsonUint(json, cell("proofs", i, "level"));
        vm.store(address(custody), word, bytes32(uint256(vm.load(address(custody), word)) | level << NEXT_LEVEL));
    }
}
