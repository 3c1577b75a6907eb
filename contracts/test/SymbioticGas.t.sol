// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {BlsBn254} from "../src/libraries/BlsBn254.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {Measured} from "./support/Measured.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";
import {ValidatorSet} from "./support/symbiotic/ValidatorSet.sol";

/// What a quorum of a Symbiotic network costs as a transaction of its own; `snapshots/symbiotic.json` keeps the
/// figures.
contract SymbioticGasTest is SymbioticTest, Measured("symbiotic") {
    using ValidatorSet for ValidatorSet.Validator[];

    function setUp() public onlyMeasured {
        deploySymbiotic();
    }

    function test_gas_registerKey() public onlyMeasured {
        joinOperators(1);
        BlsBn254.G1Point memory possession = possessionOf(secretOf(0), op(0), ownerOf(0));
        (BlsBn254.G1Point memory key, BlsBn254.G2Point memory keyG2) =
            (publicKey(secretOf(0)), publicKeyG2(secretOf(0)));
        vm.prank(ownerOf(0));
        symbiotic.registerKey(op(0), key, keyG2, possession);
        note("registerKey");
    }

    function test_gas_verify() public onlyMeasured {
        joinOperators(64);
        registerKeys(64);
        vm.roll(B0 + 5);
        uint8[3] memory sizes = [4, 20, 64];
        for (uint48 i = 0; i < sizes.length; ++i) {
            warpTo(NOW + 10 * i);
            commit(FIRST + i, validators(sizes[i]), 1);
            _verify(FIRST + i, sizes[i], 0, "");
            _verify(FIRST + i, sizes[i], 4, ", a quarter did not sign");
        }
    }

    /// `oneInAbsent` of the validators did not sign; 0 for none.
    function _verify(uint48 epoch, uint256 size, uint256 oneInAbsent, string memory suffix) private {
        uint256 signers = (1 << size) - 1;
        for (uint256 i = 0; oneInAbsent > 0 && i < size; i += oneInAbsent) {
            signers ^= 1 << i;
        }
        bytes[] memory proofs = one(validators(size).prove(signers, digestAt(epoch)));
        OperatorIndex[] memory operators = named(signers);
        symbiotic.verify(POST, ROOT, epoch, DEADLINE, operators, proofs);
        note(string.concat("verify, ", vm.toString(size), " validators", suffix));
    }
}
