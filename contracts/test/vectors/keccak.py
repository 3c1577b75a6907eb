"""Keccak-256 as Ethereum uses it: the sponge of SHA-3 with the padding from before the standard. Python has none."""

MASK = (1 << 64) - 1
ROTATIONS = [[0, 36, 3, 41, 18], [1, 44, 10, 45, 2], [62, 6, 43, 15, 61], [28, 55, 25, 21, 56], [27, 20, 39, 8, 14]]
RATE_BYTES = 136


def rotate(lane, by):
    return ((lane << by) | (lane >> (64 - by))) & MASK


def round_constants():
    """The 24 constants of iota, from the linear feedback shift register of FIPS 202, 3.2.5."""
    state, constants = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if state & 1:
                constant |= 1 << ((1 << j) - 1)
            state = (state << 1) ^ (0x171 if state & 0x80 else 0)
        constants.append(constant)
    return constants


ROUND_CONSTANTS = round_constants()


# Lane (x, y) stands at x + 5y. Rho and pi take the lane at each place to another, turned to the left.
MOVES = [(x + 5 * y, y + 5 * ((2 * x + 3 * y) % 5), ROTATIONS[x][y]) for x in range(5) for y in range(5)]
# Chi reads the next two lanes of the same row.
NEIGHBOURS = [(place, place // 5 * 5 + (place + 1) % 5, place // 5 * 5 + (place + 2) % 5) for place in range(25)]


def permute(a):
    for constant in ROUND_CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)] * 5
        b = [0] * 25
        for source, target, by in MOVES:
            b[target] = rotate(a[source] ^ d[source], by)
        a = [b[place] ^ (~b[after] & b[second]) for place, after, second in NEIGHBOURS]
        a[0] ^= constant
    return a


def keccak(message):
    padded = bytearray(message) + b"\x01" + bytes(-(len(message) + 1) % RATE_BYTES)
    padded[-1] |= 0x80
    a = [0] * 25
    for start in range(0, len(padded), RATE_BYTES):
        for lane in range(RATE_BYTES // 8):
            a[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        a = permute(a)
    return b"".join(lane.to_bytes(8, "little") for lane in a[:4])


assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
assert keccak(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
