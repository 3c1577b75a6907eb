// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "../../src/interfaces/ISeedBeacon.sol";
import {OperatorStake} from "../../src/OperatorStake.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {PostId} from "../../src/types/PostId.sol";
import {PauseClock} from "./PauseClock.sol";
import {ProtocolTest} from "./ProtocolTest.sol";

/// A stake whose misses the test reports, and whose pause the test starts.
abstract contract StakeTest is ProtocolTest {
    PostId internal constant POST = PostId.wrap(keccak256("post"));
    /// Epochs after the one of an announcement in which its operator is still challenged.
    uint256 internal constant LEVELS = 3;

    PauseClock internal clock;

    function deployStake() internal {
        deployProtocol();
        clock = new PauseClock();
        stake = stakeWith(beacon, stakeParameters());
    }

    function stakeWith(ISeedBeacon schedule, IOperatorStake.StakeParameters memory parameters)
        internal
        returns (OperatorStake)
    {
        bytes memory call = abi.encodeCall(
            OperatorStake.initialize, (address(manager), schedule, address(clock), registry, parameters)
        );
        return OperatorStake(address(new ERC1967Proxy(address(new OperatorStake()), call)));
    }

    /// A block of the epoch, its first by default.
    function rollTo(uint256 epoch) internal {
        rollTo(epoch, 0);
    }

    function rollTo(uint256 epoch, uint256 offset) internal {
        vm.roll(B0 + epoch * L + offset);
    }

    function slash(uint256 operator, uint256 epoch, uint8 level) internal returns (uint256) {
        vm.prank(address(clock));
        return stake.slash(op(operator), Epoch.wrap(uint32(epoch)), POST, level, STRANGER);
    }

    function announceExit(uint256 operator) internal {
        vm.prank(ownerOf(operator));
        stake.announceExit(op(operator));
    }

    function withdraw(uint256 operator) internal {
        vm.prank(ownerOf(operator));
        stake.withdraw(op(operator));
    }

    function atEpoch(uint256 epoch) internal pure returns (Epoch) {
        return Epoch.wrap(uint32(epoch));
    }

    /// Sum of deposits = sum of stakes + sum of pending exits + sum withdrawn + sum slashed, and the money is there.
    function assertConserved() internal view {
        uint256 leaving = stake.leavingOperators();
        uint256 staying = 0;
        uint256 pending = 0;
        uint256 credits = stake.creditOf(STRANGER) + stake.creditOf(TREASURY);
        uint256 count = stake.operatorCount();
        for (uint256 i = 0; i < count; ++i) {
            uint256 held = stake.stakeOf(op(i));
            if ((leaving >> i) & 1 == 1) pending += held;
            else staying += held;
        }
        vm.assertEq(stake.totalDeposited(), staying + pending + stake.totalWithdrawn() + stake.totalSlashed());
        vm.assertEq(stake.totalStakeAt(atEpoch(type(uint32).max)), staying);
        vm.assertEq(address(stake).balance, staying + pending + credits);
    }
}
