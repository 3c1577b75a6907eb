// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Roles in the protocol's AccessManager
/// @dev ADMIN is the AccessManager's own role 0 and holds every function that no other role was given.
library Roles {
    uint64 internal constant ADMIN = 0;
    /// May pause and cancel, nothing else.
    uint64 internal constant GUARDIAN = 1;
    /// May submit attestations before everybody may.
    uint64 internal constant RELAY = 2;
    /// May change where seeds come from.
    uint64 internal constant BEACON_ADMIN = 3;
}
