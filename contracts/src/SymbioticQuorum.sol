// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "./interfaces/IOperatorStake.sol";
import {IQuorum} from "./interfaces/IQuorum.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {ISymbioticQuorum} from "./interfaces/ISymbioticQuorum.sol";
import {ISymbioticSettlement} from "./interfaces/ISymbioticSettlement.sol";
import {ISymbioticSigVerifier} from "./interfaces/ISymbioticSigVerifier.sol";
import {SimpleProof} from "./libraries/SimpleProof.sol";
import {TypedMessages} from "./libraries/TypedMessages.sol";
import {OperatorKeys} from "./OperatorKeys.sol";
import {Epoch} from "./types/Epoch.sol";
import {OperatorIndex} from "./types/OperatorIndex.sol";
import {PostId} from "./types/PostId.sol";

/// @title A quorum of the validators of a Symbiotic network, weighed by their voting power
/// @dev Has no owner; another rule is another contract. The Settlement is trusted for the validator set: that every
/// key in it came with a proof of possession, and that powers are those at the capture.
contract SymbioticQuorum is ISymbioticQuorum, OperatorKeys {
    using SimpleProof for bytes;

    uint8 private constant HEADER_VERSION = 1;
    /// Verification type of the verifier whose proofs `SimpleProof` reads.
    uint32 private constant SIMPLE = 1;

    /// @inheritdoc IQuorum
    address public immutable attestationRelay;
    ISymbioticSettlement public immutable settlement;
    /// Tag of the validators' keys.
    uint8 public immutable keyTag;
    ISeedBeacon public immutable beacon;
    /// Epochs of the Settlement by which `stakeEpoch` may lie behind the last committed one.
    uint48 public immutable maxStakeAge;
    /// Seconds by which a capture may lie back: less than for how long the network can slash for it.
    uint48 public immutable maxCaptureAge;

    constructor(
        address attestationRelay_,
        ISymbioticSettlement settlement_,
        uint8 keyTag_,
        IOperatorStake operatorStake_,
        ISeedBeacon beacon_,
        uint48 maxStakeAge_,
        uint48 maxCaptureAge_
    ) OperatorKeys(operatorStake_) {
        // The upper four bits are the kind of key.
        if (keyTag_ >> 4 != 0) revert NotBlsBn254(keyTag_);
        attestationRelay = attestationRelay_;
        settlement = settlement_;
        keyTag = keyTag_;
        beacon = beacon_;
        maxStakeAge = maxStakeAge_;
        maxCaptureAge = maxCaptureAge_;
        _requireNamesSigners(settlement_, settlement_.getLastCommittedHeaderEpoch());
    }

    /// @inheritdoc IQuorum
    function verify(
        PostId postId,
        bytes32 root,
        uint64 stakeEpoch,
        uint64 deadline,
        OperatorIndex[] calldata,
        bytes[] calldata signatures
    ) external view returns (uint256 attesters, uint256 signedStake, uint256 totalStake) {
        if (signatures.length != 1) revert OneProofExpected(signatures.length);
        bytes32 digest = keccak256(messageOf(postId, root, stakeEpoch, deadline));
        totalStake = _verifiedPower(stakeEpoch, digest, signatures[0]);
        (attesters, signedStake) = _countSigners(signatures[0], totalStake);
    }

    /// @inheritdoc ISymbioticQuorum
    function messageOf(PostId postId, bytes32 root, uint64 stakeEpoch, uint64 deadline)
        public
        view
        returns (bytes memory)
    {
        return TypedMessages.attestation(attestationRelay, postId, root, stakeEpoch, deadline);
    }

    /// @dev Reverts unless the Settlement accepts the proof. The network's own threshold is asked for, whatever share
    /// of what counts the caller then asks for.
    /// @return totalPower Voting power of all validators of the set.
    function _verifiedPower(uint64 stakeEpoch, bytes32 digest, bytes calldata proof)
        private
        view
        returns (uint256 totalPower)
    {
        ISymbioticSettlement.ValSetHeader memory header = _freshHeader(stakeEpoch);
        _requireNamesSigners(settlement, header.epoch);
        bool isVerified =
            settlement.verifyQuorumSigAt(abi.encode(digest), keyTag, header.quorumThreshold, proof, header.epoch, "");
        if (!isVerified) revert QuorumProofRejected(header.epoch, digest);
        return header.totalVotingPower;
    }

    /// @dev Old by epochs means that a newer set decides; old by time, that stake may have left meanwhile, also when
    /// the network stopped committing headers.
    function _freshHeader(uint64 stakeEpoch) private view returns (ISymbioticSettlement.ValSetHeader memory header) {
        uint48 last = settlement.getLastCommittedHeaderEpoch();
        uint48 oldest = last > maxStakeAge ? last - maxStakeAge : 0;
        if (stakeEpoch > last || stakeEpoch < oldest) revert StaleStakeEpoch(stakeEpoch, oldest, last);
        // Fits: not above `last`.
        // forge-lint: disable-next-line(unsafe-typecast)
        header = settlement.getValSetHeaderAt(uint48(stakeEpoch));
        if (header.version != HEADER_VERSION || header.epoch != stakeEpoch) {
            revert UnsupportedHeader(stakeEpoch, header.version);
        }
        // A proposer can bend the time by seconds; captures stay fresh for far longer.
        // forge-lint: disable-start(block-timestamp)
        uint256 oldestCapture = block.timestamp > maxCaptureAge ? block.timestamp - maxCaptureAge : 0;
        if (header.captureTimestamp < oldestCapture || header.captureTimestamp > block.timestamp) {
            revert StaleCapture(header.captureTimestamp, oldestCapture, block.timestamp);
        }
        // forge-lint: disable-end(block-timestamp)
    }

    /// @dev `proof` was verified, so its validator set is the committed one.
    function _countSigners(bytes calldata proof, uint256 totalPower)
        private
        view
        returns (uint256 signers, uint256 signedPower)
    {
        Epoch currentEpoch = beacon.epochAt(block.number);
        bytes calldata nonSigners = proof.nonSignersOf();
        uint256 count = proof.validatorCount();
        uint256 listedPower = 0;
        for (uint256 i = 0; i < count; ++i) {
            (bytes32 key, uint256 power) = proof.validatorAt(i);
            if (key == 0 || power == 0) revert UnsoundValidator(i, key, power);
            listedPower += power;
            if (nonSigners.isFirst(i)) {
                nonSigners = nonSigners[2:];
                continue;
            }
            uint256 bit = _bitOf(key, currentEpoch);
            if (signers & bit != 0) revert DuplicateSigner(i, key);
            signers |= bit;
            if (bit != 0) signedPower += power;
        }
        if (nonSigners.length != 0) revert NonSignersNotIncreasing(nonSigners.length);
        if (listedPower > totalPower) revert PowerExceedsTotal(listedPower, totalPower);
    }

    /// @dev The bit of the operator that the key speaks for; 0 when there is none that is active now.
    function _bitOf(bytes32 key, Epoch currentEpoch) private view returns (uint256) {
        (bool isKnown, OperatorIndex operator) = operatorOf(key);
        if (!isKnown || !operatorStake.isActiveAt(operator, currentEpoch)) return 0;
        // Below 256, or it would have no stake.
        return 1 << OperatorIndex.unwrap(operator);
    }

    /// @dev Asked each time, since a Settlement can change its verifier from one epoch to the next.
    function _requireNamesSigners(ISymbioticSettlement settlement_, uint48 epoch) private view {
        address sigVerifier = settlement_.getSigVerifierAt(epoch, "");
        uint32 verificationType = ISymbioticSigVerifier(sigVerifier).VERIFICATION_TYPE();
        if (verificationType != SIMPLE) revert NamesNoSigners(sigVerifier, verificationType);
    }
}
