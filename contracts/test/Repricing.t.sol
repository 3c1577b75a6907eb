// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {CustodyChallenges} from "../src/CustodyChallenges.sol";
import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {FoldedAnswers} from "./support/FoldedAnswers.sol";
import {Repriced} from "./support/Repriced.sol";

address constant REPRICED = address(0x9e971ced);

/// The challenges on a chain where the point evaluation stands, at some price, at another address.
contract CustodyOfRepricedChain is CustodyChallenges {
    function _pointEvaluation() internal pure override returns (address) {
        return REPRICED;
    }
}

/// Pitfall 15: a draft, EIP-8096, would double the price of the point evaluation, to 100,000 gas.
contract RepricingTest is FoldedAnswers {
    uint256 private constant DOUBLED = 50_000;
    /// Enough at the price of today, too little at the double.
    uint24 private constant TIGHT_CAP = 90_000;

    function setUp() public {
        deployProtocol();
        joinOperators(5);
        _reprice(0);
        address code = address(new CustodyOfRepricedChain());
        asAdmin(address(custody), abi.encodeCall(custody.upgradeToAndCall, (code, "")));
    }

    /// The cap that profiles deploy with is more than the double of today's price.
    function test_prove_survivesEip8096WithTheDefaultCap() public {
        PostId postId = openPost(1, 1, 5);
        Epoch epoch = finalise(1, keccak256("one"));
        _reprice(DOUBLED);
        vm.assertTrue(_prove(postId, epoch, 2) == ICustodyChallenges.ProofOutcome.Proven);
        vm.assertTrue(_proveBatch(epoch, 3));
    }

    /// With a cap below the new price true proofs fail, until governance has changed the one parameter.
    function test_prove_worksAgainAfterEip8096WithOneGovernedChange() public {
        _setCap(TIGHT_CAP);
        PostId postId = openPost(1, 1, 5);
        Epoch epoch = finalise(1, keccak256("one"));
        vm.assertTrue(_prove(postId, epoch, 0) == ICustodyChallenges.ProofOutcome.Proven);
        vm.assertTrue(_proveBatch(epoch, 1));

        _reprice(DOUBLED);
        vm.assertTrue(_prove(postId, epoch, 2) == ICustodyChallenges.ProofOutcome.Rejected);
        vm.assertFalse(_proveBatch(epoch, 3));

        _setCap(2 * TIGHT_CAP);
        vm.assertTrue(_prove(postId, epoch, 2) == ICustodyChallenges.ProofOutcome.Rejected);
        epoch = finalise(2, keccak256("two"));
        vm.assertTrue(_prove(postId, epoch, 2) == ICustodyChallenges.ProofOutcome.Proven);
        vm.assertTrue(_proveBatch(epoch, 3));
    }

    function _reprice(uint256 extra) private {
        vm.etch(REPRICED, address(new Repriced(Precompiles.POINT_EVALUATION, extra)).code);
    }

    /// Multisig, timelock, delay: as every change.
    function _setCap(uint24 cap) private {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.precompileGasCap = cap;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
    }

    function _prove(PostId postId, Epoch epoch, uint256 operator) private returns (ICustodyChallenges.ProofOutcome) {
        return prove(postId, epoch, operator, answerOf(postId, epoch, operator, 1));
    }

    /// Two posts of one blob, new ones each time.
    function _proveBatch(Epoch epoch, uint256 operator) private returns (bool) {
        PostId[] memory posts = new PostId[](2);
        uint256[] memory salts = new uint256[](2);
        for (uint256 i = 0; i < 2; ++i) {
            salts[i] = uint256(keccak256(abi.encode(epoch, operator, i)));
            posts[i] = openSparsePost(salts[i], 1, operator, 5);
        }
        return proveBatch(epoch, operator, batchAnswerOf(posts, salts, epoch, operator));
    }
}
