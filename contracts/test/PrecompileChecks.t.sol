// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {Bls12381} from "../src/libraries/Bls12381.sol";
import {PrecompileChecks} from "../src/libraries/PrecompileChecks.sol";
import {Precompiles} from "../src/libraries/Precompiles.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";
import {Repriced} from "./support/Repriced.sol";

contract PrecompileChecksTest is ProtocolTest {
    address private constant NOBODY = address(0xdead);

    function test_requireWorking_worksFromThePricesOfTodayOn() public view {
        PrecompileChecks.requireWorking(50_000);
        PrecompileChecks.requireWorking(110_000);
        PrecompileChecks.requireWorking(300_000);
    }

    /// Pitfall 15: with less than the precompiles cost, nothing can be proven, and the check of the cap says so.
    function test_requireWorking_revertsBelowThePricesOfToday() public {
        vm.expectPartialRevert(ICustodyChallenges.PrecompileUnavailable.selector);
        this.requireWorking(49_999);
        // Each by itself, with the others given what they need.
        PrecompileChecks.Addresses memory where = _addresses();
        where.pointEvaluation = address(new Repriced(where.pointEvaluation, 1000));
        _expectUnavailable(where, where.pointEvaluation, 50_000, 50_000);
        where = _addresses();
        where.modexp = address(new Repriced(where.modexp, 1000));
        _expectUnavailable(where, where.modexp, 50_000, 36_432);
        where = _addresses();
        where.g1Add = address(new Repriced(where.g1Add, 1000));
        _expectUnavailable(where, where.g1Add, 50_000, 375);
        where = _addresses();
        where.g1Msm = address(new Repriced(where.g1Msm, 1000));
        _expectUnavailable(where, where.g1Msm, 50_000, 12_000);
    }

    /// Pitfall 16: a call of an address without code "succeeds".
    function test_requireWorking_revertsWhenAPrecompileIsMissing() public {
        PrecompileChecks.Addresses memory where = _addresses();
        where.sha256_ = NOBODY;
        vm.expectPartialRevert(ICustodyChallenges.PrecompileUnavailable.selector);
        this.requireWorkingAt(where, 110_000);
        where = _addresses();
        where.modexp = NOBODY;
        _expectUnavailable(where, NOBODY, 110_000, 80_150);
        where = _addresses();
        where.pointEvaluation = NOBODY;
        _expectUnavailable(where, NOBODY, 110_000, 110_000);
        where = _addresses();
        where.g1Add = NOBODY;
        _expectUnavailable(where, NOBODY, 110_000, 825);
        where = _addresses();
        where.g1Msm = NOBODY;
        _expectUnavailable(where, NOBODY, 110_000, 26_400);
    }

    /// Pitfall 16: one that always answers yes is no precompile.
    function test_requireWorking_revertsWhenFalseOpeningsPass() public {
        PrecompileChecks.Addresses memory where = _addresses();
        where.pointEvaluation = address(0x1abe1);
        // PUSH2 4096, PUSH0, MSTORE, PUSH32 r, PUSH1 32, MSTORE, PUSH1 64, PUSH0, RETURN
        bytes memory yes = abi.encodePacked(hex"6110005f527f", Bls12381.SCALAR_MODULUS, hex"60205260405ff3");
        vm.etch(where.pointEvaluation, yes);
        _expectUnavailable(where, where.pointEvaluation, 110_000, 110_000);
    }

    /// Pitfall 16: on a chain as Ethereum was before EIP-2537, nothing can be deployed.
    function test_initialize_revertsOnAChainWithoutThePrecompiles() public {
        deployProtocol();
        vm.setEvmVersion("cancun");
        vm.expectRevert(
            abi.encodeWithSelector(ICustodyChallenges.PrecompileUnavailable.selector, Precompiles.G1_ADD, 825)
        );
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
        vm.setEvmVersion("osaka");
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
    }

    function requireWorking(uint256 gasCap) external view {
        PrecompileChecks.requireWorking(gasCap);
    }

    function requireWorkingAt(PrecompileChecks.Addresses memory where, uint256 gasCap) external view {
        PrecompileChecks.requireWorkingAt(where, gasCap);
    }

    function _expectUnavailable(
        PrecompileChecks.Addresses memory where,
        address precompile,
        uint256 gasCap,
        uint256 gasGiven
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PrecompileUnavailable.selector, precompile, gasGiven));
        this.requireWorkingAt(where, gasCap);
    }

    function _addresses() private pure returns (PrecompileChecks.Addresses memory) {
        return PrecompileChecks.Addresses({
            sha256_: Precompiles.SHA_256,
            modexp: Precompiles.MODEXP,
            pointEvaluation: Precompiles.POINT_EVALUATION,
            g1Add: Precompiles.G1_ADD,
            g1Msm: Precompiles.G1_MSM
        });
    }
}
