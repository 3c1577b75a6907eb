// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BatchTranscript} from "../src/libraries/BatchTranscript.sol";
import {FoldedCommitments} from "../src/libraries/FoldedCommitments.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {CurveVectors} from "./support/CurveVectors.sol";

/// One opening for several challenges: the transcript and the sum that it leads to.
contract VectorsBatchTest is CurveVectors {
    struct Batch {
        string row;
        uint256 count;
        bytes32 transcript;
        uint256 zeta;
        bytes pairs;
        uint256 value;
    }

    function test_batches_agreeWithVectors() public view {
        bytes[] memory points = polynomialPoints();
        string[] memory rows = rowsOf(CURVE_VECTORS, "batches");
        for (uint256 i = 0; i < rows.length; ++i) {
            Batch memory batch;
            batch.row = rows[i];
            while (vm.keyExistsJson(batch.row, _key(batch.count, ""))) ++batch.count;
            batch.transcript = _transcript(batch);
            vm.assertEq(batch.transcript, vm.parseJsonBytes32(batch.row, ".transcript"));
            _addItems(batch, points);
            _assertOpening(batch);
        }
    }

    function _transcript(Batch memory batch) private pure returns (bytes32 t) {
        // Both fit: the vectors' epochs have 32 bits, and operators' indexes 8.
        Epoch epoch = Epoch.wrap(uint32(vm.parseJsonUint(batch.row, ".epoch")));
        OperatorIndex operator = OperatorIndex.wrap(uint16(vm.parseJsonUint(batch.row, ".operator")));
        t = BatchTranscript.start(epoch, operator, batch.count);
        for (uint256 i = 0; i < batch.count; ++i) {
            PostId postId = PostId.wrap(vm.parseJsonBytes32(batch.row, _key(i, ".postId")));
            t = BatchTranscript.append(t, postId, scalar(batch.row, _key(i, ".z")), scalar(batch.row, _key(i, ".y")));
        }
    }

    function zetaOf(bytes32 transcript, bytes calldata quotient) external view returns (uint256) {
        return BatchTranscript.zetaOf(transcript, quotient);
    }

    function sumLess(bytes memory pairs, bytes calldata quotient) external view returns (bytes memory) {
        (bytes32 head, bytes16 tail) = FoldedCommitments.sumLess(pairs, quotient, GAS_CAP);
        return abi.encodePacked(head, tail);
    }

    /// The products that D sums, and the value that it takes at zeta.
    function _addItems(Batch memory batch, bytes[] memory points) private view {
        uint256 rho = BatchTranscript.rhoOf(batch.transcript);
        vm.assertEq(rho, scalar(batch.row, ".rho"));
        bytes memory quotient = vm.parseJsonBytes(batch.row, ".quotient");
        batch.zeta = this.zetaOf(batch.transcript, quotient);
        vm.assertEq(batch.zeta, scalar(batch.row, ".zeta"));
        uint256 power = 1;
        for (uint256 i = 0; i < batch.count; ++i) {
            uint256 inverse = scalar(batch.row, _key(i, ".inverse"));
            uint256 distance = addmod(batch.zeta, R - scalar(batch.row, _key(i, ".z")), R);
            vm.assertEq(mulmod(inverse, distance, R), 1);
            uint256 weight = mulmod(power, inverse, R);
            vm.assertEq(weight, scalar(batch.row, _key(i, ".weight")));
            _addPoints(batch, pointsAt(points, batch.row, _key(i, ".polynomials")), weight, i);
            batch.value = addmod(batch.value, mulmod(weight, scalar(batch.row, _key(i, ".y")), R), R);
            power = mulmod(power, rho, R);
        }
        vm.assertEq(batch.value, scalar(batch.row, ".value"));
    }

    function _addPoints(Batch memory batch, bytes[] memory points, uint256 weight, uint256 i) private pure {
        uint256 gamma = scalar(batch.row, _key(i, ".gamma"));
        for (uint256 j = 0; j < points.length; ++j) {
            batch.pairs = bytes.concat(batch.pairs, points[j], bytes32(weight));
            weight = mulmod(weight, gamma, R);
        }
    }

    function _assertOpening(Batch memory batch) private view {
        bytes memory quotient = vm.parseJsonBytes(batch.row, ".quotient");
        bytes memory combined = _sum(bytes.concat(quotient, bytes32(R - 1), batch.pairs));
        vm.assertEq(combined, vm.parseJsonBytes(batch.row, ".combined"));
        bytes memory commitment = _compress(combined);
        vm.assertEq(commitment, vm.parseJsonBytes(batch.row, ".commitment"));
        vm.assertEq(this.sumLess(batch.pairs, quotient), commitment);
        vm.assertEq(_versionedHash(commitment), vm.parseJsonBytes32(batch.row, ".versionedHash"));
        bytes memory proof = vm.parseJsonBytes(batch.row, ".proof");
        vm.assertTrue(_opens(commitment, batch.zeta, batch.value, proof));
        vm.assertFalse(_opens(commitment, batch.zeta, addmod(batch.value, 1, R), proof));
    }

    function _key(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(".items[", vm.toString(i), "]", field);
    }
}
