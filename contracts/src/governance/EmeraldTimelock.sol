// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title The delay before anything that ADMIN does
/// @notice Only the multisig schedules and executes, it and the guardian cancel, and only the timelock itself changes
/// these roles or its delay.
/// @dev All roles are complete when the contract is made, so nobody holds one only to hand it over.
contract EmeraldTimelock is TimelockController {
    /// @param minDelay Seconds between scheduling and executing; not less than unbonding takes, so that who disagrees
    /// can leave first.
    /// @param multisig Schedules, executes and cancels.
    /// @param guardian Cancels.
    constructor(uint256 minDelay, address multisig, address guardian)
        TimelockController(minDelay, _only(multisig), _only(multisig), address(0))
    {
        _grantRole(CANCELLER_ROLE, guardian);
    }

    function _only(address account) private pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }
}
