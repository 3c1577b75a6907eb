// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Sampling} from "../src/libraries/Sampling.sol";
import {Test} from "./support/Test.sol";

/// Every attester is challenged equally often, and every blob is asked for equally often, whatever their numbers are.
contract ChallengeFairnessTest is Test {
    uint256 private constant SEEDS = 6000;
    uint256 private constant MOST_PLACES = 20;

    /// forge-config: default.fuzz.runs = 16
    function testFuzz_stratumOf_isEquallyLikelyForEveryAttester(uint256 count, uint256 challenged, uint256 random)
        public
        pure
    {
        count = bound(count, 2, MOST_PLACES);
        challenged = bound(challenged, 1, count);
        (uint256 attesters, uint256[] memory operators) = _attesters(count, random);
        uint256[] memory times = new uint256[](count);
        for (uint256 n = 0; n < SEEDS; ++n) {
            bytes32 salt = keccak256(abi.encode(random, n));
            uint256 drawn = 0;
            for (uint256 i = 0; i < count; ++i) {
                (bool isChallenged,) = Sampling.stratumOf(salt, attesters, operators[i], challenged);
                if (!isChallenged) continue;
                ++times[i];
                ++drawn;
            }
            vm.assertEq(drawn, challenged);
        }
        _assertEven(times, challenged);
    }

    /// forge-config: default.fuzz.runs = 16
    function testFuzz_blobIndex_isEquallyLikelyForEveryBlob(uint256 blobCount, uint256 k, uint256 random) public pure {
        blobCount = bound(blobCount, 2, MOST_PLACES);
        k = bound(k, 1, blobCount);
        uint256[] memory times = new uint256[](blobCount);
        for (uint256 n = 0; n < SEEDS; ++n) {
            uint32[] memory indexes = Sampling.blobIndexes(keccak256(abi.encode(random, n)), n % 256, blobCount, k);
            for (uint256 j = 0; j < k; ++j) {
                ++times[indexes[j]];
            }
        }
        _assertEven(times, k);
    }

    /// Without the rotation, places in wide strata would come up less often than those in narrow ones.
    function test_assertEven_refusesADrawWithoutRotation() public {
        uint256[] memory times = new uint256[](10);
        for (uint256 i = 0; i < 10; ++i) {
            // Three of ten: strata of 3, 3 and 4 places.
            times[i] = SEEDS / (i < 6 ? 3 : 4);
        }
        vm.expectRevert();
        this.assertEven(times, 3);
    }

    function assertEven(uint256[] calldata times, uint256 drawn) external pure {
        _assertEven(times, drawn);
    }

    /// Fails for an even draw less than once in 10^9 times.
    function _assertEven(uint256[] memory times, uint256 drawn) private pure {
        uint256 count = times.length;
        if (drawn == count) return;
        uint256 squares = 0;
        for (uint256 i = 0; i < count; ++i) {
            // times - SEEDS * drawn / count, times count, so that nothing is rounded.
            (uint256 actual, uint256 expected) = (times[i] * count, SEEDS * drawn);
            uint256 distance = actual > expected ? actual - expected : expected - actual;
            squares += distance * distance;
        }
        // In units of the variance of one place, SEEDS * p * (1 - p) with p = drawn / count: `count` on average.
        uint256 statistic = squares / (SEEDS * drawn * (count - drawn));
        // A weighted sum of squares of normal variables stays below count + 2 sqrt(sum of squared weights * x) + 2 *
        // largest weight * x but with probability exp(-x) (Laurent and Massart); the weights are the eigenvalues of the
        // covariance, for 20 places and less at most 4. x = 21.
        vm.assertLe(statistic, count + 2 * _sqrtRoundedUp(4 * count * 21) + 2 * 4 * 21);
    }

    /// So many operators, at random indexes.
    function _attesters(uint256 count, uint256 random)
        private
        pure
        returns (uint256 bitmap, uint256[] memory operators)
    {
        operators = new uint256[](count);
        for (uint256 n = 0; Sampling.countOnes(bitmap) < count; ++n) {
            bitmap |= 1 << uint256(keccak256(abi.encode(random, "operator", n))) % 256;
        }
        uint256 place = 0;
        for (uint256 i = 0; i < 256; ++i) {
            if ((bitmap >> i) & 1 == 1) operators[place++] = i;
        }
    }

    function _sqrtRoundedUp(uint256 value) private pure returns (uint256 root) {
        while (root * root < value) {
            ++root;
        }
    }
}
