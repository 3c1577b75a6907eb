// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {StakeHandler} from "./support/StakeHandler.sol";
import {Test} from "./support/Test.sol";

/// Pitfalls 31, 32 and 42: whatever happens in whichever order, no wei is lost, made or paid twice.
contract StakeInvariantsTest is Test {
    StakeHandler private handler;

    /// What forge asks for: the functions that it calls in any order.
    struct FuzzSelector {
        address target;
        bytes4[] selectors;
    }

    function setUp() public {
        handler = new StakeHandler();
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), new bytes4[](9));
        targets[0].selectors[0] = StakeHandler.passTime.selector;
        targets[0].selectors[1] = StakeHandler.deposit.selector;
        targets[0].selectors[2] = StakeHandler.leaveOne.selector;
        targets[0].selectors[3] = StakeHandler.miss.selector;
        targets[0].selectors[4] = StakeHandler.takeOut.selector;
        targets[0].selectors[5] = StakeHandler.takeCredit.selector;
        targets[0].selectors[6] = StakeHandler.pause.selector;
        targets[0].selectors[7] = StakeHandler.joinOne.selector;
        // Twice as often: only repeated misses eject.
        targets[0].selectors[8] = StakeHandler.miss.selector;
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// forge-config: default.invariant.fail-on-revert = true
    /// forge-config: default.invariant.runs = 16
    /// forge-config: default.invariant.depth = 150
    function invariant_stakeIsConservedAndCountsOnce() external view {
        handler.check();
    }

    /// The handler reaches what it is for.
    function test_handler_doesEverything() external {
        uint256 seed = 1;
        for (uint256 i = 0; i < 600; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 choice = seed % 16;
            if (choice < 5) handler.passTime(seed);
            else if (choice < 8) handler.miss(seed >> 8, uint8(seed >> 16));
            else if (choice < 10) handler.deposit(seed >> 8, seed >> 16);
            else if (choice == 10) handler.leaveOne(seed >> 8, uint8(seed >> 16));
            else if (choice < 13) handler.takeOut(seed >> 8);
            else if (choice == 13) handler.takeCredit(seed >> 8 & 1 == 0);
            else if (choice == 14) handler.pause(seed >> 8);
            else handler.joinOne();
            handler.check();
        }
        string[8] memory actions =
            ["deposit", "announceExit", "slash", "eject", "withdraw", "withdrawCredit", "pause", "join"];
        for (uint256 i = 0; i < actions.length; ++i) {
            vm.assertLt(0, handler.done(bytes32(bytes(actions[i]))));
        }
    }
}
