#!/usr/bin/python3
# test: PEER/money_peer 100000
"""Compare money with Python's decimal.

Usage: money.py PROGRAM [COUNT], where PROGRAM is built from money_peer.c.
Exits 1 with the first differences where there are any.
"""
import random
import re
import subprocess
import sys
from decimal import (Decimal, Inexact, ROUND_DOWN, ROUND_HALF_EVEN,
                     getcontext)

GRAMMAR = re.compile(r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
FEMTO = Decimal(10) ** -15
LEAST, MOST = -(1 << 127), (1 << 127) - 1

FIXED = [
    "0", "-0", "+0", "0.0", ".5", "-.5", "+.5e1", "1e0", "1E+2", "1e-15",
    "5e-16", "15e-16", "25e-16", "-5e-16", "-15e-16", "5.0000000001e-16",
    "0.0000000000000005" + "0" * 500, "0.0000000000000005" + "0" * 500 + "1",
    "0." + "0" * 100000 + "1", "0." + "0" * 1000 + "1e1001",
    "1" + "0" * 1000 + "e-1000", "0e99999", "0e-99999", "0.000e+99999",
    "1e999999999999999999999", "-1e999999999999999999999",
    "1e-999999999999999999999", "0e999999999999999999999",
    "170141183460469231731687.303715884105727",
    "170141183460469231731687.303715884105728",
    "-170141183460469231731687.303715884105728",
    "-170141183460469231731687.303715884105729",
    "170141183460469231731687.3037158841057274999",
    "170141183460469231731687.3037158841057275",
    "-170141183460469231731687.3037158841057285",
    "-170141183460469231731687.30371588410572850001",
    "1e23", "1e24", "2e23", "9" * 24, "0" * 500 + "1",
    "0.0009999", "0.00095", "0.00005", "0.000012", "0.000000000000001",
    "", " ", "1.", ".", "e5", "1e", "1e+", "+", "-", "--1", "+-1", "1 ",
    "1,000", "0x10", "1_0", "inf", "nan", "1.2.3", "1e5.0", "1e 5", "\u0663",
    "$1", "1d5", "1e5e5",
]


def drawn(rng):
    """One text: plain, a tie, tiny, near the limit, or damaged."""
    kind = rng.randrange(7)
    sign = rng.choice(["", "", "-", "+"])
    if kind == 0:
        return sign + str(rng.getrandbits(rng.randint(1, 140)))
    if kind == 1:
        digits = "".join(rng.choices("0123456789", k=rng.randint(1, 40)))
        at = rng.randint(0, len(digits) - 1)
        return sign + digits[:at] + "." + digits[at:]
    if kind == 2:  # an exact tie at some place, with or without more
        text = "%d.%0*d5" % (rng.randrange(10 ** rng.randint(1, 12)),
                             rng.randint(1, 16), rng.randrange(10 ** 3))
        return sign + text + rng.choice(["", "0" * 30, "0" * 30 + "1"])
    if kind == 3:
        return sign + "%de%d" % (rng.getrandbits(rng.randint(1, 64)),
                                 rng.randint(-45, 30))
    if kind == 4:
        near = Decimal(rng.choice([LEAST, MOST])) + rng.randint(-20, 20)
        return str((near + Decimal(rng.randint(-9, 9)) / 10) * FEMTO)
    if kind == 5:
        return sign + "%.*f" % (rng.randint(0, 15), rng.random()
                                * 10 ** rng.randint(-8, 4))
    text = list("%d.%de%d" % (rng.randrange(1000), rng.randrange(1000),
                              rng.randint(-9, 9)))
    text[rng.randrange(len(text))] = rng.choice("0.e+-E x")
    return "".join(text)


def whole(number):
    """A number of femtodollars, rounded half-even to a whole one."""
    return int(number.to_integral_value(ROUND_HALF_EVEN))


def fixed(femto, places):
    """Nothing of decimal's formatting: only integers."""
    unit = 10 ** (15 - places)
    rest = abs(femto) % unit
    units = abs(femto) // unit
    if 2 * rest > unit or (2 * rest == unit and units % 2):
        units += 1
    digits = str(units).rjust(places + 1, "0")
    at = len(digits) - places
    text = digits[:at] + ("." + digits[at:] if places else "")
    return ("-" if femto < 0 and units else "") + text


def full(femto):
    text = fixed(femto, 15).rstrip("0")
    return text[:-1] if text[-1] == "." else text


def rounded(femto, places):
    unit = Decimal(1).scaleb(15 - places)
    exact = Decimal(femto) / unit
    units = int(exact.to_integral_value(ROUND_HALF_EVEN))
    if not LEAST <= units * int(unit) <= MOST:
        units = int(exact.to_integral_value(ROUND_DOWN))
    return units * int(unit)


def people(femto):
    places = 4
    if femto:
        while places < 15 and abs(rounded(femto, places)) < 10 ** (16 - places):
            places += 1
    text = fixed(femto, places).lstrip("-")
    before, after = text.split(".")
    return "%s$%s.%s" % ("-" if femto < 0 else "",
                         format(int(before), ","), after)


def expected(text, count):
    if not GRAMMAR.fullmatch(text):
        return "syntax"
    mantissa, _, exponent = text.lower().partition("e")
    number = Decimal(mantissa)
    if not number:
        exponent = "0"
    # Beyond these the result is the same, and decimal can still hold it.
    exponent = max(-200000, min(200000, int(exponent or "0")))
    exact = number.scaleb(exponent + 15)
    # Far below one: keep it small, so that to_integral need not be exact.
    femto = whole(exact) if exact.adjusted() < 60 else MOST + 1
    if not LEAST <= femto <= MOST:
        return "range"
    out = ["ok" if femto == exact else "rounded", full(femto)]
    product = femto * count
    out.append(full(product) if LEAST <= product <= MOST else "-")
    out.append(repr(float(Decimal(femto) * FEMTO)))
    out.append(people(femto))
    for places in range(16):
        out += [fixed(femto, places), full(rounded(femto, places))]
    return "\t".join(out)


def main():
    context = getcontext()
    context.prec, context.Emax, context.Emin = 250000, 10 ** 9, -10 ** 9
    context.traps[Inexact] = False
    rng = random.Random(20261122)
    total = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    cases = [(t, c) for t in FIXED for c in (0, 1, -1, 7, 2 ** 63 - 1,
                                             -2 ** 63)]
    for _ in range(total - len(cases)):
        cases.append((drawn(rng), rng.getrandbits(rng.randint(1, 63))))
    text = "".join("%s %d\n" % case for case in cases)
    run = subprocess.run([sys.argv[1]], input=text, stdout=subprocess.PIPE,
                         encoding="utf-8", check=True)
    lines = run.stdout.split("\n")[:-1]
    wrong = 0 if len(lines) == len(cases) else 1
    context.prec = 400
    for case, line in zip(cases, lines):
        # Only the long texts need, and can afford, a long precision.
        context.prec = max(400, 2 * len(case[0]))
        if line != expected(*case):
            wrong += 1
            if wrong <= 10:
                print(case[0][:200], case[1], line, expected(*case), sep="\n ")
    print("%d amounts, %d differences" % (len(lines), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
