"""Batches: one opening that answers several challenges of one operator, each with a point and a fold of its own.

The transcript of M items, with f_i the fold of item i's polynomials by gamma_i, of which y_i is the value at z_i:

    t     = keccak256(epoch || operator || M), three words (abi.encode); then, for each item in order,
            t = keccak256(t || postId_i || z_i || y_i), four words
    rho   = H2F("EMERALD-CUSTODY-V1-BATCH-RHO", t)             the message is the 32 bytes of t
    q     = sum of rho^i (f_i - y_i) / (X - z_i)               i from 0
    W     = [q(s)], the point in 128 bytes (EIP-2537)
    zeta  = H2F("EMERALD-CUSTODY-V1-BATCH-ZETA", t || W)       the message is 32 + 128 bytes
    inv_i = 1 / (zeta - z_i),  a_i = rho^i inv_i
    D     = sum of a_i * (sum of gamma_i^j C_ij) - W           which commits to g = (sum of a_i f_i) - q
    g(zeta) = sum of a_i y_i                                   is what the proof opens

Of linear polynomials f_i = A_i X + B_i all of it is known without the secret: q is the constant sum of rho^i A_i, and g
is linear with the slope sum of a_i A_i.
"""

from bls12381 import R, add, compressed, negate, sum_of_products, uncompressed
from case_text import hexed, hexed_word
from draws import Draws
from fold_cases import RANDOM_PLACES, fold_of
from hash_to_field import hash_to_field
from keccak import keccak
from kzg import Linear, weighted_sum
from polynomials import FIRST_CONSTANT
from protocol import versioned_hash, word


def transcript_of(epoch, operator, items):
    t = keccak(word(epoch) + word(operator) + word(len(items)))
    for post_id, z, y in items:
        t = keccak(t + post_id + word(z) + word(y))
    return t


def batch_case(draws, shapes):
    """`shapes`: the places of each item's polynomials."""
    epoch, operator = draws.choice([0, 1, 77, 2**32 - 1]), draws.choice([0, 1, 63, 255])
    items = []
    for places in shapes:
        gamma, z = draws.below(R), draws.below(R)
        f, point = fold_of(places, gamma)
        item = {"postId": draws.bytes(32), "z": z, "y": f.at(z), "gamma": gamma}
        items.append({**item, "f": f, "point": point, "places": places})

    t = transcript_of(epoch, operator, [(item["postId"], item["z"], item["y"]) for item in items])
    rho = hash_to_field(b"EMERALD-CUSTODY-V1-BATCH-RHO", t)
    rhos = [pow(rho, i, R) for i in range(len(items))]
    q = Linear(0, sum(factor * item["f"].a for factor, item in zip(rhos, items)) % R)
    W = q.commit()
    zeta = hash_to_field(b"EMERALD-CUSTODY-V1-BATCH-ZETA", t + uncompressed(W))

    inverses = [pow(zeta - item["z"], -1, R) for item in items]
    weights = [factor * inverse % R for factor, inverse in zip(rhos, inverses)]
    combined = add(sum_of_products([item["point"] for item in items], weights), negate(W))
    value = sum(weight * item["y"] for weight, item in zip(weights, items)) % R

    g = weighted_sum([*(item["f"] for item in items), q], [*weights, R - 1])
    assert g.commit() == combined and g.at(zeta) == value
    return {
        "epoch": epoch,
        "operator": operator,
        "items": [item_text(item, inverse, weight) for item, inverse, weight in zip(items, inverses, weights)],
        "transcript": hexed(t),
        "rho": hexed_word(rho),
        "quotient": hexed(uncompressed(W)),
        "zeta": hexed_word(zeta),
        "combined": hexed(uncompressed(combined)),
        "commitment": hexed(compressed(combined)),
        "versionedHash": hexed(versioned_hash(compressed(combined))),
        "value": hexed_word(value),
        "proof": hexed(compressed(g.prove())),
    }


def item_text(item, inverse, weight):
    return {
        "postId": hexed(item["postId"]),
        "z": hexed_word(item["z"]),
        "y": hexed_word(item["y"]),
        "gamma": hexed_word(item["gamma"]),
        "polynomials": item["places"],
        "inverse": hexed_word(inverse),
        "weight": hexed_word(weight),
    }


def batch_cases():
    draws = Draws("batches")
    cases = []
    for count in [1, 2, 8, 32]:
        for k in [1, 2, 4]:
            cases.append(batch_case(draws, [draws.sample(RANDOM_PLACES, k) for _ in range(count)]))
        # Items of different sizes.
        cases.append(batch_case(draws, [draws.sample(RANDOM_PLACES, draws.choice([1, 2, 3, 4])) for _ in range(count)]))
    for count in range(3, 8):
        cases.append(batch_case(draws, [draws.sample(RANDOM_PLACES, 1) for _ in range(count)]))
    cases.append(batch_case(draws, [draws.sample(RANDOM_PLACES, 16), draws.sample(RANDOM_PLACES, 64)]))
    # The same blob in every item; and constants alone, for which W and the proof are infinity.
    cases.append(batch_case(draws, [[RANDOM_PLACES[0]]] * 3))
    cases.append(batch_case(draws, [[FIRST_CONSTANT + i] for i in range(4)]))
    cases.append(batch_case(draws, [[FIRST_CONSTANT]]))
    return cases
