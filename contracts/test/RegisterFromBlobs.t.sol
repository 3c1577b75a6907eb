// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IPostRegistry} from "../src/interfaces/IPostRegistry.sol";
import {PostId} from "../src/types/PostId.sol";
import {LinearPolynomials} from "./support/LinearPolynomials.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

/// Not isolated: as a transaction of its own, a call with blobs would have to offer a price for them.
/// forge-config: default.isolate = false
contract RegisterFromBlobsTest is ProtocolTest {
    function setUp() public {
        deployProtocol();
        vm.roll(B0 + 5);
    }

    /// Pitfall 36: the consensus layer saw the very blobs that are registered.
    function testFuzz_registerFromBlobs_bindsThePost(uint256 salt, uint256 blobCount, uint256 extra) public {
        blobCount = bound(blobCount, 1, 6);
        IPostRegistry.PostRegistration memory registration = registrationOf(salt, blobCount);
        vm.blobhashes(_hashesOf(salt, blobCount + bound(extra, 0, 6 - blobCount)));
        PostId expected = registry.postIdOf(PUBLISHER, registration);
        vm.expectEmit();
        emit IPostRegistry.PostBoundToBlobs(expected);
        vm.prank(PUBLISHER);
        vm.assertEq(PostId.unwrap(registry.registerFromBlobs(registration)), PostId.unwrap(expected));
        vm.assertEq(registry.pendingPost(expected).root, registration.root);
    }

    function test_registerFromBlobs_revertsOnOtherBlobs() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 3);
        bytes32[] memory hashes = _hashesOf(1, 3);
        (bytes32 right, bytes32 other) = (hashes[1], hashes[2]);
        (hashes[1], hashes[2]) = (other, right);
        vm.blobhashes(hashes);
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.WrongBlob.selector, 1, right, other));
        registry.registerFromBlobs(registration);
        // The order is part of it, and so is every blob.
        vm.blobhashes(_hashesOf(1, 2));
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.TooFewBlobs.selector, 3));
        registry.registerFromBlobs(registration);
        vm.blobhashes(new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.TooFewBlobs.selector, 3));
        registry.registerFromBlobs(registration);
    }

    /// However many blobs a transaction may carry one day: what lists no commitments is bound to none.
    function test_registerFromBlobs_revertsWithoutCommitments() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 65);
        vm.blobhashes(_hashesOf(1, 65));
        vm.expectRevert(abi.encodeWithSelector(IPostRegistry.TooFewBlobs.selector, 65));
        registry.registerFromBlobs(registration);
    }

    function test_registerFromBlobs_checksTheRegistrationToo() public {
        IPostRegistry.PostRegistration memory registration = registrationOf(1, 2);
        vm.blobhashes(_hashesOf(1, 2));
        registration.root = keccak256("other");
        vm.expectPartialRevert(IPostRegistry.WrongRoot.selector);
        registry.registerFromBlobs(registration);
    }

    function _hashesOf(uint256 salt, uint256 count) private view returns (bytes32[] memory hashes) {
        hashes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            (uint256 a, uint256 b) = polynomialOf(salt, i);
            hashes[i] = versionedHash(LinearPolynomials.commit(a, b));
        }
    }
}
