// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Place of an operator in the stake book, 0 to 255: the bit that stands for it in an attesters' bitmap.
type OperatorIndex is uint16;
