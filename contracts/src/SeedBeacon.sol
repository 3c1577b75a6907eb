// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Blockhash} from "@openzeppelin/contracts/utils/Blockhash.sol";

import {IEpochs} from "./interfaces/IEpochs.sol";
import {ISeedBeacon} from "./interfaces/ISeedBeacon.sol";
import {Epochs} from "./libraries/Epochs.sol";
import {HeaderRlp} from "./libraries/HeaderRlp.sol";
import {Epoch, HISTORY_LENGTH, MAX_EPOCH_LENGTH} from "./types/Epoch.sol";

/// @title Seeds from the prevRandao of the chain's own blocks
/// @dev Has no storage and no owner: the same question gets the same answer as long as it is answered.
contract SeedBeacon is ISeedBeacon {
    bytes32 public constant SEED_TYPEHASH =
        keccak256("Seed(uint256 chainId,address beacon,uint256 epoch,bytes32 prevRandao)");

    uint256 public immutable firstBlock;
    uint256 public immutable epochLength;
    uint256 public immutable delta;
    uint256 public immutable finality;
    uint256 public immutable finalizeBy;

    constructor(uint256 firstBlock_, uint256 epochLength_, uint256 delta_, uint256 finality_, uint256 finalizeBy_) {
        bool isWindowSound = finality_ >= 1 && finality_ <= finalizeBy_ && finalizeBy_ <= HISTORY_LENGTH;
        if (!_isKnownChain(block.chainid)) revert UnknownChain(block.chainid);
        // No transaction stands in block 0, but a node may simulate one there.
        if (block.number > 0 && _historicHash(block.number - 1) == 0) revert HistoryUnavailable(block.number - 1);
        bool isBounded = firstBlock_ <= type(uint40).max && epochLength_ <= MAX_EPOCH_LENGTH;
        if (!isWindowSound || !isBounded || delta_ >= epochLength_ || epochLength_ - delta_ <= finalizeBy_) {
            revert InvalidSchedule(epochLength_, delta_, finality_, finalizeBy_);
        }
        firstBlock = firstBlock_;
        epochLength = epochLength_;
        delta = delta_;
        finality = finality_;
        finalizeBy = finalizeBy_;
    }

    /// @inheritdoc ISeedBeacon
    function seedOf(Epoch epoch, bytes calldata header) external view returns (bytes32 seed, bytes32 prevRandao) {
        uint256 seedBlockNumber = seedBlock(epoch);
        // As in `seedBlock`.
        unchecked {
            uint256 opensAt = seedBlockNumber + finality;
            uint256 derivableUntil = seedBlockNumber + finalizeBy;
            if (block.number < opensAt || block.number > derivableUntil) {
                revert OutsideSeedWindow(epoch, block.number, opensAt, derivableUntil);
            }
        }
        _requireHeaderOf(seedBlockNumber, _hashOf(header));
        prevRandao = HeaderRlp.prevRandaoOf(header);
        seed = keccak256(abi.encode(SEED_TYPEHASH, block.chainid, address(this), epoch, prevRandao));
    }

    /// @inheritdoc IEpochs
    function epochAt(uint256 blockNumber) external view returns (Epoch) {
        return Epochs.ofBlock(blockNumber, firstBlock, epochLength);
    }

    /// @inheritdoc IEpochs
    function nextEpochAt(uint256 blockNumber) external view returns (Epoch) {
        return Epochs.afterBlock(blockNumber, firstBlock, epochLength);
    }

    /// @inheritdoc ISeedBeacon
    function seedBlock(Epoch epoch) public view returns (uint256) {
        // Far below 2^256: the constructor keeps the numbers below 2^40, and an epoch has 32 bits.
        unchecked {
            return firstBlock + uint256(Epoch.unwrap(epoch)) * epochLength + delta;
        }
    }

    /// @inheritdoc ISeedBeacon
    function lastBlock(Epoch epoch) external view returns (uint256) {
        return seedBlock(epoch) + (epochLength - delta) - 1;
    }

    /// @dev The history contract is asked whenever BLOCKHASH does not confirm the header: it remembers longer, and
    /// development chains that were restarted answer BLOCKHASH wrongly for blocks from before.
    function _requireHeaderOf(uint256 blockNumber, bytes32 headerHash) private view {
        bytes32 recent = blockhash(blockNumber);
        if (headerHash == recent) return;
        bytes32 historic = _historicHash(blockNumber);
        if (headerHash == historic) return;
        if (recent == 0 && historic == 0) revert BlockHashUnavailable(blockNumber);
        revert WrongHeader(blockNumber, headerHash, historic == 0 ? recent : historic);
    }

    /// @dev Hash from the history contract (EIP-2935), zero when it does not know.
    function _historicHash(uint256 blockNumber) private view returns (bytes32) {
        (bool isKnown, bytes memory answer) = Blockhash.HISTORY_STORAGE_ADDRESS.staticcall(abi.encode(blockNumber));
        // Nothing is cut off: the answer is a word, or not read.
        // forge-lint: disable-next-line(unsafe-typecast)
        return isKnown && answer.length == 32 ? bytes32(answer) : bytes32(0);
    }

    function _hashOf(bytes calldata header) private pure returns (bytes32 headerHash) {
        // Behind the free memory pointer, which stays where it is.
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, header.offset, header.length)
            headerHash := keccak256(start, header.length)
        }
    }

    /// @dev Ethereum, its test networks Sepolia, Hoodi and Holesky, and the chain ids of development nodes. Elsewhere,
    /// also on rollups of Ethereum, block numbers and prevRandao can mean something else: such a chain needs a beacon
    /// of its own.
    function _isKnownChain(uint256 chainId) private pure returns (bool) {
        bool isPublic = chainId == 1 || chainId == 11_155_111 || chainId == 560_048 || chainId == 17_000;
        return isPublic || chainId == 31_337 || chainId == 1337;
    }
}
