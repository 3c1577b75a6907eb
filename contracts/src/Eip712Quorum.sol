// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {TypedData} from "./libraries/TypedData.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title A quorum of EIP-712 signatures by the operators' signers, weighed by their escrowed stake
/// @dev Has no storage and no owner; another rule is another contract. The domain names the attestation relay, not this
/// contract, so that operators sign the same whatever stands behind it.
contract Eip712Quorum is IQuorum {
    bytes32 public constant ATTESTATION_TYPEHASH =
        keccak256("Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64 deadline)");

    /// @inheritdoc IQuorum
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
        if (operatorIndexes.length != signatures.length) {
            revert LengthMismatch(operatorIndexes.length, signatures.length);
        }
        attesters = _bitmapOf(operatorIndexes);
        IOperatorStake.Vote[] memory votes;
        (votes, totalStake) = _votesOf(operatorIndexes, stakeEpoch);
        bytes32 digest = digestOf(postId, root, stakeEpoch, deadline);
        for (uint256 i = 0; i < votes.length; ++i) {
            _requireSigned(operatorIndexes[i], votes[i].signer, digest, signatures[i]);
            signedStake += votes[i].stake;
        }
    }

    /// @notice What an operator signs to attest a post.
    function digestOf(PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline) public view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(ATTESTATION_TYPEHASH, postId, root, stakeEpoch, deadline));
        return TypedData.digestOf("EmeraldCustody", attestationRelay, structHash);
    }

    /// @dev Each operator must be active at the snapshot as well as now.
    function _votesOf(OperatorIndex[] calldata operators, uint64 stakeEpoch)
        private
        view
        returns (IOperatorStake.Vote[] memory votes, uint256 totalStake)
    {
        Epoch current = _requireFresh(stakeEpoch);
        // Fits: the stake's epoch is not after the current one.
        // forge-lint: disable-next-line(unsafe-typecast)
        Epoch snapshot = Epoch.wrap(uint32(stakeEpoch));
        (votes, totalStake) = operatorStake.votesAt(operators, snapshot, current);
        for (uint256 i = 0; i < votes.length; ++i) {
            if (votes[i].stake > 0) continue;
            bool wasActive = operatorStake.isActiveAt(operators[i], snapshot);
            revert OperatorNotActive(operators[i], Epoch.unwrap(wasActive ? current : snapshot));
        }
    }

    function _requireFresh(uint64 stakeEpoch) private view returns (Epoch currentEpoch) {
        currentEpoch = beacon.epochAt(block.number);
        uint64 current = Epoch.unwrap(currentEpoch);
        uint64 oldest = current > maxStakeAge ? current - maxStakeAge : 0;
        if (stakeEpoch > current || stakeEpoch < oldest) revert StaleStakeEpoch(stakeEpoch, oldest, current);
    }

    function _bitmapOf(OperatorIndex[] calldata operators) private pure returns (uint256 attesters) {
        for (uint256 i = 0; i < operators.length; ++i) {
            OperatorIndex operator = operators[i];
            if (i > 0 && OperatorIndex.unwrap(operator) <= OperatorIndex.unwrap(operators[i - 1])) {
                revert OperatorsNotIncreasing(operators[i - 1], operator);
            }
            // Whoever stands at 256 or above has no stake, and is refused for that.
            attesters |= 1 << OperatorIndex.unwrap(operator);
        }
    }

    /// @dev A signature of nobody recovers to no address, and reverts.
    function _requireSigned(OperatorIndex operator, address signer, bytes32 digest, bytes calldata signature)
        private
        pure
    {
        address recovered = ECDSA.recoverCalldata(digest, signature);
        if (recovered != signer) revert WrongSigner(operator, recovered, signer);
    }
}
