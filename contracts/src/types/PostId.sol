// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Identifies a post on every chain and registry: the hash of all that was registered.
type PostId is bytes32;
