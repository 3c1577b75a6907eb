// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";
import {History} from "./support/History.sol";

/// Epochs that have begun stay as they are, and those without a seed stay without.
contract ScheduleTest is CustodyTest {
    uint256 private constant SALT = 5;
    PostId private postId;

    function setUp() public {
        deployCustody(custodyParameters());
        postId = open(SALT, 0x1f, 1000);
    }

    // ------------------------------------------------------------ void epochs

    /// Pitfall 4: an epoch without a seed is void, for good, and an event says so.
    function test_finaliseSeed_tellsWhichEpochsAreVoid() public {
        finalise(1);
        bytes memory header = mineSeedBlock(Epoch.wrap(5), keccak256("randao"));
        vm.expectEmit();
        emit ICustodyChallenges.EpochsVoid(Epoch.wrap(2), Epoch.wrap(4));
        vm.recordLogs();
        custody.finaliseSeed(Epoch.wrap(5), header);
        vm.assertEq(vm.getRecordedLogs().length, 2);
        header = mineSeedBlock(Epoch.wrap(6), keccak256("randao"));
        vm.recordLogs();
        custody.finaliseSeed(Epoch.wrap(6), header);
        vm.assertEq(vm.getRecordedLogs().length, 1);
    }

    /// Pitfall 4: also those before the first seed of all.
    function test_finaliseSeed_tellsThatTheFirstEpochsAreVoid() public {
        bytes memory header = mineSeedBlock(Epoch.wrap(2), keccak256("randao"));
        vm.expectEmit();
        emit ICustodyChallenges.EpochsVoid(Epoch.wrap(0), Epoch.wrap(1));
        custody.finaliseSeed(Epoch.wrap(2), header);
    }

    function test_finaliseSeed_tellsOfNoVoidBeforeTheFirstEpoch() public {
        bytes memory header = mineSeedBlock(Epoch.wrap(0), keccak256("randao"));
        vm.recordLogs();
        custody.finaliseSeed(Epoch.wrap(0), header);
        vm.assertEq(vm.getRecordedLogs().length, 1);
        finalise(1);
        vm.assertEq(Epoch.unwrap(custody.epochRecord().epoch), 1);
    }

    /// Pitfall 4: in a void epoch nobody is challenged, missed or settled, and levels stay.
    function test_finaliseSeed_leavesNoTraceOfAVoidEpoch() public {
        finalise(1);
        Epoch voidEpoch = Epoch.wrap(2);
        vm.roll(lastBlockOf(voidEpoch));
        bytes memory notOpen =
            abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, voidEpoch, Epoch.wrap(1));
        vm.expectRevert(notOpen);
        custody.reportMissed(postId, voidEpoch, op(0));
        vm.expectRevert(notOpen);
        custody.settle(postId, voidEpoch);
        vm.expectRevert(notOpen);
        custody.prove(postId, voidEpoch, op(0), "", new bytes32[](0), 0, "");
        vm.assertFalse(isChallenged(postId, voidEpoch, 0));
        vm.assertEq(book.count(), 0);
    }

    // ------------------------------------------------------------ what is open

    /// Pitfall 23: parameters and beacons change nothing about an epoch that has begun, at any block of it.
    function testFuzz_changes_neverAlterWhatIsOpen(uint256 place, uint256 luck) public {
        Epoch epoch = finalise(1);
        answer(postId, epoch, 0, SALT);
        uint256 number = bound(place, beacon.seedBlock(epoch) + FINALITY, lastBlockOf(epoch));
        vm.roll(number);
        bytes32 before = _open(epoch);
        _change(luck);
        vm.assertEq(_open(epoch), before);
        if (number > closesAt(epoch)) return;
        answer(postId, epoch, 1, SALT);
        vm.roll(closesAt(epoch));
        answer(postId, epoch, 2, SALT);
        vm.roll(closesAt(epoch) + REPORT_WINDOW);
        custody.reportMissed(postId, epoch, op(3));
        vm.roll(closesAt(epoch) + REPORT_WINDOW + 1);
        vm.expectPartialRevert(ICustodyChallenges.OutsideReportWindow.selector);
        custody.reportMissed(postId, epoch, op(4));
        // The share that a post has to prove is that of its epoch: all of it.
        custody.settle(postId, epoch);
        vm.assertEq(custody.postOf(postId).nextLevel, 1);
    }

    /// Pitfall 23: the same before the seed of the running epoch is known.
    function testFuzz_changes_neverAlterAnEpochThatHasBegun(uint256 place, uint256 luck) public {
        Epoch epoch = Epoch.wrap(1);
        vm.roll(bound(place, firstBlockOf(epoch), beacon.seedBlock(epoch)));
        _change(luck);
        finalise(1);
        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        ICustodyChallenges.Parameters memory values = custodyParameters();
        vm.assertEq(record.closesAtBlock, closesAt(epoch));
        vm.assertEq(record.reportsCloseAtBlock, closesAt(epoch) + REPORT_WINDOW);
        vm.assertEq(record.period, values.period);
        vm.assertEq(record.custodyBps, values.custodyBps);
        vm.assertEq(record.precompileGasCap, values.precompileGasCap);
        vm.assertEq(
            keccak256(abi.encode(record.operatorsAtLevel, record.blobsAtLevel)),
            keccak256(abi.encode(values.operatorsAtLevel, values.blobsAtLevel))
        );
    }

    // ------------------------------------------------------------ help

    /// Other parameters, as far away as bounds allow, and another beacon, in one of many combinations.
    function _change(uint256 luck) private {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.window = uint24(1 + luck % 10);
        values.maxPause = uint24((luck >> 8) % 10);
        values.reportWindow = uint24(2 + (luck >> 16) % 9);
        values.period = uint16(1 + (luck >> 24) % 100);
        values.operatorsAtLevel = [1, 2, 3];
        values.blobsAtLevel = [64, 64, 64];
        values.precompileGasCap = uint24(50_000 + (luck >> 32) % 100_000);
        values.custodyBps = uint16(1 + (luck >> 64) % 10_000);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        asAdmin(
            address(custody), abi.encodeCall(custody.setBeacon, (_beacon(FINALITY, FINALIZE_BY + (luck >> 96) % 10)))
        );
    }

    /// Everything that says what an epoch asks for.
    function _open(Epoch epoch) private view returns (bytes32 digest) {
        digest = keccak256(abi.encode(custody.epochRecord(), custody.deadlineOf(epoch)));
        for (uint256 operator = 0; operator < 5; ++operator) {
            ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(operator));
            digest = keccak256(abi.encode(digest, challenge, custody.isProven(postId, epoch, op(operator))));
        }
    }

    function _beacon(uint256 finality, uint256 finalizeBy) private returns (SeedBeacon) {
        History.install();
        return new SeedBeacon(B0, L, DELTA, finality, finalizeBy);
    }
}
