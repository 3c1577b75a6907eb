// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAttestationRelay} from "../../src/interfaces/IAttestationRelay.sol";
import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {IPause} from "../../src/interfaces/IPause.sol";
import {IPostRegistry} from "../../src/interfaces/IPostRegistry.sol";
import {ISlashingListener} from "../../src/interfaces/ISlashingListener.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {PostId} from "../../src/types/PostId.sol";
import {OutcomeActions} from "./OutcomeActions.sol";
import {SlashingAttacker} from "./SlashingAttacker.sol";
import {Verdict} from "./Verdict.sol";

/// Governance changes parameters, well or badly, and others try to act in its place.
abstract contract GovernanceActions is OutcomeActions {
    function changeParameters(uint256 random) external observed {
        uint256 which = draw(random, "which", 6);
        if (which == 0) _changeCustody(random);
        if (which == 1) _changeStaking(random);
        if (which == 2) _changeRelay(random);
        if (which == 3) _changeRegistry(random);
        if (which == 4) _changeBeacon(random);
        if (which == 5) _changeListener(random);
    }

    /// Nobody but those named may do what only those named may do.
    function intrude(uint256 random) external observed {
        PostId id = posts[draw(random, "post", posts.length)].id;
        Epoch epoch = Epoch.wrap(uint32(epochNow));
        Verdict memory verdict;
        verdict.rule(!isPausedNow(), IPause.ProtocolPaused.selector);
        address target = address(custody);
        bytes memory call;
        uint256 which = draw(random, "which", 8);
        if (which == 0) {
            verdict.rule(false, ICustodyChallenges.NotAttestationRelay.selector);
            call = abi.encodeCall(custody.openPost, (id, bytes32("root"), 1, type(uint256).max, epoch, epoch));
        } else if (which == 1) {
            verdict.rule(false, ICustodyChallenges.NotPostRegistry.selector);
            call = abi.encodeCall(custody.endPost, (id));
        } else if (which == 2) {
            verdict.rule(false, IOperatorStake.NotCustodyChallenges.selector);
            target = address(stake);
            call = abi.encodeCall(stake.slash, (op(0), epoch, id, 2, STRANGER));
        } else if (which == 3) {
            verdict.rule(false, IPostRegistry.NotAttestationRelay.selector);
            target = address(registry);
            call = abi.encodeCall(registry.removePending, (id));
        } else if (which == 4) {
            verdict.rule(false, IPostRegistry.NotAttestationRelay.selector);
            target = address(registry);
            call = abi.encodeCall(registry.lapsePending, (id));
        } else {
            verdict.rule(false, UNAUTHORIZED);
            if (which == 5) call = abi.encodeCall(custody.setParameters, (custodyNow));
            if (which == 6) call = abi.encodeCall(custody.upgradeToAndCall, (address(attacker), ""));
            if (which == 7) call = abi.encodeCall(custody.setBeacon, (beacons[1]));
        }
        attempt(_anybody(random), target, call, verdict);
    }

    function _changeCustody(uint256 random) private {
        ICustodyChallenges.Parameters memory values = custodyNext;
        values.window = uint24(10 + draw(random, "window", 30));
        values.maxPause = uint24(draw(random, "maxPause", 20));
        values.reportWindow = uint24(4 + draw(random, "reportWindow", 20));
        values.period = uint16(1 + draw(random, "period", 2));
        values.custodyBps = uint16(4000 + draw(random, "custodyBps", 6001));
        for (uint256 level = 0; level < LEVELS; ++level) {
            uint256 forLevel = random ^ level;
            values.operatorsAtLevel[level] = uint8(1 + draw(forLevel, "operators", 6));
            values.blobsAtLevel[level] = uint8(1 + draw(forLevel, "blobs", 4));
        }
        bool isSound = !oneIn(6, random, "unsound");
        if (!isSound) values.operatorsAtLevel[2] = 65;
        uint256 answering = uint256(values.window) + values.maxPause + values.reportWindow;
        bool isShort = DELTA + beacons[beaconNext].finalizeBy() + answering <= L;
        Verdict memory verdict;
        verdict.rule(isSound, ICustodyChallenges.InvalidParameters.selector);
        verdict.rule(isShort, ICustodyChallenges.EpochTooShort.selector);
        if (!attemptAsAdmin(address(custody), abi.encodeCall(custody.setParameters, (values)), verdict)) return;
        custodyNext = values;
        see("challenges changed");
    }

    function _changeStaking(uint256 random) private {
        IOperatorStake.StakeParameters memory values = stakingNext;
        values.minStake = uint96(MIN_STAKE / 2 + draw(random, "minStake", MIN_STAKE));
        values.penaltyBps = [uint16(draw(random, "one", 3000)), uint16(draw(random, "two", 6000)), 9000];
        values.maxSlashBpsPerEpoch = uint16(draw(random, "most", 10_001));
        values.reporterBps = uint16(draw(random, "reporter", 1101));
        values.ejectWithinEpochs = uint8(1 + draw(random, "within", 8));
        values.ejectAfterMissedEpochs = uint8(1 + draw(random, "after", values.ejectWithinEpochs));
        values.slasherDelay = uint32(draw(random, "slasher", 40));
        values.unbonding = uint32(4 * L + draw(random, "unbonding", 200));
        values.treasury = oneIn(2, random, "treasury") ? TREASURY : address(0x7e2);
        bool isLong = 4 * L + values.slasherDelay + values.margin <= values.unbonding;
        Verdict memory verdict;
        verdict.rule(values.reporterBps <= 1000, IOperatorStake.InvalidStakeParameters.selector);
        verdict.rule(isLong, IOperatorStake.UnbondingTooShort.selector);
        if (!attemptAsAdmin(address(stake), abi.encodeCall(stake.setStakeParameters, (values)), verdict)) return;
        stakingNext = values;
        see("staking changed");
    }

    function _changeRelay(uint256 random) private {
        // What a quorum is changes at once.
        uint16 bps = uint16(4900 + draw(random, "bps", 3000));
        uint32 grace = uint32(draw(random, "grace", 40));
        Verdict memory verdict;
        verdict.rule(bps > 5000, IAttestationRelay.InvalidQuorumBps.selector);
        if (!attemptAsAdmin(address(relay), abi.encodeCall(relay.setRelayParameters, (bps, grace)), verdict)) return;
        quorumBps = bps;
        relayGrace = grace;
    }

    function _changeRegistry(uint256 random) private {
        IPostRegistry.RegistryParameters memory values = IPostRegistry.RegistryParameters({
            attestationDeadline: uint32(draw(random, "deadline", 150)), maxTermEpochs: uint32(draw(random, "term", 40))
        });
        bool isSound = values.attestationDeadline > 0 && values.maxTermEpochs > 0;
        Verdict memory verdict;
        verdict.rule(isSound, IPostRegistry.InvalidRegistryParameters.selector);
        bytes memory call = abi.encodeCall(registry.setRegistryParameters, (values));
        if (attemptAsAdmin(address(registry), call, verdict)) limits = values;
    }

    function _changeBeacon(uint256 random) private {
        uint256 next = draw(random, "beacon", beacons.length);
        uint256 answering = uint256(custodyNext.window) + custodyNext.maxPause + custodyNext.reportWindow;
        bool isShort = DELTA + beacons[next].finalizeBy() + answering <= L;
        Verdict memory verdict;
        verdict.rule(isShort, ICustodyChallenges.EpochTooShort.selector);
        if (!attemptAsAdmin(address(custody), abi.encodeCall(custody.setBeacon, (beacons[next])), verdict)) return;
        beaconNext = next;
        see("beacon changed");
    }

    function _changeListener(uint256 random) private {
        bool isNobody = oneIn(8, random, "nobody");
        ISlashingListener listener = isNobody ? ISlashingListener(address(0)) : attacker;
        uint32 gasCap = isNobody ? 0 : uint32(50_000 + draw(random, "gas", 1_950_000));
        Verdict memory verdict;
        bytes memory call = abi.encodeCall(stake.setSlashingListener, (listener, gasCap));
        attemptAsAdmin(address(stake), call, verdict);
        attacker.behave(SlashingAttacker.Behaviour(draw(random, "behaviour", 5)));
    }

    /// Somebody without any role.
    function _anybody(uint256 random) private view returns (address) {
        address[4] memory accounts = [STRANGER, PUBLISHER, RELAY, operators[0].owner];
        return accounts[draw(random, "who", 4)];
    }
}
