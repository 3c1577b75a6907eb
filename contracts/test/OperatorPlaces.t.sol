// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {StakeTest} from "./support/StakeTest.sol";

/// 256 places, and who may have one that was somebody else's.
contract OperatorPlacesTest is StakeTest {
    function setUp() public {
        deployStake();
    }

    /// Pitfall 34: attesters fit one word.
    function test_join_revertsWhenAll256PlacesAreTaken() public {
        joinOperators(256);
        vm.deal(address(this), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TooManyOperators.selector, 256));
        stake.join{value: MIN_STAKE}(address(this), "");
    }

    /// A place is given again once every post that its last operator attested has ended.
    function test_join_givesThePlaceOfWhoeverLeftAfterTheLongestTerm() public {
        joinOperators(256);
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
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.TooManyOperators.selector, 256));
        vm.prank(ownerOf(300));
        stake.join{value: MIN_STAKE}(ownerOf(300), "");

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
        joinOperators(256);
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
        vm.deal(address(this), 10 ether);
        vm.expectPartialRevert(IOperatorStake.TooManyOperators.selector);
        stake.join{value: MIN_STAKE}(address(this), "");
        rollTo(lastTaken + 1);
        stake.join{value: MIN_STAKE}(address(this), "");
    }

    /// Whoever takes a place starts with none of the misses, and none of the exit, of its last operator.
    function test_join_startsAnew() public {
        joinOperators(256);
        rollTo(1);
        slash(0, 1, 2);
        rollTo(2);
        slash(0, 2, 2);
        announceExit(0);
        rollTo(20);
        withdraw(0);
        vm.deal(address(this), 10 ether);
        rollTo(2000);
        stake.join{value: MIN_STAKE}(address(this), "");
        (, uint64 misses) = stake.missesOf(op(0));
        vm.assertEq(misses, 0);
        rollTo(2001);
        slash(0, 2001, 0);
        vm.assertFalse(stake.exitOf(op(0)).isLeaving);
        stake.announceExit(op(0));
        vm.expectPartialRevert(IOperatorStake.StillUnbonding.selector);
        stake.withdraw(op(0));
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
}
