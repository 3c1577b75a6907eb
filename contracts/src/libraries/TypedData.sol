// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @title What keys sign: EIP-712 typed data in the domains of this protocol, all of version "1"
library TypedData {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    /// @dev The domain is computed each time, so that a fork of the chain has a domain of its own.
    function digestOf(string memory domainName, address verifyingContract, bytes32 structHash)
        internal
        view
        returns (bytes32)
    {
        bytes32 separator = keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(domainName)), keccak256("1"), block.chainid, verifyingContract)
        );
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }
}
