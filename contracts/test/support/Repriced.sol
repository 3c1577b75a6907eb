// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// A precompile as it would be at another price: burns what the price adds, then asks the real one. Like the real one,
/// it takes all its gas along when it fails.
contract Repriced {
    address private immutable REAL;
    uint256 private immutable EXTRA;

    constructor(address real, uint256 extra) {
        REAL = real;
        EXTRA = extra;
    }

    fallback(bytes calldata input) external returns (bytes memory) {
        uint256 end = gasleft() > EXTRA ? gasleft() - EXTRA : 0;
        while (gasleft() > end) {}
        (bool isDone, bytes memory answer) = REAL.staticcall(input);
        if (isDone) return answer;
        while (true) {}
        revert();
    }
}
