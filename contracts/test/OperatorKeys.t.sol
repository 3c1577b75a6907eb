// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorKeys} from "../src/interfaces/IOperatorKeys.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {BlsBn254} from "../src/libraries/BlsBn254.sol";
import {SymbioticQuorum} from "../src/SymbioticQuorum.sol";
import {OperatorIndex} from "../src/types/OperatorIndex.sol";
import {Bn254} from "./support/symbiotic/Bn254.sol";
import {Bn254G2} from "./support/symbiotic/Bn254G2.sol";
import {SymbioticTest} from "./support/symbiotic/SymbioticTest.sol";

contract OperatorKeysTest is SymbioticTest {
    uint256 private constant SECRET = 0xb15;

    /// The key with that secret, in storage: computing it takes calls that an expected revert would be looked for in.
    BlsBn254.G1Point private point;
    BlsBn254.G2Point private pointG2;

    function setUp() public {
        deploySymbiotic();
        joinOperators(3);
        point = publicKey(SECRET);
        pointG2 = publicKeyG2(SECRET);
    }

    function test_registerKey_makesTheKeySpeakForTheOperator() public {
        bytes32 key = serialized(SECRET);
        BlsBn254.G1Point memory possession = possessionOf(SECRET, op(2), ownerOf(2));
        vm.expectEmit();
        emit IOperatorKeys.OperatorKeyRegistered(op(2), key, ownerOf(2), 0);
        vm.prank(ownerOf(2));
        vm.assertEq(symbiotic.registerKey(op(2), point, pointG2, possession), key);
        _expectSpeaksFor(key, 2);
        _expectSilent(serialized(SECRET + 1));
        _expectSilent(0);
        vm.assertEq(symbiotic.keyOf(op(0)), 0);
    }

    function test_registerKey_isForTheOwnerOfTheOperator() public {
        for (uint256 i = 0; i < 2; ++i) {
            // Of another operator; of one that nobody has, whose owner is the zero address.
            OperatorIndex operator = i == 0 ? op(1) : op(9);
            address caller = i == 0 ? ownerOf(2) : STRANGER;
            BlsBn254.G1Point memory possession = possessionOf(SECRET, operator, caller);
            vm.expectRevert(abi.encodeWithSelector(IOperatorStake.NotOwner.selector, operator, caller));
            _register(symbiotic, caller, operator, possession);
        }
    }

    /// Pitfall 21: without the secret, nobody gets another's key, and no signature made for something else will do.
    function test_registerKey_revertsWithoutProofOfPossession() public {
        bytes32 key = serialized(SECRET);
        BlsBn254.G1Point[5] memory others = [
            possessionOf(SECRET, op(1), ownerOf(2)),
            possessionOf(SECRET, op(2), ownerOf(1)),
            possessionOf(SECRET + 1, op(2), ownerOf(2)),
            sign(SECRET, keccak256(abi.encode(key))),
            BlsBn254.G1Point(0, 0)
        ];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectNotPossessed(symbiotic, others[i], key);
        }
        BlsBn254.G1Point memory possession = possessionOf(SECRET, op(2), ownerOf(2));
        _expectNotPossessed(newQuorum(address(relay), KEY_TAG), possession, key);
        vm.chainId(5);
        _expectNotPossessed(symbiotic, possession, key);
        vm.chainId(31_337);
        _register(symbiotic, ownerOf(2), op(2), possession);
    }

    /// Pitfall 21: the key x * G - K of somebody who knows x cancels the victim's K in every sum, but has a secret that
    /// nobody knows.
    function test_registerKey_revertsOnRogueKeys() public {
        uint256 x = 0xa77ac;
        Bn254.G1 memory victim = Bn254.times(Bn254.generator(), SECRET);
        Bn254.G1 memory rogue = Bn254.plus(Bn254.times(Bn254.generator(), x), Bn254.negate(victim));
        Bn254.G2 memory rogueG2 = Bn254G2.plus(Bn254G2.multiply(x), Bn254G2.negate(Bn254G2.multiply(SECRET)));
        bytes32 key = Bn254.compress(rogue);
        bytes32 digest = keccak256(symbiotic.keyMessageOf(op(2), ownerOf(2), key));
        BlsBn254.G2Point memory keyG2 = BlsBn254.G2Point(rogueG2.x, rogueG2.y);
        BlsBn254.G1Point memory byX = sign(x, digest);
        vm.prank(ownerOf(2));
        vm.expectRevert(abi.encodeWithSelector(IOperatorKeys.NotPossessed.selector, op(2), key));
        symbiotic.registerKey(op(2), toPoint(rogue), keyG2, byX);
        // With the secret that nobody knows it would be a key like any other.
        BlsBn254.G1Point memory byTheUnknown = sign(addmod(x, Bn254.R - SECRET, Bn254.R), digest);
        vm.prank(ownerOf(2));
        symbiotic.registerKey(op(2), toPoint(rogue), keyG2, byTheUnknown);
    }

    /// The victim's key in G1 with one's own in G2: the signature is by the latter.
    function test_registerKey_revertsWhenTheHalvesHaveDifferentSecrets() public {
        bytes32 key = serialized(SECRET);
        BlsBn254.G1Point memory forged = sign(77, keccak256(symbiotic.keyMessageOf(op(2), ownerOf(2), key)));
        BlsBn254.G2Point memory keyG2 = publicKeyG2(77);
        vm.prank(ownerOf(2));
        vm.expectRevert(abi.encodeWithSelector(IOperatorKeys.NotPossessed.selector, op(2), key));
        symbiotic.registerKey(op(2), point, keyG2, forged);
    }

    /// Pitfall 20.
    function test_registerKey_refusesTheIdentityAndWhatIsNoPoint() public {
        BlsBn254.G1Point[3] memory bad =
            [BlsBn254.G1Point(0, 0), BlsBn254.G1Point(1, 1), BlsBn254.G1Point(1 + BlsBn254.FIELD_MODULUS, 2)];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.prank(ownerOf(2));
            vm.expectRevert(abi.encodeWithSelector(IOperatorKeys.InvalidKey.selector, bad[i]));
            symbiotic.registerKey(op(2), bad[i], pointG2, point);
        }
    }

    function test_registerKey_replacesTheKeyOfAnOperator() public {
        registerKey(1, SECRET);
        registerKey(1, SECRET + 1);
        _expectSpeaksFor(serialized(SECRET + 1), 1);
        _expectSilent(serialized(SECRET));
        // And back again; doing so twice changes nothing.
        registerKey(1, SECRET);
        registerKey(1, SECRET);
        _expectSpeaksFor(serialized(SECRET), 1);
        _expectSilent(serialized(SECRET + 1));
    }

    function test_registerKey_movesAKeyAmongTheOperatorsOfItsOwner() public {
        registerKey(1, SECRET);
        OperatorIndex second = _joinAgain(1);
        BlsBn254.G1Point memory possession = possessionOf(SECRET, second, ownerOf(1));
        _register(symbiotic, ownerOf(1), second, possession);
        _expectSpeaksFor(serialized(SECRET), OperatorIndex.unwrap(second));
        vm.assertEq(symbiotic.keyOf(op(1)), 0);
        registerKey(1, SECRET + 1);
        _expectSpeaksFor(serialized(SECRET), OperatorIndex.unwrap(second));
        _expectSpeaksFor(serialized(SECRET + 1), 1);
    }

    /// Otherwise an old proof of possession could take a key back.
    function test_registerKey_refusesKeysOfAnotherAccount() public {
        registerKey(1, SECRET);
        registerKey(1, SECRET + 1);
        BlsBn254.G1Point memory possession = possessionOf(SECRET, op(2), ownerOf(2));
        bytes memory refusal = abi.encodeWithSelector(IOperatorKeys.KeyTaken.selector, serialized(SECRET), ownerOf(1));
        vm.expectRevert(refusal);
        _register(symbiotic, ownerOf(2), op(2), possession);
    }

    /// A place in the stake book that is given to somebody else: the old key is silent, and the new owner's speaks.
    function test_operatorOf_forgetsFormerOwners() public {
        registerKey(1, SECRET);
        vm.mockCall(address(stake), abi.encodeCall(IOperatorStake.ownerOf, (op(1))), abi.encode(STRANGER));
        (bool isKnown,) = symbiotic.operatorOf(serialized(SECRET));
        vm.assertFalse(isKnown);
        BlsBn254.G1Point memory possession = possessionOf(SECRET + 1, op(1), STRANGER);
        (BlsBn254.G1Point memory key, BlsBn254.G2Point memory keyG2) = (publicKey(SECRET + 1), publicKeyG2(SECRET + 1));
        vm.prank(STRANGER);
        symbiotic.registerKey(op(1), key, keyG2, possession);
        _expectSpeaksFor(serialized(SECRET + 1), 1);
        _expectSilent(serialized(SECRET));
    }

    function _joinAgain(uint256 owner) private returns (OperatorIndex) {
        bytes memory possession = possessionOf(ownerOf(owner), 0xa6a1);
        vm.prank(ownerOf(owner));
        return stake.join{value: MIN_STAKE}(vm.addr(0xa6a1), possession);
    }

    function _register(
        SymbioticQuorum registry,
        address caller,
        OperatorIndex operator,
        BlsBn254.G1Point memory possession
    ) private {
        vm.prank(caller);
        registry.registerKey(operator, point, pointG2, possession);
    }

    function _expectNotPossessed(SymbioticQuorum registry, BlsBn254.G1Point memory possession, bytes32 key) private {
        vm.expectRevert(abi.encodeWithSelector(IOperatorKeys.NotPossessed.selector, op(2), key));
        _register(registry, ownerOf(2), op(2), possession);
    }

    function _expectSpeaksFor(bytes32 key, uint256 operator) private view {
        (bool isKnown, OperatorIndex found) = symbiotic.operatorOf(key);
        vm.assertTrue(isKnown);
        vm.assertEq(OperatorIndex.unwrap(found), operator);
        vm.assertEq(symbiotic.keyOf(op(operator)), key);
    }

    function _expectSilent(bytes32 key) private view {
        (bool isKnown, OperatorIndex found) = symbiotic.operatorOf(key);
        vm.assertFalse(isKnown);
        vm.assertEq(OperatorIndex.unwrap(found), 0);
    }
}
