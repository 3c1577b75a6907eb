// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISlashingListener} from "./ISlashingListener.sol";
import {Epoch} from "../types/Epoch.sol";
import {OperatorIndex} from "../types/OperatorIndex.sol";
import {PostId} from "../types/PostId.sol";

/// @title Escrow of the operators' stake in the chain's native token
/// @notice A change of stake in epoch n counts from epoch n + 1 on; before epoch 0, from epoch 0 on. An exit announced,
/// or an ejection, in epoch n: the operator attests nothing more from n + 1 on, can be challenged up to and with n + 3,
/// and is vacant from n + 4 on; all of its stake can be slashed until it is withdrawn.
/// Sum of deposits = sum of stakes, those of leaving operators included, + sum withdrawn + sum slashed, always.
interface IOperatorStake {
    /// @notice What governance sets; a change holds from the next epoch that starts.
    /// @dev `4 * epochLength + slasherDelay <= unbonding - margin` always holds, so that nothing is withdrawn before
    /// the last challenge of its owner is over and a slasher elsewhere had its time.
    /// @param minStake Least deposit to join, in wei, at least 1.
    /// @param unbonding Blocks from the announcement of an exit until its stake can be withdrawn, not counting paused
    /// ones; at most 5,256,000 (two years of 12 seconds).
    /// @param margin Blocks of `unbonding` that are kept free, at least 1.
    /// @param slasherDelay Blocks that slashers elsewhere need from a signal to their own slashing.
    /// @param penaltyBps Part of the stake at the start of the epoch that a miss costs, in 1/10,000, for each level.
    /// @param maxSlashBpsPerEpoch Most that all misses of an epoch can cost, in 1/10,000.
    /// @param reporterBps Part of a slashed amount that its reporter gets, in 1/10,000, at most 1,000.
    /// @param ejectAfterMissedEpochs Epochs with a miss that eject an operator, 1 to `ejectWithinEpochs`.
    /// @param ejectWithinEpochs Number of epochs, up to and with that of the last miss, in which they are counted; 1
    /// to 64.
    /// @param treasury Who gets what is slashed and does not go to the reporter.
    struct StakeParameters {
        uint96 minStake;
        uint32 unbonding;
        uint32 margin;
        uint32 slasherDelay;
        uint16[3] penaltyBps;
        uint16 maxSlashBpsPerEpoch;
        uint16 reporterBps;
        uint8 ejectAfterMissedEpochs;
        uint8 ejectWithinEpochs;
        address treasury;
    }

    /// @notice What a quorum asks about an operator.
    /// @param signer Whose key signs for the operator.
    /// @param stake Its stake at the snapshot, in wei; 0 unless it is active both at the snapshot and now.
    struct Vote {
        address signer;
        uint256 stake;
    }

    /// @notice How far an operator is on its way out.
    /// @param isLeaving Whether it announced its exit or was ejected; if not, the rest is zero.
    /// @param isWithdrawn Whether its stake was withdrawn.
    /// @param inactiveFromEpoch First epoch in which it attests nothing.
    /// @param vacantFromEpoch First epoch in which it is not challenged.
    /// @param withdrawableFrom Value of `IPause.unpausedBlocks()` from which on its stake can be withdrawn.
    struct Exit {
        bool isLeaving;
        bool isWithdrawn;
        Epoch inactiveFromEpoch;
        Epoch vacantFromEpoch;
        uint48 withdrawableFrom;
    }

