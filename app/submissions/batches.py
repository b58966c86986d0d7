"""A file with a submission on each line: read, and checked line by line. Pure."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kit.errors import Unprocessable
from app.submissions.entering import FIELDS, EnteredSubmission, check_entered
from app.submissions.lifecycle import Channel
from app.submissions.organisation import OrganisationType
from app.submissions.problems import Problem

MOST_ROWS = 500
HEADINGS: dict[str, tuple[str, ...]] = {
    "channel": ("渠道", "来源"),
    "day": ("日期", "收到日期"),
    "title": ("标题",),
    "comment": ("意见", "意见内容"),
    "name": ("姓名", "联系人"),
    "id_number": ("身份证号码", "身份证"),
    "occupation": ("职业",),
    "phone": ("联系电话", "电话"),
    "email": ("邮箱", "电子邮箱"),
    "organisation_name": ("单位名称", "单位"),
    "credit_code": ("统一社会信用代码",),
    "organisation_type": ("单位类型",),
    "remark": ("备注",),
}
"""What a column may be called besides the field's own name."""
SAID: dict[str, dict[str, str]] = {
    "channel": {
        **dict.fromkeys(("电子邮件", "邮件"), Channel.EMAIL),
        **dict.fromkeys(("来信", "信件", "信函"), Channel.LETTER),
        **dict.fromkeys(("来电", "电话"), Channel.PHONE),
        **dict.fromkeys(("来访", "走访"), Channel.VISIT),
        **dict.fromkeys(("座谈会", "座谈"), Channel.MEETING),
        **dict.fromkeys(("听证会", "听证"), Channel.HEARING),
        **dict.fromkeys(("专家论证", "专家"), Channel.EXPERT),
        **dict.fromkeys(("代表委员", "人大代表", "政协委员"), Channel.DEPUTY),
        **dict.fromkeys(("热线", "12345"), Channel.HOTLINE),
        "小程序": Channel.MINI_PROGRAM,
    },
    "organisation_type": {
        "企业": OrganisationType.ENTERPRISE,
        **dict.fromkeys(("行业协会", "协会商会"), OrganisationType.TRADE_ASSOCIATION),
        "社会组织": OrganisationType.SOCIAL_GROUP,
        "事业单位": OrganisationType.PUBLIC_INSTITUTION,
        **dict.fromkeys(("机关", "国家机关"), OrganisationType.STATE_ORGAN),
        "其他": OrganisationType.OTHER,
    },
}
"""Words of a table for what the form lets one choose; the form's own values are taken as well."""
Row = dict[str, str]


@dataclass(frozen=True)
class Line:
    """A row of the file, counted from 1 without the heading; `problems` is empty where it can be entered.

    `repeats` is the number of an earlier row with the same words.
    """

    number: int
    row: Row
    entered: EnteredSubmission | None
    problems: dict[str, Problem]
    repeats: int | None


def read_rows(text: str) -> list[Row]:
    """Split by comma, semicolon or tab, with a heading line; blank lines are left out.

    Raises Unprocessable: `batch_unreadable`, `batch_without_heading` (no column for comment or channel), `batch_empty`,
    `batch_too_long` for more than MOST_ROWS.
    """
    heading, _end, _rest = text.partition("\n")
    mark = max(",;\t", key=heading.count)
    try:
        lines = list(csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=mark, strict=True))
    except csv.Error as error:
        raise Unprocessable("batch_unreadable") from error
    columns = [_field_of(cell) for cell in lines[0]] if lines else []
    if not {"comment", "channel"} <= set(columns):
        raise Unprocessable("batch_without_heading")
    rows = [
        {name: _said(name, cell.strip()) for name, cell in zip(columns, line, strict=False) if name}
        for line in lines[1:]
        if any(cell.strip() for cell in line)
    ]
    if not rows:
        raise Unprocessable("batch_empty")
    if len(rows) > MOST_ROWS:
        raise Unprocessable("batch_too_long", most=MOST_ROWS)
    return rows


def checked(rows: Sequence[Row], now: datetime) -> Iterator[Line]:
    """Each row by itself: one that can't be entered keeps no other from it."""
    first: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        found = check_entered(row, now)
        repeats = first.setdefault(row.get("comment", ""), number)
        yield Line(
            number,
            row,
            found if isinstance(found, EnteredSubmission) else None,
            found if isinstance(found, dict) else {},
            repeats if repeats != number else None,
        )


def _field_of(heading: str) -> str:
    """The field that a column holds; empty for one that is not asked for."""
    called = "".join(heading.split())
    return next((name for name in FIELDS if called == name or called in HEADINGS.get(name, ())), "")


def _said(name: str, cell: str) -> str:
    return str(SAID.get(name, {}).get(cell, cell))
