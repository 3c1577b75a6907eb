"""Who is challenged on what, and at which point: salts, picks, draws, scalars; random and at the ends of ranges."""

from case_text import hexed, hexed_word
from draws import Draws
from hash_to_field import RFC_TAG, hash_to_field
from protocol import blob_indexes, challenged_operators, gamma_of, is_picked, point_of, salt_of

MOST_BLOBS = (1 << 20) - 1


def salt_cases():
    draws = Draws("salts")
    cases = [(bytes(32), bytes(32), level) for level in [0, 1, 2, 3, 15, 255]]
    cases += [(b"\xff" * 32, b"\xff" * 32, level) for level in [0, 1, 2, 15]]
    cases += [(draws.bytes(32), draws.bytes(32), level) for level in [0, 1, 2] * 18]
    return [
        {"seed": hexed(seed), "postId": hexed(post_id), "level": level, "salt": hexed(salt_of(seed, post_id, level))}
        for seed, post_id, level in cases
    ]


def pick_cases():
    """For periods up to 1,000 at least one salt that is picked and (above 1) one that is not."""
    draws = Draws("picks")
    cases = []
    for period in [1, 2, 3, 4, 5, 7, 10, 64, 100, 300, 1000]:
        for wanted in [True, False] if period > 1 else [True]:
            salts = [draws.bytes(32) for _ in range(2)]
            while not any(is_picked(salt, period) == wanted for salt in salts):
                salts[1] = draws.bytes(32)
            cases += [(salt, period) for salt in salts]
    cases += [(draws.bytes(32), period) for period in [1, 2, 3, 65535, 2**24 - 1, 2**32 - 1] * 4]
    return [{"salt": hexed(salt), "period": period, "isPicked": is_picked(salt, period)} for salt, period in cases]


def operator_cases():
    draws = Draws("operators")

    def bitmap(count):
        return sum(1 << i for i in draws.sample(range(256), count))

    cases = [
        (bitmap(count), most)
        for count in [1, 2, 3, 4, 5, 7, 20, 63, 64, 65, 100, 255, 256]
        for most in [1, 2, 3, 7, 20, 63, 64]
    ]
    cases += [(bitmap(count), most) for count in [64, 150] for most in range(1, 65)]
    ends = [1, 1 << 255, 1 | 1 << 255, (1 << 64) - 1, ((1 << 64) - 1) << 192, (1 << 256) // 3]
    cases += [(attesters, most) for attesters in ends for most in [1, 64]]
    found = []
    for attesters, most in cases:
        salt = draws.bytes(32)
        challenged = challenged_operators(salt, attesters, most)
        assert len(set(challenged)) == len(challenged) == min(bin(attesters).count("1"), most)
        found.append(
            {"salt": hexed(salt), "attesters": hexed_word(attesters), "maxChallenged": most, "challenged": challenged}
        )
    return found


def index_cases():
    draws = Draws("indexes")
    cases = []
    sizes = [1, 2, 3, 4, 5, 16, 17, 63, 64, 65, 100, 255, 256, 257, 1000]
    sizes += [1 << 16, (1 << 16) + 1, MOST_BLOBS - 1, MOST_BLOBS]
    for blobs in sizes:
        for most in [1, 2, 3, 4, 15, 16, 63, 64]:
            salt, operator = draws.bytes(32), draws.choice([0, 1, 7, 63, 64, 254, 255])
            indexes = blob_indexes(salt, operator, blobs, most)
            assert len(set(indexes)) == len(indexes) == min(blobs, most) and max(indexes) < blobs
            cases.append(
                {
                    "salt": hexed(salt),
                    "operator": operator,
                    "blobCount": blobs,
                    "blobsAtLevel": most,
                    "indexes": indexes,
                }
            )
    return cases


def point_cases():
    draws = Draws("points")
    ends = [bytes(32), b"\xff" * 32]
    cases = [(end, operator, end, end) for end in ends for operator in [0, 255]]
    for operator in [0, 1, 2, 7, 63, 64, 127, 128, 254, 255] * 5:
        cases.append((draws.bytes(32), operator, draws.bytes(32), draws.bytes(32)))
    return [
        {
            "postId": hexed(post_id),
            "operator": operator,
            "salt": hexed(salt),
            "root": hexed(root),
            "z": hexed_word(point_of(post_id, operator, salt)),
            "gamma": hexed_word(gamma_of(post_id, operator, salt, root)),
        }
        for post_id, operator, salt, root in cases
    ]


def hash_to_field_cases():
    """Each length of tag that there is, and messages that end just before and after a block of SHA-256."""
    draws = Draws("hashToField")
    tags = [b"", b"E", b"EMERALD-CUSTODY-V1-BATCH-RHO", b"EMERALD-CUSTODY-V1-BATCH-ZETA", RFC_TAG, bytes(range(255))]
    messages = [b"", b"abc", bytes(32), b"\xff" * 32, draws.bytes(160)]
    cases = [(tag, message) for tag in tags for message in messages]
    cases += [(draws.bytes(length), draws.bytes(draws.below(70))) for length in range(256)]
    lengths = [1, 31, 33, 51, 52, 53, 54, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 255, 256, 1000, 4096]
    cases += [(b"EMERALD-CUSTODY-V1-POINT", draws.bytes(length)) for length in lengths]
    return [
        {"domainTag": hexed(tag), "message": hexed(message), "scalar": hexed_word(hash_to_field(tag, message))}
        for tag, message in cases
    ]
