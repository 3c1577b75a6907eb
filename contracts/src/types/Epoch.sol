// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Number of a challenge epoch; epoch 0 starts at the beacon's first block.
type Epoch is uint32;
