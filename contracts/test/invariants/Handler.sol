// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {AttestActions} from "./AttestActions.sol";
import {Checks} from "./Checks.sol";
import {SlashingAttacker} from "./SlashingAttacker.sol";
import {StakeActions} from "./StakeActions.sol";
import {Verdict} from "./Verdict.sol";

/// Everybody who uses the protocol, honest or not, with the model of what must come of it.
contract Handler is Checks, AttestActions, StakeActions {
    /// Some operators, three of whose posts are attested, in the first epoch in which they are challenged.
    function start() external {
        deployProtocol();
        fillPool();
        startClock();
        limits =
            IPostRegistry.RegistryParameters({attestationDeadline: uint32(ATTESTATION_DEADLINE), maxTermEpochs: 1000});
        quorumBps = 6000;
        relayGrace = uint32(RELAY_GRACE);
        attacker = new SlashingAttacker(custody, stake);
        for (uint256 random = 0; operators.length < 5; ++random) {
            joinWith(random);
            observe();
        }
        _differByLevel();
        moveTo(firstBlock(1));
        for (uint256 p = 0; p < 3; ++p) {
            for (uint256 random = p; posts.length == p; ++random) {
                registerWith(random);
                observe();
            }
            for (uint256 random = p; posts[p].attesters == 0; ++random) {
                attestWith(posts[p], random);
                observe();
            }
        }
        moveTo(firstBlock(2));
    }

    /// What a campaign calls, each with one random word; more often what appears twice.
    function actions() external pure returns (bytes4[] memory selectors) {
        bytes4[25] memory all = [
            this.joinOperator.selector,
            this.depositStake.selector,
            this.announceExit.selector,
            this.withdrawStake.selector,
            this.withdrawCredit.selector,
            this.registerPost.selector,
            this.reopenPost.selector,
            this.retirePost.selector,
            this.attestPost.selector,
            this.lapsePost.selector,
            this.passBlocks.selector,
            this.passToBorder.selector,
            this.finaliseSeed.selector,
            this.pauseOrUnpause.selector,
            this.proveChallenge.selector,
            this.proveFalsely.selector,
            this.replayProof.selector,
            this.proveBatch.selector,
            this.proveMany.selector,
            this.reportMiss.selector,
            this.settlePost.selector,
            this.changeParameters.selector,
            this.intrude.selector,
            this.playEpoch.selector,
            this.playEpoch.selector
        ];
        selectors = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; ++i) {
            selectors[i] = all[i];
        }
    }

    /// One epoch from its seed to the settlement of some posts, with more or less willing operators.
    function playEpoch(uint256 random) external observed {
        if (isSeeded()) moveTo(firstBlock(epochNow + 1));
        openEpoch(random);
        if (!isSeeded()) return;
        uint256 first = draw(random, "first post", posts.length);
        uint256 willing = draw(random, "willing", 4);
        for (uint256 n = 0; n < 3; ++n) {
            _answer((first + n) % posts.length, willing, random);
        }
        passDeadline(random);
        for (uint256 n = 0; n < 3; ++n) {
            _followUp((first + n) % posts.length, random);
        }
    }

    /// At the end of it all everybody can leave, and nothing is left behind.
    function leaveAll() external {
        while (isPausedNow()) {
            moveTo(blockNow + 1);
        }
        uint256 last = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            if (!operators[i].isLeaving) {
                vm.prank(operators[i].owner);
                stake.announceExit(op(i));
                bookExit(i);
            }
            if (operators[i].withdrawableFrom > last) last = operators[i].withdrawableFrom;
        }
        if (last > unpausedNow()) moveTo(blockNow + last - unpausedNow());
        for (uint256 i = 0; i < operators.length; ++i) {
            if (!operators[i].isWithdrawn) withdrawOne(i, 1);
        }
        for (uint256 n = 0; n < creditors.length; ++n) {
            if (credits[creditors[n]] > 0) payCredit(creditors[n]);
        }
        vm.assertEq(address(stake).balance, 0, "everybody was paid, and nothing is left");
    }

    /// Higher levels ask more operators for more blobs, and not everybody has to answer.
    function _differByLevel() private {
        ICustodyChallenges.Parameters memory values = custodyNext;
        values.operatorsAtLevel = [3, 4, 6];
        values.blobsAtLevel = [1, 2, 4];
        values.custodyBps = 7000;
        Verdict memory lawful;
        attemptAsAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)), lawful);
        custodyNext = values;
    }

    function _answer(uint256 p, uint256 willing, uint256 random) private {
        uint256[] memory byStratum = challenged(posts[p]);
        for (uint256 j = 0; j < byStratum.length; ++j) {
            bool isWilling = willing == 3 || draw(random ^ byStratum[j], "willing", 3) < willing;
            if (isWilling) proveOne(p, byStratum[j], random);
        }
    }

    function _followUp(uint256 p, uint256 random) private {
        uint256[] memory byStratum = challenged(posts[p]);
        for (uint256 j = 0; j < byStratum.length; ++j) {
            uint256 i = byStratum[j];
            if (!hasProven(p, i) && !oneIn(4, random ^ i, "unseen")) reportOne(p, i, reporterOf(random ^ j));
        }
        if (byStratum.length > 0 && !oneIn(8, random, "unsettled")) settleOne(p, random);
    }
}
