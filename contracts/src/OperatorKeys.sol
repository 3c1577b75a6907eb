// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorKeys} from "./interfaces/IOperatorKeys.sol";
import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {BlsBn254} from "./libraries/BlsBn254.sol";
import {TypedMessages} from "./libraries/TypedMessages.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";

/// @title Which validator key of Symbiotic's relay speaks for which operator
/// @dev Nobody governs it: an operator's owner registers the key by proving that it has the secret. Without that proof
/// anybody could claim another's key, and whoever claims it would become an attester by another's signature.
abstract contract OperatorKeys is IOperatorKeys {
    struct Binding {
        address owner;
        OperatorIndex operator;
        /// Whether `_keys[operator]` is this key.
        bool isCurrent;
    }

    IOperatorStake public immutable operatorStake;

    mapping(bytes32 key => Binding binding) private _bindings;
    mapping(OperatorIndex operator => bytes32 key) private _keys;

    constructor(IOperatorStake operatorStake_) {
        operatorStake = operatorStake_;
    }

    /// @inheritdoc IOperatorKeys
    function registerKey(
        OperatorIndex operator,
        BlsBn254.G1Point calldata key,
        BlsBn254.G2Point calldata keyG2,
        BlsBn254.G1Point calldata signature
    ) external returns (bytes32 serialized) {
        if (operatorStake.ownerOf(operator) != msg.sender) {
            revert IOperatorStake.NotOwner(operator, msg.sender);
        }
        if (!BlsBn254.isNonzeroPoint(key)) revert InvalidKey(key);
        serialized = BlsBn254.serialize(key);
        Binding memory known = _bindings[serialized];
        if (known.owner != address(0) && known.owner != msg.sender) revert KeyTaken(serialized, known.owner);
        bytes32 digest = keccak256(keyMessageOf(operator, msg.sender, serialized));
        if (!BlsBn254.verify(key, keyG2, digest, signature)) revert NotPossessed(operator, serialized);
        _bind(operator, serialized, known);
    }

    /// @inheritdoc IOperatorKeys
    function keyOf(OperatorIndex operator) external view returns (bytes32) {
        return _keys[operator];
    }

    /// @inheritdoc IOperatorKeys
    function operatorOf(bytes32 key) public view returns (bool isKnown, OperatorIndex operator) {
        Binding memory binding = _bindings[key];
        if (!binding.isCurrent || operatorStake.ownerOf(binding.operator) != binding.owner) return (false, operator);
        return (true, binding.operator);
    }

    /// @inheritdoc IOperatorKeys
    function keyMessageOf(OperatorIndex operator, address owner, bytes32 key) public view returns (bytes memory) {
        return TypedMessages.operatorKey(address(this), operator, owner, key);
    }

    /// @dev Leaves the operator with this key alone, and the key with this operator alone.
    function _bind(OperatorIndex operator, bytes32 key, Binding memory known) private {
        if (known.isCurrent) delete _keys[known.operator];
        bytes32 replaced = _keys[operator];
        _bindings[replaced].isCurrent = false;
        _bindings[key] = Binding({owner: msg.sender, operator: operator, isCurrent: true});
        _keys[operator] = key;
        emit OperatorKeyRegistered(operator, key, msg.sender, replaced);
    }
}
