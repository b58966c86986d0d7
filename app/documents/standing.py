"""Standing notes: units that are responsible for everything that follows, said once and not repeated."""

import re
from collections.abc import Iterator

from app.documents.unit_names import UnitReader


def implied_spans(folded: str, reader: UnitReader) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """For each standing note in a folded paragraph: its start and end, and the spans of the units it names.

    The note is the sentence that says 不再列出; from 以下 on where that word is printed.
    """
    for found in re.finditer(
        r"不再(?:一一|逐一|单独|重复|另行|逐项|分别)*(?:列出|列明|列入|列示|列|标注|注明|写明)", folded
    ):
        start = max(folded.rfind(stop, 0, found.start()) for stop in "。；") + 1
        start = max(start, _opening_before(folded, found.start()))
        begin = max(folded.rfind("以下", start, found.start()), start)
        spans = reader.scan_prose(folded, begin, found.start())
        if not spans:
            begin = start
            spans = reader.scan_prose(folded, begin, found.start())
        if spans:
            yield begin, found.end(), spans


def _opening_before(folded: str, position: int) -> int:
    """After the innermost bracket that is open at `position`; 0 when none is."""
    depth = 0
    for index in range(position - 1, -1, -1):
        if folded[index] == "）":
            depth += 1
        elif folded[index] == "（":
            if depth == 0:
                return index + 1
            depth -= 1
    return 0
