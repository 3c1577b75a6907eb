// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "../support/Test.sol";
import {Handler} from "./Handler.sol";

/// The protocol under whatever anybody may do, in any order: after each action the contracts must be as the model says.
/// One invariant with all claims, for forge runs a campaign of its own for each. Pitfalls 3 to 7, 22, 23, 26 to 33, 36,
/// 42 meet here in every order. The profile `long` makes more than a million calls (`npm run forge:long`).
contract ProtocolInvariantsTest is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    Handler private handler;

    function setUp() public {
        handler = new Handler();
        handler.start();
    }

    function invariant_contractsDoAsTheModelSays() public view {
        handler.checkConservation();
        handler.checkOperators();
        handler.checkClock();
        handler.checkPosts();
        handler.checkChallenges();
    }

    function afterInvariant() public {
        handler.leaveAll();
        handler.checkConservation();
    }

    // What forge asks before a campaign.

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0].addr = address(handler);
        targets[0].selectors = handler.actions();
    }
}
