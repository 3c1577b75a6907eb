"""Commitments and openings of linear polynomials, for which nobody needs the secret s of the setup.

For f(X) = aX + b the commitment is a[s] + b[1], the value at z is az + b, and the quotient (f(X) - f(z)) / (X - z) is
the constant a, so that the proof is a[1]. Sums of such polynomials are linear: folds and batches open the same way.
"""

from typing import NamedTuple

from bls12381 import GENERATOR, R, add, compressed, is_in_subgroup, is_on_curve, multiply

# [s] of the Ethereum KZG ceremony: the second point of `g1_monomial` in
# https://github.com/ethereum/consensus-specs/blob/master/presets/mainnet/trusted_setups/trusted_setup_4096.json
SECRET = (
    0x0D3EB50121139AA34DB1D545093AC9374AB7BCA2C0F3BF28E27C8DCD8FC7CB42D25926FC0C97B336E9F0FB35E5A04C81,
    0x17DE623F59A3043952D2F637A935FAE14B6DEE8B255E526304963D58AB6F1A827C7DE623D34D394F8A3D0F57D6E972B9,
)
SECRET_COMPRESSED = "ad3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81"
assert is_on_curve(SECRET) and is_in_subgroup(SECRET) and compressed(SECRET).hex() == SECRET_COMPRESSED


class Linear(NamedTuple):
    """aX + b; both below R."""

    a: int
    b: int

    def at(self, z):
        return (self.a * z + self.b) % R

    def commit(self):
        return add(multiply(SECRET, self.a), multiply(GENERATOR, self.b))

    def prove(self):
        """The opening's proof, the same at every point."""
        return multiply(GENERATOR, self.a)


def weighted_sum(polynomials, weights):
    """The polynomial that is the sum of weight times polynomial."""
    pairs = list(zip(polynomials, weights))
    return Linear(sum(f.a * w for f, w in pairs) % R, sum(f.b * w for f, w in pairs) % R)


def powers_of(factor, count):
    return [pow(factor, j, R) for j in range(count)]
