// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// Imported for nothing but their bytecode: the deployment uses both as they are.
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
