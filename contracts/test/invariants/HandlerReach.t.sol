// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Test} from "../support/Test.sol";
import {Handler} from "./Handler.sol";

/// A campaign shows something only about what happens in it: random calls of the handler bring about all there is.
contract HandlerReachTest is Test {
    uint256 private constant MOST_EPISODES = 48;
    uint256 private constant CALLS = 128;

    string[] private _missing = [
        "operator joined",
        "stake deposited",
        "exit announced",
        "exit announced in a pause",
        "operator ejected",
        "stake withdrawn",
        "credit withdrawn",
        "post attested",
        "post lapsed",
        "post reopened",
        "post dropped",
        "post retired",
        "seed finalised",
        "seed finalised in a pause",
        "void epoch",
        "paused",
        "pause ended early",
        "one blob proven",
        "folded blobs proven",
        "proven in a batch",
        "many proven",
        "false proof",
        "false batch",
        "proof replayed",
        "proof replayed in its epoch",
        "miss reported",
        "stake slashed",
        "miss at risk",
        "post settled",
        "settled by the listener",
        "settled with nobody due",
        "settled with others left",
        "last level",
        "post at risk",
        "post recovered",
        "challenges changed",
        "staking changed",
        "beacon changed"
    ];

    function test_handler_bringsEverythingAbout() public {
        for (uint256 episode = 0; episode < MOST_EPISODES && _missing.length > 0; ++episode) {
            // A test has gas for some episodes only.
            vm.resetGasMetering();
            _strike(_play(episode));
        }
        if (_missing.length > 0) vm.assertTrue(false, _missing[0]);
    }

    /// Takes off the list what has happened.
    function _strike(Handler handler) private {
        for (uint256 n = 0; n < _missing.length;) {
            if (handler.timesSeen(_missing[n]) == 0) {
                ++n;
                continue;
            }
            _missing[n] = _missing[_missing.length - 1];
            _missing.pop();
        }
    }

    function _play(uint256 episode) private returns (Handler handler) {
        handler = new Handler();
        handler.start();
        bytes4[] memory selectors = handler.actions();
        for (uint256 n = 0; n < CALLS; ++n) {
            uint256 random = uint256(keccak256(abi.encode(episode, n)));
            bytes4 selector = selectors[random % selectors.length];
            (bool isDone, bytes memory reason) = address(handler).call(abi.encodeWithSelector(selector, random));
            vm.assertTrue(isDone, string(reason));
        }
    }
}
