"""Tables of tasks and responsible units: flattened to lines as PDF readers leave them, or with cells kept by tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.documents.lines import Paragraph
from app.documents.unit_names import LABEL, Role, UnitReader, UnitReading, role_of_label
from app.kit.text import comparable, fold, squeeze

NamedUnit = tuple[str, Role]


@dataclass(frozen=True, slots=True)
class TableRow:
    """`task` without white space; `units` as (printed name, role); `unread` what could not be placed."""

    no: int
    task: str
    units: tuple[NamedUnit, ...]
    unread: str


_TASK = re.compile(r"任务|事项|措施|内容|举措|工作|目标|项目|条目|要求")
_TIME = re.compile(r"时限|时间|期限|进度|节点|备注")
_NUMBER = re.compile(r"^(\d{1,3})\s*[.、．]?(?=$|\s|[^\d.、．年月日%号])\s*")
_TALLEST_HEADER = 6
_FEWEST_ROWS = 3
_LONGEST_HEADER = 48


def split_table(paragraphs: Sequence[Paragraph], reader: UnitReader) -> tuple[list[Paragraph], list[Paragraph]]:
    """What stands before a table of tasks, and the table from its header on; the second is empty without a table.

    Where the header is illegible, a table shows by a lone 1 or 2 from which most numbered rows end in units.
    """
    starts = [index for index in range(len(paragraphs)) if _header_height(paragraphs, index)]
    starts = starts or [
        index
        for index, item in enumerate(paragraphs)
        if squeeze(item.text) in ("1", "2") and _seems_table(paragraphs[index:], reader)
    ]
    cut = starts[0] if starts else len(paragraphs)
    return list(paragraphs[:cut]), list(paragraphs[cut:])


def _seems_table(paragraphs: Sequence[Paragraph], reader: UnitReader) -> bool:
    rows = _divide_rows([line for item in paragraphs for line in item.lines])
    with_units = sum(1 for number, cells in rows if _flattened_row(number, cells, (), reader).units)
    return len(rows) >= _FEWEST_ROWS and with_units > len(rows) / 2


def _header_height(paragraphs: Sequence[Paragraph], index: int) -> int:
    """How many paragraphs make up a table header at `index`; 0 if none begins there."""
    if "\t" in paragraphs[index].text:
        cells = paragraphs[index].text.split("\t")
        return int(any(map(_unit_column, cells)) and any(_TASK.search(squeeze(cell)) for cell in cells))
    if not fold(squeeze(paragraphs[index].text)).startswith(("序号", "序")):
        return 0
    header = ""
    for height, item in enumerate(paragraphs[index : index + _TALLEST_HEADER], start=1):
        header += comparable(item.text)
        if len(header) > _LONGEST_HEADER or "。" in header:
            return 0
        if LABEL.search(header) and _TASK.search(header):
            return height + _trailing_columns(paragraphs[index + height : index + height + 2])
    return 0


def _trailing_columns(following: Sequence[Paragraph]) -> int:
    """Further column heads after the first one that names units, each on a line of its own."""
    height = 0
    for item in following:
        cell = comparable(item.text)
        if len(cell) > 8 or not (LABEL.fullmatch(cell) or _TIME.search(cell)):
            break
        height += 1
    return height


def _unit_column(cell: str) -> re.Match[str] | None:
    found = LABEL.match(comparable(cell))
    return found if found and len(comparable(cell)) <= found.end() + 6 else None


def read_table(table: Sequence[Paragraph], reader: UnitReader) -> list[TableRow]:
    """The rows in order. A row begins at its number; its units begin where the rest of its lines reads as units."""
    height = _header_height(table, 0)
    if "\t" in table[0].text:
        return _read_cells(table, reader)
    header = comparable("".join(item.text for item in table[:height]))
    roles = [role_of_label(found) for found in LABEL.finditer(header)]
    lines = [line for item in table[height:] for line in item.lines]
    return [_flattened_row(number, cells, roles, reader) for number, cells in _divide_rows(lines)]


def _divide_rows(lines: Sequence[str]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        expected = rows[-1][0] + 1 if rows else 1
        number, end = _row_number(line, rows)
        if number and (number == expected or (expected < number <= expected + 2 and not line[end:])):
            rows.append((number, []))
            if line[end:]:
                waiting.append(_BEGUN + line[end:])
        elif rows:
            line, rest = _before_next_row(line.removeprefix(_BEGUN), expected)
            rows[-1][1].append(line)
            waiting += [rest] if rest else []
    return rows


_BEGUN = "\0"


def _row_number(line: str, rows: Sequence[tuple[int, list[str]]]) -> tuple[int, int]:
    """The number that a line begins with and where it ends; 0 when the line goes on with a cell, as in 1所以…"""
    if squeeze(line).isdecimal():
        return int(squeeze(line)), len(line)
    found = _NUMBER.match(fold(line))
    if not found:
        return 0, 0
    cells = rows[-1][1] if rows else []
    unfinished = bool(cells) and not re.search(r"[。）；]$", fold(cells[-1]))
    inside = unfinished and found.end() < len(line) and not line[found.end() - 1].isspace()
    return (0, 0) if inside else (int(found.group(1)), found.end())


def _before_next_row(line: str, expected: int) -> tuple[str, str]:
    """Divides a line in which the break before the next row was lost."""
    found = re.search(rf"(?<=。)\s*(?={expected}(?:\s|$|[一-龥“《]))", fold(line))
    return (line[: found.start()], line[found.end() :]) if found else (line, "")


def _flattened_row(number: int, lines: list[str], roles: Sequence[Role], reader: UnitReader) -> TableRow:
    """A blank may stand where a cell ended, or mean nothing: the cut that gives more units counts."""
    by_line = _row_of_cells(number, lines, roles, reader)
    by_blank = _row_of_cells(number, [cell for line in lines for cell in line.split()], roles, reader)
    return by_blank if len(by_blank.units) > len(by_line.units) else by_line


def _row_of_cells(number: int, cells: Sequence[str], roles: Sequence[Role], reader: UnitReader) -> TableRow:
    for cut in range(len(cells)):
        reading, joined = _as_units(cells[cut:], reader)
        if reading is None:
            continue
        rest = joined[reading.end :].lstrip("。；，")
        units = [(joined[unit.start : unit.end], unit.role) for unit in reading.units]
        if Role.LEAD in roles and not reading.spoke_role:
            units = _by_columns(units, cells[cut:], roles, reader)
        return TableRow(number, squeeze("".join(cells[:cut])) + rest, tuple(units), "")
    whole = squeeze("".join(cells))
    return TableRow(number, whole, (), whole)


def _by_columns(
    units: list[NamedUnit], cells: Sequence[str], roles: Sequence[Role], reader: UnitReader
) -> list[NamedUnit]:
    """Columns for lead and others: the first ends where a line ends with a name and the next begins with one."""
    second = next((role for role in roles if role is not Role.LEAD), Role.LEAD)
    leading = "".join(cells)
    for index in range(1, len(cells)):
        ended = not fold(cells[index - 1]).endswith(("、", "，", "和"))
        if ended and reader.known_length(comparable(cells[index]), 0) and _reads_whole(cells[:index], reader):
            leading = "".join(cells[:index])
            break
    count = len(reader.read(comparable(leading), 0, len(comparable(leading))).units)
    return [(name, Role.LEAD if index < count else second) for index, (name, _) in enumerate(units)]


def _reads_whole(cells: Sequence[str], reader: UnitReader) -> bool:
    folded = comparable("".join(cells))
    reading = reader.read(folded, 0, len(folded))
    return reading.end == len(folded) and bool(reading.units) and reading.units[-1].known


def _as_units(cells: Sequence[str], reader: UnitReader) -> tuple[UnitReading | None, str]:
    joined = squeeze("".join(cells))
    folded = comparable(joined)
    if not reader.plausible_start(folded, 0):
        return None, joined
    reading = reader.read(folded, 0, _end_of_units(folded, reader))
    if _swallows_cell(reading, folded, cells, reader):
        return None, joined
    complete = reading.end >= len(folded) - 1
    sentence = folded[reading.end - 1 : reading.end] == "。" and reading.spoke_role
    if not any(unit.known for unit in reading.units) or not (complete or sentence):
        return None, joined
    return reading, joined


def _swallows_cell(reading: UnitReading, folded: str, cells: Sequence[str], reader: UnitReader) -> bool:
    """Whether a name that nobody knows runs over the end of a line after which a known one begins."""
    ends = accumulate(len(squeeze(cell)) for cell in cells)
    starts = [end for end in ends if end < len(folded) and reader.known_length(folded, end)]
    return any(unit.start < start < unit.end for unit in reading.units if not unit.known for start in starts)


def _end_of_units(folded: str, reader: UnitReader) -> int:
    """A page break may put the end of the task after the units: then no known name follows the stop."""
    stop = folded.find("负责。")
    if stop < 0 or reader.scan_prose(folded, stop + 3, len(folded)):
        return len(folded)
    return stop + 3


def _read_cells(table: Sequence[Paragraph], reader: UnitReader) -> list[TableRow]:
    header = [comparable(cell) for cell in table[0].text.split("\t")]
    rows: list[TableRow] = []
    for item in table[1:]:
        cells = item.text.split("\t")
        if len(cells) > 1:
            rows.append(_cell_row(len(rows) + 1, header, cells, reader))
    return rows


def _cell_row(position: int, header: Sequence[str], cells: Sequence[str], reader: UnitReader) -> TableRow:
    """Cells are matched to the header from the right: a cell that spans rows is missing at the left."""
    number, task, unread = position, "", ""
    units: list[NamedUnit] = []
    for name, cell in zip(reversed(header), reversed(cells), strict=False):
        if name.startswith("序") and squeeze(cell).isdecimal():
            number = int(squeeze(cell))
        elif label := _unit_column(name):
            found, rest = _units_of_cell(cell, role_of_label(label), reader)
            units = found + units
            unread = rest or unread
        elif _TASK.search(name) and not _TIME.search(name):
            task = squeeze(cell) + task
    return TableRow(number, task, tuple(units), unread)


def _units_of_cell(cell: str, role: Role, reader: UnitReader) -> tuple[list[NamedUnit], str]:
    squeezed, folded = squeeze(cell), comparable(cell)
    reading = reader.read(folded, 0, len(folded))
    units = [
        (squeezed[unit.start : unit.end], role if unit.role is Role.RESPONSIBLE else unit.role)
        for unit in reading.units
    ]
    return units, squeezed[reading.end :].strip("。；，—-/")
