// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IPause} from "../src/interfaces/IPause.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {CustodyTest} from "./support/CustodyTest.sol";

/// Pitfall 33: what a pause stops, what goes on, and who may pause.
contract PauseScopeTest is CustodyTest {
    uint256 private constant SALT = 5;
    uint256 private constant MAX_PAUSE = 10;

    PostId private postId;

    function setUp() public {
        deployCustody(custodyParameters());
        postId = open(SALT, 0x7, 20);
    }

    function test_pause_stopsOpeningReportingAndSettling() public {
        Epoch epoch = finalise(1);
        vm.roll(closesAt(epoch) + 1);
        pauseAsGuardian();
        bytes memory paused = abi.encodeWithSelector(IPause.ProtocolPaused.selector, closesAt(epoch) + MAX_PAUSE);
        vm.expectRevert(paused);
        custody.reportMissed(postId, epoch, op(1));
        vm.expectRevert(paused);
        custody.settle(postId, epoch);
        vm.expectRevert(paused);
        custody.openPost(PostId.wrap(keccak256("post")), keccak256("root"), 1, 1, epoch, Epoch.wrap(9));
        vm.expectRevert(paused);
        custody.requireNotPaused();
    }

    /// Pitfall 33: proving and finalising seeds never stop; nor do the setters and the end of a post.
    function test_pause_letsEverythingElseGoOn() public {
        Epoch epoch = Epoch.wrap(1);
        vm.roll(beacon.seedBlock(epoch));
        pauseAsGuardian();
        finalise(1);
        answer(postId, epoch, 1, SALT);
        vm.assertTrue(custody.isProven(postId, epoch, op(1)));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (custodyParameters())));
        asAdmin(address(custody), abi.encodeCall(custody.setBeacon, (beacon)));
        custody.endPost(postId);
        vm.assertTrue(custody.isPaused());
    }

    function test_pause_isForTheGuardianOnly() public {
        vm.roll(firstBlockOf(Epoch.wrap(1)));
        bytes memory refused = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER);
        vm.prank(STRANGER);
        vm.expectRevert(refused);
        custody.pause();
        vm.prank(GUARDIAN);
        custody.pause();
        vm.prank(STRANGER);
        vm.expectRevert(refused);
        custody.unpause();
        vm.prank(GUARDIAN);
        custody.unpause();
        vm.prank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, GUARDIAN));
        custody.setParameters(custodyParameters());
    }
}
