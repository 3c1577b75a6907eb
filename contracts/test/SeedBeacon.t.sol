// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IEpochs} from "../src/interfaces/IEpochs.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {HeaderRlp} from "../src/libraries/HeaderRlp.sol";
import {SeedBeacon} from "../src/SeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {Headers} from "./support/Headers.sol";
import {History} from "./support/History.sol";
import {Test} from "./support/Test.sol";

contract SeedBeaconTest is Test {
    uint256 private constant B0 = 1000;
    uint256 private constant L = 10_000;
    /// Mainnet, Sepolia, Hoodi, Holesky, anvil, and what other development nodes use.
    uint64[6] private KNOWN_CHAINS = [1, 11_155_111, 560_048, 17_000, 31_337, 1337];
    SeedBeacon private beacon;

    function setUp() public {
        History.install();
        beacon = new SeedBeacon(B0, L, 10, 3, 8191);
    }

    function test_seedOf_agreesWithVectors() public {
        string[] memory rows = rowsOf(VECTORS, "seeds");
        for (uint256 i = 0; i < rows.length; ++i) {
            vm.chainId(vm.parseJsonUint(rows[i], ".chainId"));
            address place = vm.parseJsonAddress(rows[i], ".beacon");
            vm.etch(place, address(beacon).code);
            Epoch epoch = Epoch.wrap(uint32(vm.parseJsonUint(rows[i], ".epoch")));
            bytes32 prevRandao = vm.parseJsonBytes32(rows[i], ".prevRandao");
            bytes memory header = _mine(epoch, prevRandao);
            (bytes32 seed, bytes32 read) = SeedBeacon(place).seedOf(epoch, header);
            vm.assertEq(seed, vm.parseJsonBytes32(rows[i], ".seed"));
            vm.assertEq(read, prevRandao);
        }
    }

    /// Pitfall 1: whatever else the builder changes in the header, the seed stays.
    function testFuzz_seedOf_dependsOnNothingElseInTheHeader(bytes32 prevRandao, uint64 one, uint64 two) public {
        Epoch epoch = Epoch.wrap(3);
        uint256 number = beacon.seedBlock(epoch);
        vm.roll(number + 3);
        bytes memory header = Headers.make(prevRandao, one);
        vm.setBlockhash(number, keccak256(header));
        (bytes32 first,) = beacon.seedOf(epoch, header);
        header = Headers.make(prevRandao, two);
        vm.setBlockhash(number, keccak256(header));
        (bytes32 second,) = beacon.seedOf(epoch, header);
        vm.assertEq(first, second);
    }

    /// Pitfall 2: the block that asks does not matter.
    function testFuzz_seedOf_isTheSameInEveryBlock(uint256 distance) public {
        Epoch epoch = Epoch.wrap(3);
        bytes memory header = _mine(epoch, keccak256("randao"));
        (bytes32 first,) = beacon.seedOf(epoch, header);
        vm.roll(beacon.seedBlock(epoch) + bound(distance, 3, 256));
        (bytes32 later,) = beacon.seedOf(epoch, header);
        vm.assertEq(first, later);
    }

    /// Pitfall 2: nobody can choose the seed by the block in which it asks for it.
    function testFuzz_seedOf_readsThePastBlockNotThePresentOne(bytes32 present) public {
        Epoch epoch = Epoch.wrap(3);
        bytes memory header = _mine(epoch, keccak256("randao"));
        vm.prevrandao(present);
        (, bytes32 prevRandao) = beacon.seedOf(epoch, header);
        vm.assertEq(prevRandao, keccak256("randao"));
    }

    /// Pitfall 3: BLOCKHASH reaches back 256 blocks, the history contract 8,191.
    function test_seedOf_reachesBackAsFarAsTheHistory() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        bytes memory header = Headers.make(keccak256("randao"), number);
        vm.roll(number + 3);
        vm.setBlockhash(number, keccak256(header));
        vm.roll(number + 256);
        (bytes32 recent,) = beacon.seedOf(epoch, header);
        vm.roll(number + 257);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BlockHashUnavailable.selector, number));
        beacon.seedOf(epoch, header);

        History.remember(number, keccak256(header));
        (bytes32 historic,) = beacon.seedOf(epoch, header);
        vm.assertEq(historic, recent);
        vm.roll(number + 8191);
        (historic,) = beacon.seedOf(epoch, header);
        vm.assertEq(historic, recent);
        vm.roll(number + 8192);
        vm.expectRevert(
            abi.encodeWithSelector(
                ISeedBeacon.OutsideSeedWindow.selector, epoch, number + 8192, number + 3, number + 8191
            )
        );
        beacon.seedOf(epoch, header);
    }

    /// Pitfall 3: in the seed block itself, before it, and until it is final, there is no seed.
    function test_seedOf_revertsBeforeFinality() public {
        Epoch epoch = Epoch.wrap(2);
        bytes memory header = _mine(epoch, keccak256("randao"));
        uint256 number = beacon.seedBlock(epoch);
        uint256[5] memory tooEarly = [number - 1000, number - 1, number, number + 1, number + 2];
        for (uint256 i = 0; i < tooEarly.length; ++i) {
            vm.roll(tooEarly[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISeedBeacon.OutsideSeedWindow.selector, epoch, tooEarly[i], number + 3, number + 8191
                )
            );
            beacon.seedOf(epoch, header);
        }
    }

    /// Pitfall 3: a hash of zero confirms nothing, not even when both sources answer it.
    function test_seedOf_revertsWhenTheHashIsUnknown() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        vm.roll(number + 257);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BlockHashUnavailable.selector, number));
        beacon.seedOf(epoch, Headers.make(keccak256("randao"), number));
        vm.etch(History.PLACE, "");
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.BlockHashUnavailable.selector, number));
        beacon.seedOf(epoch, Headers.make(keccak256("randao"), number));
    }

    /// After a restart, development chains answer BLOCKHASH wrongly, and the history contract rightly.
    function test_seedOf_believesTheHistoryAgainstBlockhash() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        bytes memory header = Headers.make(keccak256("randao"), number);
        History.remember(number, keccak256(header));
        vm.roll(number + 10);
        vm.setBlockhash(number, keccak256("wrong"));
        beacon.seedOf(epoch, header);
    }

    /// Pitfall 37: bytes that hash to the block's hash and are no header give no seed.
    function test_seedOf_revertsOnBytesThatAreNoHeader() public {
        Epoch epoch = Epoch.wrap(2);
        uint256 number = beacon.seedBlock(epoch);
        bytes memory noHeader = "no header";
        vm.roll(number + 3);
        vm.setBlockhash(number, keccak256(noHeader));
        vm.expectRevert(abi.encodeWithSelector(HeaderRlp.MalformedHeader.selector, noHeader.length));
        beacon.seedOf(epoch, noHeader);
    }

    /// Pitfall 37: the hash decides first, so no other bytes are even read.
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
        vm.expectRevert(abi.encodeWithSelector(IEpochs.BeforeFirstEpoch.selector, B0 - 1, B0));
        beacon.epochAt(B0 - 1);
    }

    function testFuzz_lastBlock_isFollowedByTheNextEpoch(uint16 number) public view {
        Epoch epoch = Epoch.wrap(number);
        uint256 last = beacon.lastBlock(epoch);
        vm.assertEq(Epoch.unwrap(beacon.epochAt(last)), number);
        vm.assertEq(Epoch.unwrap(beacon.epochAt(last + 1)), uint256(number) + 1);
        vm.assertLt(beacon.seedBlock(epoch), last);
    }

    /// Pitfall 38: where a block number or prevRandao may mean something else, there is no beacon.
    function testFuzz_constructor_refusesUnknownChains(uint64 chainId) public {
        for (uint256 i = 0; i < KNOWN_CHAINS.length; ++i) {
            vm.assume(chainId != KNOWN_CHAINS[i]);
        }
        vm.chainId(chainId);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.UnknownChain.selector, chainId));
        new SeedBeacon(B0, L, 10, 3, 8191);
    }

    /// Pitfall 38: rollups of Ethereum among them.
    function test_constructor_refusesRollups() public {
        uint64[5] memory rollups = [uint64(10), 8453, 42_161, 324, 59_144];
        for (uint256 i = 0; i < rollups.length; ++i) {
            vm.chainId(rollups[i]);
            vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.UnknownChain.selector, rollups[i]));
            new SeedBeacon(B0, L, 10, 3, 8191);
        }
    }

    /// Pitfall 38.
    function test_constructor_knowsEthereumItsTestNetworksAndDevelopmentChains() public {
        for (uint256 i = 0; i < KNOWN_CHAINS.length; ++i) {
            vm.chainId(KNOWN_CHAINS[i]);
            vm.assertEq(new SeedBeacon(B0, L, 10, 3, 8191).epochLength(), L);
        }
    }

    /// Pitfall 3: a chain without the history contract, or whose contract answers nothing.
    function test_constructor_refusesChainsWithoutHistory() public {
        vm.roll(500);
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.HistoryUnavailable.selector, 499));
        new SeedBeacon(B0, L, 10, 3, 8191);
        History.remember(499, keccak256("hash"));
        new SeedBeacon(B0, L, 10, 3, 8191);
        vm.etch(History.PLACE, "");
        vm.expectRevert(abi.encodeWithSelector(ISeedBeacon.HistoryUnavailable.selector, 499));
        new SeedBeacon(B0, L, 10, 3, 8191);
    }

    /// Nodes simulate the first transaction of a chain in the block before it.
    function test_constructor_asksForNoHistoryInBlockZero() public {
        vm.roll(0);
        vm.etch(History.PLACE, "");
        new SeedBeacon(B0, L, 10, 3, 8191);
    }

    function test_constructor_refusesUnsoundSchedules() public {
        uint256[4][7] memory schedules = [
            [uint256(100), 10, 0, 20], // no finality
            [uint256(100), 10, 21, 20], // opens after it closes
            [uint256(10_000), 10, 1, 8192], // longer than the history
            [uint256(100), 80, 1, 20], // reaches into the next epoch
            [uint256(100), 100, 1, 1], // seed block in the next epoch
            [uint256(0), 0, 1, 1], // no epoch
            [uint256(1 << 20), 10, 1, 20] // longer than 20 bits can say
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
