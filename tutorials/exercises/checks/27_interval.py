"""How 27_interval is checked."""

import math

import numpy as np

from mlcore.metrics import wilson_interval
from tutorials.checker.exercise import Case, Exercise, Mistake, Property


def by_bisection(s, n, z):
    """Return the shares p that the test |s/n - p| <= z sqrt(p (1 - p) / n) just does not reject."""
    if n == 0:
        return math.nan, math.nan

    def rejected(p):
        return (s / n - p) ** 2 > z**2 * p * (1 - p) / n

    ends = []
    for outside in (0.0, 1.0):
        out, inside = outside, s / n
        for _ in range(100):
            middle = (out + inside) / 2
            if rejected(middle):
                out = middle
            else:
                inside = middle
        ends.append(inside)
    return ends[0], ends[1]


def some(rng):
    n = int(rng.integers(0, 40))
    return int(rng.integers(0, n + 1)), n, float(rng.choice([1.0, 1.645, 1.96, 2.576]))


def mirrored(function, rng):
    for _ in range(4):
        s, n, z = some(rng)
        low, high = function(s, n, z)
        yield (n - s, n, z), (1 - high, 1 - low), function(n - s, n, z)


def around_the_share(function, rng):
    for _ in range(4):
        n = int(rng.integers(1, 30))
        s = int(rng.integers(0, n + 1))
        low, high = function(s, n, 1.96)
        inside = bool(0 <= low <= s / n + 1e-12 and s / n - 1e-12 <= high <= 1)
        yield (s, n, 1.96), True, inside


def textbook(s, n, z):
    half = z * np.sqrt(s / n * (1 - s / n) / n)
    return s / n - half, s / n + half


def textbook_cut(s, n, z):
    low, high = textbook(s, n, z)
    return max(0.0, low), min(1.0, high)


def wilson(s, n, z, centre=None, half=None):
    centre = (s + z**2 / 2) / (n + z**2) if centre is None else centre
    half = z * np.sqrt(s * (n - s) / n + z**2 / 4) / (n + z**2) if half is None else half
    return max(0.0, centre - half), min(1.0, centre + half)


def in_use(function):
    rng = np.random.default_rng(0)
    s = rng.binomial(20, 0.1, 2000)
    ends = [np.array([end(int(found), 20, 1.96) for found in s]) for end in (function, textbook)]
    held = [np.mean((low <= 0.1) & (high >= 0.1)) for low, high in (e.T for e in ends)]
    return (
        f"2,000 classes of 20 with a true share of 10 %: your 95 % intervals hold it {held[0]:.0%} of the "
        f"time, p ± 1.96 sqrt(p (1 - p) / n) {held[1]:.0%}; of 3 of 20 mlcore says "
        f"[{wilson_interval(3, 20)[0]:.3f}, {wilson_interval(3, 20)[1]:.3f}]"
    )


EXERCISE = Exercise(
    name="interval",
    title="Two of two is not 100 % for sure",
    tutorial=5,
    hint="Write centre and half-width as the formula has them; no trials is a case of its own, before "
    "anything is divided.",
    by_hand=[
        Case(
            (3, 12, 2.0),
            ((5 - math.sqrt(13)) / 16, (5 + math.sqrt(13)) / 16),
            "centre 5/16, half-width 2/16 · sqrt(2.25 + 1)",
        ),
        Case(
            (3, 4, 3.0),
            ((7.5 - 3 * math.sqrt(3)) / 13, (7.5 + 3 * math.sqrt(3)) / 13),
            "centre (3 + 4.5)/13, half-width 3/13 · sqrt(0.75 + 2.25)",
        ),
        Case((2, 2, 2.0), (1 / 3, 1.0), "centre 4/6, half-width 2/6 · sqrt(0 + 1)"),
        Case((0, 0, 2.0), (math.nan, math.nan), "without trials nothing is known"),
    ],
    properties=[
        Property("failures have the mirrored interval", mirrored),
        Property("it holds the share itself and stays within [0, 1]", around_the_share),
    ],
    slow=by_bisection,
    inputs=some,
    mistakes=[
        Mistake(
            "without trials there is nothing to divide by: ask for n == 0 first",
            lambda s, n, z: wilson(int(s), int(n), float(z)),
        ),
        Mistake(
            "that is p ± z sqrt(p (1 - p) / n), which has no width for two of two; Wilson's is asked for",
            textbook,
        ),
        Mistake(
            "that is p ± z sqrt(p (1 - p) / n), which has no width for two of two; Wilson's is asked for",
            textbook_cut,
        ),
        Mistake(
            "the centre is the share itself: it is drawn towards one half, (s + z²/2) / (n + z²)",
            lambda s, n, z: wilson(s, n, z, centre=s / n),
        ),
        Mistake(
            "z is missing in the half-width",
            lambda s, n, z: wilson(s, n, z, half=np.sqrt(s * (n - s) / n + z**2 / 4) / (n + z**2)),
        ),
        Mistake(
            "+ z²/4 under the root is missing",
            lambda s, n, z: wilson(s, n, z, half=z * np.sqrt(s * (n - s) / n) / (n + z**2)),
        ),
        Mistake(
            "under the root it is z²/4, not z²",
            lambda s, n, z: wilson(s, n, z, half=z * np.sqrt(s * (n - s) / n + z**2) / (n + z**2)),
        ),
        Mistake(
            "z is to be squared: z²/2 above and n + z² below",
            lambda s, n, z: (
                wilson(
                    s,
                    n,
                    z,
                    (s + z / 2) / (n + z),
                    z * np.sqrt(s * (n - s) / n + z**2 / 4) / (n + z),
                )
                if n
                else (np.nan, np.nan)
            ),
        ),
        Mistake(
            "z is given: do not write 1.96",
            lambda s, n, z: wilson(s, n, 1.96) if n else (np.nan, np.nan),
        ),
        Mistake(
            "those are centre and half-width; the two ends are asked for",
            lambda s, n, z: (
                (s + z**2 / 2) / (n + z**2),
                wilson(s, n, z)[1] - (s + z**2 / 2) / (n + z**2),
            ),
        ),
        Mistake(
            "the half-width was divided by n, not by n + z²",
            lambda s, n, z: wilson(s, n, z, half=z * np.sqrt(s * (n - s) / n + z**2 / 4) / n),
        ),
        Mistake(
            "without trials the ends are (nan, nan), not (0, 1)",
            lambda s, n, z: wilson(s, n, z) if n else (0.0, 1.0),
        ),
    ],
    use=in_use,
)
