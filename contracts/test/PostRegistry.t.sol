// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {KzgOpening} from "../src/libraries/KzgOpening.sol";
import {PostRegistry} from "../src/PostRegistry.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract PostRegistryTest is ProtocolTest {
    uint256 private constant PAYLOAD = 126_945;

    function setUp() public {
        deployProtocol();
        vm.roll(B0 + 5);
    }

    function test_postIdOf_agreesWithVectors() public {
        string memory json = vm.readFile(VECTORS);
        for (uint256 i = 0; hasRow(json, "postIds", i); ++i) {
            vm.chainId(uint256(vm.parseJsonBytes32(json, cell("postIds", i, "chainId"))));
            address place = vm.parseJsonAddress(json, cell("postIds", i, "registry"));
            // `postIdOf` reads no storage.
            vm.etch(place, address(new PostRegistry()).code);
            IPostRegistry.PostRegistration memory registration;
            registration.root = vm.parseJsonBytes32(json, cell("postIds", i, "root"));
            registration.blobCount = uint32(vm.parseJsonUint(json, cell("postIds", i, "blobCount")));
            registration.byteLength = uint64(vm.parseJsonUint(json, cell("postIds", i, "byteLength")));
            registration.cidDigest = vm.parseJsonBytes32(json, cell("postIds", i, "cidDigest"));
            registration.codec = uint8(vm.parseJsonUint(json, cell("postIds", i, "codec")));
            registration.contentType = vm.parseJsonString(json, cell("postIds", i, "contentType"));
            registration.termEpochs = uint32(vm.parseJsonUint(json, cell("postIds", i, "termEpochs")));
            registration.nonce = uint64(vm.parseJsonUint(json, cell("postIds", i, "nonce")));
            address publisher = vm.parseJsonAddress(json, cell("postIds", i, "publisher"));
            PostId postId = PostRegistry(place).postIdOf(publisher, registration);
            vm.assertEq(PostId.unwrap(postId), vm.parseJsonBytes32(json, cell("postIds", i, "postId")));
        }
    }

    function testFuzz_register_announcesThePost(uint256 salt, uint256 blobCount) public {
        IPostRegistry.PostRegistration memory registration = registrationOf(salt, bound(blobCount, 1, 70));
        PostId expected = registry.postIdOf(PUBLISHER, registration);
        vm.expectEmit();
        emit IPostRegistry.PostRegistered(
            expected,
            PUBLISHER,
            registration.root,
            registration.blobCount,
            registration.byteLength,
            registration.cidDigest,
            registration.codec,
            registration.contentType,
            registration.termEpochs,
            registration.nonce,
            registration.commitments,
            registration.manifestDigest,
            uint64(block.number + ATTESTATION_DEADLINE)
        );
        vm.prank(PUBLISHER);
        vm.assertEq(PostId.unwrap(registry.register(registration)), PostId.unwrap(expected));
        IPostRegistry.PendingPost memory post = registry.pendingPost(expected);
        vm.assertEq(post.root, registration.root);
        vm.assertEq(post.blobCount, registration.blobCount);
        vm.assertEq(post.termEpochs, registration.termEpochs);
        vm.assertEq(post.registeredBlock, block.number);
    }

    function test_register_revertsOnTheSameRegistrationBeforeAndAfterTheQuorum() public {
        joinOperators(3);
        vm.roll(B0 + L);
        PostId postId = register(1, 2);
        IPostRegistry.PostRegistration memory again = registrationOf(1, 2);
        vm.prank(PUBLISHER);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.PostAlreadyRegistered.selector, postId));
        registry.register(again);
        attest(postId, 3);
        vm.assertEq(registry.pendingPost(postId).registeredBlock, 0);
        vm.prank(PUBLISHER);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.PostAlreadyRegistered.selector, postId));
        registry.register(again);
        // Another publisher's post is another post.
        registry.register(again);
    }

    function test_register_countsBlobsRightAtTheEdges() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        registration.byteLength = uint64(PAYLOAD + 1);
        registry.register(registration);
        registration.byteLength = uint64(PAYLOAD);
        _expectWrongBlobCount(registration, 1);
        registration.byteLength = uint64(2 * PAYLOAD + 1);
        _expectWrongBlobCount(registration, 3);
        registration.blobCount = 0;
        registration.byteLength = 0;
        _expectWrongBlobCount(registration, 0);
        registration.blobCount = 1 << 20;
        registration.byteLength = uint64((1 << 20) * PAYLOAD);
        _expectWrongBlobCount(registration, 1 << 20);
    }

    function test_register_revertsOnWhatIsNotWellFormed() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        registration.codec = 0x71;
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.UnknownCodec.selector, 0x71));
        registry.register(registration);

        registration = registrationOf(1, 2);
        registration.contentType = "";
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongContentTypeLength.selector, 0));
        registry.register(registration);
        registration.contentType = string(new bytes(256));
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongContentTypeLength.selector, 256));
        registry.register(registration);

        registration = registrationOf(1, 2);
        registration.termEpochs = 0;
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongTerm.selector, 0, 1000));
        registry.register(registration);
        registration.termEpochs = 1001;
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongTerm.selector, 1001, 1000));
        registry.register(registration);
    }

    function test_register_revertsUnlessTheCommitmentsHashToTheRoot() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 3);
        bytes32 right = registration.root;
        registration.root = keccak256("other");
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongRoot.selector, registration.root, right));
        registry.register(registration);
        registration = registrationOf(1, 3);
        registration.commitments[50] ^= 0x01;
        vm.expectPartialRevert(IPostRegistry.WrongRoot.selector);
        registry.register(registration);
    }

    /// Pitfall 11.
    function test_register_revertsOnACommitmentAtInfinity() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 3);
        registration.commitments[48] = 0xc0;
        for (uint256 i = 49; i < 96; ++i) {
            registration.commitments[i] = 0;
        }
        vm.expectPartialRevert(KzgOpening.CommitmentAtInfinity.selector);
        registry.register(registration);
    }

    function test_register_asksForCommitmentsUpTo64BlobsAndForAManifestAbove() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 64);
        registry.register(registration);
        registration.manifestDigest = keccak256("manifest");
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongManifestDigest.selector, registration.manifestDigest));
        registry.register(registration);
        registration.commitments = new bytes(48 * 64 - 1);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongCommitmentsLength.selector, 3071, 3072));
        registry.register(registration);

        registration = registrationOf(1, 65);
        registry.register(registration);
        registration.manifestDigest = 0;
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongManifestDigest.selector, bytes32(0)));
        registry.register(registration);
        registration.commitments = new bytes(48);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongCommitmentsLength.selector, 48, 0));
        registry.register(registration);
    }

    function test_removePending_onlyForTheRelay() public {
        PostId postId = register(1, 1);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.NotAttestationRelay.selector, address(this)));
        registry.removePending(postId);
    }

    function test_setRegistryParameters_onlyForAdminAndWithinBounds() public {
        IPostRegistry.RegistryParameters memory parameters =
            IPostRegistry.RegistryParameters({attestationDeadline: 7, maxTermEpochs: 9});
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        registry.setRegistryParameters(parameters);
        PostId before = register(1, 1);
        vm.expectEmit();
        emit IPostRegistry.RegistryParametersChanged(7, 9);
        registry.setRegistryParameters(parameters);
        vm.assertEq(registry.registryParameters().attestationDeadline, 7);
        vm.assertEq(registry.pendingPost(before).attestationDeadlineBlock, block.number + ATTESTATION_DEADLINE);
        parameters.maxTermEpochs = 0;
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.InvalidRegistryParameters.selector, 7, 0));
        registry.setRegistryParameters(parameters);
        parameters = IPostRegistry.RegistryParameters({attestationDeadline: 0, maxTermEpochs: 9});
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.InvalidRegistryParameters.selector, 0, 9));
        registry.setRegistryParameters(parameters);
    }

    function _expectWrongBlobCount(IPostRegistry.PostRegistration memory registration, uint256 expected) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IPostRegistry.WrongBlobCount.selector, registration.byteLength, registration.blobCount, expected
            )
        );
        registry.register(registration);
    }
}
