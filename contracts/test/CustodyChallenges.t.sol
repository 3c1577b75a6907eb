// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ICustodyChallenges} from "../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../src/interfaces/IOperatorStake.sol";
import {ISeedBeacon} from "../src/interfaces/ISeedBeacon.sol";
import {Epoch} from "../src/types/Epoch.sol";
import {PostId} from "../src/types/PostId.sol";
import {ProtocolTest} from "./support/ProtocolTest.sol";

contract CustodyChallengesTest is ProtocolTest {
    uint256 private constant SALT = 77;

    PostId private postId;

    function setUp() public {
        deployProtocol();
        joinOperators(5);
        postId = openPost(SALT, 5, 5);
    }

    // ------------------------------------------------------------ finaliseSeed

    function test_finaliseSeed_recordsTheEpoch() public {
        Epoch epoch = Epoch.wrap(1);
        bytes memory header = mineSeedBlock(epoch, keccak256("randao"));
        (bytes32 seed, bytes32 prevRandao) = beacon.seedOf(epoch, header);
        uint256 seedBlock = beacon.seedBlock(epoch);
        uint256 parameters =
            uint256(1) << 128 | 0x404040 << 144 | 0x010101 << 168 | 110_000 << 192 | 15 << 216 | 10_000 << 240;
        vm.expectEmit();
        emit ICustodyChallenges.SeedFinalised(
            epoch,
            seed,
            prevRandao,
            uint64(seedBlock),
            uint64(seedBlock + 50),
            parameters | 30 << 32 | 10 << 52 | 100 << 72 | 10 << 92 | 20 << 112,
            STRANGER
        );
        vm.prank(STRANGER);
        custody.finaliseSeed(epoch, header);

        ICustodyChallenges.EpochRecord memory record = custody.epochRecord();
        vm.assertEq(record.seed, seed);
        vm.assertEq(Epoch.unwrap(record.epoch), 1);
        vm.assertEq(record.closesAtBlock, closesAt(epoch));
        vm.assertEq(record.precompileGasCap, 110_000);
        vm.assertEq(custody.deadlineOf(epoch), closesAt(epoch));
    }

    /// Pitfall 2: finalising again changes nothing.
    function test_finaliseSeed_isIdempotent() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        bytes32 before = keccak256(abi.encode(custody.epochRecord()));
        vm.roll(block.number + 1);
        custody.finaliseSeed(epoch, "anything");
        vm.assertEq(keccak256(abi.encode(custody.epochRecord())), before);
    }

    /// Pitfall 4: an epoch that nobody finalised in time is void, and nobody can be slashed for it.
    function test_finaliseSeed_neverComesBackToAVoidEpoch() public {
        bytes memory header = mineSeedBlock(Epoch.wrap(1), keccak256("randao"));
        vm.roll(beacon.seedBlock(Epoch.wrap(1)) + FINALIZE_BY + 1);
        vm.expectPartialRevert(ISeedBeacon.OutsideSeedWindow.selector);
        custody.finaliseSeed(Epoch.wrap(1), header);
        vm.roll(closesAt(Epoch.wrap(1)) + 1);
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochNotOpen.selector, Epoch.wrap(1), Epoch.wrap(0)));
        custody.reportMissed(postId, Epoch.wrap(1), op(0));
        vm.assertFalse(custody.challengeOf(postId, Epoch.wrap(1), op(0)).isChallenged);
    }

    // ------------------------------------------------------------ challengeOf

    function test_challengeOf_drawsAsManyOperatorsAsTheLevelAllows() public {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.operatorsAtLevel = [2, 3, 4];
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        Epoch epoch = finalise(1, keccak256("randao"));
        uint256 challenged = 0;
        uint256 strata = 0;
        for (uint256 i = 0; i < 8; ++i) {
            ICustodyChallenges.Challenge memory challenge = custody.challengeOf(postId, epoch, op(i));
            vm.assertEq(challenge.deadlineBlock, closesAt(epoch));
            if (!challenge.isChallenged) continue;
            ++challenged;
            strata |= 1 << challenge.stratum;
        }
        vm.assertEq(challenged, 2);
        vm.assertEq(strata, 3);
    }

    function test_challengeOf_picksAPostAboutOncePerPeriod() public {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.period = 3;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        uint256 picked = 0;
        PostId[] memory posts = new PostId[](60);
        for (uint256 i = 0; i < posts.length; ++i) {
            posts[i] = register(100 + i, 1);
            attest(posts[i], 3);
        }
        Epoch epoch = finalise(1, keccak256("randao"));
        for (uint256 i = 0; i < posts.length; ++i) {
            if (custody.challengeOf(posts[i], epoch, op(0)).isChallenged) ++picked;
        }
        vm.assertLt(8, picked);
        vm.assertLt(picked, 34);
    }

    function testFuzz_views_neverRevert(bytes32 id, uint32 epoch, uint16 operator) public {
        finalise(1, keccak256("randao"));
        PostId any = PostId.wrap(id);
        vm.assertFalse(custody.challengeOf(any, Epoch.wrap(epoch), op(operator)).isChallenged);
        vm.assertFalse(custody.isProven(any, Epoch.wrap(epoch), op(operator)));
        vm.assertFalse(custody.isMissed(any, Epoch.wrap(epoch), op(operator)));
        custody.challengeOf(postId, Epoch.wrap(epoch), op(operator));
        custody.challengeOf(postId, Epoch.wrap(1), op(operator));
        vm.assertEq(custody.postOf(any).root, bytes32(0));
    }

    // ------------------------------------------------------------ reportMissed

    function test_reportMissed_slashesAndPaysTheReporter() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        vm.roll(closesAt(epoch) + 1);
        vm.expectEmit();
        emit ICustodyChallenges.ChallengeMissed(postId, epoch, op(4), 0, STRANGER);
        vm.expectEmit();
        emit IOperatorStake.OperatorSlashed(op(4), epoch, postId, 0.05 ether, 0.0025 ether, STRANGER);
        vm.prank(STRANGER);
        custody.reportMissed(postId, epoch, op(4));
        vm.assertTrue(custody.isMissed(postId, epoch, op(4)));
        vm.assertEq(stake.stakeOf(op(4)), 0.95 ether);
        vm.assertEq(stake.creditOf(STRANGER), 0.0025 ether);
        vm.assertEq(stake.creditOf(TREASURY), 0.0475 ether);
    }

    /// Pitfall 32.
    function test_reportMissed_worksOnceAndNeverAfterAProof() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        prove(postId, epoch, 1, answerOf(postId, epoch, 1, SALT));
        vm.roll(closesAt(epoch) + 1);
        custody.reportMissed(postId, epoch, op(4));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.MissAlreadyReported.selector, postId, epoch, op(4)));
        custody.reportMissed(postId, epoch, op(4));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.ProvenInTime.selector, postId, epoch, op(1)));
        custody.reportMissed(postId, epoch, op(1));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.NotChallenged.selector, postId, epoch, op(9)));
        custody.reportMissed(postId, epoch, op(9));
        ICustodyChallenges.Post memory post = custody.postOf(postId);
        vm.assertEq(post.proven & post.missed, 0);
        vm.assertEq(stake.totalSlashed(), 0.05 ether);
    }

    function test_reportMissed_onlyInItsWindow() public {
        Epoch epoch = finalise(1, keccak256("randao"));
        uint256 first = closesAt(epoch) + 1;
        uint256 last = closesAt(epoch) + REPORT_WINDOW;
        vm.roll(first - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICustodyChallenges.OutsideReportWindow.selector, epoch, first - 1, first, last)
        );
        custody.reportMissed(postId, epoch, op(0));
        vm.roll(last + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICustodyChallenges.OutsideReportWindow.selector, epoch, last + 1, first, last)
        );
        custody.reportMissed(postId, epoch, op(0));
        vm.roll(last);
        custody.reportMissed(postId, epoch, op(0));
    }

    // ------------------------------------------------------------ parameters

    /// Pitfall 23: what is open keeps its parameters; a change holds from the next epoch on.
    function test_setParameters_leavesTheRunningEpochAlone() public {
        vm.roll(B0 + L + 1);
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.window = 20;
        vm.expectEmit();
        emit ICustodyChallenges.ParametersChanged(Epoch.wrap(2), parameters);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        Epoch epoch = finalise(1, keccak256("randao"));
        vm.assertEq(custody.epochRecord().closesAtBlock, closesAt(epoch));
        vm.assertEq(custody.deadlineOf(Epoch.wrap(2)), closesAt(Epoch.wrap(2)) - 10);
        // Changed again before it holds: the second change stands alone.
        parameters.window = 25;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        finalise(2, keccak256("randao"));
        vm.assertEq(custody.epochRecord().closesAtBlock, closesAt(Epoch.wrap(2)) - 5);
        vm.assertEq(custody.parameters().window, 25);
    }

    /// A change made in an epoch before its seed is known does not touch that epoch, even when one waited for it.
    function test_setParameters_keepsWhatHeldWhenTheEpochStarted() public {
        ICustodyChallenges.Parameters memory parameters = custodyParameters();
        parameters.window = 20;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        vm.roll(B0 + L + 1);
        parameters.window = 10;
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (parameters)));
        finalise(1, keccak256("randao"));
        vm.assertEq(custody.epochRecord().closesAtBlock, closesAt(Epoch.wrap(1)) - 10);
        finalise(2, keccak256("randao"));
        vm.assertEq(custody.epochRecord().closesAtBlock, closesAt(Epoch.wrap(2)) - 20);
    }

    function test_setParameters_onlyForAdmin() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, STRANGER));
        custody.setParameters(custodyParameters());
    }

    function test_setParameters_revertsOutsideTheBounds() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.window = 0;
        _expectInvalid(values);
        values = custodyParameters();
        values.reportWindow = 1;
        _expectInvalid(values);
        values = custodyParameters();
        values.period = 0;
        _expectInvalid(values);
        values = custodyParameters();
        values.operatorsAtLevel[2] = 65;
        _expectInvalid(values);
        values = custodyParameters();
        values.operatorsAtLevel[0] = 0;
        _expectInvalid(values);
        values = custodyParameters();
        values.blobsAtLevel[1] = 65;
        _expectInvalid(values);
        values = custodyParameters();
        values.blobsAtLevel[1] = 0;
        _expectInvalid(values);
        values = custodyParameters();
        values.precompileGasCap = 49_999;
        _expectInvalid(values);
        values.precompileGasCap = 300_001;
        _expectInvalid(values);
    }

    function testFuzz_setParameters_fitsEverythingIntoAnEpoch(uint24 window, uint24 maxPause, uint24 reportWindow)
        public
    {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.window = uint24(bound(window, 1, 90));
        values.maxPause = uint24(bound(maxPause, 0, 30));
        values.reportWindow = uint24(bound(reportWindow, 2, 30));
        uint256 needed = DELTA + FINALIZE_BY + values.window + values.maxPause + values.reportWindow;
        if (needed > L) vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.EpochTooShort.selector, needed, L));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
    }

    /// No length is cut down to one that fits.
    function test_setParameters_refusesLengthsBeyondAnyEpoch() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.window += 1 << 20;
        vm.expectPartialRevert(ICustodyChallenges.EpochTooShort.selector);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
        values = custodyParameters();
        values.maxPause += 1 << 20;
        vm.expectPartialRevert(ICustodyChallenges.EpochTooShort.selector);
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
    }

    function test_openPost_onlyForTheRelay() public {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.NotAttestationRelay.selector, address(this)));
        custody.openPost(PostId.wrap(keccak256("post")), keccak256("root"), 1, 1, Epoch.wrap(0), Epoch.wrap(9));
        vm.prank(address(relay));
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.PostAlreadyOpen.selector, postId));
        custody.openPost(postId, keccak256("root"), 1, 1, Epoch.wrap(0), Epoch.wrap(9));
    }

    function _expectInvalid(ICustodyChallenges.Parameters memory values) private {
        vm.expectRevert(abi.encodeWithSelector(ICustodyChallenges.InvalidParameters.selector, values));
        asAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)));
    }
}
