// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Reads prevRandao from the RLP encoding of a block header
/// @dev For headers whose hash has been checked: bytes that hash to a block's hash are its header. Malformed bytes
/// revert all the same. Fields that later forks append do no harm.
library HeaderRlp {
    /// Parent hash, ommers' hash, beneficiary and three roots have fixed widths, so the bloom's prefix stands here.
    uint256 private constant BLOOM_OFFSET = 3 + 33 + 33 + 21 + 33 + 33 + 33;
    /// The bloom: a string of 256 bytes.
    uint256 private constant BLOOM_PREFIX = 0xb90100;
    uint256 private constant DIFFICULTY_OFFSET = BLOOM_OFFSET + 3 + 256;
    /// Zero, the empty string: the mark of a block whose mixHash is prevRandao (EIP-4399).
    uint256 private constant ZERO = 0x80;
    /// A list whose length takes two bytes.
    uint256 private constant LIST_PREFIX = 0xf9;
    uint256 private constant MAX_LENGTH = 3 + 0xffff;
    /// A string of 32 bytes.
    uint256 private constant WORD_PREFIX = 0xa0;

    /// @notice The bytes are not a block header; what is wrong stands at `offset`.
    error MalformedHeader(uint256 offset);

    function prevRandaoOf(bytes calldata header) internal pure returns (bytes32) {
        // A shorter header makes the first difference wrap around; the other sums are small then.
        unchecked {
            uint256 rest = header.length - DIFFICULTY_OFFSET;
            if (rest > MAX_LENGTH - DIFFICULTY_OFFSET) revert MalformedHeader(header.length);
            if (_wordAt(header, 0) >> 232 != LIST_PREFIX << 16 | header.length - 3) revert MalformedHeader(0);
            if (_wordAt(header, BLOOM_OFFSET) >> 232 != BLOOM_PREFIX) revert MalformedHeader(BLOOM_OFFSET);
            if (_wordAt(header, DIFFICULTY_OFFSET) >> 248 != ZERO) revert MalformedHeader(DIFFICULTY_OFFSET);
            // Number, gas limit, gas used, timestamp and extra data.
            uint256 offset = _behindFiveFields(header, DIFFICULTY_OFFSET + 1);
            bool isWord = _wordAt(header, offset) >> 248 == WORD_PREFIX;
            if (!isWord || offset + 33 > header.length) revert MalformedHeader(offset);
            return bytes32(_wordAt(header, offset + 1));
        }
    }

    /// @dev Where the item after five strings of at most 32 bytes begins; the first item that is none of these stops
    /// the walk, and is not the word that is looked for either.
    function _behindFiveFields(bytes calldata header, uint256 offset) private pure returns (uint256 end) {
        // Only reads, and moves on by at most 33 bytes a field. Up to 0x80 a field is one byte, from there to 0xa0 its
        // first byte tells its length.
        assembly ("memory-safe") {
            function next(place) -> following {
                let prefix := byte(0, calldataload(place))
                let width := add(1, mul(gt(prefix, 0x80), sub(prefix, 0x80)))
                following := add(place, mul(lt(prefix, 0xa1), width))
            }
            end := sub(next(next(next(next(next(add(header.offset, offset)))))), header.offset)
        }
    }

    /// @dev The 32 bytes from `offset` on; behind the header stands whatever else the call carries, or zeros.
    function _wordAt(bytes calldata header, uint256 offset) private pure returns (uint256 word) {
        // Only reads; callers keep the offset small.
        assembly ("memory-safe") {
            word := calldataload(add(header.offset, offset))
        }
    }
}
