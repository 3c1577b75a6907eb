// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {StakeTest} from "./support/StakeTest.sol";

/// 256 places, all taken, and who may have one that was somebody else's.
contract OperatorPlacesTest is StakeTest {
    function setUp() public {
        deployStake();
        joinOperators(256);
    }

    /// Pitfall 34: attesters fit one word.
    function test_join_revertsWhenAll256PlacesAreTaken() public {
        _expectNoPlace();
    }

    /// Whoever attested nothing keeps nobody out once it has its stake back, be it all places at once.
    function test_join_givesThePlacesOfThoseWhoAttestedNothing() public {
        rollTo(1);
        for (uint256 i = 0; i < 256; ++i) {
            announceExit(i);
        }
        vm.roll(block.number + UNBONDING);
        _expectNoPlace();
        for (uint256 i = 0; i < 256; ++i) {
            withdraw(i);
        }
        for (uint256 i = 0; i < 256; ++i) {
            vm.assertEq(OperatorIndex.unwrap(_joinAnew(256 + i)), i);
        }
        _expectNoPlace();
        assertConserved();
    }

    /// Operators attest, leave and come, in rounds: a place is given again with its stake's withdrawal exactly if no
    /// post can remember whoever had it.
    function testFuzz_join_givesExactlyThePlacesThatNoPostRemembers(
        uint16[4] memory attesting,
        uint16[4] memory leaving
    ) public {
        uint256[16] memory owners;
        for (uint256 i = 0; i < 16; ++i) {
            owners[i] = i;
        }
        uint256 next = 256;
        uint256 remembered = 0;
        uint256 blocked = 0;
        for (uint256 round = 0; round < 4; ++round) {
            rollTo(8 * round + 1);
            _recordAttesters(attesting[round] & ~blocked);
            remembered |= attesting[round] & ~blocked;
            uint256 leavers = leaving[round] & ~blocked;
            for (uint256 i = 0; i < 16; ++i) {
                if ((leavers >> i) & 1 == 1) _announceExit(i, ownerOf(owners[i]));
            }
            rollTo(8 * round + 8);
            for (uint256 i = 0; i < 16; ++i) {
                if ((leavers >> i) & 1 == 1) _withdraw(i, ownerOf(owners[i]));
            }
            blocked |= leavers & remembered;
            for (uint256 i = 0; i < 16; ++i) {
                if (((leavers & ~remembered) >> i) & 1 == 0) continue;
                owners[i] = next++;
                vm.assertEq(OperatorIndex.unwrap(_joinAnew(owners[i])), i);
            }
            vm.assertEq(stake.leavingOperators(), blocked);
            _expectNoPlace();
        }
        assertConserved();
    }

    /// What was attested goes with whoever did: the next one who attests nothing leaves its place free.
    function test_join_forgetsWhatTheLastOperatorAttested() public {
        _recordAttesters(1);
        announceExit(0);
        vm.roll(block.number + UNBONDING);
        withdraw(0);
        rollTo(1 + LEVELS + 1000);
        vm.assertEq(OperatorIndex.unwrap(_joinAnew(256)), 0);
        _announceExit(0, ownerOf(256));
        vm.roll(block.number + UNBONDING);
        _withdraw(0, ownerOf(256));
        vm.assertEq(OperatorIndex.unwrap(_joinAnew(257)), 0);
    }

    function test_recordAttesters_isForTheChallengesOnly() public {
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotCustodyChallenges.selector, address(this)));
        stake.recordAttesters(1);
    }

    /// A place is given again once every post that its last operator attested has ended.
    function test_join_givesThePlaceOfWhoeverLeftAfterTheLongestTerm() public {
        _recordAttesters(type(uint256).max);
        rollTo(5);
        announceExit(9);
        announceExit(70);
        announceExit(200);
        rollTo(12);
        announceExit(3);
        rollTo(20);
        withdraw(200);
        withdraw(70);
        withdraw(3);
        uint256 lastTaken = 5 + 1 + LEVELS + 1000;
        vm.deal(ownerOf(300), 10 ether);
        rollTo(lastTaken, L - 1);
        _expectNoPlace();

        // Operator 9 did not withdraw, operator 3 left later.
        rollTo(lastTaken + 1);
        vm.expectEmit();
        emit IOperatorStake.OperatorJoined(op(70), ownerOf(300), ownerOf(300), MIN_STAKE, atEpoch(lastTaken + 2));
        vm.prank(ownerOf(300));
        stake.join{value: MIN_STAKE}(ownerOf(300), "");
        vm.assertEq(stake.operatorCount(), 256);
        vm.assertEq(stake.leavingOperators(), 1 << 3 | 1 << 9 | 1 << 200);
        vm.assertFalse(stake.exitOf(op(70)).isLeaving);
        vm.assertEq(stake.ownerOf(op(70)), ownerOf(300));
        vm.assertEq(stake.stakeAt(op(70), atEpoch(5)), MIN_STAKE);
        vm.assertEq(stake.stakeAt(op(70), atEpoch(lastTaken + 1)), 0);
        vm.assertFalse(stake.isActiveAt(op(70), atEpoch(lastTaken + 1)));
        vm.assertTrue(stake.isActiveAt(op(70), atEpoch(lastTaken + 2)));
        vm.assertEq(stake.vacantAt(atEpoch(lastTaken + 2)), 1 << 3 | 1 << 9 | 1 << 200);
        _assertVotesForItselfOnly(70, lastTaken + 2);
        assertConserved();
    }

    /// A term that was allowed once counts, even when only shorter ones are allowed now.
    function test_join_waitsForTheLongestTermThatEverHeld() public {
        _recordAttesters(1);
        rollTo(5);
        announceExit(0);
        IPostRegistry.RegistryParameters memory limits = registry.registryParameters();
        limits.maxTermEpochs = 2000;
        asAdmin(address(registry), abi.encodeCall(registry.setRegistryParameters, (limits)));
        limits.maxTermEpochs = 10;
        asAdmin(address(registry), abi.encodeCall(registry.setRegistryParameters, (limits)));
        rollTo(20);
        withdraw(0);
        uint256 lastTaken = 5 + 1 + LEVELS + 2000;
        rollTo(lastTaken);
        _expectNoPlace();
        rollTo(lastTaken + 1);
        _joinAnew(256);
    }

    /// Whoever takes a place starts with none of the misses, the stake and the exit of its last operator, also in the
    /// block of the withdrawal.
    function test_join_startsAnew() public {
        rollTo(1);
        slash(0, 1, 2);
        rollTo(2);
        slash(0, 2, 2);
        announceExit(0);
        rollTo(8);
        withdraw(0);
        _joinAnew(256);
        (, uint64 misses) = stake.missesOf(op(0));
        vm.assertEq(misses, 0);
        vm.assertEq(stake.stakeOf(op(0)), MIN_STAKE);
        vm.assertEq(stake.stakeAt(op(0), atEpoch(9)), MIN_STAKE);
        vm.assertEq(stake.totalStakeAt(atEpoch(8)), 255 ether);
        vm.assertEq(stake.totalStakeAt(atEpoch(9)), 256 ether);
        vm.assertEq(stake.vacantAt(atEpoch(9)), 0);
        // Nor does the last one have a part in what comes.
        vm.prank(ownerOf(0));
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, op(0), ownerOf(0)));
        stake.withdraw(op(0));
        rollTo(9);
        vm.assertEq(slash(0, 9, 0), MIN_STAKE / 20);
        vm.assertFalse(stake.exitOf(op(0)).isLeaving);
        _announceExit(0, ownerOf(256));
        vm.prank(ownerOf(256));
        vm.expectPartialRevert(IOperatorStake.StillUnbonding.selector);
        stake.withdraw(op(0));
        assertConserved();
    }

    /// Pitfall 20: by an old snapshot, the stake of whoever had the place before is nobody's vote.
    function _assertVotesForItselfOnly(uint256 operator, uint256 current) private view {
        OperatorIndex[] memory operators = new OperatorIndex[](1);
        operators[0] = op(operator);
        (IOperatorStake.Vote[] memory votes, uint256 total) = stake.votesAt(operators, atEpoch(5), atEpoch(current));
        vm.assertEq(votes[0].stake, 0);
        vm.assertEq(total, 256 ether);
        (votes,) = stake.votesAt(operators, atEpoch(current), atEpoch(current));
        vm.assertEq(votes[0].stake, MIN_STAKE);
        vm.assertEq(votes[0].signer, ownerOf(300));
    }

    /// What the challenges' contract says when a post is attested.
    function _recordAttesters(uint256 attesters) private {
        vm.prank(address(clock));
        stake.recordAttesters(attesters);
    }

    function _joinAnew(uint256 i) private returns (OperatorIndex) {
        vm.deal(ownerOf(i), MIN_STAKE);
        vm.prank(ownerOf(i));
        return stake.join{value: MIN_STAKE}(ownerOf(i), "");
    }

    function _announceExit(uint256 operator, address owner) private {
        vm.prank(owner);
        stake.announceExit(op(operator));
    }

    function _withdraw(uint256 operator, address owner) private {
        vm.prank(owner);
        stake.withdraw(op(operator));
    }

    function _expectNoPlace() private {
        vm.deal(STRANGER, MIN_STAKE);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TooManyOperators.selector, 256));
        vm.prank(STRANGER);
        stake.join{value: MIN_STAKE}(STRANGER, "");
    }
}