    /// @notice A new operator joined.
    /// @param operator Its index; it may have been that of an operator that left.
    /// @param owner Who owns the operator.
    /// @param signer Address whose key signs the operator's attestations.
    /// @param stake The deposit, in wei.
    /// @param activeFromEpoch First epoch that it counts in.
    event OperatorJoined(
        OperatorIndex indexed operator, address indexed owner, address signer, uint256 stake, Epoch activeFromEpoch
    );
    /// @notice An operator's stake grew.
    /// @param operator The operator.
    /// @param amountWei By how much.
    /// @param stake All of its stake, in wei.
    /// @param activeFromEpoch First epoch that it counts in.
    event StakeDeposited(OperatorIndex indexed operator, uint256 amountWei, uint256 stake, Epoch activeFromEpoch);
    /// @notice A miss cost an operator stake.
    /// @param operator The operator.
    /// @param epoch Epoch of the challenge.
    /// @param postId Post of the challenge.
    /// @param amountWei What was taken, more than 0.
    /// @param reporterWei What of it was credited to the reporter; the rest went to the treasury.
    /// @param reporter Who reported the miss.
    event OperatorSlashed(
        OperatorIndex indexed operator,
        Epoch indexed epoch,
        PostId postId,
        uint256 amountWei,
        uint256 reporterWei,
        address reporter
    );
    /// @notice For slashers elsewhere: an operator missed a challenge. Emitted for every miss that `slash` is called
    /// for, also when nothing was left to take here.
    /// @param operator The operator.
    /// @param epoch Epoch of the challenge.
    /// @param postId Post of the challenge.
    /// @param level Level of the challenge, 0 to 2.
    /// @param amountWei What was taken here, possibly 0.
    event SlashingSignal(
        OperatorIndex indexed operator, Epoch indexed epoch, PostId indexed postId, uint8 level, uint256 amountWei
    );
    /// @notice The listener did not take the signal of a miss: it reverted or used up its gas.
    /// @param operator The operator.
    /// @param epoch Epoch of the challenge.
    /// @param postId Post of the challenge.
    /// @param listener Contract that hears of misses.
    event SignalNotDelivered(
        OperatorIndex indexed operator, Epoch indexed epoch, PostId indexed postId, address listener
    );
    /// @notice An operator announced its exit.
    /// @param operator The operator.
    /// @param inactiveFromEpoch First epoch in which it attests nothing.
    /// @param vacantFromEpoch First epoch in which it is not challenged.
    /// @param withdrawableFrom Value of `IPause.unpausedBlocks()` from which on its stake can be withdrawn.
    event ExitAnnounced(
        OperatorIndex indexed operator, Epoch inactiveFromEpoch, Epoch vacantFromEpoch, uint48 withdrawableFrom
    );
    /// @notice An operator missed challenges in too many epochs: it leaves as if it had announced its exit.
    /// @param operator The operator.
    /// @param epoch The last of these epochs.
    /// @param inactiveFromEpoch First epoch in which it attests nothing.
    /// @param vacantFromEpoch First epoch in which it is not challenged.
    /// @param withdrawableFrom Value of `IPause.unpausedBlocks()` from which on its stake can be withdrawn.
    event OperatorEjected(
        OperatorIndex indexed operator,
        Epoch indexed epoch,
        Epoch inactiveFromEpoch,
        Epoch vacantFromEpoch,
        uint48 withdrawableFrom
    );
    /// @notice The owner of an operator that left got the rest of its stake; the signer is free again.
    /// @param operator The operator.
    /// @param owner Who got it.
    /// @param amountWei What was left of the stake.
    event StakeWithdrawn(OperatorIndex indexed operator, address indexed owner, uint256 amountWei);
    /// @notice Somebody withdrew what they had been credited.
    /// @param account Who got it.
    /// @param amountWei All that it had been credited.
    event CreditWithdrawn(address indexed account, uint256 amountWei);
    /// @notice Governance changed the parameters.
    /// @param fromEpoch First epoch that they hold in.
    /// @param parameters All of them.
    event StakeParametersChanged(Epoch indexed fromEpoch, StakeParameters parameters);
    /// @notice Governance changed who hears of misses.
    /// @param listener The zero address: nobody.
    /// @param gasCap Gas that it gets.
    event SlashingListenerChanged(address indexed listener, uint32 gasCap);

    /// @notice The deposit is below the least stake.
    /// @param amountWei The deposit.
    /// @param minStake Least deposit, in wei.
    error StakeTooSmall(uint256 amountWei, uint256 minStake);
    /// @notice All 256 places are taken, and none of them can be given to another operator yet.
    /// @param maxOperators 256.
    error TooManyOperators(uint256 maxOperators);
    /// @notice The signer is the zero address or belongs to another operator.
    /// @param signer As given.
    error SignerNotFree(address signer);
    /// @notice The proof that the signer's key agrees to serve this owner was made by another key.
    /// @param signer Whose key should have signed.
    /// @param recovered Whose key did, if it signed this.
    error NotPossessed(address signer, address recovered);
    /// @notice No operator has this index.
    /// @param operator As given.
    error UnknownOperator(OperatorIndex operator);
    /// @notice Only the operator's owner may do this.
    /// @param operator The operator.
    /// @param caller Who tried.
    error NotOwner(OperatorIndex operator, address caller);
    /// @notice The operator announced its exit or was ejected.
    /// @param operator The operator.
    error AlreadyLeaving(OperatorIndex operator);
    /// @notice The operator has not announced its exit.
    /// @param operator The operator.
    error NotLeaving(OperatorIndex operator);
    /// @notice The stake is held until `IPause.unpausedBlocks()` reaches `withdrawableFrom`.
    /// @param operator The operator.
    /// @param withdrawableFrom Value of `IPause.unpausedBlocks()` from which on its stake can be withdrawn.
    /// @param unpausedBlocks Its value now.
    error StillUnbonding(OperatorIndex operator, uint256 withdrawableFrom, uint256 unpausedBlocks);
    /// @notice The stake was withdrawn before.
    /// @param operator The operator.
    error AlreadyWithdrawn(OperatorIndex operator);
    /// @notice Misses of an operator come in the order of their epochs.
    /// @param operator The operator.
    /// @param epoch Epoch of the challenge.
    /// @param lastMissedEpoch A later epoch, of the last miss.
    error SlashOutOfOrder(OperatorIndex operator, Epoch epoch, Epoch lastMissedEpoch);
    /// @notice Only the challenges' contract may do this.
    /// @param caller Who tried.
    error NotCustodyChallenges(address caller);
    /// @notice There is nothing to withdraw.
    /// @param account Who tried.
    error NoCredit(address account);
    /// @notice The native token could not be sent.
    /// @param account Who should have got it.
    /// @param amountWei How much.
    error TransferFailed(address account, uint256 amountWei);
    /// @notice A parameter lies outside its bounds.
    /// @param parameters All of them, as given.
    error InvalidStakeParameters(StakeParameters parameters);
    /// @notice `unbonding` must be at least four epochs, `slasherDelay` and `margin` together.
    /// @param unbonding As given, in blocks.
    /// @param neededBlocks These together.
    error UnbondingTooShort(uint256 unbonding, uint256 neededBlocks);
    /// @notice The listener is not a contract, or its gas is not 50,000 to 2,000,000; without a listener it is 0.
    /// @param listener As given.
    /// @param gasCap As given.
    error InvalidSlashingListener(address listener, uint32 gasCap);

