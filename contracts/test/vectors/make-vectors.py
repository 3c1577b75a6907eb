#!/usr/bin/env python3
"""Writes protocol-vectors.json: the hashes, draws and roots of the custody protocol, computed from its text alone.

Needs nothing but Python's own library. It shares no code with the contracts or the node, which both only read the file.
All words are 0x-prefixed hex; counts, indexes and levels are plain numbers.
"""

import hashlib
import json
import pathlib
import random

R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001

# ---------------------------------------------------------------- Keccak-256 (the padding before SHA-3's)

MASK = (1 << 64) - 1
ROTATIONS = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]


def rotate(lane, by):
    return ((lane << by) | (lane >> (64 - by))) & MASK if by else lane


def round_constants():
    """The 24 constants of iota, from the linear feedback shift register of FIPS 202, 3.2.5."""
    state, constants = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if state & 1:
                constant |= 1 << ((1 << j) - 1)
            state = (state << 1) ^ (0x171 if state & 0x80 else 0)
        constants.append(constant)
    return constants


ROUND_CONSTANTS = round_constants()


def permute(a):
    for constant in ROUND_CONSTANTS:
        c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
        d = [c[(x - 1) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
        a = [[a[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        b = [[0] * 5 for _ in range(5)]
        for x in range(5):
            for y in range(5):
                b[y][(2 * x + 3 * y) % 5] = rotate(a[x][y], ROTATIONS[x][y])
        a = [[b[x][y] ^ (~b[(x + 1) % 5][y] & b[(x + 2) % 5][y] & MASK) for y in range(5)] for x in range(5)]
        a[0][0] ^= constant
    return a


def keccak(message):
    rate = 136
    padded = bytearray(message) + b"\x01" + bytes(-(len(message) + 1) % rate)
    padded[-1] |= 0x80
    a = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), rate):
        for lane in range(rate // 8):
            chunk = padded[start + 8 * lane : start + 8 * lane + 8]
            a[lane % 5][lane // 5] ^= int.from_bytes(chunk, "little")
        a = permute(a)
    return b"".join(a[lane % 5][lane // 5].to_bytes(8, "little") for lane in range(4))


assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
assert keccak(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"

# ---------------------------------------------------------------- the protocol


def word(number):
    return number.to_bytes(32, "big")


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


def salt_of(seed, post_id, level):
    return keccak(seed + post_id + bytes([level]))


def is_picked(salt, period):
    return int.from_bytes(keccak(salt + b"PICK"), "big") % period == 0


def number(digest):
    return int.from_bytes(digest, "big")


def draw(random_of, n, c, j):
    start, end = j * n // c, (j + 1) * n // c
    return start + number(random_of) % (end - start)


def challenged_operators(salt, attesters, most):
    """Operators in the order of their strata."""
    operators = [i for i in range(256) if attesters >> i & 1]
    count = len(operators)
    drawn = min(count, most)
    offset = number(keccak(salt + b"OPR1")) % count
    places = [draw(keccak(salt + b"OPJ1" + word(j)), count, drawn, j) for j in range(drawn)]
    return [operators[(offset + place) % count] for place in places]


def blob_indexes(salt, operator, blobs, k):
    offset = number(keccak(salt + b"IDR1" + word(operator))) % blobs
    return [
        (offset + draw(keccak(salt + b"IDX1" + word(operator) + word(j)), blobs, k, j)) % blobs for j in range(k)
    ]


def point_of(post_id, operator, salt):
    return hash_to_field(b"EMERALD-CUSTODY-V1-POINT", keccak(post_id + word(operator) + salt))


def gamma_of(post_id, operator, salt, root):
    return hash_to_field(b"EMERALD-CUSTODY-V1-GAMMA", keccak(post_id + word(operator) + salt + root))


def leaf_of(index, versioned_hash):
    return keccak(b"\x00" + index.to_bytes(4, "big") + versioned_hash)


def tree_of(versioned_hashes):
    """All rows of the tree, leaves first."""
    leaves = [leaf_of(i, hash_) for i, hash_ in enumerate(versioned_hashes)]
    width = 1
    while width < len(leaves):
        width *= 2
    rows = [leaves + [bytes(32)] * (width - len(leaves))]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([keccak(row[i] + row[i + 1]) for i in range(0, len(row), 2)])
    return rows


def path_of(rows, index):
    return [row[(index >> height) ^ 1] for height, row in enumerate(rows[:-1])]


POST_TYPE = (
    b"Post(uint256 chainId,address registry,address publisher,bytes32 root,uint256 blobCount,uint256 byteLength,"
    b"bytes32 cidDigest,uint256 codec,bytes32 contentTypeHash,uint256 termEpochs,uint256 nonce)"
)
SEED_TYPE = b"Seed(uint256 chainId,address beacon,uint256 epoch,bytes32 prevRandao)"
ATTESTATION_TYPE = b"Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64 deadline)"
DOMAIN_TYPE = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def address_word(address):
    return bytes(12) + address


# ---------------------------------------------------------------- the cases

rng = random.Random(4844)


def random_bytes(length):
    return rng.randbytes(length)


def hexed(raw):
    return "0x" + raw.hex()


def hexed_word(value):
    return hexed(word(value))


def bitmap(size):
    return sum(1 << i for i in rng.sample(range(256), size))


def salt_cases():
    cases = [(bytes(32), bytes(32), 0), (b"\xff" * 32, b"\xff" * 32, 15)]
    cases += [(random_bytes(32), random_bytes(32), level) for level in [0, 1, 2] * 10]
    return [
        {"seed": hexed(s), "postId": hexed(p), "level": level, "salt": hexed(salt_of(s, p, level))}
        for s, p, level in cases
    ]


def pick_cases():
    cases = [(random_bytes(32), period) for period in [1, 2, 2, 2, 2, 3, 3, 3, 5, 5, 7, 100, 65535] * 3]
    return [{"salt": hexed(s), "period": period, "isPicked": is_picked(s, period)} for s, period in cases]


def operator_cases():
    cases = []
    for count in [1, 2, 3, 4, 5, 7, 20, 63, 64, 65, 100, 255, 256]:
        for most in [1, 2, 3, 7, 20, 63, 64]:
            salt, attesters = random_bytes(32), bitmap(count)
            challenged = challenged_operators(salt, attesters, most)
            assert len(set(challenged)) == min(count, most)
            cases.append(
                {
                    "salt": hexed(salt),
                    "attesters": hexed_word(attesters),
                    "maxChallenged": most,
                    "challenged": challenged,
                }
            )
    return cases


def index_cases():
    cases = []
    for blobs in [1, 2, 3, 4, 5, 17, 64, 65, 256, 1000, (1 << 20) - 1]:
        for most in [1, 2, 3, 4, 16, 64]:
            salt, operator = random_bytes(32), rng.choice([0, 1, 7, 255])
            indexes = blob_indexes(salt, operator, blobs, min(most, blobs))
            assert len(set(indexes)) == len(indexes)
            cases.append({"salt": hexed(salt), "operator": operator, "blobCount": blobs, "indexes": indexes})
    return cases


def point_cases():
    cases = []
    for operator in [0, 1, 2, 7, 63, 128, 255] * 6:
        post_id, salt, root = random_bytes(32), random_bytes(32), random_bytes(32)
        cases.append(
            {
                "postId": hexed(post_id),
                "operator": operator,
                "salt": hexed(salt),
                "root": hexed(root),
                "z": hexed_word(point_of(post_id, operator, salt)),
                "gamma": hexed_word(gamma_of(post_id, operator, salt, root)),
            }
        )
    return cases


def hash_to_field_cases():
    tags = [b"", b"E", b"EMERALD-CUSTODY-V1-POINT", RFC_TAG, bytes(range(255)), random_bytes(31), random_bytes(32)]
    messages = [b"", b"abc", bytes(32), b"\xff" * 32, random_bytes(33), random_bytes(64), random_bytes(200)]
    return [
        {"domainTag": hexed(tag), "message": hexed(message), "scalar": hexed_word(hash_to_field(tag, message))}
        for tag in tags
        for message in messages
    ]


def merkle_cases():
    cases = []
    for count in [1, 2, 3, 4, 5, 7, 8, 9, 16, 33, 63, 64, 65]:
        versioned_hashes = [b"\x01" + random_bytes(31) for _ in range(count)]
        rows = tree_of(versioned_hashes)
        index = rng.randrange(count)
        cases.append(
            {
                "versionedHashes": [hexed(h) for h in versioned_hashes],
                "root": hexed(rows[-1][0]),
                "index": index,
                "path": [hexed(node) for node in path_of(rows, index)],
            }
        )
    return cases


def post_id_cases():
    cases = []
    for chain_id in [1, 31337, 2**63] * 3:
        registry, publisher, root, digest = random_bytes(20), random_bytes(20), random_bytes(32), random_bytes(32)
        blobs, length, codec = rng.randrange(1, 1 << 20), rng.randrange(1, 1 << 37), rng.choice([0x55, 0x70])
        content_type = rng.choice([b"image/png", b"application/json", b"text/plain; charset=utf-8"])
        term, nonce = rng.randrange(1, 1 << 32), rng.randrange(1 << 53)
        encoded = keccak(POST_TYPE) + word(chain_id) + address_word(registry) + address_word(publisher) + root
        encoded += word(blobs) + word(length) + digest + word(codec) + keccak(content_type) + word(term) + word(nonce)
        cases.append(
            {
                "chainId": hexed_word(chain_id),
                "registry": hexed(registry),
                "publisher": hexed(publisher),
                "root": hexed(root),
                "blobCount": blobs,
                "byteLength": length,
                "cidDigest": hexed(digest),
                "codec": codec,
                "contentType": content_type.decode(),
                "termEpochs": term,
                "nonce": nonce,
                "postId": hexed(keccak(encoded)),
            }
        )
    return cases


def seed_cases():
    cases = []
    for epoch in [0, 1, 77, 2**32 - 1] * 3:
        chain_id, beacon, prev_randao = rng.choice([1, 31337]), random_bytes(20), random_bytes(32)
        encoded = keccak(SEED_TYPE) + word(chain_id) + address_word(beacon) + word(epoch) + prev_randao
        cases.append(
            {
                "chainId": chain_id,
                "beacon": hexed(beacon),
                "epoch": epoch,
                "prevRandao": hexed(prev_randao),
                "seed": hexed(keccak(encoded)),
            }
        )
    return cases


def attestation_cases():
    cases = []
    for chain_id in [1, 31337] * 4:
        relay, post_id, root = random_bytes(20), random_bytes(32), random_bytes(32)
        stake_epoch, deadline = rng.randrange(1 << 32), rng.randrange(1 << 40)
        domain = keccak(DOMAIN_TYPE) + keccak(b"EmeraldCustody") + keccak(b"1") + word(chain_id) + address_word(relay)
        struct = keccak(ATTESTATION_TYPE) + post_id + root + word(stake_epoch) + word(deadline)
        cases.append(
            {
                "chainId": chain_id,
                "attestationRelay": hexed(relay),
                "postId": hexed(post_id),
                "root": hexed(root),
                "stakeEpoch": stake_epoch,
                "deadline": deadline,
                "digest": hexed(keccak(b"\x19\x01" + keccak(domain) + keccak(struct))),
            }
        )
    return cases


vectors = {
    "salts": salt_cases(),
    "picks": pick_cases(),
    "operators": operator_cases(),
    "indexes": index_cases(),
    "points": point_cases(),
    "hashToField": hash_to_field_cases(),
    "merkle": merkle_cases(),
    "postIds": post_id_cases(),
    "seeds": seed_cases(),
    "attestations": attestation_cases(),
}

target = pathlib.Path(__file__).parent / "protocol-vectors.json"
rows = [f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in vectors.items()]
target.write_text("{\n" + ",\n".join(rows) + "\n}\n")
print({name: len(cases) for name, cases in vectors.items()}, target.stat().st_size, "bytes")
