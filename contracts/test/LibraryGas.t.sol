// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerklePath} from "../src/libraries/MerklePath.sol";
import {Sampling} from "../src/libraries/Sampling.sol";
import {PostId} from "../src/types/PostId.sol";
import {FoldedAnswers} from "./support/FoldedAnswers.sol";
import {LibraryHarness} from "./support/LibraryHarness.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {Measured} from "./support/Measured.sol";
import {SparseTree} from "./support/SparseTree.sol";

/// What a proof costs by itself: the libraries in the smallest contract that uses them, without proxy, schedule or
/// stake. `snapshots/library.json` keeps the figures.
contract LibraryGasTest is FoldedAnswers, Measured("library") {
    PostId private constant POST = PostId.wrap(keccak256("post"));
    bytes32 private constant SALT = keccak256("salt");
    uint256 private constant OPERATOR = 7;
    uint256 private constant POLYNOMIALS = 1;

    function test_gas_libraryProve() public onlyMeasured {
        bytes32 root = leavesOf(POLYNOMIALS, 1)[0];
        LibraryHarness harness = new LibraryHarness(POST, root, 1, 1);
        (uint256 a, uint256 b) = polynomialOf(POLYNOMIALS, 0);
        bytes memory commitment = LinearPolynomials.commit(a, b);
        uint256 y = LinearPolynomials.evaluate(a, b, Sampling.pointOf(POST, OPERATOR, SALT));
        harness.prove(OPERATOR, SALT, commitment, new bytes32[](0), y, LinearPolynomials.prove(a));
        note("prove, one blob");
        vm.assertEq(harness.accepted(), 2);
    }

    function test_gas_libraryProveFolded() public onlyMeasured {
        _measureFold("proveFolded, 4 of 256 blobs", 4);
        _measureFold("proveFolded, 16 of 256 blobs", 16);
    }

    function _measureFold(string memory name, uint256 k) private {
        uint32[] memory indexes = Sampling.blobIndexes(SALT, OPERATOR, 256, k);
        (bytes32 root, bytes32[] memory paths) = SparseTree.build(indexes, sparseLeaves(POLYNOMIALS, indexes), 256);
        LibraryHarness harness = new LibraryHarness(POST, root, 256, k);
        (uint256 a, uint256 b) = fold(POLYNOMIALS, indexes, Sampling.foldingFactorOf(POST, OPERATOR, SALT, root));
        uint256 y = LinearPolynomials.evaluate(a, b, Sampling.pointOf(POST, OPERATOR, SALT));
        bytes memory proof = LinearPolynomials.prove(a);
        harness.proveFolded(OPERATOR, SALT, pointsOf(POLYNOMIALS, indexes), paths, y, proof);
        note(name);
        vm.assertEq(harness.accepted(), 2);
    }
}
