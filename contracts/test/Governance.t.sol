// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

import {IAttestationRelay} from "../src/interfaces/IAttestationRelay.sol";
import {Roles} from "../src/Roles.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";
import {Vm} from "./Vm.sol";

contract GovernanceTest is ProtocolTest {
    Vm.Log[] private deploymentLogs;

    function setUp() public {
        vm.recordLogs();
        deployProtocol();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            deploymentLogs.push(logs[i]);
        }
    }

    // ------------------------------------------------------------ who holds what

    /// Pitfall 40: from the first moment on, ADMIN is the timelock and nobody else.
    function test_admin_isTheTimelockAloneAndNeverWasAnybodyElse() public view {
        uint256 grants = 0;
        for (uint256 i = 0; i < deploymentLogs.length; ++i) {
            bytes32[] storage topics = deploymentLogs[i].topics;
            if (topics[0] != IAccessManager.RoleGranted.selector || uint256(topics[1]) != Roles.ADMIN) continue;
            vm.assertEq(address(uint160(uint256(topics[2]))), address(timelock));
            ++grants;
        }
        vm.assertEq(grants, 1);
        vm.assertTrue(address(timelock).code.length > 0);
    }

    function test_roles_areThoseOfTheDeployment() public view {
        _assertMember(Roles.ADMIN, address(timelock), true);
        _assertMember(Roles.BEACON_ADMIN, address(timelock), true);
        _assertMember(Roles.GUARDIAN, GUARDIAN, true);
        _assertMember(Roles.RELAY, RELAY, true);
        for (uint64 role = Roles.ADMIN; role <= Roles.BEACON_ADMIN; ++role) {
            _assertMember(role, address(this), false);
            _assertMember(role, address(multisig), false);
            _assertMember(role, STRANGER, false);
            vm.assertEq(manager.getRoleAdmin(role), Roles.ADMIN);
        }
        vm.assertEq(manager.getTargetFunctionRole(address(custody), custody.pause.selector), Roles.GUARDIAN);
        vm.assertEq(manager.getTargetFunctionRole(address(custody), custody.unpause.selector), Roles.GUARDIAN);
        vm.assertEq(manager.getTargetFunctionRole(address(custody), custody.setBeacon.selector), Roles.BEACON_ADMIN);
    }

    function test_timelock_isAdministeredByItselfAlone() public view {
        bytes32 admin = timelock.DEFAULT_ADMIN_ROLE();
        vm.assertTrue(timelock.hasRole(admin, address(timelock)));
        vm.assertFalse(timelock.hasRole(admin, address(this)));
        vm.assertFalse(timelock.hasRole(admin, address(multisig)));
        vm.assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(multisig)));
        vm.assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(multisig)));
        vm.assertFalse(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        vm.assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), GUARDIAN));
        vm.assertFalse(timelock.hasRole(timelock.PROPOSER_ROLE(), GUARDIAN));
        vm.assertFalse(timelock.hasRole(timelock.EXECUTOR_ROLE(), GUARDIAN));
    }

    // ------------------------------------------------------------ delay

    /// Pitfall 40: nothing that is for ADMIN happens before the delay is over, in the last second neither.
    function test_setParameters_revertsBeforeTheDelayIsOver() public {
        bytes memory call = abi.encodeCall(relay.setRelayParameters, (7000, 1));
        asMultisig(address(timelock), _schedule(address(relay), call, TIMELOCK_DELAY));
        bytes32 id = timelock.hashOperation(address(relay), 0, call, 0, 0);
        uint256 readyAt = timelock.getTimestamp(id);
        vm.warp(readyAt - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        asMultisig(address(timelock), _execute(address(relay), call));
        vm.warp(readyAt);
        asMultisig(address(timelock), _execute(address(relay), call));
        vm.assertEq(relay.quorumBps(), 7000);
    }

    function test_schedule_revertsWithAShorterDelay() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                TimelockController.TimelockInsufficientDelay.selector, TIMELOCK_DELAY - 1, TIMELOCK_DELAY
            )
        );
        asMultisig(address(timelock), _schedule(address(relay), "", TIMELOCK_DELAY - 1));
    }

    /// Pitfall 40: the AccessManager's own functions are no way around it.
    function test_accessManager_changesNothingForTheMultisigWithoutTheTimelock() public {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = relay.setRelayParameters.selector;
        bytes[4] memory calls = [
            abi.encodeCall(manager.grantRole, (Roles.ADMIN, address(multisig), 0)),
            abi.encodeCall(manager.setTargetFunctionRole, (address(relay), selectors, Roles.RELAY)),
            abi.encodeCall(manager.updateAuthority, (address(relay), address(multisig))),
            abi.encodeCall(manager.setTargetClosed, (address(relay), true))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccessManager.AccessManagerUnauthorizedAccount.selector, address(multisig), Roles.ADMIN
                )
            );
            asMultisig(address(manager), calls[i]);
        }
        vm.expectPartialRevert(IAccessManager.AccessManagerUnauthorizedCall.selector);
        asMultisig(
            address(manager),
            abi.encodeCall(manager.execute, (address(relay), abi.encodeCall(relay.setRelayParameters, (7000, 1))))
        );
    }

    function test_accessManager_changesRolesThroughTheTimelock() public {
        asAdmin(address(manager), abi.encodeCall(manager.grantRole, (Roles.RELAY, STRANGER, 0)));
        _assertMember(Roles.RELAY, STRANGER, true);
        asAdmin(address(manager), abi.encodeCall(manager.revokeRole, (Roles.RELAY, STRANGER)));
        _assertMember(Roles.RELAY, STRANGER, false);
    }

    function test_timelock_changesItsDelayThroughItselfOnly() public {
        vm.expectRevert(
            abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, address(multisig))
        );
        asMultisig(address(timelock), abi.encodeCall(timelock.updateDelay, (0)));
        asAdmin(address(timelock), abi.encodeCall(timelock.updateDelay, (4 days)));
        vm.assertEq(timelock.getMinDelay(), 4 days);
    }

    function test_asAdmin_handsOnWhatTheTargetReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IAttestationRelay.InvalidQuorumBps.selector, 4999));
        asAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (4999, 1)));
    }

    // ------------------------------------------------------------ guardian

    function test_guardian_cancelsAndNothingElse() public {
        bytes memory call = abi.encodeCall(relay.setRelayParameters, (7000, 1));
        asMultisig(address(timelock), _schedule(address(relay), call, TIMELOCK_DELAY));
        bytes32 id = timelock.hashOperation(address(relay), 0, call, 0, 0);
        bytes32 executor = timelock.EXECUTOR_ROLE();
        bytes32 proposer = timelock.PROPOSER_ROLE();
        vm.warp(timelock.getTimestamp(id));
        vm.prank(GUARDIAN);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, GUARDIAN, executor)
        );
        timelock.execute(address(relay), 0, call, 0, 0);
        vm.prank(GUARDIAN);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, GUARDIAN, proposer)
        );
        timelock.schedule(address(relay), 0, call, 0, bytes32(uint256(1)), TIMELOCK_DELAY);
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, GUARDIAN));
        relay.setRelayParameters(7000, 1);
        vm.prank(GUARDIAN);
        timelock.cancel(id);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        asMultisig(address(timelock), _execute(address(relay), call));
    }

    function test_guardian_isReplacedThroughTheTimelock() public {
        bytes32 canceller = timelock.CANCELLER_ROLE();
        asAdmin(address(timelock), abi.encodeCall(timelock.revokeRole, (canceller, GUARDIAN)));
        asAdmin(address(manager), abi.encodeCall(manager.revokeRole, (Roles.GUARDIAN, GUARDIAN)));
        vm.assertFalse(timelock.hasRole(canceller, GUARDIAN));
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, GUARDIAN));
        custody.pause();
    }

    function _assertMember(uint64 role, address account, bool expected) private view {
        (bool isMember, uint32 executionDelay) = manager.hasRole(role, account);
        vm.assertEq(isMember, expected);
        vm.assertEq(executionDelay, 0);
    }

    function _schedule(address target, bytes memory call, uint256 delay) private view returns (bytes memory) {
        return abi.encodeCall(timelock.schedule, (target, 0, call, 0, 0, delay));
    }

    function _execute(address target, bytes memory call) private view returns (bytes memory) {
        return abi.encodeCall(timelock.execute, (target, 0, call, 0, 0));
    }
}