    /// @notice Joins as an operator with the sent value as stake; the caller becomes the owner. Indexes start at 0;
    /// when all 256 were given, the lowest is given again whose owner has withdrawn and either attested nothing or left
    /// so long ago that no post of its time is left.
    /// @param signer Address whose key signs the operator's attestations; each signer serves one operator.
    /// @param possession Signature of the signer's key over EIP-712 typed data `Join(address owner,address signer)`, 65
    /// bytes, in the domain {name: "EmeraldStake", version: "1", chainId, verifyingContract: this contract}; may be
    /// empty when the signer is the caller.
    /// @return operator Index of the new operator.
    function join(address signer, bytes calldata possession) external payable returns (OperatorIndex operator);

    /// @notice Adds the sent value to the stake of an operator that the caller owns and that is not leaving.
    /// @param operator Whose stake grows.
    function deposit(OperatorIndex operator) external payable;

    /// @notice Announces that an operator leaves; only for its owner, also while the protocol is paused.
    /// @param operator Who leaves.
    function announceExit(OperatorIndex operator) external;

    /// @notice Sends the owner what is left of its operator's stake, once `unbonding` blocks, as they were when the
    /// exit began, have passed; paused ones don't count.
    /// @param operator Whose exit is over.
    function withdraw(OperatorIndex operator) external;

