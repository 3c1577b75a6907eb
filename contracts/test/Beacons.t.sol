// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {Roles} from "../src/Roles.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";
import {History} from "./support/History.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// Cuts the epochs like another beacon as long as it is asked for no more than that, and answers everything else as
/// suits it: a seed for any epoch at any time, and blocks that all belong to the last epoch.
contract LyingBeacon {
    ISeedBeacon private immutable honest;

    constructor(ISeedBeacon honest_) {
        honest = honest_;
    }

    function seedOf(Epoch, bytes calldata) external pure returns (bytes32, bytes32) {
        return (keccak256("seed"), keccak256("randao"));
    }

    function epochAt(uint256) external pure returns (Epoch) {
        return Epoch.wrap(type(uint32).max);
    }

    function nextEpochAt(uint256) external pure returns (Epoch) {
        return Epoch.wrap(type(uint32).max);
    }

    function seedBlock(Epoch) external pure returns (uint256) {
        return 1;
    }

    function lastBlock(Epoch) external pure returns (uint256) {
        return 1;
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

    function finality() external view virtual returns (uint256) {
        return honest.finality();
    }

    function finalizeBy() external view virtual returns (uint256) {
        return honest.finalizeBy();
    }
}

/// A beacon with any numbers about when its seeds can be derived.
contract UnsoundBeacon is LyingBeacon {
    uint256 public immutable override finality;
    uint256 public immutable override finalizeBy;

    constructor(ISeedBeacon honest_, uint256 finality_, uint256 finalizeBy_) LyingBeacon(honest_) {
        finality = finality_;
        finalizeBy = finalizeBy_;
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

        /// A seed that could be derived for longer than the chain remembers its blocks, or never.
        function test_setBeacon_refusesUnsoundWindowsForSeeds() public {
            uint256[2][3] memory windows = [[uint256(0), 20], [uint256(21), 20], [uint256(1), 8192]];
            for (uint256 i = 0; i < windows.length; ++i) {
                (uint256 finality, uint256 finalizeBy) = (windows[i][0], windows[i][1]);
                UnsoundBeacon other = new UnsoundBeacon(beacon, finality, finalizeBy);
                vm.expectRevert(
                    abi.encodeWithSelector(ISeedBeacon.InvalidSchedule.selector, L, DELTA, finality, finalizeBy)
                );
                asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (ISeedBeacon(address(other)))));
            }
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

        /// Pitfall 23: a seed comes in the window of its own epoch, also from a beacon that answers for any at any
        /// time.
        function testFuzz_finaliseSeed_takesNoSeedOutsideItsWindow(uint256 number, uint256 place) public {
            finalise(3);
            _setLyingBeacon();
            Epoch epoch = Epoch.wrap(uint32(bound(number, 4, 8)));
            uint256 seedBlock = beacon.seedBlock(epoch);
            place = bound(place, firstBlockOf(Epoch.wrap(4)), firstBlockOf(Epoch.wrap(8)));
            vm.roll(place);
            if (place <= seedBlock || place > seedBlock + FINALIZE_BY) {
                vm.expectRevert(
                    abi.encodeWithSelector(
                        ISeedBeacon.OutsideSeedWindow.selector, epoch, place, seedBlock + 1, seedBlock + FINALIZE_BY
                    )
                );
            }
            custody.finaliseSeed(epoch, "");
            vm.expectPartialRevert(ISeedBeacon.OutsideSeedWindow.selector);
            custody.finaliseSeed(Epoch.wrap(2), "");
        }

        /// A beacon gives seeds and nothing else: whatever it says, everybody has the whole window to answer.
        function test_finaliseSeed_leavesTheWholeWindowWhateverTheBeacon() public {
            PostId postId = open(1, 0x1, 20);
            _setLyingBeacon();
            Epoch epoch = Epoch.wrap(1);
            vm.roll(beacon.seedBlock(epoch) + FINALITY);
            custody.finaliseSeed(epoch, "");
            vm.assertEq(custody.epochRecord().closesAtBlock, closesAt(epoch));
            vm.expectPartialRevert(ICustodyChallenges.OutsideReportWindow.selector);
            custody.reportMissed(postId, epoch, op(0));
            vm.roll(closesAt(epoch));
            answer(postId, epoch, 0, 1);
        }

        /// A beacon that waits for the next epoch changes nothing about the running one, whatever it says.
        function test_setBeacon_leavesTheRunningEpochAlone() public {
            PostId settled = open(1, 0x1, 20);
            PostId ended = open(2, 0x1, 20);
            Epoch epoch = finalise(1);
            _setLyingBeacon();
            vm.assertEq(custody.deadlineOf(epoch), closesAt(epoch));
            vm.assertEq(Epoch.unwrap(custody.endPost(ended)), 2);
            pauseAsGuardian();
            unpauseAsGuardian();
            vm.roll(closesAt(epoch) + 2);
            custody.reportMissed(settled, epoch, op(0));
            vm.roll(lastBlockOf(epoch));
            custody.settle(settled, epoch);
            asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
            asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (beacon)));
            finalise(2);
        }

        // ------------------------------------------------------------ help

        function _setLyingBeacon() private {
            asAdmin(
                address(custody), abi.encodeCall(custody.setBeacon, (ISeedBeacon(address(new LyingBeacon(beacon)))))
            );
        }

        function _beacon(uint256 finality, uint256 finalizeBy) private returns (SeedBeacon) {
            History.install();
            return new SeedBeacon(B0, L, DELTA, finality, finalizeBy);
        }

        function _assertSeedFrom(ISeedBeacon source, uint32 number, uint256 closes) private {
            Epoch epoch = Epoch.wrap(number);
            bytes memory header = mineSeedBlock(epoch, keccak256("randao"));
            vm.roll(source.seedBlock(epoch) + source.finality());
            (bytes32 seed,) = source.seedOf(epoch, header);
            custody.finaliseSeed(epoch, header);
            vm.assertEq(custody.epochRecord().seed, seed);
            vm.assertEq(custody.epochRecord().closesAtBlock, closes);
        }

        function _expectDiffers(ISeedBeacon other) private {
            vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.BeaconScheduleDiffers.selector, other));
            asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (other)));
        }
    }

    /// What another beacon means for those who attest posts.
    contract BeaconsAndAttestationsTest is ProtocolTest {
        function setUp() public {
            deployProtocol();
            joinOperators(3);
            vm.roll(B0 + 5);
        }

        /// A beacon that waits for the next epoch says nothing about when a post was attested.
        function test_submit_takesTheEpochFromNoBeaconThatWaits() public {
            PostId postId = register(1, 1);
            _setLyingBeacon();
            attest(postId, 3);
            vm.assertEq(Epoch.unwrap(custody.postOf(postId).attestedEpoch), 0);
            vm.assertEq(Epoch.unwrap(custody.postOf(postId).endEpoch), 6);
        }

        /// Nor about the epochs that a post waited in.
        function test_lapse_takesTheEpochsFromNoBeaconThatWaits() public {
            PostId postId = register(1, 1);
            _setLyingBeacon();
            vm.roll(B0 + 5 + ATTESTATION_DEADLINE + 1);
            vm.prank(RELAY);
            relay.lapse(postId, 1, 0, new OperatorIndex[](0), new bytes[](0));
            vm.assertTrue(registry.stateOf(postId) == IPostRegistry.PostState.Lapsed);
        }

        function _setLyingBeacon() private {
            asAdmin(
                address(custody), abi.encodeCall(custody.setBeacon, (ISeedBeacon(address(new LyingBeacon(beacon)))))
            );
        }
    }
