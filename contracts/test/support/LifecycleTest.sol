// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {PostId} from "../../src/types/PostId.sol";
import {CustodyTest} from "./CustodyTest.sol";

/// One post of five attesters, three of whom have to answer.
abstract contract LifecycleTest is CustodyTest {
    uint256 internal constant SALT = 5;
    uint256 internal constant ATTESTERS = 0x1f;

    PostId internal postId;

    function setUp() public {
        ICustodyChallenges.Parameters memory values = custodyParameters();
        values.custodyBps = 6000;
        deployCustody(values);
        postId = open(SALT, ATTESTERS, 20);
    }

    /// Nobody answers in the epoch, and somebody settles it.
    function fail(uint256 number) internal {
        Epoch epoch = finalise(number);
        vm.roll(closesAt(epoch) + 1);
        custody.settle(postId, epoch);
    }

    function answerFirst(Epoch epoch, uint256 count) internal {
        for (uint256 operator = 0; operator < count; ++operator) {
            answer(postId, epoch, operator, SALT);
        }
    }

    function assertPost(uint8 nextLevel, bool isAtRisk) internal view {
        ICustodyChallenges.Post memory post = custody.postOf(postId);
        vm.assertEq(post.nextLevel, nextLevel);
        vm.assertEq(post.isAtRisk, isAtRisk);
    }
}
