// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ICustodyChallenges} from "../../src/interfaces/ICustodyChallenges.sol";
import {IOperatorStake} from "../../src/interfaces/IOperatorStake.sol";
import {ISlashingListener} from "../../src/interfaces/ISlashingListener.sol";
import {Epoch} from "../../src/types/Epoch.sol";
import {OperatorIndex} from "../../src/types/OperatorIndex.sol";
import {PostId} from "../../src/types/PostId.sol";

/// A listener that tries to undo the slashing it is told of, or to profit by it.
contract SlashingAttacker is ISlashingListener {
    enum Behaviour {
        Quiet,
        Reverts,
        BurnsItsGas,
        ReturnsTooMuch,
        CallsBack
    }

    ICustodyChallenges private immutable CUSTODY;
    IOperatorStake private immutable STAKE;

    Behaviour private _behaviour;
    PostId private _postId;
    Epoch private _epoch;
    OperatorIndex private _operator;

    /// Whether it has settled the post while it was told of a miss, which it may as well as anybody.
    bool public hasSettled;
    /// Whether anything succeeded that it may not do.
    bool public hasBrokenIn;

    constructor(ICustodyChallenges custody, IOperatorStake stake) {
        CUSTODY = custody;
        STAKE = stake;
    }

    receive() external payable {}

    function behave(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// The miss that will be reported next.
    function aim(PostId postId, Epoch epoch, OperatorIndex operator) external {
        (_postId, _epoch, _operator) = (postId, epoch, operator);
        hasSettled = false;
    }

    function onSlash(OperatorIndex, Epoch, PostId, uint8, uint256) external {
        if (_behaviour == Behaviour.Reverts) revert("no");
        if (_behaviour == Behaviour.BurnsItsGas) {
            // Burns all that it was given.
            assembly {
                invalid()
            }
        }
        if (_behaviour == Behaviour.ReturnsTooMuch) {
            // More than a caller would want to copy.
            assembly {
                return(0, 100000)
            }
        }
        if (_behaviour == Behaviour.CallsBack) _callBack();
    }

    function _callBack() private {
        bytes memory again = abi.encodeCall(CUSTODY.reportMissed, (_postId, _epoch, _operator));
        bytes memory slash = abi.encodeCall(STAKE.slash, (_operator, _epoch, _postId, 2, address(this)));
        _try(address(CUSTODY), again);
        _try(address(STAKE), slash);
        _try(address(STAKE), abi.encodeCall(STAKE.withdrawCredit, ()));
        _try(address(STAKE), abi.encodeCall(STAKE.withdraw, (_operator)));
        (hasSettled,) = address(CUSTODY).call(abi.encodeCall(CUSTODY.settle, (_postId, _epoch)));
    }

    function _try(address target, bytes memory data) private {
        (bool isDone,) = target.call(data);
        if (isDone) hasBrokenIn = true;
    }
}
