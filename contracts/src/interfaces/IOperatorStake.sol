// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Escrow of the operators' stake in the chain's native token
/// @notice A change of stake in epoch n counts from epoch n + 1 on; before epoch 0, from epoch 0 on.
/// Sum of deposits = sum of stakes + sum slashed, always.
interface IOperatorStake {
    /// @notice What governance sets; a change holds from the next epoch that starts.
    /// @param minStake Least deposit to join, in wei.
    /// @param penaltyBps Part of the stake at the start of the epoch that a miss costs, in 1/10,000, for each level.
    /// @param maxSlashBpsPerEpoch Most that all misses of an epoch can cost, in 1/10,000.
    /// @param reporterBps Part of a slashed amount that its reporter gets, in 1/10,000, at most 1,000.
    /// @param treasury Who gets the rest.
    struct StakeParameters {
        uint256 minStake;
        uint16[3] penaltyBps;
        uint16 maxSlashBpsPerEpoch;
        uint16 reporterBps;
        address treasury;
    }

    /// @notice A new operator joined; its stake counts from `activeFromEpoch` on.
    event OperatorJoined(
        OperatorIndex indexed operator, address indexed owner, address signer, uint256 stake, Epoch activeFromEpoch
    );
    /// @notice An operator's stake grew to `stake`, which counts from `activeFromEpoch` on.
    event StakeDeposited(OperatorIndex indexed operator, uint256 amountWei, uint256 stake, Epoch activeFromEpoch);
    /// @notice A miss cost an operator `amountWei`, of which the reporter was credited `reporterWei`.
    event OperatorSlashed(
        OperatorIndex indexed operator,
        Epoch indexed epoch,
        PostId postId,
        uint256 amountWei,
        uint256 reporterWei,
        address reporter
    );
    /// @notice For slashers elsewhere: the operator missed the challenge of `postId` in `epoch`, at `level`. Emitted
    /// for every miss, also when nothing was left to take here.
    event SlashingSignal(
        OperatorIndex indexed operator, Epoch indexed epoch, PostId indexed postId, uint8 level, uint256 amountWei
    );
    /// @notice Somebody withdrew what they had been credited.
    event CreditWithdrawn(address indexed account, uint256 amountWei);
    /// @notice Governance changed the parameters; they hold from `fromEpoch` on.
    event StakeParametersChanged(Epoch indexed fromEpoch, StakeParameters parameters);

    /// @notice The deposit is below the least stake.
    error StakeTooSmall(uint256 amountWei, uint256 minStake);
    /// @notice All 256 places are taken.
    error TooManyOperators(uint256 maxOperators);
    /// @notice The signer is the zero address or belongs to another operator.
    error SignerNotFree(address signer);
    /// @notice No operator has this index.
    error UnknownOperator(OperatorIndex operator);
    /// @notice Only the operator's owner may do this.
    error NotOwner(OperatorIndex operator, address caller);
    /// @notice Only the challenges' contract may do this.
    error NotCustodyChallenges(address caller);
    /// @notice There is nothing to withdraw.
    error NoCredit(address account);
    /// @notice The native token could not be sent to `account`.
    error TransferFailed(address account, uint256 amountWei);
    /// @notice A share is above 10,000, the reporter's above 1,000, the least stake is 0, or there is no treasury.
    error InvalidStakeParameters(StakeParameters parameters);

    /// @notice Joins as an operator with the sent value as stake; the caller becomes the owner. Indexes start at 0.
    /// @param signer Address whose key signs the operator's attestations; each signer serves one operator.
    /// @return operator Index of the new operator.
    function join(address signer) external payable returns (OperatorIndex operator);

    /// @notice Adds the sent value to the stake of an operator that the caller owns.
    function deposit(OperatorIndex operator) external payable;

    /// @notice Takes the penalty of a miss from an operator's stake; only for the challenges' contract.
    /// @dev amount = min(stake at the start of `epoch` * penalty of `level`, what the epoch's cap leaves, stake left),
    /// rounded down.
    /// @param operator Who missed.
    /// @param epoch Epoch of the challenge.
    /// @param postId Post of the challenge.
    /// @param level Level of the challenge.
    /// @param reporter Who reported the miss.
    /// @return amountWei What was taken.
    function slash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, address reporter)
        external
        returns (uint256 amountWei);

    /// @notice Sends the caller what it has been credited.
    function withdrawCredit() external;

    /// @notice Changes the parameters from the next epoch that starts.
    function setStakeParameters(StakeParameters calldata parameters) external;

    /// @notice Stake that counts at `epoch`, in wei; 0 for unknown operators.
    function stakeAt(OperatorIndex operator, Epoch epoch) external view returns (uint256);

    /// @notice Stake of all operators that counts at `epoch`, in wei.
    function totalStakeAt(Epoch epoch) external view returns (uint256);

    /// @notice Stake held now, in wei, with changes that count only from the next epoch on.
    function stakeOf(OperatorIndex operator) external view returns (uint256);

    /// @notice Whose key signs for the operator; the zero address for unknown operators.
    function signerOf(OperatorIndex operator) external view returns (address);

    /// @notice Who owns the operator; the zero address for unknown operators.
    function ownerOf(OperatorIndex operator) external view returns (address);

    /// @notice Number of operators that ever joined.
    function operatorCount() external view returns (uint256);

    /// @notice What `account` can withdraw, in wei.
    function creditOf(address account) external view returns (uint256);

    /// @notice Sum of all deposits, in wei.
    function totalDeposited() external view returns (uint256);

    /// @notice Sum of all that was slashed, in wei.
    function totalSlashed() external view returns (uint256);

    /// @notice The parameters that hold in `epoch`; for epochs before the last change but one, those of that change.
    function stakeParametersAt(Epoch epoch) external view returns (StakeParameters memory);
}
