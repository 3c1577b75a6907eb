// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

import {CustodyChallenges} from "../src/CustodyChallenges.sol";
import {OperatorStake} from "../src/OperatorStake.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract UpgradesTest is ProtocolTest {
    function setUp() public {
        deployProtocol();
        joinOperators(3);
    }

    /// Pitfall 39.
    function test_upgrade_keepsTheStateAndIsForAdminOnly() public {
        PostId postId = openPost(1, 2, 3);
        bytes32 before = keccak256(abi.encode(custody.postOf(postId), custody.parameters()));
        address code = address(new CustodyChallenges());
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        custody.upgradeToAndCall(code, "");
        custody.upgradeToAndCall(code, "");
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId), custody.parameters())), before);
    }

    function test_upgrade_refusesCodeThatCouldNotBeUpgradedAgain() public {
        vm.expectRevert();
        custody.upgradeToAndCall(address(beacon), "");
    }

    /// Pitfall 24: nobody initialises a second time, or an implementation at all.
    function test_initialize_worksOnceAndOnlyBehindAProxy() public {
        vm.expectPartialRevert(Initializable.InvalidInitialization.selector);
        stake.initialize(address(this), beacon, address(this), stakeParameters());
        OperatorStake code = new OperatorStake();
        vm.expectPartialRevert(Initializable.InvalidInitialization.selector);
        code.initialize(address(this), beacon, address(this), stakeParameters());
        vm.expectPartialRevert(UUPSUpgradeable.UUPSUnauthorizedCallContext.selector);
        code.upgradeToAndCall(address(code), "");
    }

    /// ERC-7201: each namespace begins where the formula says.
    function test_storage_standsInItsNamespace() public view {
        bytes32 slot = keccak256(abi.encode(uint256(keccak256("emerald.storage.OperatorStake")) - 1));
        slot &= ~bytes32(uint256(0xff));
        vm.assertEq(uint256(vm.load(address(stake), slot)), 3);
        slot = keccak256(abi.encode(uint256(keccak256("emerald.storage.CustodyChallenges")) - 1));
        slot &= ~bytes32(uint256(0xff));
        bytes32 beaconSlot = bytes32(uint256(slot) + 5);
        vm.assertEq(address(uint160(uint256(vm.load(address(custody), beaconSlot)))), address(beacon));
    }
}
