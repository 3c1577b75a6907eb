// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {ISlashingListener} from "../../src/interfaces/ISlashingListener.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";

/// Writes down what it hears, in order.
contract Recorder is ISlashingListener {
    struct Signal {
        OperatorIndex operator;
        Epoch epoch;
        PostId postId;
        uint8 level;
        uint256 amountWei;
    }

    Signal[] public signals;
    /// Gas that it had when it was called last.
    uint256 public gasGiven;

    function onSlash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, uint256 amountWei) external {
        gasGiven = gasleft();
        signals.push(Signal(operator, epoch, postId, level, amountWei));
    }

    function count() external view returns (uint256) {
        return signals.length;
    }
}

/// Refuses every signal, with or without words.
contract Refuser is ISlashingListener {
    bytes private reason;

    constructor(bytes memory reason_) {
        reason = reason_;
    }

    function onSlash(OperatorIndex, Epoch, PostId, uint8, uint256) external view {
        bytes memory words = reason;
        assembly ("memory-safe") {
            revert(add(words, 32), mload(words))
        }
    }
}

/// Uses up all gas that it gets.
contract Burner is ISlashingListener {
    function onSlash(OperatorIndex, Epoch, PostId, uint8, uint256) external pure {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// Answers with as many bytes as it can pay for, so that whoever copies them pays once more.
contract Bomber is ISlashingListener {
    bool private immutable reverts;

    constructor(bool reverts_) {
        reverts = reverts_;
    }

    function onSlash(OperatorIndex, Epoch, PostId, uint8, uint256) external view {
        bool fails = reverts;
        // A million bytes of memory cost 2,047,000 gas (3 a word and the square / 512).
        assembly ("memory-safe") {
            if fails { revert(0, 800000) }
            return(0, 800000)
        }
    }
}

/// An operator's owner and creditor that tries everything from inside the signal.
contract Reenterer is ISlashingListener {
    IOperatorStake private immutable stake;
    OperatorIndex private own;
    /// Error of each attempt: slash, withdraw, withdrawCredit.
    bytes4[3] public refusals;
    /// What it saw of the operator that missed.
    uint256 public stakeSeen;

    constructor(IOperatorStake stake_) payable {
        stake = stake_;
    }

    receive() external payable {}

    function join() external returns (OperatorIndex) {
        return own = stake.join{value: 1 ether}(address(this), "");
    }

    function announce() external {
        stake.announceExit(own);
    }

    function onSlash(OperatorIndex operator, Epoch epoch, PostId postId, uint8 level, uint256) external {
        stakeSeen = stake.stakeOf(operator);
        try stake.slash(operator, epoch, postId, level, address(this)) {}
        catch (bytes memory reason) {
            refusals[0] = bytes4(reason);
        }
        try stake.withdraw(own) {}
        catch (bytes memory reason) {
            refusals[1] = bytes4(reason);
        }
        try stake.withdrawCredit() {}
        catch (bytes memory reason) {
            refusals[2] = bytes4(reason);
        }
    }
}
