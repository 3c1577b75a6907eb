// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICustodyChallenges} from "./interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "./interfaces/IPostRegistry.sol";
import {ProtocolContract} from "./ProtocolContract.sol";
import {PostId} from "./types/PostId.sol";

/// @title What the registry remembers, and what governance sets about it
abstract contract RegistrySettings is IPostRegistry, ProtocolContract {
    /// 30 days of blocks of 12 seconds.
    uint32 private constant MAX_ATTESTATION_DEADLINE = 216_000;
    /// Keeps the end of every term far below the last epoch that 32 bits can name.
    uint32 private constant MAX_MAX_TERM_EPOCHS = 10_000_000;

    /// @dev A post until it is attested, then nothing is left.
    struct WaitingPost {
        bytes32 root;
        uint32 blobCount;
        uint32 termEpochs;
        /// Of the registration or the latest reopening: its block, that one's unix seconds, what the unpaused clock
        /// read, and the limit that held.
        uint48 registeredBlock;
        uint48 registeredTimestamp;
        uint48 registeredClock;
        uint32 attestationDeadline;
        /// Never Attested; Dropped stays forever, so that nobody registers the post again.
        PostState state;
    }

    /// @custom:storage-location erc7201:emerald.storage.PostRegistry
    struct RegistryStorage {
        mapping(PostId => WaitingPost) posts;
        RegistryParameters parameters;
        address attestationRelay;
        /// Largest `maxTermEpochs` that ever held.
        uint32 longestTermEpochs;
        ICustodyChallenges custodyChallenges;
    }

    // keccak256(abi.encode(uint256(keccak256("emerald.storage.PostRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x00310a7346fb2152cab917feab4a3286da4f16d8edd61d3040bb6b0b2f513200;

    /// @inheritdoc IPostRegistry
    function setRegistryParameters(RegistryParameters calldata parameters) external restricted {
        _setParameters(parameters);
    }

    /// @inheritdoc IPostRegistry
    function registryParameters() external view returns (RegistryParameters memory) {
        return _storage().parameters;
    }

    /// @inheritdoc IPostRegistry
    function longestTermEpochs() external view returns (uint32) {
        return _storage().longestTermEpochs;
    }

    /// @inheritdoc IPostRegistry
    function custodyChallenges() external view returns (ICustodyChallenges) {
        return _storage().custodyChallenges;
    }

    function _setParameters(RegistryParameters calldata parameters) internal {
        bool isDeadlineSound =
            parameters.attestationDeadline > 0 && parameters.attestationDeadline <= MAX_ATTESTATION_DEADLINE;
        bool isTermSound = parameters.maxTermEpochs > 0 && parameters.maxTermEpochs <= MAX_MAX_TERM_EPOCHS;
        if (!isDeadlineSound || !isTermSound) {
            revert InvalidRegistryParameters(parameters.attestationDeadline, parameters.maxTermEpochs);
        }
        RegistryStorage storage $ = _storage();
        $.parameters = parameters;
        // Fits: the larger of two uint32.
        $.longestTermEpochs = uint32(Math.max($.longestTermEpochs, parameters.maxTermEpochs));
        emit RegistryParametersChanged(parameters.attestationDeadline, parameters.maxTermEpochs);
    }

    function _storage() internal pure returns (RegistryStorage storage $) {
        // The slot is a constant that no other contract in the inheritance chain uses (ERC-7201).
        assembly {
            $.slot := STORAGE_LOCATION
        }
    }
}
