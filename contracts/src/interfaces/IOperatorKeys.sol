// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlsBn254} from "../libraries/BlsBn254.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";

/// @title Which validator key of Symbiotic's relay speaks for which operator
/// @notice An operator has at most one key, and a key belongs for good to the account that registered it first. That
/// account may move it among the operators that it owns. A key counts only while its account owns the operator, so
/// that a place in the stake book which is given to somebody else does not come with the old key.
interface IOperatorKeys {
    /// @notice A key speaks for an operator from now on.
    /// @param operator The operator.
    /// @param key The key in 32 bytes, as validator sets list it.
    /// @param owner The operator's owner, whom the key belongs to for good.
    /// @param replaced Key that spoke for the operator before; 0 for none.
    event OperatorKeyRegistered(
        OperatorIndex indexed operator, bytes32 indexed key, address indexed owner, bytes32 replaced
    );

    /// @notice The key belongs to another account.
    /// @param key The key in 32 bytes.
    /// @param owner Who registered it first.
    error KeyTaken(bytes32 key, address owner);
    /// @notice The key is the identity or no point of the curve.
    /// @param key The key in G1, as given.
    error InvalidKey(BlsBn254.G1Point key);
    /// @notice The signature does not show that whoever registers the key knows its secret, or the two halves of the
    /// key have different secrets.
    /// @param operator Whom the key should speak for.
    /// @param key The key in 32 bytes.
    error NotPossessed(OperatorIndex operator, bytes32 key);

    /// @notice Makes a validator key speak for an operator; only for the operator's owner.
    /// @param operator The operator.
    /// @param key The key in G1, not the identity.
    /// @param keyG2 The same key in G2, imaginary parts first.
    /// @param signature Signature by the key of what `keyMessageOf` returns, in G1.
    /// @return serialized The key in 32 bytes, as validator sets list it.
    function registerKey(
        OperatorIndex operator,
        BlsBn254.G1Point calldata key,
        BlsBn254.G2Point calldata keyG2,
        BlsBn254.G1Point calldata signature
    ) external returns (bytes32 serialized);

    /// @notice What a key signs to be registered, before hashing: EIP-712 typed data in the domain {name:
    /// "EmeraldCustody", version: "1", chainId, verifyingContract: this contract}, type `OperatorKey(uint16
    /// operator,address owner,bytes32 key)`.
    /// @param operator Whom the key shall speak for.
    /// @param owner The operator's owner.
    /// @param key The key in 32 bytes.
    /// @return 66 bytes, whose Keccak hash is the digest.
    function keyMessageOf(OperatorIndex operator, address owner, bytes32 key) external view returns (bytes memory);

    /// @notice The key that speaks for the operator; 0 for none.
    /// @param operator The operator.
    /// @return 32 bytes, as validator sets list it.
    function keyOf(OperatorIndex operator) external view returns (bytes32);

    /// @notice The operator that a key speaks for, whether or not that operator may attest now.
    /// @param key The key in 32 bytes.
    /// @return isKnown Whether the key speaks for an operator that its account still owns.
    /// @return operator That operator; 0 when there is none.
    function operatorOf(bytes32 key) external view returns (bool isKnown, OperatorIndex operator);
}
