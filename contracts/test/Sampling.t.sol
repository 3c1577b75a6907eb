// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {HashToField} from "../src/libraries/HashToField.sol";
import {Sampling} from "../src/libraries/Sampling.sol";
import {PostId} from "../src/types/PostId.sol";
import {Test} from "./support/Test.sol";

contract SamplingTest is Test {
    function test_saltOf_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "salts");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 seed = vm.parseJsonBytes32(rows[i], ".seed");
            PostId postId = PostId.wrap(vm.parseJsonBytes32(rows[i], ".postId"));
            uint8 level = uint8(vm.parseJsonUint(rows[i], ".level"));
            vm.assertEq(Sampling.saltOf(seed, postId, level), vm.parseJsonBytes32(rows[i], ".salt"));
        }
    }

    function test_isPicked_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "picks");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 salt = vm.parseJsonBytes32(rows[i], ".salt");
            uint256 period = vm.parseJsonUint(rows[i], ".period");
            vm.assertEq(Sampling.isPicked(salt, period), vm.parseJsonBool(rows[i], ".isPicked"));
        }
    }

    function test_stratumOf_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "operators");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 salt = vm.parseJsonBytes32(rows[i], ".salt");
            uint256 attesters = uint256(vm.parseJsonBytes32(rows[i], ".attesters"));
            uint256 most = vm.parseJsonUint(rows[i], ".maxChallenged");
            uint256[] memory challenged = vm.parseJsonUintArray(rows[i], ".challenged");
            _assertChallenged(salt, attesters, most, challenged);
        }
    }

    function test_blobIndexes_agreesWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "indexes");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 salt = vm.parseJsonBytes32(rows[i], ".salt");
            uint256 operator = vm.parseJsonUint(rows[i], ".operator");
            uint256 blobCount = vm.parseJsonUint(rows[i], ".blobCount");
            uint256[] memory expected = vm.parseJsonUintArray(rows[i], ".indexes");
            uint256 most = vm.parseJsonUint(rows[i], ".blobsAtLevel");
            uint32[] memory indexes =
                Sampling.blobIndexes(salt, operator, blobCount, blobCount < most ? blobCount : most);
            vm.assertEq(indexes.length, expected.length);
            for (uint256 j = 0; j < expected.length; ++j) {
                vm.assertEq(uint256(indexes[j]), expected[j]);
            }
        }
    }

    function test_points_agreeWithVectors() public view {
        string[] memory rows = rowsOf(VECTORS, "points");
        for (uint256 i = 0; i < rows.length; ++i) {
            PostId postId = PostId.wrap(vm.parseJsonBytes32(rows[i], ".postId"));
            uint256 operator = vm.parseJsonUint(rows[i], ".operator");
            bytes32 salt = vm.parseJsonBytes32(rows[i], ".salt");
            bytes32 root = vm.parseJsonBytes32(rows[i], ".root");
            uint256 z = Sampling.pointOf(postId, operator, salt);
            uint256 gamma = Sampling.foldingFactorOf(postId, operator, salt, root);
            vm.assertEq(bytes32(z), vm.parseJsonBytes32(rows[i], ".z"));
            vm.assertEq(bytes32(gamma), vm.parseJsonBytes32(rows[i], ".gamma"));
        }
    }

    /// Nobody but attesters, exactly min(attesters, most) of them, each in a stratum of its own.
    function testFuzz_stratumOf_drawsOneAttesterPerStratum(bytes32 salt, uint256 attesters, uint256 most) public pure {
        most = bound(most, 1, 64);
        uint256 seen = 0;
        uint256 challenged = 0;
        for (uint256 operator = 0; operator < 256; ++operator) {
            (bool isChallenged, uint256 stratum) = Sampling.stratumOf(salt, attesters, operator, most);
            if (!isChallenged) continue;
            vm.assertTrue((attesters >> operator) & 1 == 1);
            vm.assertFalse((seen >> stratum) & 1 == 1);
            seen |= 1 << stratum;
            ++challenged;
        }
        uint256 count = Sampling.countOnes(attesters);
        uint256 expected = count < most ? count : most;
        vm.assertEq(challenged, expected);
        vm.assertEq(seen, (1 << expected) - 1);
    }

    /// Over many salts each of 7 attesters is among the 3 challenged about equally often.
    function test_stratumOf_isFair() public pure {
        uint256 attesters = 1 << 3 | 1 << 5 | 1 << 8 | 1 << 100 | 1 << 101 | 1 << 200 | 1 << 255;
        for (uint256 operator = 0; operator < 256; ++operator) {
            uint256 hits = 0;
            if ((attesters >> operator) & 1 == 0) continue;
            for (uint256 i = 0; i < 2100; ++i) {
                (bool isChallenged,) = Sampling.stratumOf(keccak256(abi.encode(i)), attesters, operator, 3);
                if (isChallenged) ++hits;
            }
            // 900 expected; the standard deviation is 23.
            vm.assertLt(780, hits);
            vm.assertLt(hits, 1020);
        }
    }

    function testFuzz_blobIndexes_areDistinctAndInRange(bytes32 salt, uint8 operator, uint256 blobCount, uint256 k)
        public
        pure
    {
        blobCount = bound(blobCount, 1, (1 << 20) - 1);
        k = bound(k, 1, blobCount < 64 ? blobCount : 64);
        uint32[] memory indexes = Sampling.blobIndexes(salt, operator, blobCount, k);
        for (uint256 j = 0; j < k; ++j) {
            vm.assertLt(indexes[j], blobCount);
            for (uint256 i = 0; i < j; ++i) {
                vm.assertTrue(indexes[i] != indexes[j]);
            }
        }
    }

    function testFuzz_blobIndex_isThatOfTheList(bytes32 salt, uint8 operator, uint256 blobCount, uint256 k)
        public
        pure
    {
        blobCount = bound(blobCount, 1, (1 << 20) - 1);
        k = bound(k, 1, blobCount < 64 ? blobCount : 64);
        uint32[] memory indexes = Sampling.blobIndexes(salt, operator, blobCount, k);
        for (uint256 j = 0; j < k; ++j) {
            vm.assertEq(Sampling.blobIndex(salt, operator, blobCount, k, j), uint256(indexes[j]));
        }
    }

    function testFuzz_saltOf_agreesWithPlainSolidity(bytes32 seed, bytes32 postId, uint8 level) public pure {
        bytes32 plain = keccak256(abi.encodePacked(seed, postId, level));
        vm.assertEq(Sampling.saltOf(seed, PostId.wrap(postId), level), plain);
    }

    function testFuzz_points_agreeWithPlainSolidity(bytes32 postId, uint16 operator, bytes32 salt, bytes32 root)
        public
        view
    {
        bytes memory message = abi.encode(keccak256(abi.encode(postId, uint256(operator), salt)));
        vm.assertEq(
            Sampling.pointOf(PostId.wrap(postId), operator, salt),
            HashToField.toField("EMERALD-CUSTODY-V1-POINT", message)
        );
        message = abi.encode(keccak256(abi.encode(postId, uint256(operator), salt, root)));
        vm.assertEq(
            Sampling.foldingFactorOf(PostId.wrap(postId), operator, salt, root),
            HashToField.toField("EMERALD-CUSTODY-V1-GAMMA", message)
        );
    }

    /// Pitfall 10: a point in the domain of the blobs, a 4,096th root of unity, would open a single element.
    function testFuzz_pointOf_isNeverInTheDomain(bytes32 postId, uint16 operator, bytes32 salt) public view {
        uint256 power = Sampling.pointOf(PostId.wrap(postId), operator, salt);
        for (uint256 i = 0; i < 12; ++i) {
            power = mulmod(power, power, Bls12381.SCALAR_MODULUS);
        }
        vm.assertFalse(power == 1);
    }

    function testFuzz_countBoth_agreesWithLoops(uint256 a, uint256 b, uint8 width) public pure {
        (a, b) = (a >> width, b >> width);
        (uint256 ofA, uint256 ofB) = Sampling.countBoth(a, b);
        vm.assertEq(ofA, _countByLoop(a));
        vm.assertEq(ofB, _countByLoop(b));
    }

    function test_countBoth_atTheEdges() public pure {
        uint256[6] memory edges = [0, 1, type(uint128).max, uint256(1) << 128, type(uint256).max - 1, type(uint256).max];
        for (uint256 i = 0; i < edges.length; ++i) {
            for (uint256 j = 0; j < edges.length; ++j) {
                (uint256 ofA, uint256 ofB) = Sampling.countBoth(edges[i], edges[j]);
                vm.assertEq(ofA, _countByLoop(edges[i]));
                vm.assertEq(ofB, _countByLoop(edges[j]));
            }
        }
    }

    function testFuzz_countOnes_agreesWithALoop(uint256 bits) public pure {
        vm.assertEq(Sampling.countOnes(bits), _countByLoop(bits));
    }

    function test_countOnes_atTheEdges() public pure {
        vm.assertEq(Sampling.countOnes(0), 0);
        vm.assertEq(Sampling.countOnes(type(uint256).max), 256);
        vm.assertEq(Sampling.countOnes(type(uint256).max - 1), 255);
        vm.assertEq(Sampling.countOnes(type(uint256).max >> 1), 255);
    }

    function _countByLoop(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) {
            count += bits & 1;
        }
    }

    function _assertChallenged(bytes32 salt, uint256 attesters, uint256 most, uint256[] memory expected) private pure {
        uint256 others = 0;
        for (uint256 operator = 0; operator < 256; ++operator) {
            (bool isChallenged, uint256 stratum) = Sampling.stratumOf(salt, attesters, operator, most);
            if (!isChallenged) ++others;
            else vm.assertEq(expected[stratum], operator);
        }
        vm.assertEq(others, 256 - expected.length);
    }
}
