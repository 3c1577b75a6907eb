// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Bls12381} from "./Bls12381.sol";
import {Precompiles} from "./Precompiles.sol";
import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";

/// @title Whether the precompiles that proofs need are there, and work within the gas they are given
/// @dev Known inputs and their outputs.
library PrecompileChecks {
    /// @dev Where to look for the precompiles.
    struct Addresses {
        address sha256_;
        address modexp;
        address pointEvaluation;
        address g1Add;
        address g1Msm;
    }

    /// Price of today of the square root below (EIP-7883).
    uint256 private constant ROOT_PRICE = 36_432;

    bytes private constant GENERATOR =
        hex"0000000000000000000000000000000017f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb0000000000000000000000000000000008b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1";
    bytes private constant TWICE_GENERATOR =
        hex"000000000000000000000000000000000572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e00000000000000000000000000000000166a9d8cabc673a322fda673779d8e3822ba3ecb8670e461f73bb9021d5fd76a4c56d9d4cd16bd1bba86881979749d28";

    /// @notice Reverts with `PrecompileUnavailable` unless all work with the gas that `precompileGasCap` stands for.
    function requireWorking(uint256 precompileGasCap) internal view {
        requireWorkingAt(
            Addresses({
                sha256_: Precompiles.SHA_256,
                modexp: Precompiles.MODEXP,
                pointEvaluation: Precompiles.POINT_EVALUATION,
                g1Add: Precompiles.G1_ADD,
                g1Msm: Precompiles.G1_MSM
            }),
            precompileGasCap
        );
    }

    /// @notice Like `requireWorking`, of precompiles elsewhere.
    function requireWorkingAt(Addresses memory where, uint256 gasCap) internal view {
        _requireHash(where.sha256_);
        _requireRoot(where.modexp, Precompiles.gasFor(ROOT_PRICE, gasCap));
        _requireOpening(where.pointEvaluation, gasCap);
        bytes memory twice = bytes.concat(GENERATOR, GENERATOR);
        uint256 addGas = Precompiles.gasFor(Precompiles.G1_ADD_PRICE, gasCap);
        _requireAnswer(where.g1Add, addGas, twice, TWICE_GENERATOR);
        _requireProducts(where.g1Msm, gasCap);
    }

    /// @dev SHA-256 of "abc" (FIPS 180).
    function _requireHash(address precompile) private view {
        bytes memory answer = hex"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        // No input makes it fail, so that it may be given all there is.
        _requireAnswer(precompile, gasleft() / 2, "abc", answer);
    }

    /// @dev 4^((p + 1) / 4) modulo p is p - 2.
    function _requireRoot(address precompile, uint256 gasCap) private view {
        bytes memory lengths = abi.encode(48, 48, 48);
        bytes memory base = bytes.concat(new bytes(47), hex"04");
        bytes memory exponent =
            hex"0680447a8e5ff9a692c6e9ed90d2eb35d91dd2e13ce144afd9cc34a83dac3d8907aaffffac54ffffee7fbfffffffeaab";
        bytes memory modulus =
            hex"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";
        bytes memory answer =
            hex"1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaa9";
        _requireAnswer(precompile, gasCap, bytes.concat(lengths, base, exponent, modulus), answer);
    }

    /// @dev The polynomial X takes the value 0 at 0, and the generator proves it; it does not take the value 1.
    function _requireOpening(address precompile, uint256 gasCap) private view {
        bytes memory commitment =
            hex"ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81";
        bytes memory proof =
            hex"97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
        bytes32 hash = 0x014fa3bb4018340ca2fa8eb239e23af6ba465f6d5bc31db78988445da078db76;
        bytes memory answer = abi.encode(4096, Bls12381.SCALAR_MODULUS);
        _requireAnswer(precompile, gasCap, abi.encodePacked(hash, uint256(0), uint256(0), commitment, proof), answer);
        _requireFailure(precompile, gasCap, abi.encodePacked(hash, uint256(0), uint256(1), commitment, proof));
    }

    /// @dev 2 G and G + G, and no product with (0, 2), which is a point of the curve, but of order 3.
    function _requireProducts(address precompile, uint256 gasCap) private view {
        uint256 oneGas = Precompiles.gasFor(Precompiles.msmPrice(1), gasCap);
        _requireAnswer(precompile, oneGas, abi.encodePacked(GENERATOR, uint256(2)), TWICE_GENERATOR);
        bytes memory pairs = abi.encodePacked(GENERATOR, uint256(1), GENERATOR, uint256(1));
        _requireAnswer(precompile, Precompiles.gasFor(Precompiles.msmPrice(2), gasCap), pairs, TWICE_GENERATOR);
        _requireFailure(precompile, oneGas, abi.encode(0, 0, 0, 2, 1));
    }

    function _requireAnswer(address precompile, uint256 gasCap, bytes memory input, bytes memory expected)
        private
        view
    {
        Precompiles.requireGas(gasCap);
        (bool isDone, bytes memory answer) = precompile.staticcall{gas: gasCap}(input);
        if (!isDone || keccak256(answer) != keccak256(expected)) {
            revert ICustodyChallenges.PrecompileUnavailable(precompile, gasCap);
        }
    }

    function _requireFailure(address precompile, uint256 gasCap, bytes memory input) private view {
        Precompiles.requireGas(gasCap);
        (bool isDone,) = precompile.staticcall{gas: gasCap}(input);
        if (isDone) revert ICustodyChallenges.PrecompileUnavailable(precompile, gasCap);
    }
}
