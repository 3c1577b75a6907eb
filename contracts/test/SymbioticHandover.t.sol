// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";

/// All places are taken, validators 0 to 3 speak for operators 0 to 3, and validator 4 for nobody yet. The set was
/// captured before operator 3 left, and its capture stays fresh.
contract SymbioticHandoverTest is SymbioticTest {
    using ValidatorSet for ValidatorSet.Validator[];

    uint256 private constant NEXT = 300;

    function setUp() public {
        deploySymbiotic();
        joinOperators(256);
        registerKeys(4);
        commit(FIRST, validators(5), 10);
    }

    /// Pitfall 22: a key speaks for the owner that registered it. Whoever comes into a place answers for its own key
    /// alone, from the epoch on in which its stake counts, however old the voting powers are.
    function testFuzz_verify_creditsNobodyWithAnAttestationOfWhoWasThereBefore(
        uint8 signerBits,
        bool isSameOwner,
        bool hasOwnKey,
        uint8[3] memory epochs
    ) public {
        uint256 signers = bound(signerBits, 1, 31);
        uint256 leftIn = bound(epochs[0], 0, 9);
        uint256 joinedIn = bound(epochs[1], leftIn + 5, leftIn + 14);
        uint256 attestedIn = bound(epochs[2], joinedIn, joinedIn + 3);
        address owner = ownerOf(isSameOwner ? 3 : NEXT);
        _handOver(leftIn, joinedIn, owner);
        if (hasOwnKey) registerKeyAs(owner, 3, secretOf(4));
        vm.roll(B0 + attestedIn * L);

        // With a key of its own it has replaced the one that was there, its own one too.
        uint256 ownKey = hasOwnKey ? 4 : isSameOwner ? 3 : 5;
        bool isCredited = attestedIn > joinedIn && (signers >> ownKey) & 1 == 1;
        _assertCredited(signers, isCredited ? 1 << ownKey : 0);
    }

    /// Operators 0 to 2 for their signatures, and that of place 3 when `ownKey`, the bit of its key, is not 0.
    function _assertCredited(uint256 signers, uint256 ownKey) private view {
        uint256 expected = (signers & 7) | (ownKey == 0 ? 0 : 8);
        bytes memory proof = validators(5).prove(signers, digestAt(FIRST));
        (uint256 attesters, uint256 signedStake,) = verifyAt(FIRST, expected, proof);
        vm.assertEq(attesters, expected);
        vm.assertEq(signedStake, _powerOf(signers & 7 | ownKey));
    }

    /// Of a set of validators.
    function _powerOf(uint256 signers) private pure returns (uint256 power) {
        for (uint256 i = 0; i < 5; ++i) {
            power += ((signers >> i) & 1) * 10 * (i + 1);
        }
    }

    function _handOver(uint256 leftIn, uint256 joinedIn, address owner) private {
        vm.roll(B0 + leftIn * L);
        vm.prank(ownerOf(3));
        stake.announceExit(op(3));
        vm.roll(B0 + joinedIn * L);
        vm.prank(ownerOf(3));
        stake.withdraw(op(3));
        vm.deal(owner, MIN_STAKE);
        vm.prank(owner);
        vm.assertEq(OperatorIndex.unwrap(stake.join{value: MIN_STAKE}(owner, "")), 3);
    }
}
