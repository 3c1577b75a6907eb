// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {Recorder} from "./support/Listeners.sol";
import {Measured} from "./support/Measured.sol";
import {StakeTest} from "./support/StakeTest.sol";

/// What whole transactions of operators and relays cost; `snapshots/stake.json` keeps the figures.
contract StakeGasTest is StakeTest, Measured("stake") {
    function test_gas_comingAndGoing() public onlyMeasured {
        deployStake();
        joinOperators(3);
        vm.deal(ownerOf(3), MIN_STAKE);
        join(3);
        note("join");
        rollTo(1);
        announceExit(3);
        note("announceExit");
        slash(0, 1, 0);
        note("slash, first miss");
        slash(0, 1, 0);
        note("slash, second miss of the epoch");
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (new Recorder(), 200_000)));
        slash(1, 1, 0);
        note("slash, with a listener that writes five words");
        vm.roll(block.number + UNBONDING);
        withdraw(3);
        note("withdraw");
    }

    /// Pitfall 34: every operator at once, in the calls that look at all of them.
    function test_gas_all256OperatorsFitIntoATransaction() public onlyMeasured {
        deployProtocol();
        joinOperators(256);
        rollTo(0, 5);
        PostId submitted = register(1, 1);
        PostId lapsed = register(2, 1);
        attest(submitted, 256);
        note("submit, 256 operators");
        OperatorIndex[] memory operators = firstOperators(256);
        vm.roll(block.number + ATTESTATION_DEADLINE + 1);
        uint64 deadline = relay.deadlineOf(lapsed);
        bytes[] memory signatures = signaturesOf(lapsed, 1, deadline, operators);
        vm.prank(RELAY);
        relay.lapse(lapsed, 1, deadline, operators, signatures);
        note("lapse, 256 operators");
        for (uint256 i = 0; i < 256; ++i) {
            announceExit(i);
        }
        stake.vacantAt(atEpoch(5));
        note("vacantAt, 256 operators that leave");
        vm.roll(block.number + UNBONDING);
        for (uint256 i = 0; i < 256; ++i) {
            withdraw(i);
        }
        rollTo(1100);
        vm.deal(ownerOf(256), MIN_STAKE);
        join(256);
        note("join, in the place of another");
    }
}
