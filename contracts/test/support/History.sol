// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Vm} from "../Vm.sol";

/// The history contract of EIP-2935, which forge's chain lacks: keeps the hashes of the last 8,191 blocks.
library History {
    address internal constant PLACE = 0x0000F90827F1C53a10cb7A02335B175320002935;
    /// From EIP-2935.
    bytes internal constant CODE =
        hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// Puts the contract where it stands on every chain, knowing the block before this one.
    function install() internal {
        vm.etch(PLACE, CODE);
        remember(block.number - 1, keccak256(abi.encode("block", block.number - 1)));
    }

    function remember(uint256 blockNumber, bytes32 blockHash) internal {
        vm.store(PLACE, bytes32(blockNumber % 8191), blockHash);
    }
}
