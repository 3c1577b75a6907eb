// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC1967} from "@openzeppelin/contracts/interfaces/IERC1967.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

import {AttestationRelay} from "../src/AttestationRelay.sol";
import {CustodyChallenges} from "../src/CustodyChallenges.sol";
import {OperatorStake} from "../src/OperatorStake.sol";
import {PostRegistry} from "../src/PostRegistry.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract UpgradesTest is ProtocolTest {
    function setUp() public {
        deployProtocol();
        joinOperators(3);
    }

    /// Pitfall 39.
    function test_upgrade_keepsTheState() public {
        PostId postId = openPost(1, 2, 3);
        bytes32 before = keccak256(abi.encode(custody.postOf(postId), custody.parameters()));
        asAdmin(address(custody), abi.encodeCall(custody.upgradeToAndCall, (address(new CustodyChallenges()), "")));
        vm.assertEq(keccak256(abi.encode(custody.postOf(postId), custody.parameters())), before);
    }

    /// Pitfalls 39 and 40: nobody but the timelock upgrades anything, the multisig and the guardian neither.
    function test_upgrade_revertsForEverybodyElse() public {
        (address[4] memory proxies, address[4] memory code) = _proxies();
        address[4] memory others = [STRANGER, GUARDIAN, address(multisig), address(this)];
        for (uint256 i = 0; i < proxies.length; ++i) {
            for (uint256 j = 0; j < others.length; ++j) {
                vm.prank(others[j]);
                vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[j]));
                UUPSUpgradeable(proxies[i]).upgradeToAndCall(code[i], "");
            }
            vm.expectEmit();
            emit IERC1967.Upgraded(code[i]);
            asAdmin(proxies[i], abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (code[i], "")));
        }
    }

    function test_upgrade_refusesCodeThatCouldNotBeUpgradedAgain() public {
        (address[4] memory proxies,) = _proxies();
        for (uint256 i = 0; i < proxies.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ERC1967Utils.ERC1967InvalidImplementation.selector, address(beacon)));
            asAdmin(proxies[i], abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (address(beacon), "")));
        }
    }

    /// Pitfall 24: nobody initialises a proxy a second time, or an implementation at all.
    function test_initialize_worksOnceAndOnlyBehindAProxy() public {
        (address[4] memory proxies, address[4] memory code) = _proxies();
        bytes4[4] memory initializers = [
            PostRegistry.initialize.selector,
            AttestationRelay.initialize.selector,
            CustodyChallenges.initialize.selector,
            OperatorStake.initialize.selector
        ];
        for (uint256 i = 0; i < proxies.length; ++i) {
            // Zeros are a valid encoding of any arguments, and are not looked at.
            bytes memory call = abi.encodePacked(initializers[i], new bytes(1024));
            _assertReverts(proxies[i], call, Initializable.InvalidInitialization.selector);
            _assertReverts(code[i], call, Initializable.InvalidInitialization.selector);
            bytes memory upgrade = abi.encodeCall(UUPSUpgradeable.upgradeToAndCall, (code[i], ""));
            _assertReverts(code[i], upgrade, UUPSUpgradeable.UUPSUnauthorizedCallContext.selector);
        }
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

    /// Every proxy, and new code for each.
    function _proxies() private returns (address[4] memory proxies, address[4] memory code) {
        proxies = [address(registry), address(relay), address(custody), address(stake)];
        code = [
            address(new PostRegistry()),
            address(new AttestationRelay()),
            address(new CustodyChallenges()),
            address(new OperatorStake())
        ];
    }

    function _assertReverts(address target, bytes memory call, bytes4 reason) private {
        (bool isDone, bytes memory answer) = target.call(call);
        vm.assertFalse(isDone);
        vm.assertEq(bytes32(bytes4(answer)), bytes32(reason));
    }
}
