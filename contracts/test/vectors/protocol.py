"""Salts, draws, points, trees and identifiers of the custody protocol, from its text.

All words are 32 bytes, big-endian; a level is one byte and the tags of draws are four ASCII bytes.
"""

import hashlib

from hash_to_field import hash_to_field
from keccak import keccak


def word(value):
    return value.to_bytes(32, "big")


def address_word(address):
    return bytes(12) + address


def number(digest):
    return int.from_bytes(digest, "big")


# ---------------------------------------------------------------- challenges


def salt_of(seed, post_id, level):
    return keccak(seed + post_id + bytes([level]))


def is_picked(salt, period):
    return number(keccak(salt + b"PICK")) % period == 0


def draw(digest, n, c, j):
    """A place in stratum j of n places cut into c."""
    start, end = j * n // c, (j + 1) * n // c
    return start + number(digest) % (end - start)


def challenged_operators(salt, attesters, most):
    """Operators in the order of their strata."""
    operators = [i for i in range(256) if attesters >> i & 1]
    count = len(operators)
    drawn = min(count, most)
    offset = number(keccak(salt + b"OPR1")) % count
    places = [draw(keccak(salt + b"OPJ1" + word(j)), count, drawn, j) for j in range(drawn)]
    return [operators[(offset + place) % count] for place in places]


def blob_indexes(salt, operator, blobs, most):
    k = min(blobs, most)
    offset = number(keccak(salt + b"IDR1" + word(operator))) % blobs
    return [
        (offset + draw(keccak(salt + b"IDX1" + word(operator) + word(j)), blobs, k, j)) % blobs for j in range(k)
    ]


def point_of(post_id, operator, salt):
    return hash_to_field(b"EMERALD-CUSTODY-V1-POINT", keccak(post_id + word(operator) + salt))


def gamma_of(post_id, operator, salt, root):
    return hash_to_field(b"EMERALD-CUSTODY-V1-GAMMA", keccak(post_id + word(operator) + salt + root))


# ---------------------------------------------------------------- the tree over commitments


def versioned_hash(commitment):
    return b"\x01" + hashlib.sha256(commitment).digest()[1:]


def leaf_of(index, hash_):
    return keccak(b"\x00" + index.to_bytes(4, "big") + hash_)


def depth_of(leaf_count):
    return (leaf_count - 1).bit_length()


def tree_of(leaves):
    """All rows of the tree, leaves first; zero words fill it up to a power of two."""
    rows = [leaves + [bytes(32)] * ((1 << depth_of(len(leaves))) - len(leaves))]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([keccak(row[i] + row[i + 1]) for i in range(0, len(row), 2)])
    return rows


def path_of(rows, index):
    """Siblings on the way from a leaf to the root, lowest first."""
    return [row[(index >> height) ^ 1] for height, row in enumerate(rows[:-1])]


def climb(leaf, index, path):
    for height, sibling in enumerate(path):
        leaf = keccak(sibling + leaf) if index >> height & 1 else keccak(leaf + sibling)
    return leaf


# ---------------------------------------------------------------- identifiers

POST_TYPE = (
    b"Post(uint256 chainId,address registry,address publisher,bytes32 root,uint256 blobCount,uint256 byteLength,"
    b"bytes32 cidDigest,uint256 codec,bytes32 contentTypeHash,uint256 termEpochs,uint256 nonce)"
)
SEED_TYPE = b"Seed(uint256 chainId,address beacon,uint256 epoch,bytes32 prevRandao)"
ATTESTATION_TYPE = b"Attestation(bytes32 postId,bytes32 root,uint64 stakeEpoch,uint64 deadline)"
DOMAIN_TYPE = b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"


def post_id_of(chain_id, registry, publisher, root, blobs, length, digest, codec, content_type, term, nonce):
    words = word(chain_id) + address_word(registry) + address_word(publisher) + root + word(blobs) + word(length)
    words += digest + word(codec) + keccak(content_type.encode()) + word(term) + word(nonce)
    return keccak(keccak(POST_TYPE) + words)


def seed_of(chain_id, beacon, epoch, prev_randao):
    return keccak(keccak(SEED_TYPE) + word(chain_id) + address_word(beacon) + word(epoch) + prev_randao)


def attestation_digest_of(chain_id, relay, post_id, root, stake_epoch, deadline):
    """EIP-712."""
    domain = keccak(DOMAIN_TYPE) + keccak(b"EmeraldCustody") + keccak(b"1") + word(chain_id) + address_word(relay)
    struct = keccak(ATTESTATION_TYPE) + post_id + root + word(stake_epoch) + word(deadline)
    return keccak(b"\x19\x01" + keccak(domain) + keccak(struct))
