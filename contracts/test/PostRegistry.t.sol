// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IPause} from "../src/interfaces/IPause.sol";
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
        string[] memory rows = rowsOf(VECTORS, "postIds");
        for (uint256 i = 0; i < rows.length; ++i) {
            vm.chainId(uint256(vm.parseJsonBytes32(rows[i], ".chainId")));
            address place = vm.parseJsonAddress(rows[i], ".registry");
            // `postIdOf` reads no storage.
            vm.etch(place, address(new PostRegistry()).code);
            IPostRegistry.PostRegistration memory registration;
            registration.root = vm.parseJsonBytes32(rows[i], ".root");
            registration.blobCount = uint32(vm.parseJsonUint(rows[i], ".blobCount"));
            registration.byteLength = uint64(vm.parseJsonUint(rows[i], ".byteLength"));
            registration.cidDigest = vm.parseJsonBytes32(rows[i], ".cidDigest");
            registration.codec = uint8(vm.parseJsonUint(rows[i], ".codec"));
            registration.contentType = vm.parseJsonString(rows[i], ".contentType");
            registration.termEpochs = uint32(vm.parseJsonUint(rows[i], ".termEpochs"));
            registration.nonce = uint64(vm.parseJsonUint(rows[i], ".nonce"));
            address publisher = vm.parseJsonAddress(rows[i], ".publisher");
            PostId postId = PostRegistry(place).postIdOf(publisher, registration);
            vm.assertEq(PostId.unwrap(postId), vm.parseJsonBytes32(rows[i], ".postId"));
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

    function test_removePendingAndLapsePending_onlyForTheRelay() public {
        PostId postId = register(1, 1);
        bytes memory refusal = abi.encodeWithSelector(IPostRegistry.NotAttestationRelay.selector, address(this));
        vm.expectRevert(refusal);
        registry.removePending(postId);
        vm.expectRevert(refusal);
        registry.lapsePending(postId);
    }

    function test_register_revertsWhilePaused() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        bytes memory paused = abi.encodeWithSelector(IPause.ProtocolPaused.selector, block.number + 3);
        vm.mockCallRevert(address(custody), abi.encodeCall(IPause.requireNotPaused, ()), paused);
        vm.expectRevert(paused);
        registry.register(registration);
        vm.expectRevert(paused);
        registry.registerFromBlobs(registration);
    }

    // ------------------------------------------------------------ limits

    function test_setRegistryParameters_holdsForLaterPostsOnly() public {
        PostId before = register(1, 1);
        IPostRegistry.RegistryParameters memory parameters =
            IPostRegistry.RegistryParameters({attestationDeadline: 7, maxTermEpochs: 9});
        // Pitfall 25: setting twice changes nothing.
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit();
            emit IPostRegistry.RegistryParametersChanged(7, 9);
            asAdmin(address(registry), abi.encodeCall(registry.setRegistryParameters, (parameters)));
            vm.assertEq(registry.registryParameters().attestationDeadline, 7);
            vm.assertEq(registry.registryParameters().maxTermEpochs, 9);
        }
        vm.assertEq(registry.pendingPost(before).attestationDeadline, ATTESTATION_DEADLINE);
        vm.assertEq(registry.pendingPost(register(2, 1)).attestationDeadline, 7);
    }

    function test_setRegistryParameters_onlyForAdminAndWithinBounds() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        registry.setRegistryParameters(IPostRegistry.RegistryParameters(7, 9));
        _expectInvalidLimits(0, 9);
        _expectInvalidLimits(7, 0);
        _expectInvalidLimits(216_001, 9);
        _expectInvalidLimits(7, 10_000_001);
        asAdmin(
            address(registry), abi.encodeCall(registry.setRegistryParameters, (IPostRegistry.RegistryParameters(1, 1)))
        );
        asAdmin(
            address(registry),
            abi.encodeCall(registry.setRegistryParameters, (IPostRegistry.RegistryParameters(216_000, 10_000_000)))
        );
    }

    function testFuzz_longestTermEpochs_neverFalls(uint32[8] memory terms) public {
        uint256 longest = 1000;
        for (uint256 i = 0; i < terms.length; ++i) {
            uint256 term = bound(terms[i], 1, 10_000);
            asAdmin(
                address(registry),
                abi.encodeCall(registry.setRegistryParameters, (IPostRegistry.RegistryParameters(7, uint32(term))))
            );
            if (term > longest) longest = term;
            vm.assertEq(registry.longestTermEpochs(), longest);
        }
    }

    function _expectInvalidLimits(uint32 attestationDeadline, uint32 maxTermEpochs) private {
        vm.expectRevert(
            abi.encodeWithSelector(IPostRegistry.InvalidRegistryParameters.selector, attestationDeadline, maxTermEpochs)
        );
        asAdmin(
            address(registry),
            abi.encodeCall(
                registry.setRegistryParameters, (IPostRegistry.RegistryParameters(attestationDeadline, maxTermEpochs))
            )
        );
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
