// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISymbioticSettlement} from "../../../src/interfaces/ISymbioticSettlement.sol";
import {SimpleSigVerifier} from "./SimpleSigVerifier.sol";

/// A Settlement of Symbiotic's relay: headers and extra data by epoch, with the checks that every header passes, and
/// verifiers by the epoch from which on they serve. Headers come by `setGenesis`; who may call that, and the
/// validators' signature under later headers, are left out: whoever reads a Settlement never meets them.
/// (symbioticfi/relay-contracts, Settlement)
contract LocalSettlement is ISymbioticSettlement {
    error Settlement_InvalidVersion();
    error Settlement_ValSetHeaderAlreadyCommitted();
    error Settlement_InvalidCaptureTimestamp();
    error Settlement_QuorumThresholdGtTotalVotingPower();
    error Settlement_InvalidValidatorsSszMRoot();
    error Settlement_DuplicateExtraDataKey();
    error Settlement_InvalidSigVerifier();

    struct Extra {
        bytes32 key;
        bytes32 value;
    }

    struct Verifier {
        uint48 fromEpoch;
        address account;
    }

    uint8 public constant VALIDATOR_SET_VERSION = 1;

    uint48 public getLastCommittedHeaderEpoch;
    mapping(uint48 epoch => ValSetHeader) private _headers;
    mapping(uint48 epoch => mapping(bytes32 key => bytes32)) public getExtraDataAt;
    Verifier[] private _verifiers;

    constructor(address sigVerifier) {
        _verifiers.push(Verifier(0, sigVerifier));
    }

    function setGenesis(ValSetHeader calldata header, Extra[] calldata extraData) external {
        if (header.version != VALIDATOR_SET_VERSION) revert Settlement_InvalidVersion();
        if (isValSetHeaderCommittedAt(header.epoch)) revert Settlement_ValSetHeaderAlreadyCommitted();
        uint48 previous = _headers[getLastCommittedHeaderEpoch].captureTimestamp;
        if (header.captureTimestamp <= previous || header.captureTimestamp >= block.timestamp) {
            revert Settlement_InvalidCaptureTimestamp();
        }
        if (header.quorumThreshold > header.totalVotingPower) revert Settlement_QuorumThresholdGtTotalVotingPower();
        if (header.validatorsSszMRoot == 0) revert Settlement_InvalidValidatorsSszMRoot();
        _headers[header.epoch] = header;
        for (uint256 i = 0; i < extraData.length; ++i) {
            if (getExtraDataAt[header.epoch][extraData[i].key] != 0) revert Settlement_DuplicateExtraDataKey();
            getExtraDataAt[header.epoch][extraData[i].key] = extraData[i].value;
        }
        getLastCommittedHeaderEpoch = header.epoch;
    }

    /// Serves from the epoch after the last committed one on.
    function setSigVerifier(address sigVerifier) external {
        if (sigVerifier == address(0)) revert Settlement_InvalidSigVerifier();
        _verifiers.push(Verifier(getLastCommittedHeaderEpoch + 1, sigVerifier));
    }

    function getValSetHeaderAt(uint48 epoch) external view returns (ValSetHeader memory) {
        return _headers[epoch];
    }

    function getTotalVotingPowerFromValSetHeaderAt(uint48 epoch) external view returns (uint256) {
        return _headers[epoch].totalVotingPower;
    }

    function isValSetHeaderCommittedAt(uint48 epoch) public view returns (bool) {
        return _headers[epoch].version > 0;
    }

    function getSigVerifierAt(uint48 epoch, bytes memory) public view returns (address) {
        uint256 i = _verifiers.length - 1;
        while (_verifiers[i].fromEpoch > epoch) --i;
        return _verifiers[i].account;
    }

    function verifyQuorumSigAt(
        bytes memory message,
        uint8 keyTag,
        uint256 quorumThreshold,
        bytes calldata proof,
        uint48 epoch,
        bytes memory hint
    ) external view returns (bool) {
        if (!isValSetHeaderCommittedAt(epoch)) return false;
        SimpleSigVerifier verifier = SimpleSigVerifier(getSigVerifierAt(epoch, hint));
        return verifier.verifyQuorumSig(this, epoch, message, keyTag, quorumThreshold, proof);
    }
}
