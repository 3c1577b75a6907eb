// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {Headers} from "./support/Headers.sol";
import {Test} from "./support/Test.sol";

contract SeedBeaconTest is Test {
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;
    /// Code of the history contract, from EIP-2935.
    bytes private constant HISTORY_CODE =
        hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

    uint256 private constant B0 = 1000;
    uint256 private constant L = 10_000;
    SeedBeacon private beacon;

    function setUp() public {
        beacon = new SeedBeacon(B0, L, 10, 3, 8191);
    }

    function test_seedOf_agreesWithVectors() public {
        string memory json = vm.readFile(VECTORS);
        for (uint256 i = 0; hasRow(json, "seeds", i); ++i) {
            vm.chainId(vm.parseJsonUint(json, cell("seeds", i, "chainId")));
            address place = vm.parseJsonAddress(json, cell("seeds", i, "beacon"));
            vm.etch(place, address(beacon).code);
            Epoch epoch = Epoch.wrap(uint32(vm.parseJsonUint(json, cell("seeds", i, "epoch"))));
            bytes32 prevRandao = vm.parseJsonBytes32(json, cell("seeds", i, "prevRandao"));
            bytes memory header = _mine(epoch, prevRandao);
            (bytes32 seed, bytes32 read, uint256 seedBlock) = SeedBeacon(place).seedOf(epoch, header);
            vm.assertEq(seed, vm.parseJsonBytes32(json, cell("seeds", i, "seed")));
            vm.assertEq(read, prevRandao);
            vm.assertEq(seedBlock, beacon.seedBlock(epoch));
        }
    }

    /// Pitfall 1: whatever else the builder changes in the header, the seed stays.
    function testFuzz_seedOf_dependsOnNothingElseInTheHeader(bytes32 prevRandao, uint64 one, uint64 two) public {
        Epoch epoch = Epoch.wrap(3);
        uint256 number = beacon.seedBlock(epoch);
        vm.roll(number + 3);
        bytes memory header = Headers.make(prevRandao, one);
        vm.setBlockhash(number, keccak256(header));
        (bytes32 first,,) = beacon.seedOf(epoch, header);
        header = Headers.make(prevRandao, two);
        vm.setBlockhash(number, keccak256(header));
        (bytes32 second,,) = beacon.seedOf(epoch, header);
        vm.assertEq(first, second);
    }

    /// Pitfall 2: the block that asks does not matter.
    function testFuzz_seedOf_isTheSameInEveryBlock(uint256 distance) public {
        Epoch epoch = Epoch.wrap(3);
        bytes memory header = _mine(epoch, keccak256("randao"));
        (bytes32 first,,) = beacon.seedOf(epoch, header);
        vm.roll(beacon.seedBlock(epoch) + bound(distance, 3, 256));
        (bytes32 later,,) = beacon.seedOf(epoch, header);
        vm.assertEq(first, later);
    }

    /// Pitfall 3.
    function test_seedOf_reachesBackAsFarAsTheHistory() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        bytes memory header = Headers.make(keccak256("randao"), number);
        vm.etch(HISTORY, HISTORY_CODE);
        vm.store(HISTORY, bytes32(number % 8191), keccak256(header));
        vm.roll(number + 257);
        beacon.seedOf(epoch, header);
        vm.roll(number + 8191);
        beacon.seedOf(epoch, header);
        vm.roll(number + 8192);
        vm.expectPartialRevert(ISeedBeacon.OutsideSeedWindow.selector);
        beacon.seedOf(epoch, header);
    }

    /// After a restart, development chains answer BLOCKHASH wrongly, and the history contract rightly.
    function test_seedOf_believesTheHistoryAgainstBlockhash() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        bytes memory header = Headers.make(keccak256("randao"), number);
        vm.etch(HISTORY, HISTORY_CODE);
        vm.store(HISTORY, bytes32(number % 8191), keccak256(header));
        vm.roll(number + 10);
        vm.setBlockhash(number, keccak256("wrong"));
        beacon.seedOf(epoch, header);
    }

    function test_seedOf_revertsWhenTheHashIsUnknown() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        vm.roll(number + 257);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BlockHashUnavailable.selector, number));
        beacon.seedOf(epoch, Headers.make(keccak256("randao"), number));
    }

    function test_seedOf_revertsBeforeFinality() public {
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = _mine(epoch, keccak256("randao"));
        uint256 number = beacon.seedBlock(epoch);
        for (uint256 distance = 0; distance < 3; ++distance) {
            vm.roll(number + distance);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISeedBeacon.OutsideSeedWindow.selector, epoch, number + distance, number + 3, number + 8191
                )
            );
            beacon.seedOf(epoch, header);
        }
    }

    function testFuzz_seedOf_revertsOnAnyOtherHeader(uint256 place, uint8 change) public {
        vm.assume(change != 0);
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = _mine(epoch, keccak256("randao"));
        place = bound(place, 0, header.length - 1);
        header[place] = bytes1(uint8(header[place]) ^ change);
        vm.expectPartialRevert(ISeedBeacon.WrongHeader.selector);
        beacon.seedOf(epoch, header);
    }

    function test_epochAt_cutsAtMultiplesOfTheLength() public {
        vm.assertEq(Epoch.unwrap(beacon.epochAt(B0)), 0);
        vm.assertEq(Epoch.unwrap(beacon.epochAt(B0 + L - 1)), 0);
        vm.assertEq(Epoch.unwrap(beacon.epochAt(B0 + L)), 1);
        vm.assertEq(Epoch.unwrap(beacon.nextEpochAt(B0 - 1)), 0);
        vm.assertEq(Epoch.unwrap(beacon.nextEpochAt(B0)), 1);
        vm.assertEq(beacon.seedBlock(Epoch.wrap(1)), B0 + L + 10);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BeforeFirstEpoch.selector, B0 - 1, B0));
        beacon.epochAt(B0 - 1);
    }

    function test_constructor_refusesUnsoundSchedules() public {
        uint256[4][6] memory schedules = [
            [uint256(100), 10, 0, 20], // no finality
            [uint256(100), 10, 21, 20], // opens after it closes
            [uint256(10_000), 10, 1, 8192], // longer than the history
            [uint256(100), 80, 1, 20], // reaches into the next epoch
            [uint256(100), 100, 1, 1], // seed block in the next epoch
            [uint256(0), 0, 1, 1] // no epoch
        ];
        for (uint256 i = 0; i < schedules.length; ++i) {
            uint256[4] memory s = schedules[i];
            vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.InvalidSchedule.selector, s[0], s[1], s[2], s[3]));
            new SeedBeacon(B0, s[0], s[1], s[2], s[3]);
        }
    }

    /// Rolls to the first block in which the seed can be derived, and makes the seed block have this header.
    function _mine(Epoch epoch, bytes32 prevRandao) private returns (bytes memory header) {
        uint256 number = beacon.seedBlock(epoch);
        header = Headers.make(prevRandao, number);
        vm.roll(number + 3);
        vm.setBlockhash(number, keccak256(header));
    }
}
