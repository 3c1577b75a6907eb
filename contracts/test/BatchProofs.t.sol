// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {FoldedCommitments} from "../src/libraries/FoldedCommitments.sol";
import {MerklePath} from "../src/libraries/MerklePath.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {FoldedAnswers} from "./support/FoldedAnswers.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";

/// Several challenges in one call: with one opening for all, or with one for each.
contract BatchProofsTest is FoldedAnswers {
    uint256 private constant R = Bls12381.SCALAR_MODULUS;
    uint256 private constant OPERATOR = 2;
    uint256 private constant GAS_PER_ITEM = 300_000;
    /// On the curve but not in the group, and nothing in a pairing.
    bytes private constant STRAY = abi.encode(0, 0, 0, 2);

    Epoch private epoch;
    PostId[] private posts;
    uint256[] private salts;

    function setUp() public {
        deployProtocol();
        joinOperators(5);
        epoch = finalise(1, keccak256("one"));
        for (uint256 i = 0; i < 3; ++i) {
            salts.push(i);
            posts.push(openSparsePost(i, i == 1 ? 256 : 1, OPERATOR, 5));
        }
    }

    // ------------------------------------------------------------ one opening for all

    function test_proveBatch_acceptsOnlyWhenAllIsTrue() public {
        BatchAnswer memory answer = _batch();
        answer.items[1].y = addmod(answer.items[1].y, 1, R);
        finishBatch(answer, _lines(), epoch, OPERATOR);
        vm.assertFalse(proveBatch(epoch, OPERATOR, answer));
        vm.assertEq(_provenCount(), 0);
        vm.assertTrue(proveBatch(epoch, OPERATOR, _batch()));
        vm.assertEq(_provenCount(), 3);
    }

    /// Pitfall 6: one operator's batch is nobody else's.
    function test_proveBatch_isOfItsOperator() public {
        BatchAnswer memory answer = _batch();
        vm.expectPartialRevert(ICustodyChallenges.WrongInverse.selector);
        proveBatch(epoch, OPERATOR + 1, answer);
    }

    /// Pitfall 13: a value of y + r would pass where the sum is taken modulo r.
    function test_proveBatch_revertsOnValuesBeyondTheField() public {
        BatchAnswer memory answer = _batch();
        answer.items[1].y += R;
        _expect(answer, abi.encodeWithSelector(ICustodyChallenges.ScalarNotCanonical.selector, answer.items[1].y));
    }

    /// Inverses are handed in, since computing them costs more than to check them.
    function test_proveBatch_revertsOnWrongInverses() public {
        for (uint256 i = 0; i < 3; ++i) {
            BatchAnswer memory answer = _batch();
            answer.items[i].inverse = addmod(answer.items[i].inverse, 1, R);
            _expect(
                answer, abi.encodeWithSelector(ICustodyChallenges.WrongInverse.selector, i, answer.items[i].inverse)
            );
            answer.items[i].inverse = 0;
            _expect(answer, abi.encodeWithSelector(ICustodyChallenges.WrongInverse.selector, i, 0));
        }
    }

    /// Pitfall 12: with the stray point taken for a commitment, everything else is true.
    function test_proveBatch_refusesCommitmentsOutsideTheGroup() public {
        PostId stray = PostId.wrap(keccak256("stray"));
        bytes32 root = MerklePath.leafOf(0, versionedHash(LinearPolynomials.compress(STRAY)));
        vm.prank(address(relay));
        custody.openPost(stray, root, 1, 0x1f, Epoch.wrap(0), Epoch.wrap(99));
        BatchAnswer memory answer = _batch();
        Line[] memory lines = _lines();
        // It is open at every point to 0.
        lines[1] = Line(0, 0, custody.challengeOf(stray, epoch, op(OPERATOR)).z);
        answer.items[1].postId = stray;
        answer.items[1].y = 0;
        answer.items[1].points = STRAY;
        answer.items[1].paths = new bytes32[](0);
        finishBatch(answer, lines, epoch, OPERATOR);
        _expect(answer, abi.encodeWithSelector(FoldedCommitments.PointNotInGroup.selector));
    }

    /// Pitfall 12: the quotient is added by G1ADD, which takes any point of the curve.
    function test_proveBatch_refusesAQuotientOutsideTheGroup() public {
        BatchAnswer memory answer = _batch();
        bytes memory quotient = answer.quotient;
        (bool isDone, bytes memory moved) = Precompiles.G1_ADD.staticcall(bytes.concat(quotient, STRAY));
        vm.assertTrue(isDone);
        answer.quotient = moved;
        closeBatch(answer, _lines(), transcriptOf(answer, _lines(), epoch, OPERATOR));
        vm.expectPartialRevert(ICustodyChallenges.MalformedPoint.selector);
        proveBatch(epoch, OPERATOR, answer);
        answer.quotient = quotient;
        closeBatch(answer, _lines(), transcriptOf(answer, _lines(), epoch, OPERATOR));
        vm.assertTrue(proveBatch(epoch, OPERATOR, answer));
    }

    /// Pitfall 17.
    function test_proveBatch_revertsOnWrongLengths() public {
        BatchAnswer memory answer = _batch();
        bytes memory quotient = answer.quotient;
        answer.quotient = bytes.concat(quotient, hex"00");
        _expect(answer, abi.encodeWithSelector(Bls12381.WrongPointsLength.selector, 129));
        answer.quotient = new bytes(127);
        _expect(answer, abi.encodeWithSelector(Bls12381.WrongPointsLength.selector, 127));
        answer.quotient = quotient;
        answer.proof = new bytes(47);
        _expect(answer, abi.encodeWithSelector(Bls12381.WrongPointLength.selector, 47));
        answer = _batch();
        answer.items[2].points = new bytes(127);
        _expect(answer, abi.encodeWithSelector(Bls12381.WrongPointsLength.selector, 127));
        answer.items[2].points = new bytes(256);
        _expect(answer, abi.encodeWithSelector(ICustodyChallenges.WrongNumberOfBlobs.selector, 2, 1));
    }

    /// Pitfall 34: nothing is read of more items than fit a transaction, nor of none.
    function test_batches_areBounded() public {
        BatchAnswer memory answer = _batch();
        ICustodyChallenges.BatchItem memory item = answer.items[0];
        uint256[2] memory counts = [uint256(0), 33];
        for (uint256 n = 0; n < 2; ++n) {
            bytes memory reason = abi.encodeWithSelector(ICustodyChallenges.WrongBatchSize.selector, counts[n], 32);
            answer.items = new ICustodyChallenges.BatchItem[](counts[n]);
            for (uint256 i = 0; i < counts[n]; ++i) {
                answer.items[i] = item;
            }
            _expect(answer, reason);
            vm.expectRevert(reason);
            custody.proveMany(epoch, new ICustodyChallenges.ProofItem[](counts[n]), GAS_PER_ITEM);
        }
        ICustodyChallenges.ProofItem[] memory many = new ICustodyChallenges.ProofItem[](32);
        for (uint256 i = 0; i < 32; ++i) {
            many[i].points = new bytes(i == 0 ? 9 * 128 : 8 * 128);
        }
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.TooManyPoints.selector, 257, 256));
        custody.proveMany(epoch, many, GAS_PER_ITEM);
    }

    // ------------------------------------------------------------ one opening for each

    /// Pitfall 14: an item that is false or malformed does not keep the others from being proven.
    function test_proveMany_goesOnAfterBadItems() public {
        ICustodyChallenges.ProofItem[] memory items = _many();
        items[0].y = addmod(items[0].y, 1, R);
        items[1].proof = new bytes(47);
        vm.expectEmit();
        emit ICustodyChallenges.ProofRejected(posts[0], epoch, op(OPERATOR), STRANGER, 1);
        vm.expectEmit();
        emit ICustodyChallenges.ProofUndecodable(posts[1], epoch, op(OPERATOR), 1, Bls12381.WrongPointLength.selector);
        vm.prank(STRANGER);
        vm.assertEq(custody.proveMany(epoch, items, GAS_PER_ITEM), 1);
        vm.assertTrue(custody.isProven(posts[2], epoch, op(OPERATOR)));
        vm.assertEq(_provenCount(), 1);
        vm.assertEq(custody.proveMany(epoch, _many(), GAS_PER_ITEM), 2);
        vm.assertEq(_provenCount(), 3);
    }

    /// Pitfall 14: no item takes more than its share, so that all of them cost at most what the caller says.
    function test_proveMany_givesNoItemMoreThanItsGas() public {
        uint256 tooLittle = 40_000;
        vm.assertEq(custody.proveMany(epoch, _many(), tooLittle), 0);
        vm.assertLt(vm.lastCallGas().gasTotalUsed, 3 * tooLittle + 80_000);
        vm.assertEq(custody.proveMany(epoch, _many(), GAS_PER_ITEM), 3);
    }

    /// Pitfall 14: an item gets all the gas that the caller names, or the call reverts.
    function test_proveMany_revertsWhenItCannotGiveTheGas() public {
        ICustodyChallenges.ProofItem[] memory items = _many();
        vm.expectPartialRevert(Precompiles.NotEnoughGas.selector);
        custody.proveMany{gas: 2 * GAS_PER_ITEM}(epoch, items, 2 * GAS_PER_ITEM);
        vm.expectPartialRevert(Precompiles.NotEnoughGas.selector);
        custody.proveMany(epoch, items, type(uint256).max);
    }

    // ------------------------------------------------------------ answers

    function _batch() private view returns (BatchAnswer memory) {
        return batchAnswerOf(posts, salts, epoch, OPERATOR);
    }

    function _many() private view returns (ICustodyChallenges.ProofItem[] memory) {
        return proofItemsOf(posts, salts, OPERATOR);
    }

    function _lines() private view returns (Line[] memory lines) {
        lines = new Line[](posts.length);
        for (uint256 i = 0; i < posts.length; ++i) {
            lines[i] = lineOf(posts[i], OPERATOR, salts[i]);
        }
    }

    function _provenCount() private view returns (uint256 count) {
        for (uint256 i = 0; i < posts.length; ++i) {
            if (custody.isProven(posts[i], epoch, op(OPERATOR))) ++count;
        }
    }

    function _expect(BatchAnswer memory answer, bytes memory reason) private {
        vm.expectRevert(reason);
        proveBatch(epoch, OPERATOR, answer);
    }
}