    /// @notice Takes the penalty of a miss from an operator's stake; only for the challenges' contract.
    /// @dev amount = min(stake at the start of `epoch` * penalty of `level`, what the epoch's cap leaves, stake left),
    /// rounded down. Epochs with enough misses eject the operator. The listener is called last.
    /// @param operator Who missed.
    /// @param epoch Epoch of the challenge.
    /// @param postId Post of the challenge.
    /// @param level Level of the challenge.
    /// @param reporter Who reported the miss.
    /// @return amountWei What was taken, possibly 0.
    function slash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, address reporter)
        external
        returns (uint256 amountWei);

    /// @notice Remembers who attested a post: their places are given to nobody while it can last. Only for the
    /// challenges' contract, which calls it for every post that it opens.
    /// @param attesters Bitmap: bit i stands for operator i.
    function recordAttesters(uint256 attesters) external;

    /// @notice Sends the caller what it has been credited.
    function withdrawCredit() external;

    /// @notice Changes the parameters from the next epoch that starts; for governance.
    /// @param parameters All of them.
    function setStakeParameters(StakeParameters calldata parameters) external;

    /// @notice Changes who hears of misses, at once; for governance.
    /// @param listener A contract, or the zero address for nobody.
    /// @param gasCap Gas that it gets, 50,000 to 2,000,000; 0 for nobody.
    function setSlashingListener(ISlashingListener listener, uint32 gasCap) external;

    /// @notice Stake that penalties of an epoch are a part of, also of operators that leave.
    /// @param operator The operator.
    /// @param epoch Any epoch; of one to come, what is known by now.
    /// @return Wei; 0 for unknown operators.
    function stakeAt(OperatorIndex operator, Epoch epoch) external view returns (uint256);

    /// @notice Stake of all operators that are active in an epoch: what a quorum is a part of.
    /// @param epoch Any epoch; of one to come, what is known by now.
    /// @return Wei.
    function totalStakeAt(Epoch epoch) external view returns (uint256);

    /// @notice All that a quorum asks about operators, in one call.
    /// @param operators Any indexes; those of nobody have no stake.
    /// @param snapshot Epoch at whose start stakes are counted.
    /// @param current The epoch of now, not before `snapshot`.
    /// @return votes One for each of `operators`.
    /// @return totalStake As `totalStakeAt(snapshot)`.
    function votesAt(OperatorIndex[] calldata operators, Epoch snapshot, Epoch current)
        external
        view
        returns (Vote[] memory votes, uint256 totalStake);

    /// @notice Stake held now, with changes that count only from the next epoch on; reverts for unknown operators.
    /// @param operator The operator.
    /// @return Wei.
    function stakeOf(OperatorIndex operator) external view returns (uint256);

    /// @notice Operators that are gone in an epoch: no proof is due of them, and none is missed.
    /// @param epoch Any epoch.
    /// @return operators Bitmap: bit i stands for operator i.
    function vacantAt(Epoch epoch) external view returns (uint256 operators);

    /// @notice Whether an operator can attest in an epoch: it has stake that counts then, and has not announced its
    /// exit nor been ejected before.
    /// @param operator The operator.
    /// @param epoch Any epoch; of one to come, what is known by now.
    /// @return False for unknown operators.
    function isActiveAt(OperatorIndex operator, Epoch epoch) external view returns (bool);

    /// @notice Operators that are active in an epoch, see `isActiveAt`.
    /// @param epoch Any epoch; of one to come, what is known by now.
    /// @return operators Bitmap: bit i stands for operator i.
    function activeOperatorsAt(Epoch epoch) external view returns (uint256 operators);

    /// @notice Operators that announced their exit or were ejected and whose place was not given again.
    /// @return operators Bitmap: bit i stands for operator i.
    function leavingOperators() external view returns (uint256 operators);

    /// @notice How far the operator is on its way out.
    /// @param operator The operator.
    /// @return All zero for operators that are not leaving.
    function exitOf(OperatorIndex operator) external view returns (Exit memory);

    /// @notice Epochs in which the operator missed challenges, both 0 if there are none; reverts for unknown operators.
    /// @param operator The operator.
    /// @return lastMissedEpoch Epoch of the last miss.
    /// @return missedEpochs Bit i stands for the i-th epoch before it; bit 0 is that epoch itself.
    function missesOf(OperatorIndex operator) external view returns (Epoch lastMissedEpoch, uint64 missedEpochs);

    /// @notice Whose key signs for the operator.
    /// @param operator The operator.
    /// @return The zero address for unknown operators.
    function signerOf(OperatorIndex operator) external view returns (address);

    /// @notice Who owns the operator.
    /// @param operator The operator.
    /// @return The zero address for unknown operators.
    function ownerOf(OperatorIndex operator) external view returns (address);

    /// @notice Number of places that were ever given: indexes of operators are below it.
    /// @return At most 256.
    function operatorCount() external view returns (uint256);

    /// @notice What the signer's key has to sign for `join`.
    /// @param owner Who will join.
    /// @param signer Whose key signs.
    /// @return EIP-712 digest of `Join(address owner,address signer)`.
    function joinDigestOf(address owner, address signer) external view returns (bytes32);

    /// @notice What an account can withdraw: shares of a reporter or of the treasury.
    /// @param account Whose credit.
    /// @return Wei.
    function creditOf(address account) external view returns (uint256);

    /// @notice Sum of all deposits.
    /// @return Wei.
    function totalDeposited() external view returns (uint256);

    /// @notice Sum of all that was slashed.
    /// @return Wei.
    function totalSlashed() external view returns (uint256);

    /// @notice Sum of all stake that was withdrawn.
    /// @return Wei.
    function totalWithdrawn() external view returns (uint256);

    /// @notice The parameters that hold in `epoch`; for epochs before the last change but one, those of that change.
    /// @param epoch Any epoch.
    /// @return All of them.
    function stakeParametersAt(Epoch epoch) external view returns (StakeParameters memory);

    /// @notice Whether stake can be slashed for as long as it has to be: `4 * epochLength + slasherDelay <= unbonding -
    /// margin` for the parameters in force and for those that wait.
    /// @return True: no setter lets anything else pass.
    function isParameterSetSafe() external view returns (bool);

    /// @notice Who hears of misses, and with how much gas.
    /// @return listener The zero address: nobody.
    /// @return gasCap Gas that it gets; 0 for nobody.
    function slashingListener() external view returns (ISlashingListener listener, uint32 gasCap);
}
