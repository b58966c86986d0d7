"""Finding the notes that name responsible units inside a clause's text.

A note is a label with names (责任单位：…), in any brackets or none, or a bracket that holds nothing but names and
role words. Damage is tolerated: a note with a lost bracket ends where its names end, and says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.documents.organs import is_prose, is_scope
from app.documents.unit_names import LABEL, Role, UnitReader, UnitReading, UnitSpan


@dataclass(frozen=True, slots=True)
class Note:
    """A note at [start, end) of the folded text, brackets included.

    `opened` and `closed` tell which brackets were there; `labelled` whether it says 责任单位 or the like;
    `rest` is what stood inside the brackets and could not be read.
    """

    start: int
    end: int
    reading: UnitReading
    opened: bool
    closed: bool
    labelled: bool
    rest: str = ""


def find_notes(folded: str, reader: UnitReader) -> list[Note]:
    """The notes of one paragraph (folded, without white space), in order, never overlapping."""
    notes = list(_labelled(folded, reader))
    notes += _bracketed(folded, reader, notes)
    if not notes:
        notes += _damaged(folded, reader)
    return sorted(notes, key=lambda note: note.start)


def _labelled(folded: str, reader: UnitReader) -> Iterator[Note]:
    position = 0
    for label in LABEL.finditer(folded):
        if label.start() < position or not _may_be_label(folded, label, reader):
            continue
        note = _read_labelled(folded, label.start(), reader)
        if note is not None:
            position = note.end
            yield note


def _may_be_label(folded: str, label: re.Match[str], reader: UnitReader) -> bool:
    if label["colon"]:
        return True
    before = folded[label.start() - 1 : label.start()] if label.start() else ""
    return before in ("", "（", "。", "；") and reader.known_length(folded, label.end()) > 0


def _read_labelled(folded: str, start: int, reader: UnitReader) -> Note | None:
    opened = folded[start - 1 : start] == "（"
    closing = _closing(folded, start) if opened else None
    reading = reader.read(folded, start, len(folded))
    if folded[reading.end : reading.end + 1] == "）":
        closing = reading.end
    elif closing is not None and reading.end < closing:
        reading = _read_on(folded, start, closing, reader)
    else:
        closing = None
    if not reading.units and not reading.standing:
        return None
    if closing is not None:
        rest = folded[reading.end : closing].strip("，。；、")
        return Note(start - opened, closing + 1, reading, opened, closed=True, labelled=True, rest=rest)
    return Note(start - opened, reading.end, reading, opened, closed=False, labelled=True)


def _read_on(folded: str, start: int, limit: int, reader: UnitReader) -> UnitReading:
    """Inside whole brackets, what can't be read is skipped, and reading goes on after the next separator.

    A short phrase between separators that holds no word of prose counts as a name even so; what follows 负责 at once
    is the task that a unit is responsible for.
    """
    reading = reader.read(folded, start, limit)
    position = reading.end
    while position < limit:
        piece = _PIECE.match(folded, position, limit)
        if not piece or not piece.group(1):
            break
        is_task = folded[position] not in "、，；。" and _AFTER_ROLE.search(folded[start:position])
        if not is_task and _SHORT_NAME.fullmatch(piece.group(1)) and not is_prose(piece.group(1)):
            role = reading.units[-1].role if reading.units else Role.RESPONSIBLE
            reading.units.append(UnitSpan(*piece.span(1), role, known=False, joined=False))
            reading.end = piece.end()
        elif is_task:
            reading.end = piece.end()
        more = reader.read(folded, piece.end(), limit)
        reading.units += more.units
        reading.standing += more.standing
        reading.first_leads |= more.first_leads
        reading.spoke_role |= more.spoke_role
        position = max(more.end, piece.end())
        if more.units or more.standing:
            reading.end = position
    return reading


_AFTER_ROLE = re.compile(r"(?:负责|牵头|落实|承担|配合|参与)$")
_PIECE = re.compile(r"[、，；。]?([^、，；。]*)[、，；。]?")
_SHORT_NAME = re.compile(r"[一-龥（）]{2,14}")


def _closing(folded: str, start: int) -> int | None:
    """The bracket that closes the one before `start`, or None when the count never comes out."""
    depth = 1
    for position in range(start, len(folded)):
        depth += {"（": 1, "）": -1}.get(folded[position], 0)
        if depth == 0:
            return position
    return None


def _bracketed(folded: str, reader: UnitReader, taken: list[Note]) -> list[Note]:
    found: list[Note] = []
    for bracket in re.finditer("（", folded):
        inside = bracket.end()
        if any(note.start <= bracket.start() < note.end for note in taken + found):
            continue
        closing = _closing(folded, inside)
        if closing is None or not reader.plausible_start(folded, inside):
            continue
        reading = reader.read(folded, inside, closing)
        if reading.end < closing and any(unit.known for unit in reading.units):
            reading = _read_on(folded, inside, closing, reader)
            if sum(unit.known for unit in reading.units) < 2:
                continue
        if reading.end >= closing and _is_plain_note(folded, bracket.start(), closing, reading):
            found.append(Note(bracket.start(), closing + 1, reading, True, True, False))
    return found


def _is_plain_note(folded: str, opening: int, closing: int, reading: UnitReading) -> bool:
    """Names in brackets are a note when they carry a role word, or stand alone after a finished sentence."""
    if not any(unit.known for unit in reading.units):
        return False
    before, after = folded[opening - 1 : opening], folded[closing + 1 : closing + 2]
    if reading.spoke_role:
        return True
    if before in ("。", "；", ".") or (before == after == ""):
        return True
    ends = after == "" or folded[closing + 1 :] == "。"
    names = [folded[unit.start : unit.end] for unit in reading.units]
    return ends and before not in "局厅委办部会" and not all(map(is_scope, names))


_TELLS = re.compile(r"开展|进行|举办|检查|公布|通报|报送|召开")
"""What a sentence about bodies says that they do; a note only says that they do it."""


def _damaged(folded: str, reader: UnitReader) -> list[Note]:
    """A last sentence that is nothing but names with a role word, where brackets and label were lost."""
    starts = [0, *(found.end() for found in re.finditer(r"[。；（]", folded))]
    for start, _ in reversed(list(pairwise([*starts, len(folded)]))[-4:]):
        if not reader.plausible_start(folded, start):
            continue
        reading = reader.read(folded, start, len(folded))
        closed = folded[reading.end : reading.end + 1] == "）"
        complete = re.sub(r"^[）。]*", "", folded[reading.end :]) == "" and not _TELLS.search(folded, start)
        if complete and reading.spoke_role and any(unit.known for unit in reading.units) and len(reading.units) > 0:
            opened = folded[start - 1 : start] == "（"
            return [Note(start - opened, len(folded), reading, opened, closed, False)]
    return []
