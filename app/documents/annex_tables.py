"""Tables of tasks and responsible units, flattened to lines as PDF readers leave them, or with cells kept by tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.lines import Paragraph
from app.documents.unit_names import LABEL, Role, UnitReader, UnitReading, role_of_label
from app.kit.text import comparable, fold, squeeze


@dataclass(frozen=True, slots=True)
class TableRow:
    """`task` without white space; `units` as (printed name, role); `unread` what could not be placed."""

    no: int
    task: str
    units: tuple[tuple[str, Role], ...]
    unread: str


_HEADER = re.compile(
    r"^序号.*?(?:责任|牵头|主办|配合|落实|承办|分工|负责)(?:单位|部门|主体|处室)|^(?:.{0,12}(?:任务|事项|措施|内容|工作)).{0,12}(?:责任|牵头|主办)(?:单位|部门)"
)
_NUMBER = re.compile(r"^(\d{1,3})\s*[.、．]?(?=$|\s|[^\d.、．年月日%号])\s*")


def split_table(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """What stands before a table of tasks, and the table from its header on; the second is empty when there is none."""
    for index in range(len(paragraphs)):
        for height in (1, 2, 3, 4, 5):
            header = comparable("".join(item.text for item in paragraphs[index : index + height]))
            if len(header) <= 40 and "。" not in header and header.startswith("序号") and _HEADER.match(header):
                return list(paragraphs[:index]), list(paragraphs[index:])
    return list(paragraphs), []


def read_table(table: Sequence[Paragraph], reader: UnitReader) -> list[TableRow]:
    """The rows in order. A row begins at its number; its units begin where the rest of its lines reads as units."""
    lines = [line for item in table for line in item.lines]
    rows: list[tuple[int, list[str]]] = []
    for line in lines:
        expected = rows[-1][0] + 1 if rows else 1
        found = _NUMBER.match(fold(line))
        if found and int(found.group(1)) == expected and not (rows and _inside_word(rows[-1][1], line, found.end())):
            rows.append((expected, [line[found.end() :]] if line[found.end() :] else []))
        elif rows:
            rows[-1][1].append(line)
    return [_row(number, cells, reader) for number, cells in rows]


def _inside_word(cells: list[str], line: str, end: int) -> bool:
    """A line such as 1所以… continues a sentence rather than beginning a row."""
    unfinished = bool(cells) and not re.search(r"[。）；]$", fold(cells[-1]))
    return (
        unfinished
        and not re.match(r"\s|$", line[end - 1 : end] + line[end:])
        and end < len(line)
        and not line[end - 1].isspace()
    )


def _row(number: int, cells: list[str], reader: UnitReader) -> TableRow:
    for cut in range(len(cells)):
        reading, joined, folded = _as_units(cells[cut:], reader)
        if reading is None:
            continue
        rest = joined[reading.end :].lstrip("。；，")
        task = squeeze("".join(cells[:cut])) + rest
        units = tuple((joined[unit.start : unit.end], unit.role) for unit in reading.units)
        return TableRow(number, task, units, "")
    whole = squeeze("".join(cells))
    return TableRow(number, whole, (), whole)


def _as_units(cells: list[str], reader: UnitReader) -> tuple[UnitReading | None, str, str]:
    joined = squeeze("".join(cells))
    folded = comparable(joined)
    if not reader.plausible_start(folded, 0):
        return None, joined, folded
    reading = reader.read(folded, 0, _end_of_units(folded, reader))
    complete = reading.end >= len(folded) - 1
    sentence = folded[reading.end - 1 : reading.end] == "。" and reading.spoke_role
    if not any(unit.known for unit in reading.units) or not (complete or sentence):
        return None, joined, folded
    return reading, joined, folded


def _end_of_units(folded: str, reader: UnitReader) -> int:
    """A page break may put the end of the task after the units: then no known name follows the stop."""
    stop = folded.find("负责。")
    if stop < 0 or reader.scan_prose(folded, stop + 3, len(folded)):
        return len(folded)
    return stop + 3
