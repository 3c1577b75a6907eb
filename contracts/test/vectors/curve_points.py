"""Points of the curve that hit the edges of its encodings, and points outside the subgroup."""

from bls12381 import B, COFACTOR, P, R, add, cube_root, multiply, square_root


def point_with_x(x, wants_large_y=False):
    """None when the curve has no point there."""
    y = square_root(x * x * x + B)
    if y is None:
        return None
    return (x, max(y, P - y) if wants_large_y else min(y, P - y))


def point_with_y(y):
    x = cube_root(y * y - B)
    return None if x is None else (x, y)


def first_points(make, start, step, count):
    """The first `count` points that `make` finds, going from `start` in steps."""
    found = []
    while len(found) < count:
        point = make(start)
        if point is not None:
            found.append(point)
        start += step
    return found


def random_curve_point(draws):
    """Anywhere on the curve: outside the subgroup but for one chance in 2^125."""
    while True:
        point = point_with_x(draws.below(P), draws.choice([True, False]))
        if point is not None:
            return point


def x_off_curve(draws):
    while True:
        x = draws.below(P)
        if point_with_x(x) is None:
            return x


def torsion_point(draws):
    """Not in the subgroup, and of an order that divides the cofactor: a pairing takes no notice of it."""
    return multiply(random_curve_point(draws), R)


def point_of_order(order, draws):
    """Of a small prime order that divides the cofactor."""
    group = R * COFACTOR
    exponent = group
    while exponent % order == 0:
        exponent //= order
    point = None
    while point is None:
        point = multiply(random_curve_point(draws), exponent)
    while multiply(point, order) is not None:
        point = multiply(point, order)
    return point


THREE_TORSION = (0, 2)


def with_small_part(point, draws):
    """The same point to a verifier that forgets the subgroup, shifted by something of small order."""
    shifts = [THREE_TORSION, (0, P - 2), point_of_order(11, draws), torsion_point(draws)]
    return [add(point, shift) for shift in shifts]
