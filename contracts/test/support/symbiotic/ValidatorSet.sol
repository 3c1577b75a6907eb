// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bn254} from "./Bn254.sol";
import {Bn254G2} from "./Bn254G2.sol";
import {ExtraData} from "./ExtraData.sol";
import {LocalSettlement} from "./LocalSettlement.sol";

/// The validators' and the relay's side: lists a set, computes what is committed of it, signs and aggregates.
library ValidatorSet {
    /// `number` is the place before sorting: bit `number` of a signers' bitmap.
    struct Validator {
        bytes32 key;
        uint256 power;
        uint256 secret;
        uint256 number;
    }

    /// Sorted by key, as the relay lists them. A secret of 0 makes the identity.
    function make(uint256[] memory secrets, uint256[] memory powers) internal view returns (Validator[] memory set) {
        set = new Validator[](secrets.length);
        for (uint256 i = 0; i < secrets.length; ++i) {
            bytes32 key = Bn254.compress(Bn254.times(Bn254.generator(), secrets[i]));
            Validator memory added = Validator(key, powers[i], secrets[i], i);
            uint256 place = i;
            for (; place > 0 && set[place - 1].key > key; --place) {
                set[place] = set[place - 1];
            }
            set[place] = added;
        }
    }

    function totalPower(Validator[] memory set) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < set.length; ++i) {
            total += set[i].power;
        }
    }

    /// Count, then key and power of each.
    function list(Validator[] memory set) internal pure returns (bytes memory listed) {
        listed = abi.encode(set.length);
        for (uint256 i = 0; i < set.length; ++i) {
            listed = bytes.concat(listed, abi.encode(set[i].key, set[i].power));
        }
    }

    /// What is committed beside the header.
    function extraData(Validator[] memory set, uint8 keyTag)
        internal
        view
        returns (LocalSettlement.Extra[] memory extra)
    {
        extra = new LocalSettlement.Extra[](2);
        extra[0] = LocalSettlement.Extra(ExtraData.setHashKey(keyTag), keccak256(list(set)));
        Bn254.G1 memory all = Bn254.times(Bn254.generator(), _sumOfSecrets(set, type(uint256).max));
        extra[1] = LocalSettlement.Extra(ExtraData.aggregateKey(keyTag), Bn254.compress(all));
    }

    /// Proof that the validators in the bitmap `signers` signed `digest`.
    function prove(Validator[] memory set, uint256 signers, bytes32 digest) internal view returns (bytes memory) {
        return proveWith(list(set), _sumOfSecrets(set, signers), digest, nonSigners(set, signers));
    }

    /// Any list and any non-signers under a signature by `secret`: a sum of secrets signs as the aggregate.
    function proveWith(bytes memory listed, uint256 secret, bytes32 digest, bytes memory absent)
        internal
        view
        returns (bytes memory)
    {
        Bn254.G1 memory signature = Bn254.times(Bn254.hashToG1(digest), secret);
        return bytes.concat(abi.encode(signature), abi.encode(Bn254G2.multiply(secret)), listed, absent);
    }

    /// Places of those not in the bitmap, two bytes each.
    function nonSigners(Validator[] memory set, uint256 signers) internal pure returns (bytes memory absent) {
        for (uint256 i = 0; i < set.length; ++i) {
            bool isAbsent = signers >> set[i].number & 1 == 0;
            if (isAbsent) absent = abi.encodePacked(absent, uint16(i));
        }
    }

    function _sumOfSecrets(Validator[] memory set, uint256 signers) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < set.length; ++i) {
            if (signers >> set[i].number & 1 == 1) sum = addmod(sum, set[i].secret, Bn254.R);
        }
    }
}
