// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISymbioticSigVerifier} from "../../../src/interfaces/ISymbioticSigVerifier.sol";
import {Bn254} from "./Bn254.sol";
import {ExtraData} from "./ExtraData.sol";
import {LocalSettlement} from "./LocalSettlement.sol";

/// The relay's verifier that gets the whole validator set with each proof: its checks, their order and errors, the
/// layout of the proof, and its real pairing. (symbioticfi/relay-contracts, SigVerifierBlsBn254Simple)
contract SimpleSigVerifier is ISymbioticSigVerifier {
    error SigVerifierBlsBn254Simple_UnsupportedKeyTag();
    error SigVerifierBlsBn254Simple_InvalidMessageLength();
    error SigVerifierBlsBn254Simple_InvalidProofLength();
    error SigVerifierBlsBn254Simple_TooManyValidators();
    error SigVerifierBlsBn254Simple_InvalidNonSignerIndex();
    error SigVerifierBlsBn254Simple_InvalidNonSignersOrder();

    uint32 public constant VERIFICATION_TYPE = 1;
    uint256 public constant MAX_VALIDATORS = 65_536;

    struct Missing {
        uint256 power;
        Bn254.G1 key;
    }

    function verifyQuorumSig(
        LocalSettlement settlement,
        uint48 epoch,
        bytes memory message,
        uint8 keyTag,
        uint256 quorumThreshold,
        bytes calldata proof
    ) external view returns (bool) {
        if (keyTag >> 4 != 0) revert SigVerifierBlsBn254Simple_UnsupportedKeyTag();
        if (message.length != 32) revert SigVerifierBlsBn254Simple_InvalidMessageLength();
        if (proof.length < 224) revert SigVerifierBlsBn254Simple_InvalidProofLength();
        uint256 count = uint256(bytes32(proof[192:224]));
        if (count == 0) return false;
        if (count > MAX_VALIDATORS) revert SigVerifierBlsBn254Simple_TooManyValidators();
        bytes32 setHash = settlement.getExtraDataAt(epoch, ExtraData.setHashKey(keyTag));
        if (keccak256(proof[192:224 + 64 * count]) != setHash) return false;
        Missing memory missing = _missing(proof, count);
        uint256 total = settlement.getTotalVotingPowerFromValSetHeaderAt(epoch);
        // As deployed: wraps if the set has more power than its header says.
        unchecked {
            if (quorumThreshold > total - missing.power) return false;
        }
        Bn254.G1 memory all = Bn254.decompress(settlement.getExtraDataAt(epoch, ExtraData.aggregateKey(keyTag)));
        return Bn254.verify(
            Bn254.plus(all, Bn254.negate(missing.key)),
            abi.decode(message, (bytes32)),
            abi.decode(proof[:64], (Bn254.G1)),
            abi.decode(proof[64:192], (Bn254.G2))
        );
    }

    function _missing(bytes calldata proof, uint256 count) private view returns (Missing memory missing) {
        bytes calldata list = proof[224 + 64 * count:];
        if (list.length % 2 != 0) revert SigVerifierBlsBn254Simple_InvalidProofLength();
        uint256 previous;
        for (uint256 i = 0; i < list.length; i += 2) {
            uint256 place = uint16(bytes2(list[i:]));
            if (place >= count) revert SigVerifierBlsBn254Simple_InvalidNonSignerIndex();
            if (i > 0 && previous >= place) revert SigVerifierBlsBn254Simple_InvalidNonSignersOrder();
            bytes calldata validator = proof[224 + 64 * place:];
            missing.key = Bn254.plus(missing.key, Bn254.decompress(bytes32(validator)));
            // As deployed: powers were committed by a quorum and are not checked again.
            unchecked {
                missing.power += uint256(bytes32(validator[32:]));
            }
            previous = place;
        }
    }
}
