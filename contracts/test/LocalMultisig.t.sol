// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {LocalMultisig} from "../src/governance/LocalMultisig.sol";
import {Governance, MultisigOwners} from "./support/Governance.sol";

/// Says who called it, or reverts with its argument.
contract Callee {
    error Refused(uint256 value);

    function senderOf() external payable returns (address, uint256) {
        return (msg.sender, msg.value);
    }

    function refuse(uint256 value) external pure {
        revert Refused(value);
    }
}

contract LocalMultisigTest is Governance {
    address private constant OUTSIDER = address(0xbad);

    Callee private callee;

    function setUp() public {
        deployGovernance(address(1), address(2));
        callee = new Callee();
    }

    function test_execute_takesAnyTwoOwners() public {
        uint8[2][6] memory pairs = [[0, 1], [0, 2], [1, 2], [1, 0], [2, 0], [2, 1]];
        for (uint256 i = 0; i < pairs.length; ++i) {
            bytes memory call = abi.encodeCall(callee.senderOf, ());
            bytes memory signatures = _signatures(call, pairs[i][0], pairs[i][1]);
            vm.expectEmit();
            emit LocalMultisig.Executed(i, address(callee), 0, call);
            bytes memory result = multisig.execute(address(callee), 0, call, signatures);
            (address sender, uint256 value) = abi.decode(result, (address, uint256));
            vm.assertEq(sender, address(multisig));
            vm.assertEq(value, 0);
        }
        vm.assertEq(multisig.nonce(), 6);
    }

    function test_execute_revertsForOneOwnerAlone() public {
        bytes memory call = abi.encodeCall(callee.senderOf, ());
        bytes memory twice = _signatures(call, 1, 1);
        bytes32 digest = multisig.digestOf(address(callee), 0, call, 0);
        bytes memory refused = abi.encodeWithSelector(LocalMultisig.InvalidSignatures.selector, digest);
        vm.expectRevert(refused);
        multisig.execute(address(callee), 0, call, twice);
        bytes memory withOutsider = _signatures(call, 0, 3);
        vm.expectRevert(refused);
        multisig.execute(address(callee), 0, call, withOutsider);
        (bytes[] memory signers, bytes[] memory signatures) = abi.decode(twice, (bytes[], bytes[]));
        bytes[] memory oneSigner = new bytes[](1);
        bytes[] memory oneSignature = new bytes[](1);
        (oneSigner[0], oneSignature[0]) = (signers[0], signatures[0]);
        vm.expectRevert(refused);
        multisig.execute(address(callee), 0, call, abi.encode(oneSigner, oneSignature));
        vm.expectRevert(refused);
        multisig.execute(address(callee), 0, call, "");
    }

    /// Signatures hold for one call: its target, value, data and turn.
    function test_execute_revertsForAnotherCallAndTheSecondTime() public {
        bytes memory call = abi.encodeCall(callee.senderOf, ());
        bytes memory signatures = _signatures(call, 0, 1);
        vm.deal(address(multisig), 1 ether);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        multisig.execute(address(this), 0, call, signatures);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        multisig.execute(address(callee), 1, call, signatures);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        multisig.execute(address(callee), 0, abi.encodeCall(callee.refuse, (1)), signatures);
        multisig.execute(address(callee), 0, call, signatures);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        multisig.execute(address(callee), 0, call, signatures);
    }

    /// Signatures for one chain or multisig are worth nothing on another.
    function test_execute_revertsWithSignaturesForElsewhere() public {
        bytes memory call = abi.encodeCall(callee.senderOf, ());
        bytes memory signatures = _signatures(call, 0, 1);
        LocalMultisig other = new LocalMultisig([ownerAddress(0), ownerAddress(1), ownerAddress(2)]);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        other.execute(address(callee), 0, call, signatures);
        vm.chainId(1337);
        vm.expectPartialRevert(LocalMultisig.InvalidSignatures.selector);
        multisig.execute(address(callee), 0, call, signatures);
    }

    function test_execute_sendsValueAndHandsOnReverts() public {
        (bool isSent,) = address(multisig).call{value: 1 ether}("");
        vm.assertTrue(isSent);
        bytes memory call = abi.encodeCall(callee.senderOf, ());
        bytes32 digest = multisig.digestOf(address(callee), 1 ether, call, 0);
        multisig.execute(address(callee), 1 ether, call, owners.signaturesOf(digest, 0, 1));
        vm.assertEq(address(callee).balance, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Callee.Refused.selector, 7));
        asMultisig(address(callee), abi.encodeCall(callee.refuse, (7)));
    }

    function test_constructor_refusesChainsThatAreNotLocal() public {
        vm.chainId(1337);
        new LocalMultisig([ownerAddress(0), ownerAddress(1), ownerAddress(2)]);
        vm.chainId(1);
        vm.expectRevert(abi.encodeWithSelector(LocalMultisig.NotALocalChain.selector, 1));
        new LocalMultisig([ownerAddress(0), ownerAddress(1), ownerAddress(2)]);
    }

    /// For the first call: owners `first` and `second`; number 3 is no owner.
    function _signatures(bytes memory call, uint256 first, uint256 second) private view returns (bytes memory) {
        bytes32 digest = multisig.digestOf(address(callee), 0, call, multisig.nonce());
        return owners.signaturesOf(digest, first, second);
    }
}
