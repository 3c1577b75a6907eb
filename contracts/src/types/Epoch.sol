// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Number of a challenge epoch; epoch 0 starts at the protocol's first block.
type Epoch is uint32;

// Longest epoch, in blocks: what 20 bits hold.
uint256 constant MAX_EPOCH_LENGTH = (1 << 20) - 1;

// Blocks whose hashes the history contract of EIP-2935 keeps: no seed can be derived from an older one.
uint256 constant HISTORY_LENGTH = 8191;
