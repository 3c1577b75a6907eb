// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {FoldedAnswers} from "./support/FoldedAnswers.sol";
import {History} from "./support/History.sol";
import {Measured} from "./support/Measured.sol";

/// What whole transactions cost, through the proxies; `snapshots/protocol.json` keeps the figures.
contract GasTest is FoldedAnswers, Measured("protocol") {
    uint256 private constant OPERATOR = 7;

    /// The highest `precompileGasCap`, and the one that profiles deploy with.
    uint24 private constant MAX_CAP = 300_000;
    uint24 private constant CAP = 110_000;

    /// Salt of the next post.
    uint256 private nextSalt = 1000;

    function setUp() public onlyMeasured {
        deployProtocol();
        joinOperators(20);
        vm.roll(B0 + 5);
    }

    function test_gas_prove() public onlyMeasured {
        PostId one = openPost(1, 1, 20);
        PostId many = openPost(2, 64, 20);
        PostId large = openPost(3, 256, 20);
        Epoch epoch = finalise(1, keccak256("randao"));
        _prove("prove, one blob, first of the epoch", one, epoch, 7, 1);
        _prove("prove, one blob", one, epoch, 8, 1);
        _prove("prove, one blob of 64", many, epoch, 7, 2);
        _prove("prove, one blob of 256", large, epoch, 7, 3);
        Answer memory answer = answerOf(one, epoch, 9, 1);
        answer.y = answer.y == 0 ? 1 : answer.y - 1;
        prove(one, epoch, 9, answer);
        note("prove, false proof");
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(one, epoch, op(9));
        note("reportMissed");
        custody.settle(one, epoch);
        note("settle, 20 operators");
        // From the second epoch on, the post's word is not new any more.
        epoch = finalise(2, keccak256("again"));
        _prove("prove, one blob, first of a later epoch", one, epoch, 7, 1);
    }

    function test_gas_proveFolded() public onlyMeasured {
        _measureFold("proveFolded, 4 of 256 blobs", 4, 256);
        _measureFold("proveFolded, 16 of 256 blobs", 16, 256);
        _measureFold("proveFolded, 64 of 256 blobs", 64, 256);
        _measureFold("proveFolded, largest: 64 of 2^20 - 1 blobs", 64, MAX_BLOBS);
    }

    function test_gas_proveBatch() public onlyMeasured {
        _measureBatch("proveBatch, 8 posts of one blob", 8, 1, 1);
        _measureBatch("proveBatch, 32 posts of one blob", 32, 1, 1);
        _measureBatch("proveBatch, 8 posts, 4 of 256 blobs each", 8, 4, 256);
        _measureBatch("proveBatch, largest: 32 posts, 8 of 2^20 - 1 blobs each", 32, 8, MAX_BLOBS);
    }

    function test_gas_proveMany() public onlyMeasured {
        _measureMany("proveMany, 8 posts of one blob", 8, 1, 1, 300_000);
        _measureMany("proveMany, largest: 32 posts, 8 of 2^20 - 1 blobs each", 32, 8, MAX_BLOBS, 700_000);
    }

    /// What a transaction has at most (EIP-7825) is enough for the most commitments that a batch takes, also when their
    /// sum must be given as much gas as governance can ask for.
    function test_gas_proveBatch_fitsATransaction() public onlyMeasured {
        Epoch epoch = _nextEpoch(8, MAX_CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(32, MAX_BLOBS);
        BatchAnswer memory answer = batchAnswerOf(posts, salts, epoch, OPERATOR);
        bytes memory data =
            abi.encodeCall(custody.proveBatch, (epoch, op(OPERATOR), answer.items, answer.quotient, answer.proof));
        vm.assertTrue(abi.decode(_callWithinATransaction(data), (bool)));
    }

    /// The same for proofs that do not belong together, and for the one that folds most.
    function test_gas_proveMany_fitsATransaction() public onlyMeasured {
        Epoch epoch = _nextEpoch(8, MAX_CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(32, MAX_BLOBS);
        ICustodyChallenges.ProofItem[] memory items = proofItemsOf(posts, salts, OPERATOR);
        bytes memory data = abi.encodeCall(custody.proveMany, (epoch, items, 700_000));
        vm.assertEq(abi.decode(_callWithinATransaction(data), (uint256)), 32);
    }

    function test_gas_proveFolded_fitsATransaction() public onlyMeasured {
        Epoch epoch = _nextEpoch(64, MAX_CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(1, MAX_BLOBS);
        FoldedAnswer memory answer = foldedAnswerOf(posts[0], OPERATOR, salts[0]);
        bytes memory data = abi.encodeCall(
            custody.proveFolded, (posts[0], epoch, op(OPERATOR), answer.points, answer.paths, answer.y, answer.proof)
        );
        ICustodyChallenges.ProofOutcome outcome =
            abi.decode(_callWithinATransaction(data), (ICustodyChallenges.ProofOutcome));
        vm.assertTrue(outcome == ICustodyChallenges.ProofOutcome.Proven);
    }

    /// The header costs as calldata what headers cost at most: its bloom has no zero bytes.
    function test_gas_finaliseSeed() public onlyMeasured {
        finalise(1, keccak256("one"));
        note("finaliseSeed, first ever");
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = mineSeedBlock(epoch, keccak256("two"));
        custody.finaliseSeed(epoch, header);
        note("finaliseSeed");
        custody.finaliseSeed(epoch, header);
        note("finaliseSeed, after another");
    }

    /// When BLOCKHASH knows the seed block no more.
    function test_gas_finaliseSeedByHistory() public onlyMeasured {
        finalise(1, keccak256("one"));
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = mineSeedBlock(epoch, keccak256("two"));
        uint256 seedBlock = beacon.seedBlock(epoch);
        vm.setBlockhash(seedBlock, 0);
        History.remember(seedBlock, keccak256(header));
        custody.finaliseSeed(epoch, header);
        note("finaliseSeed, by EIP-2935");
    }

    function test_gas_registerAndAttest() public onlyMeasured {
        vm.roll(B0 + 5);
        PostId postId = register(1, 1);
        note("register, 1 blob");
        register(2, 64);
        note("register, 64 blobs");
        attest(postId, 20);
        note("submit, 20 operators");
    }

    function _prove(string memory name, PostId postId, Epoch epoch, uint256 operator, uint256 salt) private {
        Answer memory answer = answerOf(postId, epoch, operator, salt);
        prove(postId, epoch, operator, answer);
        note(name);
    }

    function _measureFold(string memory name, uint8 k, uint256 blobCount) private {
        Epoch epoch = _nextEpoch(k, CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(1, blobCount);
        FoldedAnswer memory answer = foldedAnswerOf(posts[0], OPERATOR, salts[0]);
        vm.assertTrue(proveFolded(posts[0], epoch, OPERATOR, answer) == ICustodyChallenges.ProofOutcome.Proven);
        note(name);
    }

    function _measureBatch(string memory name, uint256 items, uint8 k, uint256 blobCount) private {
        Epoch epoch = _nextEpoch(k, CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(items, blobCount);
        BatchAnswer memory answer = batchAnswerOf(posts, salts, epoch, OPERATOR);
        vm.assertTrue(proveBatch(epoch, OPERATOR, answer));
        note(name);
    }

    function _measureMany(string memory name, uint256 count, uint8 k, uint256 blobCount, uint256 gasPerItem) private {
        Epoch epoch = _nextEpoch(k, CAP);
        (PostId[] memory posts, uint256[] memory salts) = _openPosts(count, blobCount);
        ICustodyChallenges.ProofItem[] memory items = proofItemsOf(posts, salts, OPERATOR);
        vm.assertEq(custody.proveMany(epoch, items, gasPerItem), count);
        note(name);
    }

    function _openPosts(uint256 count, uint256 blobCount)
        private
        returns (PostId[] memory posts, uint256[] memory salts)
    {
        posts = new PostId[](count);
        salts = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            salts[i] = nextSalt++;
            posts[i] = openSparsePost(salts[i], blobCount, OPERATOR, 20);
        }
    }

    /// What a call answers that has as much gas as a transaction can have.
    function _callWithinATransaction(bytes memory data) private returns (bytes memory result) {
        bool isDone;
        (isDone, result) = address(custody).call{gas: TRANSACTION_GAS}(data);
        vm.assertEq(vm.lastCallGas().gasLimit, TRANSACTION_GAS);
        vm.assertTrue(isDone);
    }

    /// Another epoch, in which challenges ask for k blobs.
    function _nextEpoch(uint8 k, uint24 precompileGasCap) private returns (Epoch epoch) {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.blobsAtLevel = [k, k, k];
        parameters.precompileGasCap = precompileGasCap;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        // Posts are attested in epoch 0 at the earliest.
        uint256 next = Epoch.unwrap(beacon.nextEpochAt(block.number));
        uint256 number = next == 0 ? 1 : next;
        return finalise(number, keccak256(abi.encode("randao", number)));
    }
}
