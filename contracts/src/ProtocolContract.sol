// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {
    AccessManagedUpgradeable
} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @title What the upgradeable contracts of the protocol share: authority, upgrades, version
abstract contract ProtocolContract is AccessManagedUpgradeable, UUPSUpgradeable {
    /// Version of events and rules; rises with every change of either.
    uint256 public constant PROTOCOL_VERSION = 1;

    /// @dev An implementation is used through proxies only.
    constructor() {
        _disableInitializers();
    }

    /// @dev `upgradeToAndCall` is the function that entered, so its role decides: ADMIN unless the authority says else.
    function _authorizeUpgrade(address) internal override restricted {}
}
