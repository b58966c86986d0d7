"""The workbook that an office downloads: its open assignments, one a row, with columns to fill in.

Every text is written as a string, so that nothing that a sender wrote is a formula or a link. What is fixed is locked,
without a password: the lock keeps from slips, the marks and the text itself show whether something was altered.
"""

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.assignments.lifecycle import AssignmentRole
from app.dispositions.kinds import DispositionKind
from app.kit.clock import BEIJING
from app.offices.columns import DISPOSITIONS, FILLED, GUIDE, HEADING_ROW, HEADINGS, ROLES, SHEET, Column, in_cell
from app.offices.marks import Mark, mark

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDTHS = {
    Column.NUMBER: 6,
    Column.CONSULTATION: 22,
    Column.CLAUSE: 34,
    Column.SUGGESTION: 48,
    Column.ROLE: 9,
    Column.THEME: 14,
    Column.PERSONS: 9,
    Column.DUE: 12,
    Column.DISPOSITION: 16,
    Column.REASON: 44,
    Column.CITIZEN_WORDS: 44,
    Column.APPROVER: 12,
    Column.DATED_ON: 13,
    Column.DOCUMENT_NUMBER: 18,
    Column.MARK: 10,
}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_REASON = 5000
LONGEST_WORDS = 2000
GUIDANCE = (
    "一、请在“办理清单”中只填写浅黄色的列，其余各列已锁定，请不要改动、删除或增加。",
    "二、“办理结果”从下拉列表中选择：采纳、部分采纳、未采纳、已有规定、留作参考、不属受理范围。",
    "三、除“采纳”外，都要写明理由，最长5000字。理由将随办理结果公开或者告知提出人，请不要写入个人信息。",
    "四、“告知公众的话”最长2000字，可以不填；不填时以理由告知。",
    "五、“答复日期”按“2026-05-11”的格式填写；“审批人”“文号”按本单位的签批件填写，可以不填。",
    "六、暂不办理的行不必填写，上传时自动略过。",
    "七、填好后保存为 .xlsx 格式，在原页面上传。系统先逐行检查并显示结果，确认后才生效。",
    "八、下载以后系统中已有变动的行，以及不属于本单位的行，上传时不予受理；请重新下载后填写。",
)


@dataclass(frozen=True)
class OpenRow:
    """One open assignment, and what of an answer is drafted already."""

    id: uuid.UUID
    edition: int
    consultation: str
    clause: str
    suggestion: str
    role: AssignmentRole
    theme: str
    persons: int
    due: date | None
    kind: DispositionKind | None = None
    reason: str = ""
    citizen_words: str = ""
    approver: str = ""
    dated_on: date | None = None
    document_number: str = ""


@dataclass(frozen=True)
class For:
    """Whose workbook, made when; `key` makes the marks."""

    department_id: str
    department: str
    at: datetime
    key: bytes


def made(whose: For, rows: Sequence[OpenRow]) -> bytes:
    """The file (Office Open XML, ECMA-376)."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    book.set_properties({"title": f"{whose.department}{SHEET}", "created": whose.at.replace(tzinfo=None)})
    plain = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9CDD4"}
    fixed = book.add_format({**plain, "bg_color": "#F5F6F8"})
    filled = book.add_format({**plain, "bg_color": "#FFF9E5", "locked": False, "num_format": "@"})
    heading = book.add_format({**plain, "bold": True, "bg_color": "#E3E9F2"})
    _list(book.add_worksheet(SHEET), whose, rows, (heading, fixed, filled))
    _guide(book.add_worksheet(GUIDE), book.add_format({"text_wrap": True, "valign": "top"}))
    book.close()
    return target.getvalue()


def _list(sheet: "Worksheet", whose: For, rows: Sequence[OpenRow], formats: "tuple[Format, Format, Format]") -> None:
    heading, fixed, filled = formats
    day = whose.at.astimezone(BEIJING).date().isoformat()
    sheet.write_string(0, 0, f"{whose.department}　{SHEET}　{day}下载，共{len(rows)}件。填写方法见“{GUIDE}”。")
    for column, words in HEADINGS.items():
        sheet.set_column(column, column, WIDTHS[column], None, {"hidden": column is Column.MARK})
        sheet.write_string(HEADING_ROW - 1, column, words, heading)
    for place, row in enumerate(rows):
        line = HEADING_ROW + place
        for column, words in _cells(whose, row, place + 1).items():
            sheet.write_string(line, column, in_cell(words), filled if column in FILLED else fixed)
    sheet.freeze_panes(HEADING_ROW, Column.CLAUSE)
    _checks(sheet, HEADING_ROW, max(HEADING_ROW, HEADING_ROW + len(rows) - 1))
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW - 1)


def _cells(whose: For, row: OpenRow, number: int) -> dict[Column, str]:
    return {
        Column.NUMBER: str(number),
        Column.CONSULTATION: row.consultation,
        Column.CLAUSE: row.clause,
        Column.SUGGESTION: row.suggestion,
        Column.ROLE: ROLES[row.role],
        Column.THEME: row.theme,
        Column.PERSONS: str(row.persons),
        Column.DUE: row.due.isoformat() if row.due else "",
        Column.DISPOSITION: DISPOSITIONS[row.kind] if row.kind else "",
        Column.REASON: row.reason,
        Column.CITIZEN_WORDS: row.citizen_words,
        Column.APPROVER: row.approver,
        Column.DATED_ON: row.dated_on.isoformat() if row.dated_on else "",
        Column.DOCUMENT_NUMBER: row.document_number,
        Column.MARK: mark(whose.key, whose.department_id, Mark(row.id, row.edition)),
    }


def _checks(sheet: "Worksheet", first: int, last: int) -> None:
    """What the program that opens it holds to: a list of dispositions, and how long a reason may be."""
    sheet.data_validation(
        *(first, Column.DISPOSITION, last, Column.DISPOSITION),
        {
            "validate": "list",
            "source": list(DISPOSITIONS.values()),
            "error_title": "办理结果",
            "error_message": "请从下拉列表中选择。",
        },
    )
    for column, longest in ((Column.REASON, LONGEST_REASON), (Column.CITIZEN_WORDS, LONGEST_WORDS)):
        length = {"validate": "length", "criteria": "<=", "value": longest}
        sheet.data_validation(first, column, last, column, {**length, "error_message": f"最长{longest}字。"})


def _guide(sheet: "Worksheet", wrapped: "Format") -> None:
    sheet.set_column(0, 0, 100)
    for line, words in enumerate(GUIDANCE):
        sheet.write_string(line, 0, words, wrapped)
    sheet.protect()
