// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title What operators sign, before hashing
/// @dev EIP-712: 0x1901, domain separator, hash of the struct; 66 bytes whose Keccak hash is the digest. Signers that
/// hash by themselves, such as Symbiotic's relay, get these bytes.
library TypedMessages {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant ATTESTATION_TYPEHASH =
        keccak256("Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64 deadline)");
    bytes32 private constant OPERATOR_KEY_TYPEHASH =
        keccak256("OperatorKey(uint16 operator,address owner,bytes32 key)");

    /// @dev The attestation of a post, in the domain of the attestation relay.
    function attestation(address attestationRelay, PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline)
        internal
        view
        returns (bytes memory)
    {
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPEHASH, postId, root, stakeEpoch, deadline));
        return _message(attestationRelay, structHash);
    }

    /// @dev The registration of a validator key, in the domain of the registry.
    function operatorKey(address registry, OperatorIndex operator, address owner, bytes32 key)
        internal
        view
        returns (bytes memory)
    {
        return _message(registry, keccak256(abi.encode(OPERATOR_KEY_TYPEHASH, operator, owner, key)));
    }

    /// @dev The domain is computed each time, so that a fork of the chain has one of its own.
    function _message(address verifyingContract, bytes32 structHash) private view returns (bytes memory) {
        bytes32 domainSeparator = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("EmeraldCustody"), keccak256("1"), block.chainid, verifyingContract)
        );
        return abi.encodePacked(hex"1901", domainSeparator, structHash);
    }
}
