"""A QR code as a path to draw (ISO/IEC 18004). It holds an address that anybody may see, never an access code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4
"""Light modules around the code, as the standard asks."""


@dataclass(frozen=True)
class QrCode:
    """`path` fills the dark modules, in a square of `size` modules a side, quiet zone included."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Readable with up to 15 % of it damaged (level M), as on a folded sheet."""
    matrix = segno.make_qr(text, error="m", boost_error=False).matrix
    return QrCode(len(matrix) + 2 * QUIET_ZONE, "".join(_strokes(matrix)))


def _strokes(matrix: Sequence[Sequence[int]]) -> Iterator[str]:
    """One bar for each run of dark modules."""
    for y, row in enumerate(matrix, QUIET_ZONE):
        x = QUIET_ZONE
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length
