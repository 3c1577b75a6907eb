// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Under which keys a Settlement keeps what the "Simple" verifier needs to know of a validator set.
library ExtraData {
    function setHashKey(uint8 keyTag) internal pure returns (bytes32) {
        return _key(keyTag, keccak256("validatorSetHashKeccak256"));
    }

    function aggregateKey(uint8 keyTag) internal pure returns (bytes32) {
        return _key(keyTag, keccak256("aggPublicKeyG1"));
    }

    function _key(uint8 keyTag, bytes32 name) private pure returns (bytes32) {
        uint32 simple = 1;
        bytes32 prefix = keccak256("symbiotic.Settlement.extraData.");
        return keccak256(abi.encode(prefix, simple, keccak256("keyTag."), keyTag, name));
    }
}
