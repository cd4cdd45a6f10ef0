"""Small documents that are hard to write, for the peer tests.

The same seed gives the same documents.  Nothing is shared within a document,
since PyYAML would write an alias for it.
"""

import struct

WORDS = """a I of the stage run cost usage chapter provider prompt tokens
    claude-opus-4 gpt-4o-mini it's don't "quoted" C:\\dir a:b a: :b #x x#y x #
    - -- --- ... ? ?x : ! !x & * @at `tick` %d | > {} [] {a} [b], , a,b = <<
    ~ null true no y n é ß 你好 😀 naïve""".split()

# What a YAML 1.1 reader takes for something else than a string, or nearly.
LIKE_OTHERS = """~ null Null NULL nULL yes Yes YES yEs no No NO true True TRUE
    tRue false False FALSE on On ON off Off OFF oFF y Y n N = == << <<< <
    0 -0 +0 7 -7 +7 00 07 08 017 -017 0o17 0x1F 0xg 0b101 0b2 1_000 _1 1_ -_1
    +1_0 1:30 1:60 12:60 -1:30 1:2:3 0:1 1:30.5 1:5. 190:20:30.15 1. .5 -.5 +.5
    1.5 -1.5 +1.5 1.5e3 1.5e+3 1.5E-3 1e5 1e+5 3e-06 1.e+1 1_0.5_0 . .. ._ ._1
    .inf .Inf .INF -.inf +.inf .iNF .nan .NaN .NAN -.nan inf nan NaN
    2024-01-01 2024-1-1 2024-01-1 2024-01-01T00:00:00Z 2024-1-1t1:00:00
    2024-01-01T00:00:00+01:00 2024-01-01T00:00:00.5 2024-01-01T00:00:00-1:30
    20240101 2024-01 99999999999999999999999 0x 0b +
    -""".split() + [
    "2024-01-01 00:00:00", "2024-01-01 \t00:00:00 Z",
    "2024-01-01T00:00:00.5 +01:00", "2024-01-01T00:00:00 Z", "", " ", "1 000"]

PUNCTUATION = list("#,[]{}&*!|>'\"%@`-?:.=~\\/<+$^();_ ") + [
    "- ", "? ", ": ", " #", "---", "...", "--- ", "''", '""']

CONTROLS = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA1), 0xAD)]

BREAKS = ["\n", "\n", "\n", "\n\n", "\r\n", "\r", "\x85", "\u2028", "\u2029",
          "\n\n\n"]

PLANES = [(0xA0, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF)] + [
    (plane << 16, (plane << 16) + 0xFFFF) for plane in range(1, 17)]


def character(rng):
    return chr(rng.randint(*rng.choice(PLANES)))


def words(rng, least, most):
    """Prose: words that a writer folds, some with two spaces between."""
    text = []
    for _ in range(rng.randint(least, most)):
        text.append(rng.choice(WORDS))
        text.append("  " if rng.random() < 0.05 else " ")
    return "".join(text[:-1])


def like_other(rng):
    text = rng.choice(LIKE_OTHERS)
    if rng.random() < 0.3:
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice("0159_.:+-eExob TZ\n") + text[at:]
    return text


def digits(rng):
    """Text of a number's characters, which often is one."""
    return "".join(rng.choice("0012357_.:+-eExb")
                   for _ in range(rng.randint(1, 8)))


def soup(rng):
    """Any characters in any order."""
    kinds = rng.sample((PUNCTUATION, CONTROLS, BREAKS, WORDS, [" "], "abc'"),
                       rng.randint(1, 3))
    return "".join(rng.choice(rng.choice(kinds))
                   for _ in range(rng.randint(1, 10)))


def lines(rng):
    text = rng.choice(BREAKS[:4]).join(
        words(rng, 0, 6) for _ in range(rng.randint(1, 4)))
    return text + rng.choice(("", "", "\n", "\n\n", " \n", "\n "))


def escaped(rng):
    """Long text that needs escapes, which may be folded anywhere."""
    text = words(rng, 1, 16)
    for _ in range(rng.randint(1, 30)):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice((character(rng), "\t", '"', " ")) + \
            text[at:]
    return text


def ascii_text(rng):
    return "".join(chr(rng.randint(0x20, 0x7E))
                   for _ in range(rng.randint(1, 12)))


def unicode_text(rng):
    return "".join(character(rng) for _ in range(rng.randint(1, 6)))


def long_word(rng):
    return "x" * rng.randint(70, 90) + rng.choice(("", " y", "  y", "'", "é"))


def around_key_limit(rng):
    """Text of about as many code points as a simple key may have."""
    text = words(rng, 20, 40)[:rng.randint(119, 131)]
    return text if rng.random() < 0.5 else \
        text[:60] + character(rng) + text[61:]


TEXTS = (words, like_other, digits, soup, lines, escaped, ascii_text,
         unicode_text)


def string(rng):
    if rng.random() < 0.04:
        return rng.choice((long_word, around_key_limit))(rng)
    make = rng.choice(TEXTS)
    return words(rng, 1, 25) if make is words else make(rng)


def number(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return rng.randint(-20, 2000)
    if kind == 1:
        return rng.choice((1, -1)) * rng.getrandbits(rng.randint(1, 300))
    if kind == 2:
        return rng.choice((0.0, -0.0, 1e-07, 1e16, 1e22, 1e-300, 1e300,
                           5e-324, 1.7976931348623157e308, 0.1, 123456.0,
                           2.0 ** -44, 1e15, 1e-4, 1e-5, 9.999e-5))
    if kind == 3:
        return round(rng.uniform(0, 100), rng.randint(0, 7))
    if kind == 4:
        return rng.uniform(-10, 10) * 10.0 ** rng.randint(-300, 300)
    while True:
        value, = struct.unpack("<d", rng.randbytes(8))
        if value - value == 0:
            return value


def scalar(rng):
    kind = rng.random()
    if kind < 0.75:
        return string(rng)
    if kind < 0.9:
        return number(rng)
    return rng.choice((None, True, False))


def value(rng, depth):
    """A value; the deeper it may go, the more often it is a collection."""
    if depth == 0 or rng.random() < 0.4:
        return scalar(rng)
    if rng.random() < 0.5:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 2))]
    return {string(rng): value(rng, depth - 1)
            for _ in range(rng.randint(0, 2))}


def nested(rng):
    """A scalar in so many collections that the indent may pass the width."""
    inner = rng.choice((escaped, lines, scalar))(rng)
    lists = rng.choice((0.1, 0.5, 0.9))
    for _ in range(rng.randint(5, 60)):
        inner = [inner] if rng.random() < lists else {
            string(rng) if rng.random() < 0.1 else "k": inner}
    return inner


def document(rng):
    kind = rng.random()
    if kind < 0.1:
        return scalar(rng)
    if kind < 0.5:
        return {string(rng): scalar(rng)}
    if kind < 0.6:
        return [scalar(rng)]
    if kind < 0.97:
        return value(rng, 3)
    return nested(rng)
