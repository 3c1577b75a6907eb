// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title Two of three owners act as one, on local chains
/// @notice Other chains have Safes; this one takes their place where there is none. Its owners stay as they are.
contract LocalMultisig is MultiSignerERC7913, EIP712, Nonces {
    bytes32 public constant EXECUTE_TYPEHASH =
        keccak256("Execute(address target,uint256 value,bytes data,uint256 nonce)");

    uint64 private constant THRESHOLD = 2;
    uint256 private constant ANVIL = 31_337;
    uint256 private constant GANACHE = 1337;

    /// @notice Two owners agreed on a call, and it was made.
    event Executed(uint256 indexed turn, address indexed target, uint256 value, bytes data);

    /// @notice Only chains with the ids 31337 and 1337 are local.
    error NotALocalChain(uint256 chainId);
    /// @notice The signatures are not those of two different owners over `digest`.
    error InvalidSignatures(bytes32 digest);

    constructor(address[3] memory owners)
        MultiSignerERC7913(_signersOf(owners), THRESHOLD)
        EIP712("EmeraldMultisig", "1")
    {
        if (block.chainid != ANVIL && block.chainid != GANACHE) {
            revert NotALocalChain(block.chainid);
        }
    }

    /// @notice The treasury of a local chain, say, may send value here.
    receive() external payable {}

    /// @notice Calls `target` when two owners signed for it; a revert of the call comes back as it is.
    /// @param signatures `abi.encode(bytes[] owners, bytes[] signatures)` over `digestOf` with the `nonce` of now, 20
    /// and 65 bytes each.
    /// @return result What the call returned.
    function execute(address target, uint256 value, bytes calldata data, bytes calldata signatures)
        external
        returns (bytes memory result)
    {
        uint256 turn = _useNonce(address(this));
        bytes32 digest = digestOf(target, value, data, turn);
        if (!_rawSignatureValidation(digest, signatures)) revert InvalidSignatures(digest);
        emit Executed(turn, target, value, data);
        return Address.functionCallWithValue(target, data, value);
    }

    /// @notice What owners sign: EIP-712 typed data in the domain {name: "EmeraldMultisig", version: "1", chainId,
    /// verifyingContract: this contract}.
    function digestOf(address target, uint256 value, bytes calldata data, uint256 turn) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(EXECUTE_TYPEHASH, target, value, keccak256(data), turn)));
    }

    /// @notice Number of calls made so far.
    function nonce() external view returns (uint256) {
        return nonces(address(this));
    }

    function _signersOf(address[3] memory owners) private pure returns (bytes[] memory signers) {
        signers = new bytes[](owners.length);
        for (uint256 i = 0; i < owners.length; ++i) {
            signers[i] = abi.encodePacked(owners[i]);
        }
    }
}
