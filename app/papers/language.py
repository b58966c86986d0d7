"""The language of templates: {{字段}} stands for a value, {{开始：…}} to {{结束：…}} for a section. Pure.

There is nothing else in it: a template can't reckon, call or read anything. A section repeats (各办理结果, 各条款,
各条意见) or stands only where something is so (有公众意见 …). A line that holds nothing but the beginning or the end of
a section is no line of the paper. Braces may be full-width. Whatever text is given, `parsed` returns or raises
Unprocessable with one of REFUSALS and, where it is about one, the `line` counted from 1 with the `name` that stands
there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.kit.errors import Unprocessable
from app.papers.fields import HOLDS, REPEATS, SAID, Scope

LONGEST = 20_000
"""Code points of a template."""
MOST_DEEP = 5
"""Sections in one another."""
LONGEST_NAME_SHOWN = 30
REFUSALS = frozenset(
    {
        "paper_text_required",
        "paper_text_too_long",
        "paper_brace_open",
        "paper_brace_stray",
        "paper_unknown_field",
        "paper_field_elsewhere",
        "paper_unknown_section",
        "paper_section_elsewhere",
        "paper_section_open",
        "paper_section_stray",
        "paper_too_deep",
    }
)
_WIDE = str.maketrans("｛｝", "{}")
_TAG = re.compile(r"\{\{([^{}\n]*)\}\}")
_SECTION = re.compile(r"(开始|结束)\s*[:：]\s*(.*)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_BEGINS, _ENDS = "开始", "结束"


@dataclass(frozen=True)
class Words:
    """What stands in the paper as it stands in the template."""

    words: str


@dataclass(frozen=True)
class Field:
    name: str


@dataclass(frozen=True)
class Section:
    """`name` is one of REPEATS or of HOLDS."""

    name: str
    parts: tuple["Part", ...]


Part: TypeAlias = Words | Field | Section


@dataclass
class _Open:
    """A section that was begun and not ended yet."""

    name: str
    line: int
    parts: list[Part]


@dataclass(frozen=True)
class _Tag:
    """Code points `start` ≤ i < `end` are the tag, with its whole line where a section's tag stands alone."""

    name: str
    start: int
    end: int
    line: int
    begins: bool | None


def kept(text: str) -> str:
    """A template as it is stored: lines end in LF, without control characters and what is no character."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_UNSEEN.sub("", line).rstrip() for line in lines).strip("\n")


def parsed(text: str) -> tuple[Part, ...]:
    """Raises Unprocessable, as the module says, and nothing else."""
    if not text.strip():
        raise Unprocessable("paper_text_required")
    if len(text) > LONGEST:
        raise Unprocessable("paper_text_too_long", limit=LONGEST)
    plain = text.translate(_WIDE)
    _refuse_loose_braces(plain)
    opened, place = [_Open("", 0, [])], 0
    for tag in _tags(plain):
        _say(opened[-1].parts, text[place : tag.start])
        place = tag.end
        _take(opened, tag)
    _say(opened[-1].parts, text[place:])
    if len(opened) > 1:
        raise _refused("paper_section_open", opened[-1].line, opened[-1].name)
    return tuple(opened[0].parts)


def field_tag(name: str) -> str:
    """How a template names a field."""
    return f"{{{{{name}}}}}"


def section_tags(name: str) -> tuple[str, str]:
    """How a section begins and ends."""
    return field_tag(f"{_BEGINS}：{name}"), field_tag(f"{_ENDS}：{name}")


def names_section(parts: tuple[Part, ...], name: str) -> bool:
    """Whether a section of that name stands anywhere in it."""
    return any(isinstance(part, Section) and (part.name == name or names_section(part.parts, name)) for part in parts)


def _refuse_loose_braces(plain: str) -> None:
    rest = _TAG.sub(lambda found: " " * len(found[0]), plain)
    for number, (line, said) in enumerate(zip(rest.split("\n"), plain.split("\n"), strict=True), 1):
        if "{{" in line:
            raise _refused("paper_brace_open", number, said[line.index("{{") + 2 :])
        if "}}" in line:
            raise _refused("paper_brace_stray", number, said[: line.index("}}")][-LONGEST_NAME_SHOWN:])


def _tags(plain: str) -> Iterator[_Tag]:
    line, counted = 1, 0
    for found in _TAG.finditer(plain):
        line, counted = line + plain.count("\n", counted, found.start()), found.start()
        section = _SECTION.fullmatch(found[1].strip())
        if section is None:
            yield _Tag(found[1].strip(), found.start(), found.end(), line, None)
        else:
            start, end = _whole_line(plain, found.start(), found.end())
            yield _Tag(section[2].strip(), start, end, line, section[1] == _BEGINS)


def _whole_line(plain: str, start: int, end: int) -> tuple[int, int]:
    first = plain.rfind("\n", 0, start) + 1
    last = plain.find("\n", end)
    last = len(plain) if last < 0 else last
    alone = not plain[first:start].strip() and not plain[end:last].strip()
    return (first, min(last + 1, len(plain))) if alone else (start, end)


def _take(opened: list[_Open], tag: _Tag) -> None:
    if tag.begins is None:
        _refuse_unknown_field(opened, tag)
        opened[-1].parts.append(Field(tag.name))
    elif tag.begins:
        _refuse_misplaced_section(opened, tag)
        opened.append(_Open(tag.name, tag.line, []))
    else:
        if opened[-1].name != tag.name or len(opened) == 1:
            raise _refused("paper_section_stray", tag.line, tag.name)
        ended = opened.pop()
        opened[-1].parts.append(Section(ended.name, tuple(ended.parts)))


def _refuse_unknown_field(opened: list[_Open], tag: _Tag) -> None:
    if any(tag.name in SAID[scope] for scope in _scopes(opened)):
        return
    known = any(tag.name in names for names in SAID.values())
    raise _refused("paper_field_elsewhere" if known else "paper_unknown_field", tag.line, tag.name)


def _refuse_misplaced_section(opened: list[_Open], tag: _Tag) -> None:
    """Nothing repeats within itself, and within one opinion nothing is left to repeat."""
    if tag.name not in REPEATS and tag.name not in HOLDS:
        raise _refused("paper_unknown_section", tag.line, tag.name)
    if len(opened) > MOST_DEEP:
        raise _refused("paper_too_deep", tag.line, tag.name)
    around = set(_scopes(opened))
    if tag.name in REPEATS and (REPEATS[tag.name] in around or Scope.OPINION in around):
        raise _refused("paper_section_elsewhere", tag.line, tag.name)


def _scopes(opened: list[_Open]) -> Iterator[Scope]:
    yield Scope.PAPER
    yield from (REPEATS[one.name] for one in opened if one.name in REPEATS)


def _say(parts: list[Part], words: str) -> None:
    if words:
        parts.append(Words(words))


def _refused(code: str, line: int, name: str) -> Unprocessable:
    return Unprocessable(code, line=line, name=name.strip()[:LONGEST_NAME_SHOWN])
