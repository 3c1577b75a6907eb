// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {ModelChallenges} from "./ModelChallenges.sol";

/// Looks at the contracts after each action, and at what they were before it: some things only ever move one way. Knows
/// nothing of the model but which posts and operators there are.
abstract contract Observations is ModelChallenges {
    mapping(uint256 post => ICustodyChallenges.Post) private _postBefore;
    mapping(uint256 post => IPostRegistry.PostState) private _stateBefore;
    mapping(uint256 operator => uint256) private _stakeBefore;
    mapping(uint256 epoch => mapping(uint256 operator => uint256)) private _slashedIn;
    mapping(uint256 epoch => ICustodyChallenges.EpochRecord) private _firstRecord;
    uint256 private _recordedEpoch;

    uint256 internal actionCount;

    modifier observed() {
        _;
        observe();
        ++actionCount;
    }

    function observe() internal {
        for (uint256 p = 0; p < posts.length; ++p) {
            _observePost(p);
        }
        for (uint256 i = 0; i < operators.length; ++i) {
            _observeStake(i);
        }
        _observeEpoch();
    }

    // ------------------------------------------------------------ posts

    function _observePost(uint256 p) private {
        IPostRegistry.PostState state = registry.stateOf(posts[p].id);
        vm.assertTrue(_isStep(_stateBefore[p], state), "a post moves along its states only");
        _stateBefore[p] = state;

        ICustodyChallenges.Post memory current = custody.postOf(posts[p].id);
        ICustodyChallenges.Post memory before = _postBefore[p];
        vm.assertEq(current.proven & current.missed, 0, "nobody is proven and missed");
        vm.assertTrue(current.level <= LAST_LEVEL && current.nextLevel <= LAST_LEVEL, "levels end with the last");
        if (before.root != 0) _requireLasting(before, current);
        if (before.root != 0) _requireForward(before, current);
        _postBefore[p] = current;
    }

    function _isStep(IPostRegistry.PostState from, IPostRegistry.PostState to) private pure returns (bool) {
        if (from == to) return true;
        if (from == IPostRegistry.PostState.Unknown) return to == IPostRegistry.PostState.Registered;
        if (from == IPostRegistry.PostState.Registered) return to != IPostRegistry.PostState.Unknown;
        bool isReopenedOrDropped = to == IPostRegistry.PostState.Registered || to == IPostRegistry.PostState.Dropped;
        return from == IPostRegistry.PostState.Lapsed && isReopenedOrDropped;
    }

    function _requireLasting(ICustodyChallenges.Post memory before, ICustodyChallenges.Post memory current)
        private
        pure
    {
        vm.assertEq(current.root, before.root, "the root stays");
        vm.assertEq(current.attesters, before.attesters, "the attesters stay");
        vm.assertEq(current.blobCount, before.blobCount, "the number of blobs stays");
        vm.assertEq(_number(current.attestedEpoch), _number(before.attestedEpoch), "the attested epoch stays");
        vm.assertLe(_number(current.endEpoch), _number(before.endEpoch), "a term never grows");
        vm.assertLe(_number(before.touchedEpoch), _number(current.touchedEpoch), "a post never goes back an epoch");
    }

    function _requireForward(ICustodyChallenges.Post memory before, ICustodyChallenges.Post memory current)
        private
        pure
    {
        bool isSameEpoch = _number(before.touchedEpoch) == _number(current.touchedEpoch);
        bool wasSettled = isSameEpoch && before.isSettled;
        if (isSameEpoch) {
            vm.assertEq(current.level, before.level, "the level holds for its epoch");
            vm.assertEq(before.proven & ~current.proven, 0, "who has proven stays so");
            vm.assertEq(before.missed & ~current.missed, 0, "who was reported stays so");
        } else {
            vm.assertEq(current.level, before.nextLevel, "an epoch starts with the level that waited for it");
        }
        if (current.isSettled && !wasSettled) {
            bool isStep = current.nextLevel == current.level + 1;
            bool isLast = current.nextLevel == LAST_LEVEL && current.level == LAST_LEVEL;
            vm.assertTrue(current.nextLevel == 0 || isStep || isLast, "a level falls to 0 or rises by one");
        } else {
            vm.assertEq(current.nextLevel, before.nextLevel, "only settling moves the level");
            vm.assertTrue(current.isAtRisk == before.isAtRisk, "only settling decides about risk");
            vm.assertTrue(current.isSettled == wasSettled, "a settlement stays");
        }
    }

    // ------------------------------------------------------------ stakes

    /// What an operator lost in this action without withdrawing was slashed.
    function _observeStake(uint256 i) private {
        uint256 current = stake.stakeOf(op(i));
        uint256 before = _stakeBefore[i];
        _stakeBefore[i] = current;
        if (current >= before || stake.exitOf(op(i)).isWithdrawn) return;
        Epoch epoch = Epoch.wrap(uint32((blockNow - B0) / L));
        uint256 number = _number(epoch);
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        vm.assertTrue(record.seed != 0, "nobody is slashed without a seed");
        vm.assertEq(_number(record.epoch), number, "nobody is slashed for an epoch that is over");
        vm.assertTrue(blockNow > record.closesAtBlock, "nobody is slashed before the deadline");
        vm.assertTrue(blockNow <= record.reportsCloseAtBlock, "nobody is slashed after the report window");
        vm.assertFalse(custody.isPaused(), "nobody is slashed in a pause");
        vm.assertEq((stake.vacantAt(epoch) >> i) & 1, 0, "nobody is slashed who was gone");

        _slashedIn[number][i] += before - current;
        uint256 most = stake.stakeAt(op(i), epoch) * stake.stakeParametersAt(epoch).maxSlashBpsPerEpoch / BPS;
        vm.assertLe(_slashedIn[number][i], most, "an epoch costs at most its share");
    }

    // ------------------------------------------------------------ epochs

    function _observeEpoch() private {
        ICustodyChallenges.EpochRecord memory current = custody.epochRecord();
        if (current.seed == 0) return;
        uint256 number = _number(current.epoch);
        vm.assertLe(_recordedEpoch, number, "the record only moves forward");
        _recordedEpoch = number;

        ICustodyChallenges.EpochRecord memory first = _firstRecord[number];
        if (first.seed == 0) {
            first = current;
            // Without the pauses that have been: what everybody could count on when the epoch began.
            first.closesAtBlock = uint48(promisedDeadline());
            _firstRecord[number] = first;
        }
        vm.assertEq(current.seed, first.seed, "a seed never changes");
        vm.assertLe(first.closesAtBlock, current.closesAtBlock, "no deadline is shorter than promised");
        uint256 latest = first.closesAtBlock + uint256(custodyNow.maxPause);
        if (number == epochNow) {
            vm.assertLe(current.closesAtBlock, latest, "pauses move a deadline by at most maxPause");
        }
        vm.assertLe(current.closesAtBlock, current.reportsCloseAtBlock, "reports come after the deadline");
        vm.assertLe(current.reportsCloseAtBlock, lastBlock(number), "all is over before the next epoch");
    }

    function _number(Epoch epoch) private pure returns (uint256) {
        return Epoch.unwrap(epoch);
    }
}
