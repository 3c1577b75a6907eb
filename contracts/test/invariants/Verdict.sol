// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// What the model says of a call before it is made: the errors of all rules that it breaks. With none, it must succeed;
/// else it must revert with one of them, whichever rule is looked at first.
struct Verdict {
    bytes4[16] broken;
    uint256 count;
}

using Verdicts for Verdict global;

library Verdicts {
    /// Notes that the call breaks the rule behind `selector` unless `holds`.
    function rule(Verdict memory self, bool holds, bytes4 selector) internal pure {
        if (!holds) self.broken[self.count++] = selector;
    }

    function isLawful(Verdict memory self) internal pure returns (bool) {
        return self.count == 0;
    }

    function explains(Verdict memory self, bytes4 selector) internal pure returns (bool) {
        for (uint256 i = 0; i < self.count; ++i) {
            if (self.broken[i] == selector) return true;
        }
        return false;
    }
}
