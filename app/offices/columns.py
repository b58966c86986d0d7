"""The workbook's columns and words. They are Chinese whatever the page's language, for an office fills it in."""

import re
from enum import IntEnum

from app.assignments.lifecycle import AssignmentRole
from app.dispositions.kinds import DispositionKind

SHEET = "办理清单"
GUIDE = "填写说明"
HEADING_ROW = 2
"""From 1: above it stands one line that says whose workbook it is."""
MOST_ROWS = 1000
"""Assignments of one workbook."""
LONGEST_CELL = 32_767
"""Characters that a cell holds. Source: ECMA-376 part 1 § 18.18.97 as Excel limits it."""


class Column(IntEnum):
    """Places from the left, from 0. What lies before DISPOSITION is fixed; MARK is hidden."""

    NUMBER = 0
    CONSULTATION = 1
    CLAUSE = 2
    SUGGESTION = 3
    ROLE = 4
    THEME = 5
    PERSONS = 6
    DUE = 7
    DISPOSITION = 8
    REASON = 9
    CITIZEN_WORDS = 10
    APPROVER = 11
    DATED_ON = 12
    DOCUMENT_NUMBER = 13
    MARK = 14


HEADINGS = {
    Column.NUMBER: "序号",
    Column.CONSULTATION: "征求意见事项",
    Column.CLAUSE: "对应条款",
    Column.SUGGESTION: "意见内容",
    Column.ROLE: "办理角色",
    Column.THEME: "主题",
    Column.PERSONS: "提出人数",
    Column.DUE: "办理期限",
    Column.DISPOSITION: "办理结果",
    Column.REASON: "理由",
    Column.CITIZEN_WORDS: "告知公众的话",
    Column.APPROVER: "审批人",
    Column.DATED_ON: "答复日期",
    Column.DOCUMENT_NUMBER: "文号",
    Column.MARK: "校验（请勿改动）",
}
FILLED = tuple(column for column in Column if Column.DISPOSITION <= column < Column.MARK)
"""What an office fills in."""
DISPOSITIONS = {
    DispositionKind.ADOPTED: "采纳",
    DispositionKind.PARTLY_ADOPTED: "部分采纳",
    DispositionKind.NOT_ADOPTED: "未采纳",
    DispositionKind.ALREADY_PROVIDED: "已有规定",
    DispositionKind.NOTED: "留作参考",
    DispositionKind.OUT_OF_SCOPE: "不属受理范围",
}
ROLES = {AssignmentRole.LEAD: "牵头", AssignmentRole.COOPERATING: "配合"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BLANKS = re.compile(r"\s+")


def kind_called(words: str) -> DispositionKind | None:
    """By the workbook's words or by the code."""
    plain = words.strip()
    return next((kind for kind, said in DISPOSITIONS.items() if plain in (said, kind.value)), None)


def in_cell(text: str) -> str:
    """As it goes into a cell: what is longer than a cell holds is cut off."""
    return text[:LONGEST_CELL]


def as_compared(text: str) -> str:
    """Without what a spreadsheet program changes by itself: white space, and its own escapes of characters."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), in_cell(text))
    return _BLANKS.sub("", plain)
