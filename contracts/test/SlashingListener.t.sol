// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {ISlashingListener} from "../src/interfaces/ISlashingListener.sol";
import {CappedCall} from "../src/libraries/CappedCall.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {Bomber, Burner, Recorder, Reenterer, Refuser} from "./support/Listeners.sol";
import {StakeTest} from "./support/StakeTest.sol";

contract SlashingListenerTest is StakeTest {
    uint32 private constant GAS_CAP = 500_000;

    function setUp() public {
        deployStake();
        joinOperators(3);
    }

    function test_slash_tellsTheListener() public {
        Recorder recorder = new Recorder();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, GAS_CAP)));
        rollTo(1);
        slash(1, 1, 2);
        _assertSignal(recorder, 0, 1, 1, 2, 0.12 ether);
        // A miss that costs nothing here may cost something there.
        slash(1, 1, 1);
        _assertSignal(recorder, 1, 1, 1, 1, 0);
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (ISlashingListener(address(0)), 0)));
        slash(2, 1, 0);
        vm.assertEq(recorder.count(), 2);
    }

    /// Pitfall 29: signals of an operator come in the order of their epochs, each before the next one is possible.
    function testFuzz_slash_tellsInCaptureOrder(uint8[15] memory operators, uint8[15] memory gaps) public {
        Recorder recorder = new Recorder();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, GAS_CAP)));
        uint256 epoch = 1;
        uint256[3] memory last;
        for (uint256 i = 0; i < operators.length; ++i) {
            epoch += gaps[i] % 3;
            rollTo(epoch, 90);
            slash(operators[i] % 3, epoch, 0);
            (OperatorIndex operator, Epoch captured,,,) = recorder.signals(i);
            vm.assertEq(OperatorIndex.unwrap(operator), operators[i] % 3);
            vm.assertLe(last[operators[i] % 3], Epoch.unwrap(captured));
            last[operators[i] % 3] = Epoch.unwrap(captured);
        }
    }

    /// Pitfalls 30 and 42: whoever refuses the signal, with or without a reason, only misses it.
    function test_slash_survivesAListenerThatReverts() public {
        _assertHarmless(new Refuser(""));
        _assertHarmless(new Refuser("no"));
    }

    /// Pitfalls 14 and 42: what a listener can burn is its cap.
    function test_slash_survivesAListenerThatBurnsItsGas() public {
        _assertHarmless(new Burner());
    }

    /// Pitfall 42: what comes back is never copied, so it costs the reporter nothing.
    function test_slash_survivesAListenerThatReturnsABomb() public {
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (new Bomber(false), 2_000_000)));
        rollTo(1);
        uint256 before = stake.totalSlashed();
        slash(0, 1, 0);
        vm.assertEq(stake.totalSlashed() - before, 0.05 ether);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (ISlashingListener(address(0)), 0)));
        slash(1, 1, 0);
        // The memory that the listener pays for is all; a copy would cost as much again.
        vm.assertLt(used, vm.lastCallGas().gasTotalUsed + 2_000_000);
        _assertHarmless(new Bomber(true));
    }

    /// Pitfall 42: from inside the signal nobody takes stake, money, or another signal.
    function test_slash_survivesAListenerThatCallsBack() public {
        Reenterer reenterer = new Reenterer(stake);
        vm.deal(address(reenterer), 1 ether);
        reenterer.join();
        reenterer.announce();
        rollTo(1);
        vm.prank(address(clock));
        stake.slash(op(0), atEpoch(1), POST, 0, address(reenterer));
        vm.roll(block.number + UNBONDING);
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (reenterer, GAS_CAP)));
        uint256 balance = address(stake).balance;
        slash(1, 6, 0);
        // It finds everything done.
        vm.assertEq(reenterer.stakeSeen(), 0.95 ether);
        bytes4 guarded = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertEq(reenterer.refusals(i), guarded);
        }
        vm.assertEq(address(stake).balance, balance);
        vm.assertEq(stake.totalSlashed(), 0.1 ether);
        vm.assertTrue(stake.creditOf(address(reenterer)) > 0);
    }

    function test_slash_survivesAListenerWhoseCodeIsGone() public {
        Recorder recorder = new Recorder();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, GAS_CAP)));
        vm.etch(address(recorder), "");
        rollTo(1);
        vm.assertEq(slash(0, 1, 0), 0.05 ether);
    }

    /// Pitfall 42: nobody keeps a signal from a listener by calling with little gas.
    function testFuzz_slash_givesAllTheGasOrReverts(uint256 gasLimit) public {
        Recorder recorder = new Recorder();
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, 300_000)));
        rollTo(1);
        gasLimit = bound(gasLimit, 200_000, 900_000);
        vm.prank(address(clock));
        try stake.slash{gas: gasLimit}(op(0), atEpoch(1), POST, 0, STRANGER) {
            vm.assertEq(recorder.count(), 1);
            // The call's data and the dispatch are paid before it looks.
            vm.assertLt(298_000, recorder.gasGiven());
        } catch (bytes memory reason) {
            bool isTyped = bytes4(reason) == CappedCall.NotEnoughGas.selector;
            vm.assertTrue(isTyped || reason.length == 0);
            vm.assertEq(recorder.count(), 0);
            vm.assertEq(stake.totalSlashed(), 0);
        }
    }

    /// Even when the listener burns all of it, what is left is enough to tell that it was not heard: the most gas that
    /// is too little is refused before the call, with a reason, and nothing runs out of gas after it.
    function test_slash_isRefusedRightBelowTheGasThatIsEnough() public {
        Burner burner = new Burner();
        uint32[3] memory gasCaps = [uint32(50_000), 500_000, 2_000_000];
        rollTo(1);
        for (uint256 i = 0; i < gasCaps.length; ++i) {
            asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (burner, gasCaps[i])));
            uint256 tooLittle = 100_000;
            uint256 enough = 3_000_000;
            while (enough - tooLittle > 1) {
                uint256 tried = (tooLittle + enough) / 2;
                (bool isDone,) = _slashWith(tried);
                if (isDone) enough = tried;
                else tooLittle = tried;
            }
            (, bytes memory reason) = _slashWith(tooLittle);
            vm.assertEq(bytes4(reason), CappedCall.NotEnoughGas.selector);
            vm.assertLt(gasCaps[i], tooLittle);
        }
    }

    // ------------------------------------------------------------ setSlashingListener

    function test_setSlashingListener_onlyForAdmin() public {
        Recorder recorder = new Recorder();
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        stake.setSlashingListener(recorder, GAS_CAP);
    }

    /// Pitfall 25: setting twice changes nothing.
    function test_setSlashingListener_isIdempotent() public {
        Recorder recorder = new Recorder();
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IOperatorStake.SlashingListenerChanged(address(recorder), GAS_CAP);
            asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, GAS_CAP)));
            (ISlashingListener listener, uint32 gasCap) = stake.slashingListener();
            vm.assertEq(address(listener), address(recorder));
            vm.assertEq(gasCap, GAS_CAP);
        }
    }

    function test_setSlashingListener_staysWithinItsBounds() public {
        Recorder recorder = new Recorder();
        _expectInvalid(address(0xdead), GAS_CAP);
        _expectInvalid(address(0), GAS_CAP);
        _expectInvalid(address(recorder), 0);
        _expectInvalid(address(recorder), 49_999);
        _expectInvalid(address(recorder), 2_000_001);
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, 50_000)));
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (recorder, 2_000_000)));
    }

    /// Without a trace.
    function _slashWith(uint256 gasLimit) private returns (bool isDone, bytes memory reason) {
        uint256 snapshot = vm.snapshotState();
        vm.prank(address(clock));
        try stake.slash{gas: gasLimit}(op(0), atEpoch(1), POST, 0, STRANGER) {
            isDone = true;
        } catch (bytes memory words) {
            reason = words;
        }
        vm.revertToState(snapshot);
    }

    /// A miss with this listener costs the same, and everything after it goes on.
    function _assertHarmless(ISlashingListener listener) private {
        uint256 before = stake.totalSlashed();
        uint256 epoch = 10 + before / 0.01 ether;
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (listener, GAS_CAP)));
        rollTo(epoch);
        uint256 amountWei = stake.stakeOf(op(2)) / 20;
        vm.expectEmit();
        emit IOperatorStake.SlashingSignal(op(2), atEpoch(epoch), POST, 0, amountWei);
        vm.expectEmit();
        emit IOperatorStake.SignalNotDelivered(op(2), atEpoch(epoch), POST, address(listener));
        slash(2, epoch, 0);
        vm.assertEq(stake.totalSlashed() - before, amountWei);
        vm.assertLt(vm.lastCallGas().gasTotalUsed, 350_000 + GAS_CAP);
        assertConserved();
    }

    function _assertSignal(
        Recorder recorder,
        uint256 place,
        uint256 operator,
        uint256 epoch,
        uint8 level,
        uint256 amountWei
    ) private view {
        (OperatorIndex heardOperator, Epoch heardEpoch, PostId heardPost, uint8 heardLevel, uint256 heardAmount) =
            recorder.signals(place);
        vm.assertEq(
            abi.encode(heardOperator, heardEpoch, heardPost, heardLevel, heardAmount),
            abi.encode(op(operator), atEpoch(epoch), POST, level, amountWei)
        );
    }

    function _expectInvalid(address listener, uint32 gasCap) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.InvalidSlashingListener.selector, listener, gasCap));
        asAdmin(address(stake), abi.encodeCall(stake.setSlashingListener, (ISlashingListener(listener), gasCap)));
    }
}
