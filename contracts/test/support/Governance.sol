// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {EmeraldAccess} from "../../src/governance/EmeraldAccess.sol";
import {EmeraldTimelock} from "../../src/governance/EmeraldTimelock.sol";
import {LocalMultisig} from "../../src/governance/LocalMultisig.sol";
import {Test} from "./Test.sol";

/// The only way in which tests act for ADMIN: two of three owners sign, the timelock waits, then it calls.
///
///     vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.InvalidParameters.selector, values));
///     asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
///
/// `asAdmin` is one external call and hands on the target's revert as it is, so `vm.expectRevert` and `vm.expectEmit`
/// see what they would see of the target itself. A revert without data comes back as `Errors.FailedCall`.
abstract contract Governance is Test {
    uint256 internal constant TIMELOCK_DELAY = 3 days;
    address internal constant GUARDIAN = address(0x64a2d);
    /// How many contracts `deployGovernance` makes.
    uint256 internal constant GOVERNANCE_CONTRACTS = 4;

    LocalMultisig internal multisig;
    EmeraldTimelock internal timelock;
    EmeraldAccess internal manager;
    MultisigOwners internal owners;

    function deployGovernance(address custodyChallenges, address relay) internal {
        address[] memory relays = new address[](1);
        relays[0] = relay;
        owners = new MultisigOwners();
        multisig = new LocalMultisig([ownerAddress(0), ownerAddress(1), ownerAddress(2)]);
        timelock = new EmeraldTimelock(TIMELOCK_DELAY, address(multisig), GUARDIAN);
        manager = new EmeraldAccess(address(timelock), GUARDIAN, relays, custodyChallenges);
    }

    /// Calls `target` as ADMIN, after the delay.
    function asAdmin(address target, bytes memory data) internal returns (bytes memory) {
        return owners.actThroughTimelock(timelock, multisig, target, data);
    }

    /// Calls `target` as the multisig, at once.
    function asMultisig(address target, bytes memory data) internal returns (bytes memory) {
        return owners.act(multisig, target, data);
    }

    function ownerAddress(uint256 i) internal pure returns (address) {
        return vm.addr(MultisigKeys.keyOf(i));
    }
}

/// Keys of the multisig's three owners.
library MultisigKeys {
    function keyOf(uint256 i) internal pure returns (uint256) {
        return 0x0e00 + i;
    }
}

/// Two of the three owners of a multisig.
contract MultisigOwners is Test {
    function actThroughTimelock(EmeraldTimelock timelock, LocalMultisig multisig, address target, bytes calldata data)
        external
        returns (bytes memory)
    {
        bytes32 salt = bytes32(multisig.nonce());
        bytes32 id = timelock.hashOperation(target, 0, data, 0, salt);
        uint256 delay = timelock.getMinDelay();
        act(multisig, address(timelock), abi.encodeCall(timelock.schedule, (target, 0, data, 0, salt, delay)));
        vm.warp(timelock.getTimestamp(id));
        return act(multisig, address(timelock), abi.encodeCall(timelock.execute, (target, 0, data, 0, salt)));
    }

    function act(LocalMultisig multisig, address target, bytes memory data) public returns (bytes memory) {
        bytes32 digest = multisig.digestOf(target, 0, data, multisig.nonce());
        return multisig.execute(target, 0, data, signaturesOf(digest, 0, 1));
    }

    /// What `LocalMultisig.execute` takes: two owners and their signatures, which may be of the same.
    function signaturesOf(bytes32 digest, uint256 first, uint256 second) public pure returns (bytes memory) {
        bytes[] memory signers = new bytes[](2);
        bytes[] memory signatures = new bytes[](2);
        (signers[0], signatures[0]) = _signed(digest, first);
        (signers[1], signatures[1]) = _signed(digest, second);
        return abi.encode(signers, signatures);
    }

    function _signed(bytes32 digest, uint256 owner) private pure returns (bytes memory, bytes memory) {
        uint256 key = MultisigKeys.keyOf(owner);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return (abi.encodePacked(vm.addr(key)), abi.encodePacked(r, s, v));
    }
}
