"""The form's fields as people write them into a mail: 姓名：…, 身份证号：…. Pure.

A line of a field leaves the comment, whether its value is right or not: what identifies the sender is no part of the
words that reviewers read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.submissions.characters import half_width

_CALLED: Mapping[str, str] = {
    "title": "标题|意见标题|题目",
    "name": "姓名|真实姓名|联系人|联系人姓名|反馈人|提出人|建议人",
    "id_number": "身份证|身份证号|身份证号码|证件号码|公民身份号码|居民身份证号码|居民身份证号",
    "occupation": "职业",
    "phone": "电话|联系电话|手机|手机号|手机号码|电话号码|联系方式|联系手机",
    "email": "邮箱|电子邮箱|电子邮件|邮箱地址|联系邮箱|E-?mail",
    "organisation_name": "单位|单位名称|工作单位名称|企业名称|组织名称",
    "credit_code": "统一社会信用代码|社会信用代码|信用代码",
    "organisation_type": "单位类型|单位性质",
    "comment": "意见|意见内容|意见建议|意见和建议|意见与建议|建议|建议内容|反馈意见|具体意见|修改意见|正文|内容",
}


def _loosely(called: str) -> str:
    """As a pattern, with white space between the characters as in 姓　名; longer ones first."""
    longest = sorted(called.split("|"), key=len, reverse=True)
    return "|".join(r"[\s\u3000]{0,4}".join(word) if word > "\u4e00" else word for word in longest)


_LABELS = "|".join(f"(?P<{name}>{_loosely(called)})" for name, called in _CALLED.items())
_BEFORE = r"(?:[\s\u3000*#·•\-]|\d{1,2}[.、．)）]|[(（]?[一二三四五六七八九十]{1,2}[)）、])*"
_FIELD = re.compile(rf"{_BEFORE}[【\[〔(（]?(?:{_LABELS})[】\]〕)）]?[\s\u3000*]{{0,4}}[:：][\s\u3000]*", re.IGNORECASE)
_GAP = re.compile(r"[\s\u3000,，;；|]+")
_ORGANISATION = re.compile(
    r"(公司|集团|厂|店|社|行|协会|学会|商会|联合会|委员会|基金会|中心|局|厅|委|院|校|大学|学院|所|部|处|办|站|馆|园)[)）]?$"
)
"""How the names of organisations end."""
_MOST_FIELDS_OF_LINE = 12
_LONGEST_LINE = 400
"""Characters of a line in which fields are looked for; the words of a comment may stand on a longer one."""


@dataclass(frozen=True)
class FormFields:
    """`values` by the form's field names, without the comment; `comment` is what remains."""

    values: Mapping[str, str]
    comment: str


@dataclass(frozen=True)
class _Label:
    """`begin` ≤ i < `end` are the label's characters, with what stands before it and the colon."""

    name: str
    begin: int
    end: int


def fields_of(text: str) -> FormFields:
    """The first value of each field; a further one stays among the words."""
    values: dict[str, str] = {}
    rest: list[str] = []
    for line in text.split("\n"):
        rest += _read_line(line, values)
    return FormFields({name: value for name, value in values.items() if value}, "\n".join(rest).strip())


def _read_line(line: str, values: dict[str, str]) -> list[str]:
    """What of the line is no field. That the words have begun is noted as an empty value."""
    words: list[str] = []
    labels = _labels(line)
    if not labels:
        return [line]
    for place, label in enumerate(labels):
        end = labels[place + 1].begin if place + 1 < len(labels) else len(line)
        value = line[label.end : end].strip(" \t\u3000;；,，|*")
        is_first = label.name not in values
        if label.name == "comment":
            values[label.name] = ""
            return [*words, line[label.end if is_first else label.begin :].strip()]
        if is_first and _fits(label.name, value, "comment" in values):
            values[label.name] = value if label.name == "title" else half_width(value)
        else:
            words.append(line[label.begin : end].strip())
    return words


def _fits(name: str, value: str, words_have_begun: bool) -> bool:
    """Inside the words a heading is the words' own, and 单位：万元 names nobody."""
    if name == "organisation_name":
        return bool(_ORGANISATION.search(value))
    return not (name == "title" and words_have_begun)


def _labels(line: str) -> list[_Label]:
    """The first at the line's begin, others behind a gap; nothing is looked for behind that of the words."""
    head, found = line[:_LONGEST_LINE], list[_Label]()
    match = _FIELD.match(head)
    while match is not None and len(found) < _MOST_FIELDS_OF_LINE:
        label = _Label(str(match.lastgroup), match.start(), match.end())
        found.append(label)
        match = None if label.name == "comment" else _next(head, label.end)
    return found


def _next(head: str, begin: int) -> re.Match[str] | None:
    """A further label of the same line stands behind white space or a comma."""
    for gap in _GAP.finditer(head, begin):
        found = _FIELD.match(head, gap.end())
        if found is not None:
            return found
    return None
