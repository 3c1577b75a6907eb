"""The linear polynomials that all folds, challenges and batches are made of; cases name them by their place here."""

from bls12381 import R, compressed, uncompressed
from case_text import hexed, hexed_word
from draws import Draws
from kzg import Linear
from protocol import versioned_hash

RANDOM_COUNT = 96


def scaled(f, factor):
    return Linear(f.a * factor % R, f.b * factor % R)


draws = Draws("polynomials")
ONE, IDENTITY = 0, 1
SPECIAL = [Linear(0, 1), Linear(1, 0), Linear(0, R - 1), Linear(R - 1, 0), Linear(1, 1), Linear(R - 1, R - 1)]
RANDOM = [Linear(draws.below(R), draws.below(R)) for _ in range(RANDOM_COUNT)]
FIRST_RANDOM = len(SPECIAL)

# Constants are opened by the point at infinity.
CONSTANT = [Linear(0, draws.below(R)) for _ in range(8)]
FIRST_CONSTANT = FIRST_RANDOM + RANDOM_COUNT

# What cancels random polynomial i: NEGATED[i] under a factor of 1, CANCELLING[i] under CANCELLING_GAMMA.
CANCELLING_GAMMA = draws.below(R)
NEGATED = [scaled(f, R - 1) for f in RANDOM[:6]]
CANCELLING = [scaled(f, R - pow(CANCELLING_GAMMA, -1, R)) for f in RANDOM[:6]]
# Together with random polynomial i under a factor of 1: a constant.
FLATTENING = [Linear(R - f.a, draws.below(R)) for f in RANDOM[:6]]
FIRST_NEGATED = FIRST_CONSTANT + len(CONSTANT)
FIRST_CANCELLING = FIRST_NEGATED + len(NEGATED)
FIRST_FLATTENING = FIRST_CANCELLING + len(CANCELLING)

POLYNOMIALS = SPECIAL + RANDOM + CONSTANT + NEGATED + CANCELLING + FLATTENING
POINTS = [f.commit() for f in POLYNOMIALS]
COMMITMENTS = [compressed(point) for point in POINTS]


def polynomial_cases():
    return [
        {
            "a": hexed_word(f.a),
            "b": hexed_word(f.b),
            "point": hexed(uncompressed(point)),
            "commitment": hexed(commitment),
            "versionedHash": hexed(versioned_hash(commitment)),
        }
        for f, point, commitment in zip(POLYNOMIALS, POINTS, COMMITMENTS)
    ]
