// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title A quorum of EIP-712 signatures by the operators' signers, weighed by their escrowed stake
/// @dev Has no storage and no owner; another rule is another contract. The domain names the attestation relay, not this
/// contract, so that operators sign the same whatever stands behind it.
contract Eip712Quorum is IQuorum {
    bytes32 public constant ATTESTATION_TYPEHASH =
        keccak256("Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64 deadline)");

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    address public immutable attestationRelay;
    IOperatorStake public immutable operatorStake;
    ISeedBeacon public immutable beacon;
    /// Epochs by which `stakeEpoch` may lie back.
    uint64 public immutable maxStakeAge;

    constructor(address attestationRelay_, IOperatorStake operatorStake_, ISeedBeacon beacon_, uint64 maxStakeAge_) {
        attestationRelay = attestationRelay_;
        operatorStake = operatorStake_;
        beacon = beacon_;
        maxStakeAge = maxStakeAge_;
    }

    /// @inheritdoc IQuorum
    function verify(
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external view returns (uint256 attesters, uint256 signedStake, uint256 totalStake) {
        Epoch currentEpoch = _requireFresh(stakeEpoch);
        // Fits: the stake's epoch is not after the current one.
        Epoch snapshot = Epoch.wrap(uint32(stakeEpoch));
        (attesters, signedStake) = _stakeOfOperators(operatorIndexes, snapshot, currentEpoch);
        totalStake = operatorStake.totalStakeAt(snapshot);
        _requireSigned(digestOf(postId, root, stakeEpoch, deadline), operatorIndexes, signatures);
    }

    /// @notice What an operator signs to attest a post.
    function digestOf(PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline) public view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPEHASH, postId, root, stakeEpoch, deadline));
        return MessageHashUtils.toTypedDataHash(_domainSeparator(), structHash);
    }

    /// @dev Computed each time, so that a fork of the chain has a domain of its own.
    function _domainSeparator() private view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN_TYPEHASH, keccak256("EmeraldCustody"), keccak256("1"), block.chainid, attestationRelay)
        );
    }

    function _requireFresh(uint64 stakeEpoch) private view returns (Epoch currentEpoch) {
        currentEpoch = beacon.epochAt(block.number);
        uint64 current = Epoch.unwrap(currentEpoch);
        uint64 oldest = current > maxStakeAge ? current - maxStakeAge : 0;
        if (stakeEpoch > current || stakeEpoch < oldest) revert StaleStakeEpoch(stakeEpoch, oldest, current);
    }

    /// @dev Each operator must have stake at the snapshot as well as now.
    function _stakeOfOperators(OperatorIndex[] calldata operators, Epoch snapshot, Epoch currentEpoch)
        private
        view
        returns (uint256 attesters, uint256 signedStake)
    {
        for (uint256 i = 0; i < operators.length; ++i) {
            OperatorIndex operator = operators[i];
            if (i > 0 && OperatorIndex.unwrap(operator) <= OperatorIndex.unwrap(operators[i - 1])) {
                revert OperatorsNotIncreasing(operators[i - 1], operator);
            }
            uint256 stake = _requireStake(operator, snapshot);
            _requireStake(operator, currentEpoch);
            // Below 256, or it would have no stake.
            attesters |= 1 << OperatorIndex.unwrap(operator);
            signedStake += stake;
        }
    }

    function _requireStake(OperatorIndex operator, Epoch epoch) private view returns (uint256 stake) {
        stake = operatorStake.stakeAt(operator, epoch);
        if (stake == 0) revert OperatorNotActive(operator, Epoch.unwrap(epoch));
    }

    function _requireSigned(bytes32 digest, OperatorIndex[] calldata operators, bytes[] calldata signatures)
        private
        view
    {
        if (operators.length != signatures.length) revert LengthMismatch(operators.length, signatures.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            address recovered = ECDSA.recoverCalldata(digest, signatures[i]);
            address expected = operatorStake.signerOf(operators[i]);
            if (recovered != expected) revert WrongSigner(operators[i], recovered, expected);
        }
    }
}
