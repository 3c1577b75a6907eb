// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Precompiles} from "../src/libraries/Precompiles.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {Test} from "./support/Test.sol";

contract PrecompilesTest is Test {
    address private constant CALLEE = address(0xca11ee);

    /// Pitfall 14: what G1MSM is given is enough for it, and not much more.
    function test_msmPrice_isAnUpperBoundAtEveryStep() public view {
        uint16[21] memory steps = [1, 2, 3, 4, 5, 8, 9, 12, 16, 17, 24, 32, 33, 48, 64, 65, 96, 128, 129, 200, 513];
        for (uint256 i = 0; i < steps.length; ++i) {
            bytes memory pairs = _pairs(steps[i]);
            uint256 price = Precompiles.msmPrice(steps[i]);
            vm.assertTrue(_worksWith(price, pairs));
            vm.assertFalse(_worksWith(price * 100 / 111, pairs));
        }
    }

    function testFuzz_gasFor_keepsTheProportion(uint24 cap, uint256 price) public pure {
        price = bound(price, 0, 20_000_000);
        vm.assertEq(Precompiles.gasFor(price, cap), price * cap / 50_000);
        vm.assertEq(Precompiles.gasFor(price, 50_000), price);
        vm.assertEq(Precompiles.gasFor(50_000, cap), cap);
    }

    /// Pitfall 14: the callee really gets what was promised, or nothing is called.
    function testFuzz_requireGas_leavesTheCalleeItsShare(uint256 calleeGas, uint256 given) public {
        // GAS, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
        vm.etch(CALLEE, hex"5a5f5260205ff3");
        calleeGas = bound(calleeGas, 20, 2_000_000);
        given = bound(given, 10_000, 2_200_000);
        try this.gasOfCallee{gas: given}(calleeGas) returns (uint256 received) {
            // It has used 2 when it looks.
            vm.assertEq(received, calleeGas - 2);
        } catch (bytes memory reason) {
            vm.assertEq(bytes32(bytes4(reason)), bytes32(Precompiles.NotEnoughGas.selector));
            vm.assertLt(given, calleeGas + calleeGas / 63 + 10_000);
        }
    }

    /// Gas that a callee finds when it is given `calleeGas`.
    function gasOfCallee(uint256 calleeGas) external view returns (uint256) {
        // Looked up before, as precompiles always are.
        vm.assertTrue(CALLEE.code.length > 0);
        Precompiles.requireGas(calleeGas);
        (bool isDone, bytes memory answer) = CALLEE.staticcall{gas: calleeGas}("");
        vm.assertTrue(isDone);
        return abi.decode(answer, (uint256));
    }

    function _worksWith(uint256 gasGiven, bytes memory pairs) private view returns (bool isDone) {
        (isDone,) = Precompiles.G1_MSM.staticcall{gas: gasGiven}(pairs);
    }

    function _pairs(uint256 count) private pure returns (bytes memory pairs) {
        bytes memory pair = abi.encodePacked(LinearPolynomials.GENERATOR, uint256(2));
        pairs = new bytes(160 * count);
        for (uint256 i = 0; i < count; ++i) {
            // Pairs have 160 bytes.
            assembly ("memory-safe") {
                mcopy(add(add(pairs, 0x20), mul(i, 160)), add(pair, 0x20), 160)
            }
        }
    }
}
