"""Merkle trees over commitments, and paths in them."""

from bls12381 import COMPRESSED_FLAG, SIGN_FLAG, with_flags
from case_text import hexed, hexed_all
from draws import Draws
from protocol import climb, depth_of, leaf_of, path_of, tree_of, versioned_hash

SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 33, 63, 64, 65, 128, 255, 256, 257]
LARGE_SIZES = [1000, 1 << 16, (1 << 16) + 1, (1 << 20) - 1]


def merkle_cases():
    """Whole trees. The commitments are no points of the curve: the tree looks at nothing but their hashes."""
    draws = Draws("merkle")
    cases = []
    for count in SIZES:
        flags = [COMPRESSED_FLAG | draws.choice([0, SIGN_FLAG]) for _ in range(count)]
        commitments = [with_flags(b"\x00" + draws.bytes(47), flag) for flag in flags]
        rows = tree_of([leaf_of(i, versioned_hash(commitment)) for i, commitment in enumerate(commitments)])
        index = draws.below(count)
        cases.append(
            {
                "commitments": hexed_all(commitments),
                "root": hexed(rows[-1][0]),
                "index": index,
                "path": hexed_all(path_of(rows, index)),
            }
        )
    return cases


def path_case(count, index, hash_, path):
    root = climb(leaf_of(index, hash_), index, path)
    return {
        "blobCount": count,
        "index": index,
        "versionedHash": hexed(hash_),
        "path": hexed_all(path),
        "root": hexed(root),
    }


def path_cases():
    """The first two, the middle and the last two leaves of each tree; beyond 257 leaves the siblings are drawn."""
    draws = Draws("paths")
    cases = []
    for count in SIZES:
        hashes = [b"\x01" + draws.bytes(31) for _ in range(count)]
        rows = tree_of([leaf_of(i, hash_) for i, hash_ in enumerate(hashes)])
        for index in sorted({0, min(1, count - 1), count // 2, max(0, count - 2), count - 1}):
            cases.append(path_case(count, index, hashes[index], path_of(rows, index)))
            assert cases[-1]["root"] == hexed(rows[-1][0])
    for count in LARGE_SIZES:
        for index in [0, draws.below(count), count - 1]:
            path = [draws.bytes(32) for _ in range(depth_of(count))]
            cases.append(path_case(count, index, b"\x01" + draws.bytes(31), path))
    return cases
