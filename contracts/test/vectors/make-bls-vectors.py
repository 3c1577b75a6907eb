#!/usr/bin/env python3
"""Writes bls-bn254.json: keys, hashed points and proofs of the "Simple" BLS verifier of Symbiotic's relay.

Computed from the definitions alone with plain integers; shares no code with the contracts or their tests, which only
read the file. Needs nothing but Python's own library. All numbers are 0x-prefixed words of 32 bytes.
"""

import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent
P = 21888242871839275222246405745257275088696311157297823662689037894645226208583
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
G1 = ((1, 0), (2, 0))
G2 = (  # real, imaginary
    tuple(int(part, 16) for part in """
        1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
        198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2""".split()),
    tuple(int(part, 16) for part in """
        12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
        090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b""".split()),
)


# ---------------------------------------------------------------- Keccak-256 (the padding before SHA-3's)


def rotate(lane, by):
    return (lane << by | lane >> 64 - by) & (1 << 64) - 1


def permute(lanes):
    """Keccak-f[1600] over lanes[x + 5y]; the constants of iota come from its shift register."""
    register = 1
    for _ in range(24):
        columns = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
        lanes = [lane ^ columns[(i - 1) % 5] ^ rotate(columns[(i + 1) % 5], 1) for i, lane in enumerate(lanes)]
        x, y, moved = 1, 0, lanes[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            lanes[x + 5 * y], moved = rotate(moved, (t + 1) * (t + 2) // 2 % 64), lanes[x + 5 * y]
        lanes = [lanes[i] ^ (~lanes[i - i % 5 + (i + 1) % 5] & lanes[i - i % 5 + (i + 2) % 5]) for i in range(25)]
        for j in range(7):
            lanes[0] ^= (register & 1) << (1 << j) - 1
            register = register << 1 ^ (register >> 7) * 0x171
    return lanes


def keccak(data):
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % 136))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), 136):
        for i in range(17):
            lanes[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        lanes = permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


# ---------------------------------------------------------------- Fp2 = Fp[i], i * i = -1, as (real, imaginary)


def times(a, b):
    return (a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P


def minus(a, b):
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def inverse(a):
    norm = pow(a[0] * a[0] + a[1] * a[1], -1, P)
    return a[0] * norm % P, -a[1] * norm % P


def add(left, right):
    """Sum of two points of the curve y^2 = x^3 + b; None is the identity."""
    if left is None or right is None:
        return right if left is None else left
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and y1 != y2:
        return None
    rise, run = (times((3, 0), times(x1, x1)), times((2, 0), y1)) if left == right else (minus(y2, y1), minus(x2, x1))
    slope = times(rise, inverse(run))
    x3 = minus(minus(times(slope, slope), x1), x2)
    return x3, minus(times(slope, minus(x1, x3)), y1)


def multiply(point, factor):
    result = None
    for bit in bin(factor)[2:]:
        result = add(result, result)
        result = add(result, point) if bit == "1" else result
    return result


# ---------------------------------------------------------------- Encodings of the relay


def root_of(square):
    return pow(square, (P + 1) // 4, P)


def hash_to_point(digest):
    x = int.from_bytes(digest, "big") % P
    while pow(root_of((x**3 + 3) % P), 2, P) != (x**3 + 3) % P:
        x = (x + 1) % P
    return (x, 0), (root_of((x**3 + 3) % P), 0)


def word(number):
    return number.to_bytes(32, "big")


def serialize(point):
    (x, _), (y, _) = point
    return word(2 * x + (0 if root_of((x**3 + 3) % P) == y else 1))


def g1_words(point):
    return word(point[0][0]) + word(point[1][0])


def g2_words(point):
    """Imaginary part first, as EIP-197 wants it."""
    return b"".join(word(part) for (real, imaginary) in point for part in (imaginary, real))


def extra_data_key(key_tag, name):
    parts = [keccak(b"symbiotic.Settlement.extraData."), word(1), keccak(b"keyTag."), word(key_tag), keccak(name)]
    return keccak(b"".join(parts))


def text(data):
    return "0x" + data.hex()


def key_row(secret):
    point = multiply(G1, secret)
    return {
        "secret": text(word(secret)),
        "g1": text(g1_words(point)),
        "g2": text(g2_words(multiply(G2, secret))),
        "serialized": text(serialize(point)),
    }


def signature_row(secret, digest):
    point = hash_to_point(digest)
    texts = {"digest": text(digest), "point": text(g1_words(point))}
    return {"secret": text(word(secret)), **texts, "signature": text(g1_words(multiply(point, secret)))}


def proof_row(secrets, powers, absent, key_tag, digest):
    """`absent` are places in `secrets`."""
    validators = sorted((serialize(multiply(G1, secret)), power, i) for i, (secret, power) in enumerate(zip(secrets, powers)))
    listed = word(len(validators)) + b"".join(key + word(power) for key, power, _ in validators)
    signing = sum(secret for i, secret in enumerate(secrets) if i not in absent) % R
    missing = [place for place, (_, _, i) in enumerate(validators) if i in absent]
    signature = multiply(hash_to_point(digest), signing)
    return {
        "secrets": [text(word(secret)) for secret in secrets],
        "powers": [text(word(power)) for power in powers],
        "signers": text(word(sum(1 << i for i in range(len(secrets)) if i not in absent))),
        "keyTag": key_tag,
        "digest": text(digest),
        "setHashKey": text(extra_data_key(key_tag, b"validatorSetHashKeccak256")),
        "setHash": text(keccak(listed)),
        "aggregateKey": text(extra_data_key(key_tag, b"aggPublicKeyG1")),
        "aggregate": text(serialize(multiply(G1, sum(secrets) % R))),
        "proof": text(
            g1_words(signature)
            + g2_words(multiply(G2, signing))
            + listed
            + b"".join(place.to_bytes(2, "big") for place in missing)
        ),
    }


def main():
    draw = random.Random("bls-bn254")
    secrets = [draw.randrange(1, R) for _ in range(7)]
    digests = [draw.randbytes(32) for _ in range(6)] + [bytes(32), b"\xff" * 32, word(P - 1)]
    powers = [draw.randrange(1, 10**24) for _ in secrets]
    vectors = {
        "keys": [key_row(secret) for secret in [1, 2, 123, R - 1, *secrets]],
        "signatures": [signature_row(secrets[i % 7], digest) for i, digest in enumerate(digests)],
        "proofs": [
            proof_row(secrets, powers, set(), 15, digests[0]),
            proof_row(secrets, powers, {0, 3, 4}, 15, digests[1]),
            proof_row(secrets[:1], powers[:1], set(), 0, digests[2]),
        ],
    }
    (HERE / "bls-bn254.json").write_text(json.dumps(vectors, indent=1) + "\n")


main()
