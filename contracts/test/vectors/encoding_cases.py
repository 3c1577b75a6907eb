"""Points written down: right in both forms, and wrong in each way there is."""

from bls12381 import (
    COFACTOR,
    COMPRESSED_FLAG,
    GENERATOR,
    HALF,
    INFINITY_FLAG,
    P,
    SIGN_FLAG,
    compressed,
    is_in_subgroup,
    is_on_curve,
    multiply,
    negate,
    uncompressed,
    with_flags,
)
from case_text import hexed
from curve_points import (
    THREE_TORSION,
    first_points,
    point_of_order,
    point_with_x,
    point_with_y,
    random_curve_point,
    with_small_part,
    x_off_curve,
)
from draws import Draws
from kzg import SECRET
from polynomials import COMMITMENTS, FIRST_RANDOM, POINTS

# A decoder that reduces takes x + p for x, if the sum still fits beside the flags.
SHORT = [i for i in range(FIRST_RANDOM, len(POINTS)) if POINTS[i][0] + P < 1 << 381]


# Bits that the encoding of infinity must not have: (byte, bit).
RUBBISH = [(0, 0x01), (0, 0x10), (1, 0x80), (16, 0x01), (24, 0x08), (31, 0x01), (32, 0x80), (47, 0x01), (47, 0x80)]

# ---------------------------------------------------------------- compression


def points_around_half(draws):
    """y next to (p - 1) / 2, and y whose upper 128 bits are those of (p - 1) / 2 or differ by one."""
    high, low = HALF >> 256, 1 << 256
    points = first_points(point_with_y, HALF, -1, 10) + first_points(point_with_y, HALF + 1, 1, 10)
    for place in [high - 1, high, high + 1]:
        points += first_points(point_with_y, place * low, 1, 2)
        points += first_points(point_with_y, place * low + low - 1, -1, 2)
    for _ in range(16):
        points += first_points(point_with_y, high * low + draws.below(low), 1, 1)
    return points


def compression_cases():
    draws = Draws("compression")
    groups = {
        "infinity": [None],
        "setup": [GENERATOR, negate(GENERATOR), SECRET, negate(SECRET)],
        "y around (p - 1) / 2": points_around_half(draws),
        "smallest y": first_points(point_with_y, 1, 1, 4),
        "largest y": first_points(point_with_y, P - 1, -1, 4),
        "smallest x": first_points(point_with_x, 0, 1, 5),
        "largest x": first_points(point_with_x, P - 1, -1, 5),
        "x of 256 bits": first_points(point_with_x, (1 << 256) - 1, -1, 2) + first_points(point_with_x, 1 << 256, 1, 2),
        "anywhere on the curve": [random_curve_point(draws) for _ in range(30)],
        "subgroup": [multiply(random_curve_point(draws), COFACTOR) for _ in range(20)],
    }
    # The other point with this x: the encodings differ in the sign alone.
    pairs = {"smallest x", "largest x", "x of 256 bits", "anywhere on the curve", "subgroup"}
    cases = []
    for name, points in groups.items():
        for point in points:
            for each in [point, negate(point)] if name in pairs else [point]:
                assert is_on_curve(each)
                cases.append(
                    {
                        "name": name,
                        "point": hexed(uncompressed(each)),
                        "compressed": hexed(compressed(each)),
                        "isInSubgroup": is_in_subgroup(each),
                    }
                )
    return cases


# ---------------------------------------------------------------- 48 bytes to decode


def encodings_of_x(x):
    raw = x.to_bytes(48, "big")
    return [with_flags(raw, COMPRESSED_FLAG), with_flags(raw, COMPRESSED_FLAG | SIGN_FLAG)]


