// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What is asked of a Settlement of Symbiotic's relay
/// @notice A Settlement keeps, for each epoch of its network, the header of the validator set that was captured at the
/// start of that epoch, and checks what these validators signed. The order of arguments is that of the deployed
/// contracts (symbioticfi/relay-contracts, src/interfaces/modules/settlement/ISettlement.sol).
interface ISymbioticSettlement {
    /// @notice What was committed about a validator set.
    /// @param version Version of the header, 1; 0 where none was committed.
    /// @param requiredKeyTag Tag of the keys that sign the next header.
    /// @param epoch Epoch of the validator set.
    /// @param captureTimestamp Unix seconds at which voting powers and keys were read.
    /// @param quorumThreshold Voting power that must sign the next header.
    /// @param totalVotingPower Voting power of all active validators.
    /// @param validatorsSszMRoot SSZ root of the validator set.
    struct ValSetHeader {
        uint8 version;
        uint8 requiredKeyTag;
        uint48 epoch;
        uint48 captureTimestamp;
        uint256 quorumThreshold;
        uint256 totalVotingPower;
        bytes32 validatorsSszMRoot;
    }

    /// @notice Epoch of the header that was committed last.
    /// @return 0 when none was committed.
    function getLastCommittedHeaderEpoch() external view returns (uint48);

    /// @notice Header of the validator set at `epoch`; all zeros where none was committed.
    /// @param epoch Epoch of the network.
    /// @return Its `version` is 0 where none was committed.
    function getValSetHeaderAt(uint48 epoch) external view returns (ValSetHeader memory);

    /// @notice Contract that checks signatures of the validator set at `epoch`.
    /// @param epoch Epoch of the network.
    /// @param hint Where to look for it; may be empty.
    /// @return It answers to `ISymbioticSigVerifier`.
    function getSigVerifierAt(uint48 epoch, bytes memory hint) external view returns (address);

    /// @notice Whether validators with a voting power of at least `quorumThreshold` signed.
    /// @param message 32 bytes: the Keccak hash of what was signed.
    /// @param keyTag Tag of the keys that signed; its upper four bits are the kind of key, 0 for BLS over BN254.
    /// @param quorumThreshold Least voting power, in the unit of the header.
    /// @param proof As the signature verifier of that epoch wants it.
    /// @param epoch Epoch of the validator set that signed.
    /// @param hint Where to look for the signature verifier; may be empty.
    /// @return Whether they did.
    function verifyQuorumSigAt(
        bytes memory message,
        uint8 keyTag,
        uint256 quorumThreshold,
        bytes calldata proof,
        uint48 epoch,
        bytes memory hint
    ) external view returns (bool);
}
