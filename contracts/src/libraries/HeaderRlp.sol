// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Reads prevRandao from the RLP encoding of a block header
/// @dev For headers whose hash has been checked: bytes that hash to a block's hash are its header. Malformed bytes
/// revert all the same. Fields that later forks append do no harm.
library HeaderRlp {
    /// Parent hash, ommers' hash, beneficiary and three roots have fixed widths, so the bloom's prefix stands here.
    uint256 private constant BLOOM_OFFSET = 3 + 33 + 33 + 21 + 33 + 33 + 33;
    /// The bloom: a string of 256 bytes.
    bytes3 private constant BLOOM_PREFIX = 0xb90100;
    uint256 private constant AFTER_BLOOM = BLOOM_OFFSET + 3 + 256;
    /// Difficulty, number, gas limit, gas used, timestamp and extra data: strings of at most 32 bytes.
    uint256 private constant FIELDS_BEFORE_RANDAO = 6;
    /// A list whose length takes two bytes.
    bytes1 private constant LIST_PREFIX = 0xf9;
    /// A string of 32 bytes.
    uint8 private constant WORD_PREFIX = 0xa0;

    /// @notice The bytes are not a block header; what is wrong stands at `offset`.
    error MalformedHeader(uint256 offset);

    function prevRandaoOf(bytes calldata header) internal pure returns (bytes32) {
        if (header.length < AFTER_BLOOM) revert MalformedHeader(header.length);
        if (header[0] != LIST_PREFIX) revert MalformedHeader(0);
        if (uint16(bytes2(header[1:3])) != header.length - 3) revert MalformedHeader(1);
        if (bytes3(header[BLOOM_OFFSET:BLOOM_OFFSET + 3]) != BLOOM_PREFIX) revert MalformedHeader(BLOOM_OFFSET);
        uint256 offset = AFTER_BLOOM;
        for (uint256 field = 0; field < FIELDS_BEFORE_RANDAO; ++field) {
            offset += _shortStringLength(header, offset);
        }
        if (offset + 33 > header.length || uint8(header[offset]) != WORD_PREFIX) revert MalformedHeader(offset);
        return bytes32(header[offset + 1:offset + 33]);
    }

    /// @dev Bytes of the string item at `offset`, with its prefix.
    function _shortStringLength(bytes calldata header, uint256 offset) private pure returns (uint256) {
        if (offset >= header.length) revert MalformedHeader(offset);
        uint8 prefix = uint8(header[offset]);
        if (prefix < 0x80) return 1;
        if (prefix > WORD_PREFIX) revert MalformedHeader(offset);
        return uint256(prefix) - 0x7f;
    }
}
