// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

import {CustodyChallenges} from "../../src/CustodyChallenges.sol";
import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {SeedBeacon} from "../../src/SeedBeacon.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";
import {History} from "./History.sol";
import {ProtocolTest} from "./ProtocolTest.sol";

/// Stands in for the stake: remembers what it was told to slash, and says who is vacant as it was told.
contract SlashBook {
    struct Slash {
        OperatorIndex operator;
        Epoch epoch;
        PostId postId;
        uint8 level;
        address reporter;
    }

    Slash[] private entries;
    mapping(Epoch => uint256) public vacantAt;

    function setVacant(Epoch epoch, uint256 operators) external {
        vacantAt[epoch] = operators;
    }

    function slash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, address reporter)
        external
        returns (uint256)
    {
        entries.push(Slash(operator, epoch, postId, level, reporter));
        return 0;
    }

    /// Nobody comes or leaves here.
    function recordAttesters(uint256) external {}

    function count() external view returns (uint256) {
        return entries.length;
    }

    function last() external view returns (Slash memory) {
        return entries[entries.length - 1];
    }
}

/// The challenges' contract alone; the test itself is relay and registry, so that it opens and ends posts as it likes.
abstract contract CustodyTest is ProtocolTest {
    SlashBook internal book;

    function deployCustody(ICustodyChallenges.Parameters memory values) internal {
        vm.roll(B0 - 10);
        History.install();
        beacon = new SeedBeacon(B0, L, DELTA, FINALITY, FINALIZE_BY);
        book = new SlashBook();
        CustodyChallenges code = new CustodyChallenges();
        // The proxy comes right after the contracts of governance.
        deployGovernance(
            vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + GOVERNANCE_CONTRACTS), RELAY
        );
        bytes memory initialization = abi.encodeCall(
            CustodyChallenges.initialize,
            (address(manager), beacon, IOperatorStake(address(book)), address(this), address(this), values)
        );
        custody = CustodyChallenges(address(new ERC1967Proxy(address(code), initialization)));
    }

    /// A post of one blob that `salt` decides, attested in epoch 0 and ending with epoch `endEpoch - 1`.
    function open(uint256 salt, uint256 attesters, uint32 endEpoch) internal returns (PostId postId) {
        return open(salt, attesters, 0, endEpoch);
    }

    function open(uint256 salt, uint256 attesters, uint32 attestedEpoch, uint32 endEpoch)
        internal
        returns (PostId postId)
    {
        postId = PostId.wrap(keccak256(abi.encode("post", salt)));
        bytes32 root = leavesOf(salt, 1)[0];
        custody.openPost(postId, root, 1, attesters, Epoch.wrap(attestedEpoch), Epoch.wrap(endEpoch));
    }

    /// Finalises the epoch with a seed that follows from its number.
    function finalise(uint256 number) internal returns (Epoch) {
        return finalise(number, keccak256(abi.encode("randao", number)));
    }

    /// The operator answers rightly, be it challenged.
    function answer(PostId postId, Epoch epoch, uint256 operator, uint256 salt) internal {
        prove(postId, epoch, operator, answerOf(postId, epoch, operator, salt));
    }

    function isChallenged(PostId postId, Epoch epoch, uint256 operator) internal view returns (bool) {
        return custody.challengeOf(postId, epoch, op(operator)).isChallenged;
    }

    function firstBlockOf(Epoch epoch) internal pure returns (uint256) {
        return B0 + uint256(Epoch.unwrap(epoch)) * L;
    }

    function lastBlockOf(Epoch epoch) internal pure returns (uint256) {
        return firstBlockOf(epoch) + L - 1;
    }
}
