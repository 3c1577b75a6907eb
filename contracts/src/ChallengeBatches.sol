// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ChallengeProofs} from "./ChallengeProofs.sol";
import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {BatchTranscript} from "./libraries/BatchTranscript.sol";
import {Bls12381} from "./libraries/Bls12381.sol";
import {FoldedCommitments} from "./libraries/FoldedCommitments.sol";
import {KzgOpening} from "./libraries/KzgOpening.sol";
import {Precompiles} from "./libraries/Precompiles.sol";
import {Assignment, AssignmentLib} from "./types/Assignment.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord} from "./types/EpochWord.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title Answers to several challenges in one call
abstract contract ChallengeBatches is ChallengeProofs {
    /// Most items of a call.
    uint256 private constant MAX_ITEMS = 32;
    /// Most commitments of all items of a call. With the deepest paths, so many can be read and summed with the 2^24
    /// gas that a transaction may have (EIP-7825), also when the sum has to be given what the highest
    /// `precompileGasCap`
    /// stands for.
    uint256 private constant MAX_POINTS = 256;

    /// `reason` in BatchItemSkipped.
    uint8 private constant REASON_ALREADY_PROVEN = 1;
    uint8 private constant REASON_NOT_CHALLENGED = 2;

    /// @dev What is known of a batch.
    struct Batch {
        EpochWord epochWord;
        /// The items' challenges, and bit i: item i is challenged.
        Assignment[] assignments;
        uint256 challenged;
        /// Hash of what the items claim.
        bytes32 transcript;
        /// Where the batch is opened, the weighted commitments, and the weighted sum of the items' values.
        uint256 zeta;
        bytes pairs;
        uint256 value;
    }

    /// @inheritdoc ICustodyChallenges
    function proveBatch(
        Epoch epoch,
        OperatorIndex operator,
        BatchItem[] calldata items,
        bytes calldata quotient,
        bytes calldata proof
    ) external returns (bool) {
        _requireBatchSize(items.length);
        if (quotient.length != Bls12381.UNCOMPRESSED_LENGTH) revert Bls12381.WrongPointsLength(quotient.length);
        Batch memory batch;
        batch.epochWord = _requireOpen(epoch);
        _drawAll(batch, epoch, operator, items);
        batch.zeta = BatchTranscript.zetaOf(batch.transcript, quotient);
        _weighAll(batch, items);
        bytes memory input = _batchOpening(batch, quotient, proof);
        uint256 gasCap = batch.epochWord.precompileGasCap();
        if (!KzgOpening.verify(input, gasCap, _pointEvaluation())) {
            _requireWellFormed(input, batch.value, gasCap);
            emit BatchRejected(epoch, operator, msg.sender, REASON_OPENING_FALSE);
            return false;
        }
        _acceptAll(batch, keccak256(input));
        return true;
    }

    /// @inheritdoc ICustodyChallenges
    function proveMany(Epoch epoch, ProofItem[] calldata items, uint256 gasPerItem) external returns (uint256 proven) {
        _requireBatchSize(items.length);
        uint256 points = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            points += items[i].points.length / Bls12381.UNCOMPRESSED_LENGTH;
        }
        if (points > MAX_POINTS) revert TooManyPoints(points, MAX_POINTS);
        for (uint256 i = 0; i < items.length; ++i) {
            ProofItem calldata item = items[i];
            (bool isDone, bytes32 answer) = _callMyself(_callOf(epoch, item), gasPerItem);
            // Takes the selector: the first four bytes of a revert.
            // forge-lint: disable-next-line(unsafe-typecast)
            if (!isDone) emit ProofUndecodable(item.postId, epoch, item.operator, i, bytes4(answer));
            else if (uint256(answer) == uint256(ProofOutcome.Proven)) ++proven;
        }
    }

    /// @dev Draws the challenge of each item, and writes what the items claim into the transcript.
    function _drawAll(Batch memory batch, Epoch epoch, OperatorIndex operator, BatchItem[] calldata items)
        private
        view
    {
        Assignment[] memory assignments = AssignmentLib.allocate(items.length);
        bytes32 transcript = BatchTranscript.start(epoch, operator, items.length);
        uint256 terms = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            Assignment memory assignment = assignments[i];
            BatchItem calldata item = items[i];
            // Fits the word: there are at most 32 items.
            if (_draw(assignment, batch.epochWord, item.postId, epoch, operator)) batch.challenged |= 1 << i;
            if (assignment.root == 0) revert UnknownPost(item.postId);
            assignment.z = _pointOf(assignment);
            // No overflow: k is at most 64.
            unchecked {
                terms += assignment.k;
            }
            _requireScalar(item.y);
            transcript = BatchTranscript.append(transcript, item.postId, assignment.z, item.y);
        }
        if (terms > MAX_POINTS) revert TooManyPoints(terms, MAX_POINTS);
        batch.assignments = assignments;
        batch.transcript = transcript;
        batch.pairs = FoldedCommitments.allocate(terms);
    }

    /// @dev Collects the commitments of all items, each weighted with rho^i / (zeta - z), and the sum of the values.
    function _weighAll(Batch memory batch, BatchItem[] calldata items) private view {
        Assignment[] memory assignments = batch.assignments;
        uint256 rho = BatchTranscript.rhoOf(batch.transcript);
        uint256 power = 1;
        uint256 value = 0;
        uint256 pair = FoldedCommitments.firstOf(batch.pairs);
        for (uint256 i = 0; i < items.length; ++i) {
            Assignment memory assignment = assignments[i];
            BatchItem calldata item = items[i];
            uint256 inverse = item.inverse;
            if (!_isInverse(inverse, batch.zeta, assignment.z)) revert WrongInverse(i, inverse);
            uint256 weight = mulmod(power, inverse, Bls12381.SCALAR_MODULUS);
            value = addmod(value, mulmod(weight, item.y, Bls12381.SCALAR_MODULUS), Bls12381.SCALAR_MODULUS);
            pair = FoldedCommitments.append(pair, assignment, weight, item.points, item.paths);
            power = mulmod(power, rho, Bls12381.SCALAR_MODULUS);
        }
        batch.value = value;
    }

    /// @dev Whether `inverse` is 1 / (zeta - z) in the scalar field.
    function _isInverse(uint256 inverse, uint256 zeta, uint256 z) private pure returns (bool) {
        // z is below the order.
        unchecked {
            uint256 distance = addmod(zeta, Bls12381.SCALAR_MODULUS - z, Bls12381.SCALAR_MODULUS);
            return mulmod(inverse, distance, Bls12381.SCALAR_MODULUS) == 1;
        }
    }

    function _batchOpening(Batch memory batch, bytes calldata quotient, bytes calldata proof)
        private
        view
        returns (bytes memory)
    {
        (bytes32 head, bytes16 tail) =
            FoldedCommitments.sumLess(batch.pairs, quotient, batch.epochWord.precompileGasCap());
        bytes32 versionedHash = KzgOpening.versionedHash(head, tail);
        return KzgOpening.inputOf(versionedHash, batch.zeta, batch.value, head, tail, proof);
    }

    /// @dev Reads each word again: an item before may have been for the same post.
    function _acceptAll(Batch memory batch, bytes32 opening) private {
        Assignment[] memory assignments = batch.assignments;
        uint256 challenged = batch.challenged;
        for (uint256 i = 0; i < assignments.length; ++i) {
            Assignment memory assignment = assignments[i];
            Epoch epoch = assignment.word.epoch();
            assignment.word = _postOf(assignment).word.touched(epoch);
            uint8 reason = REASON_NOT_CHALLENGED;
            if ((challenged >> i) & 1 == 1) {
                if (!assignment.word.hasProven(assignment.stratum)) {
                    _accept(assignment, opening);
                    continue;
                }
                reason = REASON_ALREADY_PROVEN;
            }
            emit BatchItemSkipped(assignment.postId, epoch, assignment.operator, reason);
        }
    }

    /// @dev The call that proves one item by itself: both functions take the same arguments.
    function _callOf(Epoch epoch, ProofItem calldata item) private pure returns (bytes memory) {
        bytes4 selector =
            item.points.length == Bls12381.COMPRESSED_LENGTH ? this.prove.selector : this.proveFolded.selector;
        return abi.encodeWithSelector(
            selector, item.postId, epoch, item.operator, item.points, item.paths, item.y, item.proof
        );
    }

    /// @dev Calls this contract as its caller would, with exactly `calleeGas`; gives back the first word of the answer,
    /// and frees the call's memory.
    function _callMyself(bytes memory call_, uint256 calleeGas) private returns (bool isDone, bytes32 answer) {
        // More than there is could overflow in the check.
        if (calleeGas > gasleft()) revert Precompiles.NotEnoughGas(gasleft(), calleeGas);
        Precompiles.requireGas(calleeGas);
        // `call_` is the newest object in memory, so the free pointer may go back to its start.
        assembly ("memory-safe") {
            mstore(0x00, 0)
            // By delegatecall the sender stays who it is; an answer shorter than a word leaves zeros behind it.
            isDone := delegatecall(calleeGas, address(), add(call_, 0x20), mload(call_), 0x00, 0x20)
            answer := mload(0x00)
            mstore(0x40, call_)
        }
    }

    function _requireBatchSize(uint256 items) private pure {
        if (items == 0 || items > MAX_ITEMS) revert WrongBatchSize(items, MAX_ITEMS);
    }
}
