// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Block headers in RLP with the fields of the Prague fork and any prevRandao. Their bloom has no zero bytes, like
/// those of busy blocks: so they cost as calldata what headers cost at most.
library Headers {
    /// A one in each byte.
    bytes32 private constant NO_ZEROS = 0x0101010101010101010101010101010101010101010101010101010101010101;

    function make(bytes32 prevRandao, uint256 number) internal pure returns (bytes memory) {
        return list(bytes.concat(beforeRandao(number, hex"84746573740a"), word(prevRandao), afterRandao()));
    }

    function beforeRandao(uint256 number, bytes memory gasUsedAndTime) internal pure returns (bytes memory) {
        bytes memory numbers = abi.encodePacked(hex"80", hex"88", uint64(number), hex"8401c9c380", gasUsedAndTime);
        return bytes.concat(beforeDifficulty(number), numbers, hex"83c0ffee");
    }

    /// Parent hash, ommers' hash, beneficiary, three roots and the bloom.
    function beforeDifficulty(uint256 number) internal pure returns (bytes memory) {
        bytes32 filler = keccak256(abi.encode(number));
        bytes memory roots = bytes.concat(word(filler), word(filler), word(filler));
        bytes memory start = bytes.concat(word(filler), word(filler), hex"94", bytes20(filler), roots);
        bytes memory quarter = bytes.concat(filler | NO_ZEROS, filler | NO_ZEROS);
        return bytes.concat(start, hex"b90100", quarter, quarter, quarter, quarter);
    }

    /// Nonce, base fee, withdrawals' root, blob gas used and excess, parent beacon block's root, requests' hash.
    function afterRandao() internal pure returns (bytes memory) {
        return bytes.concat(afterRandaoInCancun(), word(keccak256("requests")));
    }

    /// The same without the last, which Prague brought.
    function afterRandaoInCancun() internal pure returns (bytes memory) {
        bytes32 filler = keccak256("after");
        bytes memory blobs = bytes.concat(word(filler), hex"8080", word(filler));
        return bytes.concat(hex"880000000000000000", hex"843b9aca00", blobs);
    }

    function word(bytes32 value) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"a0", value);
    }

    function list(bytes memory payload) internal pure returns (bytes memory) {
        return abi.encodePacked(hex"f9", uint16(payload.length), payload);
    }
}
