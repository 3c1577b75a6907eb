"""Openings that must be refused, each of which a verifier that leaves out one check would take."""

from bls12381 import COMPRESSED_FLAG, INFINITY_FLAG, P, R, SIGN_FLAG, compressed, uncompressed, with_flags
from case_text import hexed, hexed_word
from curve_points import with_small_part
from draws import Draws
from encoding_cases import RUBBISH, encodings_of_x
from polynomials import COMMITMENTS, FIRST_CONSTANT, FIRST_RANDOM, POINTS, POLYNOMIALS

INFINITY = compressed(None)


def forgery_cases():
    """`refusedFor`: a "length", or the commitment's "infinity", before anybody looks at the "opening" itself."""
    draws = Draws("forgeries")
    cases = []

    def forge(reason, i, change, refused_for="opening"):
        f, z = POLYNOMIALS[i], draws.below(R)
        opening = {"commitment": COMMITMENTS[i], "z": z, "y": f.at(z), "proof": compressed(f.prove())}
        opening.update(change(opening))
        scalars = {name: hexed_word(opening[name]) for name in ["z", "y"]}
        points = {name: hexed(opening[name]) for name in ["commitment", "proof"]}
        cases.append({"reason": reason, "refusedFor": refused_for, **points, **scalars})

    def forge_both(reason, i, change, refused_for="opening"):
        for name in ["commitment", "proof"]:
            forge(f"{reason}: {name}", i, lambda opening: {name: change(opening[name])}, refused_for)

    for i in [FIRST_RANDOM, FIRST_RANDOM + 1]:
        for at in range(4):
            point, proof = with_small_part(POINTS[i], draws)[at], with_small_part(POLYNOMIALS[i].prove(), draws)[at]
            forge("outside the subgroup: commitment", i, lambda _: {"commitment": compressed(point)})
            forge("outside the subgroup: proof", i, lambda _: {"proof": compressed(proof)})
        forge_both("other sign", i, lambda raw: bytes([raw[0] ^ SIGN_FLAG]) + raw[1:])
        forge_both("not compressed", i, lambda raw: bytes([raw[0] & ~COMPRESSED_FLAG]) + raw[1:])
        forge_both("one byte short", i, lambda raw: raw[:-1], "length")
        forge_both("one byte more", i, lambda raw: raw + bytes(1), "length")
        forge("96 bytes: commitment", i, lambda _: {"commitment": long_form(POINTS[i])}, "length")
        forge("96 bytes: proof", i, lambda _: {"proof": long_form(POLYNOMIALS[i].prove())}, "length")
        forge("z not below r", i, lambda opening: {"z": opening["z"] + R})
        forge("y not below r", i, lambda opening: {"y": opening["y"] + R})
        forge("another value", i, lambda opening: {"y": (opening["y"] + 1) % R})
        forge("another place", i, lambda opening: {"z": (opening["z"] + 1) % R})
        forge("another commitment", i, lambda _: {"commitment": COMMITMENTS[i + 1]})
        forge("another proof", i, lambda _: {"proof": compressed(POLYNOMIALS[i + 1].prove())})
        forge("constant's proof", i, lambda _: {"proof": INFINITY})

    for name, i in short_xs():
        point = POINTS[i] if name == "commitment" else POLYNOMIALS[i].prove()
        plain, signed = encodings_of_x(point[0] + P)
        raw = signed if compressed(point)[0] & SIGN_FLAG else plain
        forge(f"x not below p: {name}", i, lambda _: {name: raw})

    for i in [FIRST_CONSTANT, FIRST_CONSTANT + 1]:
        for at, bit in RUBBISH:
            rubbish = INFINITY[:at] + bytes([INFINITY[at] | bit]) + INFINITY[at + 1 :]
            forge("infinity with rubbish: proof", i, lambda _: {"proof": rubbish})
        forge("infinity with a sign: proof", i, lambda _: {"proof": with_flags(INFINITY, SIGN_FLAG)})
        forge("infinity not compressed: proof", i, lambda _: {"proof": with_flags(bytes(48), INFINITY_FLAG)})
        forge("no flags: proof", i, lambda _: {"proof": bytes(48)})
    # EIP-4844 takes this one.
    forge("commitment at infinity", FIRST_CONSTANT, lambda _: {"commitment": INFINITY, "y": 0}, "infinity")
    return cases


def short_xs():
    """Three commitments and three proofs for whose x there is room to add p beside the flags."""
    for name, points in [("commitment", POINTS), ("proof", [f.prove() for f in POLYNOMIALS])]:
        fitting = [i for i in range(FIRST_RANDOM, FIRST_CONSTANT) if points[i][0] + P < 1 << 381]
        assert len(fitting) >= 3
        yield from ((name, i) for i in fitting[:3])


def long_form(point):
    raw = uncompressed(point)
    return raw[16:64] + raw[80:]
