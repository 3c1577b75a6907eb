// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Decides who attested a post, and with how much stake
/// @notice Verifying says who signed; whether that is enough is for the caller to decide.
interface IQuorum {
    /// @notice `operatorIndexes` and `signatures` have different lengths.
    error LengthMismatch(uint256 operatorIndexes, uint256 signatures);
    /// @notice Indexes must strictly increase, so that nobody counts twice.
    error OperatorsNotIncreasing(OperatorIndex previous, OperatorIndex next);
    /// @notice The operator does not exist, or in `epoch` it has no stake or is on its way out.
    error OperatorNotActive(OperatorIndex operator, uint64 epoch);
    /// @notice The signature is not the one of the operator's signer.
    error WrongSigner(OperatorIndex operator, address recovered, address expected);
    /// @notice `stakeEpoch` lies in the future or is older than allowed.
    error StaleStakeEpoch(uint64 stakeEpoch, uint64 oldestAllowed, uint64 currentEpoch);

    /// @notice Verifies the attestations of a post; reverts when any of them is not valid.
    /// @param postId The post.
    /// @param root Merkle root of the post's commitments, as registered.
    /// @param stakeEpoch Epoch at whose start stakes are counted.
    /// @param deadline Unix seconds that the operators signed for; the caller checks that it has not passed.
    /// @param operatorIndexes Operators that signed, strictly increasing.
    /// @param signatures One signature per operator, in the same order.
    /// @return attesters Bitmap of the operators that signed.
    /// @return signedStake Their stake at `stakeEpoch`, in wei.
    /// @return totalStake Stake of all operators at `stakeEpoch`, in wei.
    function verify(
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata operatorIndexes,
        bytes[] calldata signatures
    ) external view returns (uint256 attesters, uint256 signedStake, uint256 totalStake);
}
