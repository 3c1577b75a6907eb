// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {HashToField} from "../../src/libraries/HashToField.sol";
import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {LinearPolynomials} from "../support/LinearPolynomials.sol";
import {ProofActions} from "./ProofActions.sol";
import {Verdict} from "./Verdict.sol";

/// Several challenges answered in one call, with one opening or with one for each.
abstract contract BatchActions is ProofActions {
    uint256 private constant MOST_ITEMS = 3;
    /// More than any item needs.
    uint256 private constant GAS_PER_ITEM = 1_500_000;

    /// What was drawn for a batch: some posts, challenged or not, at times one of them twice.
    struct BatchPlan {
        uint256 operator;
        uint256[] posts;
        bytes32 transcript;
        ICustodyChallenges.BatchItem[] items;
        Response[] responses;
        bytes quotient;
        bytes proof;
    }

    function proveBatch(uint256 random) external observed {
        if (!oneIn(4, random, "as it is")) openEpoch(random);
        BatchPlan memory plan = _planOf(random);
        if (plan.posts.length == 0) return;
        uint256 fault = draw(random, "fault", 6);
        if (fault == 0) plan.items[0].y = addmod(plan.items[0].y, 1, R);
        _close(plan);
        // An item that changed after the transcript was closed: the weights are others then.
        if (fault == 1) plan.items[0].inverse = addmod(plan.items[0].inverse, 1, R);

        (uint256 closesAt,) = deadlines();
        Verdict memory verdict;
        verdict.rule(isSeeded(), ICustodyChallenges.EpochNotOpen.selector);
        verdict.rule(blockNow <= closesAt, ICustodyChallenges.DeadlinePassed.selector);
        verdict.rule(fault != 1, ICustodyChallenges.WrongInverse.selector);
        Epoch epoch = Epoch.wrap(uint32(epochNow));
        bytes memory call =
            abi.encodeCall(custody.proveBatch, (epoch, op(plan.operator), plan.items, plan.quotient, plan.proof));
        (bool isDone, bytes memory result) = attempt(STRANGER, address(custody), call, verdict);
        if (!isDone) return;
        vm.assertTrue(abi.decode(result, (bool)) == (fault != 0), "a batch is accepted if all in it is true");
        if (fault == 0) see("false batch");
        else _bookBatch(plan);
    }

    /// Good and bad proofs of several operators in one call: the bad ones are no matter for the good.
    function proveMany(uint256 random) external observed {
        if (!oneIn(4, random, "as it is")) openEpoch(random);
        uint256 count = 1 + draw(random, "items", MOST_ITEMS);
        ICustodyChallenges.ProofItem[] memory items = new ICustodyChallenges.ProofItem[](count);
        uint256 expected = 0;
        for (uint256 n = 0; n < count; ++n) {
            (uint256 p, uint256 i) = likelyChallenge(random ^ n);
            items[n] = _itemOf(p, i);
            Verdict memory verdict;
            addProofRules(verdict, p, i);
            uint256 fault = draw(random ^ n, "fault", 6);
            if (fault == 0) items[n].y = addmod(items[n].y, 1, R);
            if (fault == 1) items[n].proof = "";
            if (!verdict.isLawful() || fault < 2 || hasProven(p, i)) continue;
            posts[p].provenOperators |= 1 << i;
            ++expected;
        }
        Verdict memory alwaysLawful;
        bytes memory call = abi.encodeCall(custody.proveMany, (Epoch.wrap(uint32(epochNow)), items, GAS_PER_ITEM));
        (, bytes memory result) = attempt(STRANGER, address(custody), call, alwaysLawful);
        vm.assertEq(abi.decode(result, (uint256)), expected, "the true ones of many proofs are accepted");
        if (expected > 0) see("many proven");
    }

    function _planOf(uint256 random) private view returns (BatchPlan memory plan) {
        (, plan.operator) = likelyChallenge(random);
        uint256[] memory chosen = new uint256[](MOST_ITEMS);
        uint256 count = 0;
        uint256 start = draw(random, "first", posts.length);
        for (uint256 n = 0; n < posts.length && count < MOST_ITEMS; ++n) {
            uint256 p = (start + n) % posts.length;
            if (posts[p].attesters == 0) continue;
            chosen[count++] = p;
            if (count < MOST_ITEMS && oneIn(8, random ^ n, "twice")) chosen[count++] = p;
        }
        // Shortens the list to what was found.
        assembly ("memory-safe") {
            mstore(chosen, count)
        }
        plan.posts = chosen;
        plan.items = new ICustodyChallenges.BatchItem[](count);
        plan.responses = new Response[](count);
        for (uint256 n = 0; n < count; ++n) {
            Response memory response = responseOf(posts[chosen[n]], plan.operator, false);
            plan.responses[n] = response;
            plan.items[n] = ICustodyChallenges.BatchItem({
                postId: posts[chosen[n]].id, y: response.y, inverse: 0, points: response.points, paths: response.paths
            });
        }
    }

    /// The quotient of linear polynomials is the constant that their slopes sum up to.
    function _close(BatchPlan memory plan) private view {
        bytes32 transcript = keccak256(abi.encode(epochNow, plan.operator, plan.items.length));
        for (uint256 n = 0; n < plan.items.length; ++n) {
            transcript = keccak256(abi.encode(transcript, plan.items[n].postId, plan.responses[n].z, plan.items[n].y));
        }
        uint256 rho = HashToField.toField("EMERALD-CUSTODY-V1-BATCH-RHO", abi.encode(transcript));
        uint256 slopes = 0;
        uint256 power = 1;
        for (uint256 n = 0; n < plan.items.length; ++n) {
            slopes = addmod(slopes, mulmod(power, plan.responses[n].a, R), R);
            power = mulmod(power, rho, R);
        }
        plan.quotient = timesGenerator(slopes);
        uint256 zeta = HashToField.toField("EMERALD-CUSTODY-V1-BATCH-ZETA", abi.encodePacked(transcript, plan.quotient));
        uint256 slope = 0;
        power = 1;
        for (uint256 n = 0; n < plan.items.length; ++n) {
            plan.items[n].inverse = inverse(addmod(zeta, R - plan.responses[n].z, R));
            uint256 weight = mulmod(power, plan.items[n].inverse, R);
            slope = addmod(slope, mulmod(weight, plan.responses[n].a, R), R);
            power = mulmod(power, rho, R);
        }
        plan.proof = LinearPolynomials.compress(timesGenerator(slope));
    }

    function _bookBatch(BatchPlan memory plan) private {
        for (uint256 n = 0; n < plan.posts.length; ++n) {
            (bool isChallenged,) = stratumOf(posts[plan.posts[n]], plan.operator);
            if (!isChallenged || hasProven(plan.posts[n], plan.operator)) continue;
            posts[plan.posts[n]].provenOperators |= 1 << plan.operator;
            see("proven in a batch");
        }
    }

    function _itemOf(uint256 p, uint256 i) private view returns (ICustodyChallenges.ProofItem memory) {
        Response memory response = responseOf(posts[p], i, opensOneBlob(posts[p]));
        return ICustodyChallenges.ProofItem({
            postId: posts[p].id,
            operator: op(i),
            points: response.points,
            paths: response.paths,
            y: response.y,
            proof: response.proof
        });
    }
}
