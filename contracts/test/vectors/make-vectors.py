#!/usr/bin/env python3
"""Writes protocol-vectors.json (hashes, draws, trees) and curve-vectors.json (points, folds, challenges, batches).

    python3 make-vectors.py           writes the files
    python3 make-vectors.py --check   fails when they are not what it would write

Computed from the protocol's text alone, with nothing but Python's own library (3.8 or later). It shares no code with
the contracts or the node, which both only read the files. Nothing in it depends on the machine, the time or the Python.
"""

import pathlib
import sys

# The folder is full of JSON that tests read; compiled modules have no place in it.
sys.dont_write_bytecode = True

from batch_cases import batch_cases
from case_text import file_text
from encoding_cases import claim_cases, compression_cases, encoding_cases
from fold_cases import challenge_cases, fold_cases
from forgery_cases import forgery_cases
from identifier_cases import attestation_cases, post_id_cases, seed_cases
from kzg import SECRET_COMPRESSED
from polynomials import polynomial_cases
from sampling_cases import hash_to_field_cases, index_cases, operator_cases, pick_cases, point_cases, salt_cases
from tree_cases import merkle_cases, path_cases

HERE = pathlib.Path(__file__).resolve().parent
# Two counts, 4,096 points of G1 in another basis, 65 of G2, and then [1], [s], [s^2] ... of G1, a line each.
SETUP = HERE.parents[2] / "node_modules/c-kzg/deps/c-kzg/trusted_setup.txt"
SECRET_LINE = 2 + 4096 + 65 + 1

FILES = {
    "protocol-vectors.json": {
        "salts": salt_cases,
        "picks": pick_cases,
        "operators": operator_cases,
        "indexes": index_cases,
        "points": point_cases,
        "hashToField": hash_to_field_cases,
        "merkle": merkle_cases,
        "paths": path_cases,
        "postIds": post_id_cases,
        "seeds": seed_cases,
        "attestations": attestation_cases,
    },
    "curve-vectors.json": {
        "polynomials": polynomial_cases,
        "compression": compression_cases,
        "encodings": encoding_cases,
        "claims": claim_cases,
        "forgeries": forgery_cases,
        "folding": fold_cases,
        "challenges": challenge_cases,
        "batches": batch_cases,
    },
}


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    # Only where the node's packages are installed; elsewhere the constant stands for itself.
    if SETUP.exists() and SETUP.read_text().split("\n")[SECRET_LINE] != SECRET_COMPRESSED:
        sys.exit(f"[s] is not the one in line {SECRET_LINE + 1} of {SETUP}")
    stale = [name for name, kinds in FILES.items() if not put(name, kinds, is_check=bool(arguments))]
    if stale:
        sys.exit(f"not what make-vectors.py writes: {', '.join(stale)}")


def put(name, kinds, is_check):
    """Writes the file, or says whether it stands there already."""
    lists = {kind: make() for kind, make in kinds.items()}
    # As bytes, so that line ends are the same on every system.
    text = file_text(lists).encode()
    file = HERE / name
    counts = {kind: len(cases) for kind, cases in lists.items()}
    print(f"{name}: {sum(counts.values())} cases, {len(text)} bytes: {counts}")
    if is_check:
        return file.exists() and file.read_bytes() == text
    file.write_bytes(text)
    return True


main(sys.argv[1:])