def encoding_cases():
    """`class` says what the bytes are: "point" (of the subgroup), "infinity", or what is wrong with them."""
    draws = Draws("encodings")
    good = [POINTS[FIRST_RANDOM + i] for i in range(8)]
    infinity = compressed(None)
    outside = [random_curve_point(draws) for _ in range(12)]
    outside += [shifted for point in good[:3] for shifted in with_small_part(point, draws)]
    classes = {
        "point": [compressed(each) for point in good for each in [point, negate(point)]],
        "infinity": [infinity],
        "xNotBelowP": [raw for i in SHORT[:8] for raw in encodings_of_x(POINTS[i][0] + P)]
        + [raw for x in [P, P + 1, P + 4, (1 << 381) - 1] for raw in encodings_of_x(x)],
        "offCurve": [raw for x in [1, *(x_off_curve(draws) for _ in range(12))] for raw in encodings_of_x(x)],
        "outsideSubgroup": [compressed(point) for point in outside],
        "smallOrder": [
            compressed(each)
            for point in [THREE_TORSION, point_of_order(11, draws), point_of_order(10177, draws)]
            for each in [point, negate(point)]
        ],
        "notCompressed": [bytes([raw[0] & ~COMPRESSED_FLAG]) + raw[1:] for raw in [*map(compressed, good), infinity]]
        + [bytes(48), bytes(47) + b"\x01"],
        "infinityWithRubbish": [infinity[:at] + bytes([infinity[at] | bit]) + infinity[at + 1 :] for at, bit in RUBBISH]
        + [with_flags(bytes(1) + b"\xff" * 47, COMPRESSED_FLAG | INFINITY_FLAG), b"\xff" * 48]
        + [with_flags(compressed(point), INFINITY_FLAG) for point in good[:4]],
        "infinityWithSign": [with_flags(infinity, SIGN_FLAG)],
        "length": [b"", infinity[:1], compressed(good[0])[:47], compressed(good[0]) + bytes(1), infinity + bytes(1)]
        + [good[0][0].to_bytes(48, "big") + good[0][1].to_bytes(48, "big"), uncompressed(good[0])],
    }
    return [
        {"class": name, "bytes": hexed(raw)}
        for name, encodings in classes.items()
        for raw in encodings
    ]


# ---------------------------------------------------------------- 128 bytes that are no point, or not the one claimed


def with_byte(raw, at, change):
    return raw[:at] + bytes([raw[at] ^ change]) + raw[at + 1 :]


def coordinates(x, y):
    """Two numbers as if they were a point, whatever they are."""
    return x.to_bytes(64, "big") + y.to_bytes(64, "big")


def claim_cases():
    """`point` must not pass for `commitment`: it is no point of the subgroup, or compresses to something else."""
    draws = Draws("claims")
    cases = []

    def claim(reason, i, raw):
        cases.append({"reason": reason, "point": hexed(raw), "commitment": hexed(COMMITMENTS[i])})

    for i in range(FIRST_RANDOM, FIRST_RANDOM + 6):
        x, y = POINTS[i]
        raw = coordinates(x, y)
        claim("negated", i, coordinates(x, P - y))
        claim("another", i, uncompressed(POINTS[i + 1]))
        claim("xPadding", i, with_byte(raw, draws.below(16), 1 << draws.below(8)))
        claim("yPadding", i, with_byte(raw, 64 + draws.below(16), 1 << draws.below(8)))
        claim("xNotBelowP", i, coordinates(x + P, y))
        claim("yNotBelowP", i, coordinates(x, y + P))
        claim("offCurve", i, coordinates(x, (y + 1) % P))
        claim("offCurve", i, coordinates(y, x))
        claim("outsideSubgroup", i, uncompressed(random_curve_point(draws)))
        claim("length", i, raw[:127])
        claim("length", i, raw + bytes(1))
        # The cube roots of unity move a point to another one of the subgroup with the same y.
        claim("another", i, coordinates(x * pow(2, (P - 1) // 3, P) % P, y))
    for i in SHORT[:4]:
        claim("xNotBelowP", i, coordinates(POINTS[i][0] + P, POINTS[i][1]))
    i = FIRST_RANDOM
    x, y = POINTS[i]
    for raw in [uncompressed(point) for point in with_small_part(POINTS[i], draws)]:
        claim("outsideSubgroup", i, raw)
    for raw in [coordinates(0, 2), coordinates(0, P - 2)]:
        claim("outsideSubgroup", i, raw)
    for raw in [coordinates(0, 1), coordinates(x, 0), coordinates(0, y), coordinates(1, 1)]:
        claim("offCurve", i, raw)
    for raw in [coordinates(P, 2), coordinates((1 << 384) - 1, y), coordinates(P, P)]:
        claim("xNotBelowP", i, raw)
    claim("another", i, uncompressed(None))
    for raw in [b"", raw_of_96(x, y), coordinates(x, y) + bytes(32)]:
        claim("length", i, raw)
    return cases


def raw_of_96(x, y):
    return x.to_bytes(48, "big") + y.to_bytes(48, "big")
