// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Decides who attested a post, and with how much stake
/// @notice Verifying says who signed, and how much stake they have; whether that is enough is for the caller to decide.
/// What is signed is always the EIP-712 attestation of `IAttestationRelay`. Two contracts verify it:
/// - `Eip712Quorum` takes a signature of each operator's signer, and weighs it by the stake in `IOperatorStake`;
/// - `SymbioticQuorum` takes one proof of the validators of a Symbiotic network, and weighs them by their voting power.
/// It also asks for what the network itself calls a quorum, see `ISymbioticQuorum`.
interface IQuorum {
    /// @notice Of `Eip712Quorum`: there must be one signature for each operator.
    /// @param operatorIndexes Number of operators.
    /// @param signatures Number of signatures.
    error LengthMismatch(uint256 operatorIndexes, uint256 signatures);
    /// @notice Of `Eip712Quorum`: indexes must strictly increase, so that nobody counts twice.
    /// @param previous An index of the list.
    /// @param next The one behind it, which is not larger.
    error OperatorsNotIncreasing(OperatorIndex previous, OperatorIndex next);
    /// @notice Of `Eip712Quorum`: the operator does not exist, or in `epoch` it has no stake or is on its way out.
    /// @param operator Index that was named.
    /// @param epoch Epoch of the custody protocol: that of the stake, if the operator was not active then, else the
    /// current one.
    error OperatorNotActive(OperatorIndex operator, uint64 epoch);
    /// @notice Of `Eip712Quorum`: the signature is not one of the operator's signer.
    /// @param operator Whose signature it should be.
    /// @param recovered Whose signature it is, if it is one of this attestation.
    /// @param expected The operator's signer.
    error WrongSigner(OperatorIndex operator, address recovered, address expected);
    /// @notice `stakeEpoch` lies in the future or is older than allowed. Epochs are those of the custody protocol, or
    /// with `SymbioticQuorum` those of the Settlement.
    /// @param stakeEpoch As given.
    /// @param oldestAllowed First epoch that is taken.
    /// @param currentEpoch Last epoch that is taken: the current one, or the last one that the Settlement has a
    /// validator set of.
    error StaleStakeEpoch(uint64 stakeEpoch, uint64 oldestAllowed, uint64 currentEpoch);

    /// @notice Verifies the attestations of a post; reverts when any of them is not valid.
    /// @param postId The post.
    /// @param root Merkle root of the post's commitments, as registered.
    /// @param stakeEpoch Epoch at whose start stakes are counted. `Eip712Quorum`: one of the custody protocol.
    /// `SymbioticQuorum`: one of the Settlement; voting powers are those at its capture.
    /// @param deadline Unix seconds that were signed; the caller checks that it is the right one and has not passed.
    /// @param operatorIndexes `Eip712Quorum`: operators that signed, strictly increasing. `SymbioticQuorum`: not read,
    /// since the proof says who signed.
    /// @param signatures `Eip712Quorum`: 65 bytes (r, s, v) for each operator, in the same order. `SymbioticQuorum`:
    /// one element, the proof that the network's relay made.
    /// @return attesters Bitmap of the operators whose signatures count: bit i stands for operator i.
    /// @return signedStake Their stake at `stakeEpoch`: wei, or voting power of their validators.
    /// @return totalStake Stake of all at `stakeEpoch`, in the same unit: of all active operators, or of the whole
    /// validator set, whether or not its validators are operators.
    function verify(
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external view returns (uint256 attesters, uint256 signedStake, uint256 totalStake);

    /// @notice The relay whose attestations it verifies: the contract that their EIP-712 domain names.
    /// @return Fixed at deployment.
    function attestationRelay() external view returns (address);
}
