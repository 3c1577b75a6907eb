"""Folds of commitments, and whole challenges on several blobs with their answers."""

from bls12381 import R, compressed, sum_of_products, uncompressed
from case_text import hexed, hexed_all, hexed_word
from draws import Draws
from keccak import keccak
from kzg import powers_of, weighted_sum
from polynomials import (
    CANCELLING_GAMMA,
    COMMITMENTS,
    FIRST_CANCELLING,
    FIRST_CONSTANT,
    FIRST_FLATTENING,
    FIRST_NEGATED,
    FIRST_RANDOM,
    IDENTITY,
    ONE,
    POINTS,
    POLYNOMIALS,
    RANDOM_COUNT,
)
from protocol import blob_indexes, climb, depth_of, gamma_of, leaf_of, point_of, salt_of, versioned_hash

MOST_BLOBS = (1 << 20) - 1
RANDOM_PLACES = range(FIRST_RANDOM, FIRST_RANDOM + RANDOM_COUNT)


def fold_of(places, gamma):
    """The folded polynomial and its commitment, added up on the curve and checked against the coefficients."""
    weights = powers_of(gamma, len(places))
    point = sum_of_products([POINTS[i] for i in places], weights)
    f = weighted_sum([POLYNOMIALS[i] for i in places], weights)
    assert point == f.commit()
    return f, point


def fold_case(places, gamma, z):
    f, point = fold_of(places, gamma)
    return {
        "polynomials": places,
        "gamma": hexed_word(gamma),
        "fold": hexed(uncompressed(point)),
        "compressed": hexed(compressed(point)),
        "versionedHash": hexed(versioned_hash(compressed(point))),
        "z": hexed_word(z),
        "y": hexed_word(f.at(z)),
        "proof": hexed(compressed(f.prove())),
    }


def fold_cases():
    draws = Draws("folding")
    cases = []

    def fold(places, gamma, z=None):
        cases.append(fold_case(places, gamma, draws.below(R) if z is None else z))

    for k in [1, 2, 3, 4, 16, 64]:
        for gamma in [0, 1, 2, R - 1, R - 2, *(draws.below(R) for _ in range(4))]:
            fold(draws.sample(RANDOM_PLACES, k), gamma)
    for k in [*range(1, 16), 17, 31, 32, 33, 48, 63, 64]:
        fold(draws.sample(RANDOM_PLACES, k), draws.below(R), draws.choice([0, 1, R - 1, draws.below(R)]))
    for i in range(6):
        first = FIRST_RANDOM + i
        second = FIRST_RANDOM + (i + 1) % 6
        # Infinity: C - C, C + (r - 1) C, C + gamma * (-C / gamma), and four that cancel in pairs.
        fold([first, FIRST_NEGATED + i], 1)
        fold([first, first], R - 1)
        fold([first, FIRST_CANCELLING + i], CANCELLING_GAMMA)
        fold([first, FIRST_NEGATED + i, second, FIRST_NEGATED + (i + 1) % 6], 1)
        # Infinity on the way, and a point that is added to itself.
        fold([first, FIRST_NEGATED + i, first + 7], 1)
        fold([first] * (i + 2), 1)
        # The fold is constant, so that its proof is infinity.
        fold([first, FIRST_FLATTENING + i], 1)
        fold([FIRST_CONSTANT + i, FIRST_CONSTANT + i + 1], draws.below(R))
    fold([ONE, IDENTITY], draws.below(R))
    fold([IDENTITY, ONE], R - 1, 1)
    return cases


# ---------------------------------------------------------------- challenges


def sparse_tree(leaves, leaf_count, draws):
    """Root and paths for the given leaves (index to hash); all other leaves are drawn, as whole subtrees at once."""
    paths = {index: [] for index in leaves}

    def node(height, place):
        inside = [index for index in leaves if index >> height == place]
        if place << height >= leaf_count:
            # Beyond the last leaf all words are zero.
            return zero_roots[height]
        if not inside:
            return draws.bytes(32)
        if height == 0:
            return leaves[place]
        left, right = node(height - 1, 2 * place), node(height - 1, 2 * place + 1)
        for index in inside:
            paths[index].append(left if index >> (height - 1) & 1 else right)
        return keccak(left + right)

    zero_roots = [bytes(32)]
    for _ in range(depth_of(leaf_count)):
        zero_roots.append(keccak(zero_roots[-1] * 2))
    return node(depth_of(leaf_count), 0), paths


def challenge_case(draws, blobs, most, level, operator):
    seed, post_id = draws.bytes(32), draws.bytes(32)
    salt = salt_of(seed, post_id, level)
    indexes = blob_indexes(salt, operator, blobs, most)
    places = draws.sample(RANDOM_PLACES, len(indexes))
    leaves = {index: leaf_of(index, versioned_hash(COMMITMENTS[i])) for index, i in zip(indexes, places)}
    root, paths = sparse_tree(leaves, blobs, draws)
    assert all(climb(leaves[index], index, paths[index]) == root for index in indexes)
    z, gamma = point_of(post_id, operator, salt), gamma_of(post_id, operator, salt, root)
    f, point = fold_of(places, gamma)
    return {
        "seed": hexed(seed),
        "postId": hexed(post_id),
        "level": level,
        "operator": operator,
        "blobCount": blobs,
        "blobsAtLevel": most,
        "root": hexed(root),
        "salt": hexed(salt),
        "indexes": indexes,
        "polynomials": places,
        "paths": [hexed_all(paths[index]) for index in indexes],
        "z": hexed_word(z),
        "gamma": hexed_word(gamma),
        "commitment": hexed(compressed(point)),
        "y": hexed_word(f.at(z)),
        "proof": hexed(compressed(f.prove())),
    }


def challenge_cases():
    """Everything between a seed and the opening that answers for it."""
    draws = Draws("challenges")
    cases = []
    for level, most in enumerate([4, 16, 64]):
        for blobs in [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 256]:
            cases.append(challenge_case(draws, blobs, most, level, draws.choice([0, 1, 31, 63, 64, 255])))
    for blobs, most in [(1, 1), (2, 1), (257, 2), (MOST_BLOBS, 1), (MOST_BLOBS, 4), (MOST_BLOBS, 16)]:
        cases.append(challenge_case(draws, blobs, most, 0, 255))
    return cases
