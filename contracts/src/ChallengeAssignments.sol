// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord} from "./types/EpochWord.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {ParametersWord} from "./types/ParametersWord.sol";
import {PostId} from "./types/PostId.sol";
import {PostWord} from "./types/PostWord.sol";

/// @title What the challenges' contract remembers, and who is challenged by it
abstract contract ChallengeAssignments is ICustodyChallenges, ProtocolContract {
    struct StoredPost {
        bytes32 root;
        /// Bit i: operator i attested. Never changes.
        uint256 attesters;
        PostWord word;
    }

    /// @custom:storage-location erc7201:emerald.storage.CustodyChallenges
    struct CustodyStorage {
        mapping(PostId => StoredPost) posts;
        /// Seed and word of the last epoch whose seed was finalised.
        bytes32 seed;
        EpochWord epochWord;
        /// Parameters of the epochs before `next.fromEpoch()`, and those from it on.
        ParametersWord current;
        ParametersWord next;
        ISeedBeacon beacon;
        IOperatorStake operatorStake;
        address attestationRelay;
    }

    /// @dev A challenge that an operator has to answer in the recorded epoch.
    struct Assignment {
        PostId postId;
        Epoch epoch;
        OperatorIndex operator;
        bytes32 salt;
        uint256 stratum;
        uint256 k;
        uint256 precompileGasCap;
        /// Root of the post's commitments.
        bytes32 root;
        /// The post's word as it stands in this epoch.
        PostWord word;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.CustodyChallenges")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x1010244a3fa560d2aae7a68ab929bfc7de837b160b8af5fd27681a22d7de7a00;

    function _requireOpenChallenge(PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
        returns (Assignment memory)
    {
        EpochWord word = _storage().epochWord;
        if (!word.isOf(epoch)) revert EpochNotOpen(epoch, word.epoch());
        if (block.number > word.closesAt()) revert DeadlinePassed(epoch, word.closesAt(), block.number);
        return _requireChallenged(postId, epoch, operator);
    }

    function _requireReportWindow(EpochWord word, Epoch epoch) internal view {
        if (!word.isOf(epoch)) revert EpochNotOpen(epoch, word.epoch());
        uint256 opensAt = uint256(word.closesAt()) + 1;
        uint256 closesAt = uint256(word.closesAt()) + word.reportWindow();
        if (block.number < opensAt || block.number > closesAt) {
            revert OutsideReportWindow(epoch, block.number, opensAt, closesAt);
        }
    }

    function _requireChallenged(PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
        returns (Assignment memory)
    {
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        if (isChallenged) return assignment;
        StoredPost storage post = _storage().posts[postId];
        if (post.root == 0) revert UnknownPost(postId);
        PostWord word = post.word;
        if (!_isActive(word, epoch)) revert PostNotActive(postId, epoch, word.attestedEpoch(), word.endEpoch());
        revert NotChallenged(postId, epoch, operator);
    }

    /// @dev The one place that decides who is challenged; for epochs other than the recorded one, nobody.
    function _assignmentOf(PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
        returns (bool isChallenged, Assignment memory assignment)
    {
        CustodyStorage storage $ = _storage();
        EpochWord epochWord = $.epochWord;
        StoredPost storage post = $.posts[postId];
        PostWord word = post.word;
        if (!epochWord.isOf(epoch) || !_isActive(word, epoch)) return (false, assignment);

        word = word.touched(epoch);
        uint8 level = word.level();
        bytes32 salt = Sampling.saltOf($.seed, postId, level);
        if (level == 0 && !Sampling.isPicked(salt, epochWord.period())) return (false, assignment);
        uint256 index = OperatorIndex.unwrap(operator);
        (isChallenged, assignment.stratum) =
            Sampling.stratumOf(salt, post.attesters, index, epochWord.operatorsAt(level));
        assignment.postId = postId;
        assignment.epoch = epoch;
        assignment.operator = operator;
        assignment.salt = salt;
        assignment.k = Math.min(word.blobCount(), epochWord.blobsAt(level));
        assignment.precompileGasCap = epochWord.precompileGasCap();
        assignment.root = post.root;
        assignment.word = word;
    }

    function _parametersAt(Epoch epoch) internal view returns (ParametersWord) {
        CustodyStorage storage $ = _storage();
        ParametersWord next = $.next;
        return Epoch.unwrap(epoch) < Epoch.unwrap(next.fromEpoch()) ? $.current : next;
    }

    function _storage() internal pure returns (CustodyStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }

    function _isActive(PostWord word, Epoch epoch) private pure returns (bool) {
        uint32 number = Epoch.unwrap(epoch);
        return number > Epoch.unwrap(word.attestedEpoch()) && number < Epoch.unwrap(word.endEpoch());
    }
}
