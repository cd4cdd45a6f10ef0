#!/usr/bin/python3
# test: PEER/repr_peer 200000
"""Compare number_repr, number_round and number_plain with Python.

Usage: repr.py PROGRAM [COUNT], where PROGRAM is built from repr_peer.c.
Exits 1 with the first differences where there are any.
"""
import random
import struct
import subprocess
import sys


def pack(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def unpack(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def special():
    """Every power of two and of ten with its neighbours, and the edges."""
    edges = [0, pack(float("inf")), pack(float("nan")), 1, 2, 3,
             0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x7FEFFFFFFFFFFFFF]
    powers = [pack(2.0 ** e) for e in range(-1074, 1024)]
    powers += [pack(float("1e%d" % e)) for e in range(-323, 309)]
    for bits in edges + powers:
        for near in (bits - 1, bits, bits + 1):
            if 0 <= near < 1 << 63:
                yield near
                yield near | 1 << 63


def drawn(rng):
    """One value of a kind that a file of meter's, or a trap, might hold."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.getrandbits(64)
    if kind == 1:
        return pack(rng.randrange(10 ** 9) / 10 ** rng.randrange(10))
    if kind == 2:
        return pack(rng.randrange(1, 10 ** 6) * rng.choice(
            [2.5e-06, 1e-05, 1.5e-05, 3e-06, 5.46875e-07, 1.875e-08]))
    if kind == 3:  # exact ties at every number of decimals up to 7
        return pack((2 * rng.randrange(10 ** 7) + 1) / 2.0 ** rng.randint(1, 8))
    if kind == 4:
        return pack(rng.choice([-1, 1]) * rng.random()
                    * 10.0 ** rng.randint(-20, 25))
    return rng.getrandbits(52) >> rng.randrange(52) | rng.getrandbits(1) << 63


def same(value, fields):
    name, four, six, plain = fields
    if name != repr(value) or four != repr(round(value, 4)):
        return False
    if six != repr(round(value, 6)):
        return False
    if value != value or value in (float("inf"), float("-inf")):
        return plain == "null"
    if "e" in plain or plain == "-0" or float(plain) != value:
        return False
    if "." in plain and plain[-1] == "0":
        return False
    digits = name.split("e")[0].replace(".", "").strip("-0")
    return plain.replace(".", "").strip("-0") == digits


def main():
    rng = random.Random(20261122)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200000
    bits = list(special())
    bits += [drawn(rng) for _ in range(count - len(bits))]
    text = "".join("%016x\n" % b for b in bits)
    run = subprocess.run([sys.argv[1]], input=text, stdout=subprocess.PIPE,
                         encoding="ascii", check=True)
    lines = run.stdout.split("\n")[:-1]
    wrong = 0 if len(lines) == len(bits) else 1
    for b, line in zip(bits, lines):
        if not same(unpack(b), line.split("\t")):
            wrong += 1
            if wrong <= 10:
                print("%016x" % b, repr(unpack(b)), line)
    print("%d values, %d differences" % (len(lines), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
