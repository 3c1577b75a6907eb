"""RFC 9380 hash_to_field for the scalar field of BLS12-381: expand_message_xmd over SHA-256, L = 48."""

import hashlib

from bls12381 import R


def sha(message):
    return hashlib.sha256(message).digest()


def expand_message(message, tag, length):
    """RFC 9380, 5.3.1, over SHA-256."""
    tag_prime = tag + bytes([len(tag)])
    blocks = -(-length // 32)
    first = sha(bytes(64) + message + length.to_bytes(2, "big") + b"\x00" + tag_prime)
    block = sha(first + b"\x01" + tag_prime)
    uniform = block
    for i in range(2, blocks + 1):
        block = sha(bytes(x ^ y for x, y in zip(first, block)) + bytes([i]) + tag_prime)
        uniform += block
    return uniform[:length]


RFC_TAG = b"QUUX-V01-CS02-with-expander-SHA256-128"
assert expand_message(b"", RFC_TAG, 32).hex() == "68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"
assert expand_message(b"abc", RFC_TAG, 32).hex() == "d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"


def hash_to_field(tag, message):
    return int.from_bytes(expand_message(message, tag, 48), "big") % R
