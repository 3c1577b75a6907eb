// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ICustodyChallenges} from "../interfaces/ICustodyChallenges.sol";
import {Roles} from "../Roles.sol";

/// @title Who may do what in the protocol
/// @notice Every function that is restricted and named nowhere here is for ADMIN: the timelock, and nobody else.
/// @dev All roles are complete when the contract is made, so nobody holds one only to hand it over.
contract EmeraldAccess is AccessManager {
    /// @param timelock Gets ADMIN, and BEACON_ADMIN until governance gives that to somebody else.
    /// @param guardian Gets GUARDIAN.
    /// @param relays Get RELAY.
    /// @param custodyChallenges Proxy of the contract that is paused and has the beacon; may come later than this one.
    constructor(address timelock, address guardian, address[] memory relays, address custodyChallenges)
        AccessManager(timelock)
    {
        emit RoleLabel(Roles.GUARDIAN, "GUARDIAN");
        emit RoleLabel(Roles.RELAY, "RELAY");
        emit RoleLabel(Roles.BEACON_ADMIN, "BEACON_ADMIN");
        _grantRole(Roles.GUARDIAN, guardian, 0, 0);
        _grantRole(Roles.BEACON_ADMIN, timelock, 0, 0);
        for (uint256 i = 0; i < relays.length; ++i) {
            _grantRole(Roles.RELAY, relays[i], 0, 0);
        }
        _setTargetFunctionRole(custodyChallenges, ICustodyChallenges.pause.selector, Roles.GUARDIAN);
        _setTargetFunctionRole(custodyChallenges, ICustodyChallenges.unpause.selector, Roles.GUARDIAN);
        _setTargetFunctionRole(custodyChallenges, ICustodyChallenges.setBeacon.selector, Roles.BEACON_ADMIN);
    }
}
