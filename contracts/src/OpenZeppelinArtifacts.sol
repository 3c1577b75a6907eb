// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// Imported for nothing but its bytecode: the deployment uses it as it is.
// solhint-disable-next-line no-unused-import
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
