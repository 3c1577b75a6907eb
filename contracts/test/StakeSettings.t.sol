// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {MAX_EPOCH_LENGTH} from "../src/types/Epoch.sol";
import {StakeTest} from "./support/StakeTest.sol";

contract StakeSettingsTest is StakeTest {
    uint256 private constant MAX_UNBONDING = 5_256_000;

    function setUp() public {
        deployStake();
    }

    function test_setStakeParameters_onlyForAdmin() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        stake.setStakeParameters(stakeParameters());
    }

    function test_setStakeParameters_staysWithinItsBounds() public {
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.reporterBps = 1001;
        _expectInvalid(values);
        values = stakeParameters();
        values.penaltyBps[0] = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.penaltyBps[1] = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.penaltyBps[2] = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.maxSlashBpsPerEpoch = 10_001;
        _expectInvalid(values);
        values = stakeParameters();
        values.minStake = 0;
        _expectInvalid(values);
        values = stakeParameters();
        values.treasury = address(0);
        _expectInvalid(values);
        values = stakeParameters();
        values.margin = 0;
        _expectInvalid(values);
        values = stakeParameters();
        values.ejectAfterMissedEpochs = 0;
        _expectInvalid(values);
        values = stakeParameters();
        values.ejectAfterMissedEpochs = 9;
        _expectInvalid(values);
        values = stakeParameters();
        values.ejectWithinEpochs = 65;
        _expectInvalid(values);
        values = stakeParameters();
        values.unbonding = uint32(MAX_UNBONDING + 1);
        _expectInvalid(values);

        values = stakeParameters();
        values.unbonding = uint32(MAX_UNBONDING);
        values.reporterBps = 1000;
        values.penaltyBps = [uint16(10_000), 10_000, 10_000];
        values.maxSlashBpsPerEpoch = 10_000;
        values.ejectAfterMissedEpochs = 64;
        values.ejectWithinEpochs = 64;
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
    }

    /// Pitfall 28: to the block.
    function test_setStakeParameters_asksForUnbondingToTheBlock() public {
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.unbonding = uint32(4 * L + values.slasherDelay + values.margin);
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
        values.unbonding -= 1;
        vm.expectRevert(
            abi.encodeWithSelector(
                IOperatorStake.UnbondingTooShort.selector, values.unbonding, uint256(values.unbonding) + 1
            )
        );
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
        vm.assertTrue(stake.isParameterSetSafe());
    }

    /// Pitfalls 28 and 31, for every parameter that enters: what is accepted leaves slashers their time after the last
    /// block in which an operator that left can be challenged, and what does not is refused, also at the start.
    function testFuzz_setStakeParameters_keepsStakeSlashable(
        uint256 epochLength,
        uint32 unbonding,
        uint32 margin,
        uint32 slasherDelay,
        uint256 announcedAt
    ) public {
        epochLength = bound(epochLength, 40, MAX_EPOCH_LENGTH);
        SeedBeacon schedule = new SeedBeacon(B0, epochLength, DELTA, FINALITY, FINALIZE_BY);
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.unbonding = uint32(4 * epochLength) + values.slasherDelay + values.margin;
        if (values.unbonding > MAX_UNBONDING) return;
        stake = stakeWith(schedule, values);

        values.unbonding = uint32(bound(unbonding, 0, MAX_UNBONDING + 1000));
        values.margin = uint32(_skewed(margin));
        values.slasherDelay = uint32(_skewed(slasherDelay));
        announcedAt = B0 + bound(announcedAt, 0, 10 * epochLength);
        vm.roll(announcedAt);
        try this.change(values) {
            uint256 firstVacant = (announcedAt - B0) / epochLength + 1 + LEVELS;
            uint256 over = B0 + firstVacant * epochLength;
            vm.assertLe(over + values.slasherDelay + values.margin, announcedAt + values.unbonding);
            vm.assertLe(1, values.margin);
            vm.assertLe(values.unbonding, MAX_UNBONDING);
            vm.assertTrue(stake.isParameterSetSafe());
        } catch (bytes memory reason) {
            if (bytes4(reason) == IOperatorStake.InvalidStakeParameters.selector) {
                vm.assertTrue(values.margin == 0 || values.unbonding > MAX_UNBONDING);
                return;
            }
            vm.assertEq(bytes4(reason), IOperatorStake.UnbondingTooShort.selector);
            vm.assertLt(values.unbonding, 4 * epochLength + values.slasherDelay + values.margin);
            vm.assertTrue(stake.isParameterSetSafe());
        }
    }

    function change(IOperatorStake.StakeParameters calldata values) external {
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
    }

    function test_initialize_refusesWhatTheSetterRefuses() public {
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.unbonding = 417;
        vm.expectRevert();
        this.deploy(values);
        values.unbonding = 418;
        this.deploy(values);
    }

    /// Pitfall 25: setting twice changes nothing. What holds now is replaced only once.
    function test_setStakeParameters_isIdempotent() public {
        rollTo(3);
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.minStake = 5 ether;
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
        values.minStake = 7 ether;
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IOperatorStake.StakeParametersChanged(atEpoch(4), values);
            asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
            vm.assertEq(stake.stakeParametersAt(atEpoch(3)).minStake, MIN_STAKE);
            vm.assertEq(keccak256(abi.encode(stake.stakeParametersAt(atEpoch(4)))), keccak256(abi.encode(values)));
        }
    }

    function test_isParameterSetSafe_looksAtWhatWaitsToo() public {
        vm.assertTrue(stake.isParameterSetSafe());
        rollTo(3);
        IOperatorStake.StakeParameters memory values = stakeParameters();
        values.unbonding = 1000;
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
        vm.assertTrue(stake.isParameterSetSafe());
        // An upgrade could break it: the parameters that wait, their first word holds unbonding above 96 bits.
        bytes32 slot = _slotOfWaitingParameters();
        bytes32 word = vm.load(address(stake), slot);
        vm.assertEq(uint32(uint256(word) >> 96), 1000);
        vm.store(address(stake), slot, bytes32(uint256(word) & ~(uint256(type(uint32).max) << 96) | 417 << 96));
        vm.assertFalse(stake.isParameterSetSafe());
    }

    function deploy(IOperatorStake.StakeParameters calldata values) external {
        stakeWith(beacon, values);
    }

    function _expectInvalid(IOperatorStake.StakeParameters memory values) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorStake.InvalidStakeParameters.selector, values));
        asAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)));
    }

    /// Small, large and extreme values alike.
    function _skewed(uint32 value) private pure returns (uint256) {
        if (value % 3 == 0) return bound(value, 0, 3);
        if (value % 3 == 1) return bound(value, 0, MAX_UNBONDING);
        return value;
    }

    /// After operators, signers, credits, totalStake, three sums, and the three words of `current`.
    function _slotOfWaitingParameters() private pure returns (bytes32) {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("emerald.storage.OperatorStake")) - 1));
        return bytes32(uint256(slot & ~bytes32(uint256(0xff))) + 10);
    }
}
