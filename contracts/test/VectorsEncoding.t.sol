// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "../src/libraries/Bls12381.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {CurveVectors} from "./support/CurveVectors.sol";

/// Points in their two forms, and everything that must not pass for one.
contract VectorsEncodingTest is CurveVectors {
    function test_compress_agreesWithVectors() public view {
        string[] memory rows = rowsOf(CURVE_VECTORS, "compression");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory point = vm.parseJsonBytes(rows[i], ".point");
            bytes memory compressed = vm.parseJsonBytes(rows[i], ".compressed");
            bool isInSubgroup = vm.parseJsonBool(rows[i], ".isInSubgroup");
            vm.assertEq(_compress(point), compressed);
            vm.assertEq(_isUncompressedPoint(point), isInSubgroup);
            vm.assertEq(_isCompressedPoint(compressed), isInSubgroup);
        }
    }

    /// Pitfall 43: what the curve refuses may compress to anything; what it takes must compress to something else.
    function test_compress_takesNoOtherPointForACommitment() public view {
        string[] memory rows = rowsOf(CURVE_VECTORS, "claims");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory point = vm.parseJsonBytes(rows[i], ".point");
            bytes memory commitment = vm.parseJsonBytes(rows[i], ".commitment");
            bytes32 reason = keccak256(bytes(vm.parseJsonString(rows[i], ".reason")));
            bool isPoint = reason == keccak256("negated") || reason == keccak256("another");
            vm.assertEq(_isUncompressedPoint(point), isPoint);
            if (isPoint) vm.assertFalse(keccak256(_compress(point)) == keccak256(commitment));
        }
    }

    function test_encodings_agreeWithVectors() public view {
        string[] memory rows = rowsOf(CURVE_VECTORS, "encodings");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes memory encoding = vm.parseJsonBytes(rows[i], ".bytes");
            bytes32 class = keccak256(bytes(vm.parseJsonString(rows[i], ".class")));
            bool isPoint = class == keccak256("point") || class == keccak256("infinity");
            vm.assertEq(_isCompressedPoint(encoding), isPoint);
            vm.assertEq(this.refusalOf(encoding), _expectedRefusal(encoding, class));
        }
    }

    /// Pitfalls 12, 13 and 17: each of these would verify if one check were left out.
    function test_verify_refusesForgeries() public view {
        string[] memory rows = rowsOf(CURVE_VECTORS, "forgeries");
        for (uint256 i = 0; i < rows.length; ++i) {
            bytes32 refusedFor = keccak256(bytes(vm.parseJsonString(rows[i], ".refusedFor")));
            try this.verify(
                vm.parseJsonBytes(rows[i], ".commitment"),
                scalar(rows[i], ".z"),
                scalar(rows[i], ".y"),
                vm.parseJsonBytes(rows[i], ".proof")
            ) returns (
                bool isValid
            ) {
                vm.assertFalse(isValid);
                vm.assertEq(refusedFor, keccak256("opening"));
            } catch (bytes memory reason) {
                bytes4 expected = refusedFor == keccak256("length")
                    ? Bls12381.WrongPointLength.selector
                    : KzgOpening.CommitmentAtInfinity.selector;
                vm.assertEq(bytes4(reason), expected);
                vm.assertFalse(refusedFor == keccak256("opening"));
            }
        }
    }

    function verify(bytes calldata commitment, uint256 z, uint256 y, bytes calldata proof)
        external
        view
        returns (bool)
    {
        return this.verifyOpening(KzgOpening.versionedHashOf(commitment), z, y, commitment, proof);
    }

    function versionedHashOf(bytes calldata commitment) external view returns (bytes32) {
        return KzgOpening.versionedHashOf(commitment);
    }

    /// The error that the bytes meet as a commitment, before anybody looks at the curve; zero for none.
    function refusalOf(bytes calldata commitment) external view returns (bytes4) {
        try this.versionedHashOf(commitment) {
            return bytes4(0);
        } catch (bytes memory reason) {
            return bytes4(reason);
        }
    }

    function _expectedRefusal(bytes memory encoding, bytes32 class) private pure returns (bytes4) {
        if (class == keccak256("length")) return Bls12381.WrongPointLength.selector;
        // The flag alone decides.
        return encoding[0] & 0x40 != 0 ? KzgOpening.CommitmentAtInfinity.selector : bytes4(0);
    }
}
