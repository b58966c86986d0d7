"""How much more work a longer input makes: by counted steps, so that no clock and no load decides.

Counted are the lines of Python that run and the functions that it calls. What runs inside one call into C (a search, an
expression) counts as one: expressions have their own tests (row 4 of docs/security.md).
"""

import sys
from contextlib import suppress
from itertools import pairwise
from types import FrameType
from typing import Any

from fuzz.readers import Reader

SIZES = (1, 2, 4)
MOST_GROWTH = 2.6
"""Times as many steps for twice the length. In proportion it is 2; by the square of the length it is 4."""
SMALL = 2_000
"""Steps below which growth says nothing: something was refused at once."""


def steps(reader: Reader, data: bytes) -> int:
    """Lines that reading takes, and calls."""
    counted = 0

    def line(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal counted
        counted += 1
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        with suppress(*reader.refusals):
            reader.read(data)
    finally:
        sys.settrace(before)
    return counted


def grows_too_much(reader: Reader) -> str:
    """Empty, or how the steps grew from each size to its double."""
    steps(reader, reader.grown(1))  # imports and caches of the first time
    taken = [steps(reader, reader.grown(size)) for size in SIZES]
    pairs = pairwise(taken)
    bad = any(after > SMALL and after > MOST_GROWTH * before for before, after in pairs)
    return " → ".join(map(str, taken)) if bad else ""
