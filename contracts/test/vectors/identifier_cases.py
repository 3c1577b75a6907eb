"""What the contracts hash from what was registered, revealed and signed."""

from case_text import hexed, hexed_word
from draws import Draws
from protocol import attestation_digest_of, post_id_of, seed_of

MOST_BLOBS = (1 << 20) - 1


def post_id_cases():
    draws = Draws("postIds")
    content_types = ["image/png", "application/json", "text/plain; charset=utf-8", "text/x-naïve", ""]
    ends = [(1, 1, 1, 0), (MOST_BLOBS, MOST_BLOBS * 126_945, 2**32 - 1, 2**64 - 1)]
    drawn = [
        (1 + draws.below(MOST_BLOBS), 1 + draws.below(1 << 37), 1 + draws.below(1 << 32), draws.below(1 << 64))
        for _ in range(14)
    ]
    cases = []
    for place, (blobs, length, term, nonce) in enumerate(ends * 3 + drawn):
        chain_id, codec, content_type = [1, 31337, 2**63][place % 3], [0x55, 0x70][place % 2], content_types[place % 5]
        registry, publisher, root, digest = draws.bytes(20), draws.bytes(20), draws.bytes(32), draws.bytes(32)
        post_id = post_id_of(
            chain_id, registry, publisher, root, blobs, length, digest, codec, content_type, term, nonce
        )
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
                "contentType": content_type,
                "termEpochs": term,
                "nonce": hexed_word(nonce),
                "postId": hexed(post_id),
            }
        )
    return cases


def seed_cases():
    draws = Draws("seeds")
    cases = []
    for epoch in [0, 1, 77, 2**32 - 1] * 4:
        chain_id, beacon = draws.choice([1, 31337]), draws.bytes(20)
        prev_randao = [draws.bytes(32), draws.bytes(32), bytes(32), b"\xff" * 32][len(cases) // 4]
        cases.append(
            {
                "chainId": chain_id,
                "beacon": hexed(beacon),
                "epoch": epoch,
                "prevRandao": hexed(prev_randao),
                "seed": hexed(seed_of(chain_id, beacon, epoch, prev_randao)),
            }
        )
    return cases


def attestation_cases():
    draws = Draws("attestations")
    times = [(0, 0), (2**32 - 1, 2**40), *((draws.below(1 << 32), draws.below(1 << 40)) for _ in range(10))]
    cases = []
    for place, (stake_epoch, deadline) in enumerate(times):
        chain_id = [1, 31337][place % 2]
        relay, post_id, root = draws.bytes(20), draws.bytes(32), draws.bytes(32)
        digest = attestation_digest_of(chain_id, relay, post_id, root, stake_epoch, deadline)
        cases.append(
            {
                "chainId": chain_id,
                "attestationRelay": hexed(relay),
                "postId": hexed(post_id),
                "root": hexed(root),
                "stakeEpoch": stake_epoch,
                "deadline": deadline,
                "digest": hexed(digest),
            }
        )
    return cases
