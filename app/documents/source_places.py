"""Where each clause stands in the text that it was read from. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from app.documents.extracted import Clause
from app.kit.text import comparable

Place = tuple[int, int]
"""First and last line of a clause, counted from 0."""

_BEGINNING = 24
_SEPARATORS = ("、", "", ".", "．", "，", "：")


def places(text: str, clauses: Sequence[Clause]) -> list[Place | None]:
    """For each clause its first and last line in `text.split("\\n")`; None where its words are not found again.

    Clauses are sought in their order, number and words together before words alone. Where the next one begins on the
    line on which one ends, both have that line.
    """
    lines = [comparable(line) for line in text.split("\n")]
    whole = "".join(lines)
    begins = [0, *accumulate(map(len, lines))]
    found: list[Place | None] = []
    cursor = 0
    for clause in clauses:
        words = comparable(clause.text or clause.heading)
        start = _sought(whole, cursor, clause, words)
        if start is None:
            found.append(None)
            continue
        end = _end(whole, start, words)
        found.append((_line(begins, start), _line(begins, max(end - 1, start))))
        cursor = max(cursor, end)
    return found


def _line(begins: list[int], position: int) -> int:
    return max(min(bisect_right(begins, position) - 1, len(begins) - 2), 0)


def _sought(whole: str, cursor: int, clause: Clause, words: str) -> int | None:
    for wanted in _forms(clause, words[:_BEGINNING]):
        position = whole.find(wanted, cursor)
        if position >= 0:
            return position
    return None


def _forms(clause: Clause, beginning: str) -> Iterator[str]:
    number = comparable(clause.number)
    yield from (number + separator + beginning for separator in _SEPARATORS)
    if len(beginning) > 1:
        yield beginning


def _end(whole: str, start: int, words: str) -> int:
    """Just after the clause's last words, sought no further than twice its length; after its beginning otherwise."""
    last = words[-_BEGINNING:]
    position = whole.find(last, start, start + 2 * len(words) + 2 * _BEGINNING) if last else -1
    return position + len(last) if position >= 0 else start + 1
