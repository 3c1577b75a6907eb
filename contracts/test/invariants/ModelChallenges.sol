// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ModelPosts} from "./ModelPosts.sol";

/// Who has to prove what, drawn forwards: the contract asks for one operator which stratum it stands for, the model
/// asks each stratum for its operator.
abstract contract ModelChallenges is ModelPosts {
    function saltOf(ModelPosts.PostModel storage post) internal view returns (bytes32) {
        // A level is one byte.
        return keccak256(abi.encodePacked(seedOfEpoch[epochNow], post.id, uint8(post.level)));
    }

    /// Whether a post is challenged in this epoch.
    function isPicked(PostModel storage post) internal view returns (bool) {
        if (!isSeeded() || !isActivePost(post)) return false;
        if (post.level > 0) return true;
        return uint256(keccak256(abi.encodePacked(saltOf(post), "PICK"))) % custodyNow.period == 0;
    }

    /// The operators challenged for a post that is picked, by strata; vacant ones included.
    function challenged(PostModel storage post) internal view returns (uint256[] memory byStratum) {
        if (!isPicked(post)) return byStratum;
        uint256[] memory attesters = membersOf(post.attesters);
        bytes32 salt = saltOf(post);
        uint256 count = attesters.length;
        uint256 most = custodyNow.operatorsAtLevel[post.level];
        uint256 strata = count < most ? count : most;
        byStratum = new uint256[](strata);
        uint256 offset = uint256(keccak256(abi.encodePacked(salt, "OPR1")));
        for (uint256 j = 0; j < strata; ++j) {
            uint256 place = _placeIn(uint256(keccak256(abi.encodePacked(salt, "OPJ1", j))), count, strata, j);
            byStratum[j] = attesters[(offset % count + place) % count];
        }
    }

    /// @return isFound Whether the operator is challenged for the post.
    /// @return stratum Its place among those challenged, if so.
    function stratumOf(PostModel storage post, uint256 operator) internal view returns (bool isFound, uint256 stratum) {
        uint256[] memory byStratum = challenged(post);
        for (uint256 j = 0; j < byStratum.length; ++j) {
            if (byStratum[j] == operator) return (true, j);
        }
    }

    /// The blobs that an operator has to open.
    function blobsOf(PostModel storage post, uint256 operator) internal view returns (uint256[] memory indexes) {
        uint256 most = custodyNow.blobsAtLevel[post.level];
        uint256 count = post.blobCount;
        uint256 k = count < most ? count : most;
        bytes32 salt = saltOf(post);
        indexes = new uint256[](k);
        uint256 offset = uint256(keccak256(abi.encodePacked(salt, "IDR1", operator)));
        for (uint256 j = 0; j < k; ++j) {
            uint256 place = _placeIn(uint256(keccak256(abi.encodePacked(salt, "IDX1", operator, j))), count, k, j);
            indexes[j] = (offset % count + place) % count;
        }
    }

    /// Answers due of a post in this epoch, and those given: of operators that are not vacant.
    function tally(PostModel storage post) internal view returns (uint256 due, uint256 proven) {
        uint256[] memory byStratum = challenged(post);
        for (uint256 j = 0; j < byStratum.length; ++j) {
            if (isVacant(byStratum[j], epochNow)) continue;
            ++due;
            proven += (post.provenOperators >> byStratum[j]) & 1;
        }
    }

    /// Indexes of the bits that are set, ascending.
    function membersOf(uint256 bitmap) internal pure returns (uint256[] memory members) {
        members = new uint256[](256);
        uint256 count = 0;
        for (uint256 i = 0; bitmap >> i != 0; ++i) {
            if ((bitmap >> i) & 1 == 1) members[count++] = i;
        }
        // Shortens the list to what was found.
        assembly ("memory-safe") {
            mstore(members, count)
        }
    }

    function _placeIn(uint256 random, uint256 n, uint256 runs, uint256 j) private pure returns (uint256) {
        uint256 start = j * n / runs;
        uint256 end = (j + 1) * n / runs;
        return start + random % (end - start);
    }
}
