// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {ISlashingListener} from "../src/interfaces/ISlashingListener.sol";
import {CappedCall} from "../src/libraries/CappedCall.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {Burner, Recorder} from "./support/Listeners.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// Signals all the way from the report of a miss to the listener.
contract ReportedSignalsTest is ProtocolTest {
    PostId private postId;
    Epoch private epoch;

    function setUp() public {
        deployProtocol();
        joinOperators(5);
        postId = openPost(1, 1, 5);
        epoch = finalise(1, keccak256("randao"));
        vm.roll(closesAt(epoch) + 1);
    }

    function test_reportMissed_tellsTheListener() public {
        Recorder recorder = new Recorder();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, 200_000)));
        custody.reportMissed(postId, epoch, op(3));
        (OperatorIndex operator, Epoch captured, PostId post,, uint256 amountWei) = recorder.signals(0);
        vm.assertEq(abi.encode(operator, captured, post), abi.encode(op(3), epoch, postId));
        vm.assertEq(amountWei, 0.05 ether);
    }

    function test_reportMissed_goesOnWhenTheListenerBurnsItsGas() public {
        Burner burner = new Burner();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (burner, 2_000_000)));
        vm.expectEmit();
        emit IOperatorStake.SignalNotDelivered(op(3), epoch, postId, address(burner));
        custody.reportMissed(postId, epoch, op(3));
        vm.assertTrue(custody.isMissed(postId, epoch, op(3)));
        vm.assertEq(stake.stakeOf(op(3)), 0.95 ether);
    }

    /// Whoever saves the listener's gas reports nothing.
    function test_reportMissed_revertsWithTooLittleGasForTheListener() public {
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (new Recorder(), 2_000_000)));
        vm.expectPartialRevert(CappedCall.NotEnoughGas.selector);
        custody.reportMissed{gas: 1_500_000}(postId, epoch, op(3));
        vm.assertFalse(custody.isMissed(postId, epoch, op(3)));
    }

    /// Pitfall 42: a listener that reports another miss from inside is refused, and that miss can be reported after it.
    function test_reportMissed_ofOthersIsNotBlockedByAListenerThatReports() public {
        Reporter reporter = new Reporter(custody);
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (reporter, 500_000)));
        custody.reportMissed(postId, epoch, op(3));
        vm.assertEq(reporter.refusal(), ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        vm.assertFalse(custody.isMissed(postId, epoch, op(4)));
        custody.reportMissed(postId, epoch, op(4));
        vm.assertTrue(custody.isMissed(postId, epoch, op(4)));
        vm.assertEq(stake.totalSlashed(), 0.1 ether);
    }
}

/// Reports operator 4 whenever it hears of a miss.
contract Reporter is ISlashingListener {
    ICustodyChallenges private immutable custody;
    bytes4 public refusal;

    constructor(ICustodyChallenges custody_) {
        custody = custody_;
    }

    function onSlash(OperatorIndex, Epoch epoch, PostId postId, uint8, uint256) external {
        try custody.reportMissed(postId, epoch, OperatorIndex.wrap(4)) {}
        catch (bytes memory reason) {
            refusal = bytes4(reason);
        }
    }
}
