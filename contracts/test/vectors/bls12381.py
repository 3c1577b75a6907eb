"""The group G1 of BLS12-381 in plain integers: points are (x, y) with y^2 = x^3 + 4 modulo p; infinity is None.

The curve has h * R points, of which the subgroup of order R is G1. Encodings: 48 bytes compressed (as in EIP-4844) and
128 bytes uncompressed (EIP-2537: x and y of 64 bytes each, the first 16 of them zero; infinity is all zeros).
"""

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
B = 4
# The curve's parameter u is -0xd201000000010000; the cofactor is (u - 1)^2 / 3.
COFACTOR = (0xD201000000010000 + 1) ** 2 // 3
HALF = (P - 1) // 2

GENERATOR = (
    0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
    0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
)

COMPRESSED_FLAG, INFINITY_FLAG, SIGN_FLAG = 0x80, 0x40, 0x20

# ---------------------------------------------------------------- the field


def square_root(value):
    """One of the two roots, or None; p = 3 mod 4."""
    root = pow(value, (P + 1) // 4, P)
    return root if root * root % P == value % P else None


def cube_root(value):
    """One of the three roots, or None. With p - 1 = 3^s * t, the power by 1/3 mod t is right up to a root of unity."""
    value %= P
    if value == 0:
        return 0
    if pow(value, (P - 1) // 3, P) != 1:
        return None
    three_part, t = 1, P - 1
    while t % 3 == 0:
        three_part, t = three_part * 3, t // 3
    guess = pow(value, pow(3, -1, t), P)
    # (guess^3 / value) is a power of this element of order `three_part`, and 2 is no cube.
    assert pow(2, (P - 1) // 3, P) != 1
    unity = pow(2, t, P)
    for _ in range(three_part):
        if pow(guess, 3, P) == value:
            return guess
        guess = guess * unity % P
    raise AssertionError("a cube has a cube root")


# ---------------------------------------------------------------- the curve


def is_on_curve(point):
    if point is None:
        return True
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - x * x * x - B) % P == 0


def negate(point):
    return None if point is None else (point[0], -point[1] % P)


def add(left, right):
    if left is None or right is None:
        return right if left is None else left
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = 3 * x1 * x1 * pow(2 * y1, -1, P) if x1 == x2 else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return (x3, (slope * (x1 - x3) - y1) % P)


def double_jacobian(point):
    """(X, Y, Z) stands for (X / Z^2, Y / Z^3), and infinity has Z = 0."""
    x, y, z = point
    yy = y * y % P
    s = 4 * x * yy % P
    m = 3 * x * x % P
    x3 = (m * m - 2 * s) % P
    return (x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P)


def add_to_jacobian(point, addend):
    """Adds an affine point."""
    x1, y1, z1 = point
    x2, y2 = addend
    if z1 == 0:
        return (x2, y2, 1)
    zz = z1 * z1 % P
    h, slope = (x2 * zz - x1) % P, (y2 * zz * z1 - y1) % P
    if h == 0:
        return double_jacobian(point) if slope == 0 else (1, 1, 0)
    hh = h * h % P
    hhh, v = h * hh % P, x1 * hh % P
    x3 = (slope * slope - hhh - 2 * v) % P
    return (x3, (slope * (v - x3) - y1 * hhh) % P, z1 * h % P)


def multiply(point, scalar):
    """By any number from 0 on. It is not reduced: multiplying by R tells whether a point lies in the subgroup."""
    if point is None:
        return None
    product = (1, 1, 0)
    for bit in bin(scalar)[2:]:
        product = double_jacobian(product)
        if bit == "1":
            product = add_to_jacobian(product, point)
    x, y, z = product
    if z == 0:
        return None
    inverse = pow(z, -1, P)
    return (x * inverse * inverse % P, y * inverse * inverse * inverse % P)


def sum_of_products(points, scalars):
    total = None
    for point, scalar in zip(points, scalars):
        total = add(total, multiply(point, scalar % R))
    return total


def is_in_subgroup(point):
    return multiply(point, R) is None


# ---------------------------------------------------------------- encodings


def uncompressed(point):
    """128 bytes, EIP-2537."""
    x, y = (0, 0) if point is None else point
    return x.to_bytes(64, "big") + y.to_bytes(64, "big")


def compressed(point):
    """48 bytes: x, and in the three bits that p leaves free: compressed, infinity, y above (p - 1) / 2."""
    if point is None:
        return with_flags(bytes(48), COMPRESSED_FLAG | INFINITY_FLAG)
    x, y = point
    return with_flags(x.to_bytes(48, "big"), COMPRESSED_FLAG | (SIGN_FLAG if y > HALF else 0))


def with_flags(raw, flags):
    return bytes([raw[0] | flags]) + raw[1:]


# ---------------------------------------------------------------- known answers

assert is_on_curve(GENERATOR) and is_in_subgroup(GENERATOR)
# https://eips.ethereum.org/EIPS/eip-2537, test vectors of G1ADD: twice the generator.
assert add(GENERATOR, GENERATOR) == multiply(GENERATOR, 2)
assert hex(multiply(GENERATOR, 2)[0])[2:].startswith("572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae")
assert multiply(GENERATOR, R - 1) == negate(GENERATOR)
assert is_on_curve((0, 2)) and multiply((0, 2), 3) is None
