"""Random-looking choices, the same on every machine and under every Python: SHA-256 over a name and a counter."""

import hashlib


class Draws:
    """One list of cases draws from one of these, so that a case more in one list changes no other."""

    def __init__(self, name):
        self.name, self.blocks = name.encode(), 0

    def bytes(self, length):
        drawn = b""
        while len(drawn) < length:
            drawn += hashlib.sha256(self.name + b" " + str(self.blocks).encode()).digest()
            self.blocks += 1
        return drawn[:length]

    def below(self, limit):
        # 128 bits more than needed: what the remainder favours cannot be noticed.
        return int.from_bytes(self.bytes((limit.bit_length() + 135) // 8), "big") % limit

    def choice(self, options):
        return options[self.below(len(options))]

    def sample(self, options, count):
        """`count` different ones, in random order."""
        rest = list(options)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]
