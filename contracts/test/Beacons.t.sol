// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {Roles} from "../src/Roles.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {CustodyTest} from "./support/CustodyTest.sol";
import {History} from "./support/History.sol";

/// Answers with the schedule of another beacon, and with a seed for any epoch at any time.
contract LyingBeacon {
    ISeedBeacon private immutable honest;

    constructor(ISeedBeacon honest_) {
        honest = honest_;
    }

    function seedOf(Epoch, bytes calldata) external pure returns (bytes32, bytes32, uint256, uint256) {
        return (keccak256("seed"), keccak256("randao"), 1, 2);
    }

    function firstBlock() external view returns (uint256) {
        return honest.firstBlock();
    }

    function epochLength() external view returns (uint256) {
        return honest.epochLength();
    }

    function delta() external view returns (uint256) {
        return honest.delta();
    }

    function finalizeBy() external view returns (uint256) {
        return honest.finalizeBy();
    }
}

/// When another beacon holds, and which ones are refused.
contract BeaconsTest is CustodyTest {
    function setUp() public {
        deployCustody(custodyParameters());
    }

    function test_setBeacon_holdsFromTheNextEpochThatStarts() public {
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        SeedBeacon other = _beacon(FINALITY + 1, FINALIZE_BY + 5);
        vm.expectEmit();
        emit ICustodyChallenges.BeaconChanged(Epoch.wrap(2), other);
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (other)));
        vm.assertEq(address(custody.beacon()), address(other));
        vm.assertEq(custody.deadlineOf(Epoch.wrap(1)), closesAt(Epoch.wrap(1)));
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)) + 5);

        _assertSeedFrom(beacon, 1, closesAt(Epoch.wrap(1)));
        // The new beacon waits a block longer.
        bytes memory header = mineSeedBlock(Epoch.wrap(2), keccak256("randao"));
        vm.expectPartialRevert(ISeedBeacon.OutsideSeedWindow.selector);
        custody.finaliseSeed(Epoch.wrap(2), header);
        _assertSeedFrom(other, 2, closesAt(Epoch.wrap(2)) + 5);
    }

    /// What waits is replaced, and the epoch that runs keeps the beacon that it began with.
    function test_setBeacon_replacesWhatStillWaits() public {
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (_beacon(FINALITY, FINALIZE_BY + 3))));
        SeedBeacon third = _beacon(FINALITY, FINALIZE_BY + 4);
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (third)));
        _assertSeedFrom(beacon, 1, closesAt(Epoch.wrap(1)));
        _assertSeedFrom(third, 2, closesAt(Epoch.wrap(2)) + 4);
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (beacon)));
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)) + 4);
        _assertSeedFrom(beacon, 3, closesAt(Epoch.wrap(3)));
    }

    function test_setBeacon_beforeTheFirstEpochHoldsAtOnce() public {
        vm.roll(B0 - 1);
        SeedBeacon other = _beacon(FINALITY, FINALIZE_BY + 3);
        vm.expectEmit();
        emit ICustodyChallenges.BeaconChanged(Epoch.wrap(0), other);
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (other)));
        _assertSeedFrom(other, 0, closesAt(Epoch.wrap(0)) + 3);
    }

    function test_setBeacon_refusesOtherEpochs() public {
        History.install();
        _expectDiffers(new SeedBeacon(B0 + 1, L, DELTA, FINALITY, FINALIZE_BY));
        _expectDiffers(new SeedBeacon(B0, L + 1, DELTA, FINALITY, FINALIZE_BY));
        _expectDiffers(new SeedBeacon(B0, L, DELTA + 1, FINALITY, FINALIZE_BY));
        _expectDiffers(ISeedBeacon(STRANGER));
    }

    /// The room in an epoch is that for the parameters that the new beacon will meet.
    function test_setBeacon_refusesWhatDoesNotFitTheEpoch() public {
        uint256 room = L - DELTA - WINDOW - custodyParameters().maxPause - REPORT_WINDOW;
        SeedBeacon tooLong = _beacon(FINALITY, room + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochTooShort.selector, L + 1, L));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (tooLong)));
        // Parameters that wait count, not those in force.
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.window -= 1;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (tooLong)));
        // And parameters have to fit the beacon that waits.
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochTooShort.selector, L + 1, L));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (beacon)));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
    }

    function test_setBeacon_isForTheBeaconAdminOnly() public {
        address beaconAdmin = address(0xbeac);
        asAdmin(address(manager), abi.encodeCall(manager.grantRole, (Roles.BEACON_ADMIN, beaconAdmin, 0)));
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        custody.setBeacon(beacon);
        vm.prank(beaconAdmin);
        custody.setBeacon(beacon);
    }

    /// Pitfall 23: seeds come in the order of their epochs, also from a beacon that answers for any.
    function test_finaliseSeed_neverGoesBack() public {
        finalise(3);
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (ISeedBeacon(address(new LyingBeacon(beacon))))));
        vm.roll(firstBlockOf(Epoch.wrap(4)));
        custody.finaliseSeed(Epoch.wrap(4), "");
        vm.expectPartialRevert(ISeedBeacon.OutsideSeedWindow.selector);
        custody.finaliseSeed(Epoch.wrap(3), "");
        custody.finaliseSeed(Epoch.wrap(6), "");
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, Epoch.wrap(5), Epoch.wrap(6)));
        custody.finaliseSeed(Epoch.wrap(5), "");
    }

    // ------------------------------------------------------------ help

    function _beacon(uint256 finality, uint256 finalizeBy) private returns (SeedBeacon) {
        History.install();
        return new SeedBeacon(B0, L, DELTA, finality, finalizeBy);
    }

    function _assertSeedFrom(ISeedBeacon source, uint32 number, uint256 closes) private {
        Epoch epoch = Epoch.wrap(number);
        bytes memory header = mineSeedBlock(epoch, keccak256("randao"));
        vm.roll(source.seedBlock(epoch) + source.finality());
        (bytes32 seed,,,) = source.seedOf(epoch, header);
        custody.finaliseSeed(epoch, header);
        vm.assertEq(custody.epochRecord().seed, seed);
        vm.assertEq(custody.epochRecord().closesAtBlock, closes);
    }

    function _expectDiffers(ISeedBeacon other) private {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.BeaconScheduleDiffers.selector, other));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (other)));
    }
}
