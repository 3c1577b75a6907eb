// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {Sampling} from "./libraries/Sampling.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {Assignment} from "./types/Assignment.sol";
import {CustodyStorage, StoredPost} from "./types/CustodyStorage.sol";
import {Epoch} from "./types/Epoch.sol";
import {EpochWord} from "./types/EpochWord.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";
import {PostWord} from "./types/PostWord.sol";

/// @title Who is challenged, by what the contract remembers
abstract contract ChallengeAssignments is ICustodyChallenges, ProtocolContract {
    // keccak256(abi.encode(uint256(keccak256("emerald.storage.CustodyChallenges")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x1010244a3fa560d2aae7a68ab929bfc7de837b160b8af5fd27681a22d7de7a00;

    /// @dev Fills in the assignment; reverts unless it can be answered now.
    function _requireOpenChallenge(Assignment memory assignment, PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
    {
        if (_draw(assignment, _requireOpen(epoch), postId, epoch, operator)) return;
        _revertNotChallenged(postId, epoch, operator);
    }

    /// @dev The word of the epoch; reverts unless proofs of it are accepted now.
    function _requireOpen(Epoch epoch) internal view returns (EpochWord word) {
        word = _storage().epochWord;
        uint256 closesAt = word.closesAt();
        // The deadline is zero before the first epoch was opened.
        if (Epoch.unwrap(word.epoch()) == Epoch.unwrap(epoch) && block.number <= closesAt) return word;
        if (!word.isOf(epoch)) revert EpochNotOpen(epoch, word.epoch());
        revert DeadlinePassed(epoch, closesAt, block.number);
    }

    function _requireChallenged(PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
        returns (Assignment memory)
    {
        (bool isChallenged, Assignment memory assignment) = _assignmentOf(postId, epoch, operator);
        if (!isChallenged) _revertNotChallenged(postId, epoch, operator);
        return assignment;
    }

    /// @dev Tells why a post has no challenges in an epoch, if it can have none.
    function _requireActive(PostId postId, Epoch epoch) internal view {
        StoredPost storage post = _storage().posts[postId];
        if (post.root == 0) revert UnknownPost(postId);
        PostWord word = post.word;
        if (!_isActive(word, epoch)) revert PostNotActive(postId, epoch, word.attestedEpoch(), word.endEpoch());
    }

    /// @dev What an operator has to answer; for epochs other than the recorded one, nothing.
    function _assignmentOf(PostId postId, Epoch epoch, OperatorIndex operator)
        internal
        view
        returns (bool isChallenged, Assignment memory assignment)
    {
        EpochWord epochWord = _storage().epochWord;
        isChallenged = epochWord.isOf(epoch) && _draw(assignment, epochWord, postId, epoch, operator);
    }

    /// @dev The one place that decides who is challenged in the recorded epoch. Tells what an operator has to answer
    /// also when it is not challenged: what it would have to, if it were.
    /// @param assignment Is filled in. A struct that is returned would be made and cleared once more.
    function _draw(
        Assignment memory assignment,
        EpochWord epochWord,
        PostId postId,
        Epoch epoch,
        OperatorIndex operator
    ) internal view returns (bool isChallenged) {
        StoredPost storage post = _storage().posts[postId];
        (bool isPicked, PostWord word, bytes32 salt) = _pickOf(epochWord, postId, post.word, epoch);
        uint8 level = word.level();
        uint256 stratum;
        if (isPicked) {
            uint256 most = epochWord.operatorsAt(level);
            (isChallenged, stratum) = Sampling.stratumOf(salt, post.attesters, OperatorIndex.unwrap(operator), most);
        }
        assignment.postId = postId;
        assignment.operator = operator;
        assignment.salt = salt;
        assignment.stratum = stratum;
        uint256 blobs = epochWord.blobsAt(level);
        uint256 blobCount = word.blobCount();
        assignment.k = Math.min(blobCount, blobs);
        assignment.post = _slotOf(post);
        assignment.precompileGasCap = epochWord.precompileGasCap();
        assignment.root = post.root;
        assignment.word = word;
    }

    /// @dev The one place that decides whether a post is challenged in the recorded epoch, with its word as it stands
    /// in that epoch, and its salt.
    function _pickOf(EpochWord epochWord, PostId postId, PostWord stored, Epoch epoch)
        internal
        view
        returns (bool isPicked, PostWord word, bytes32 salt)
    {
        word = stored.touched(epoch);
        uint8 level = word.level();
        salt = Sampling.saltOf(_storage().seed, postId, level);
        isPicked = _isActive(stored, epoch) && (level > 0 || Sampling.isPicked(salt, epochWord.period()));
    }

    function _requireNotPaused() internal view {
        CustodyStorage storage $ = _storage();
        if ($.isPaused()) revert ProtocolPaused($.resumesAt - 1);
    }

    function _storage() internal pure returns (CustodyStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }

    /// @dev The post of an assignment.
    function _postOf(Assignment memory assignment) internal pure returns (StoredPost storage post) {
        uint256 slot = assignment.post;
        // Was the slot of this post before.
        assembly {
            post.slot := slot
        }
    }

    function _slotOf(StoredPost storage post) private pure returns (uint256 slot) {
        // To keep it in memory, where storage references cannot stand.
        assembly {
            slot := post.slot
        }
    }

    /// @dev Reverts with the reason why nothing is due.
    function _revertNotChallenged(PostId postId, Epoch epoch, OperatorIndex operator) private view {
        _requireActive(postId, epoch);
        revert NotChallenged(postId, epoch, operator);
    }

    function _isActive(PostWord word, Epoch epoch) private pure returns (bool) {
        uint32 number = Epoch.unwrap(epoch);
        return number > Epoch.unwrap(word.attestedEpoch()) && number < Epoch.unwrap(word.endEpoch());
    }
}
