"""Hypothesis at a reader, where atheris is not: bytes by chance, and good inputs cut, joined and altered."""

import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz.readers import Reader

ROUND = 300
"""Inputs between two looks at the clock."""


def inputs(reader: Reader) -> st.SearchStrategy[bytes]:
    seed = st.sampled_from(list(reader.seeds))
    pieces = st.lists(st.one_of(st.binary(max_size=8), seed, _altered(seed)), max_size=6)
    return st.one_of(st.binary(max_size=200), pieces.map(b"".join), _altered(seed))


@st.composite
def _altered(draw: st.DrawFn, seeds: st.SearchStrategy[bytes]) -> bytes:
    """One with some bytes taken out, and others put there; sometimes only its beginning."""
    seed = draw(seeds)
    place = draw(st.integers(0, len(seed)))
    rest = seed[place + draw(st.integers(0, 3)) :] if draw(st.booleans()) else b""
    return seed[:place] + draw(st.binary(max_size=4)) + rest


def survives(reader: Reader, data: bytes) -> None:
    """Reads, or refuses as it may; raises what it must not raise."""
    try:
        reader.read(data)
    except reader.refusals:
        return


def tried(reader: Reader, seconds: float) -> int:
    """How many inputs were read in that time. Raises what a reader must not raise, with the smallest such input."""
    number, end = 0, time.monotonic() + seconds

    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs(reader))
    def one_round(data: bytes) -> None:
        nonlocal number
        number += 1
        survives(reader, data)

    while time.monotonic() < end:
        one_round()
    return number
