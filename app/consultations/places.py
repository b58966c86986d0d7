"""Warnings about a text, each with its place. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Part(StrEnum):
    """The parts of a consultation that are looked over before it opens."""

    NOTICE = "notice"
    DRAFT = "draft"
    EXPLANATION = "explanation"
    FORM = "form"
    CONTACTS = "contacts"


class WarningCode(StrEnum):
    DATE_DAMAGED = "date_damaged"
    DATE_IMPOSSIBLE = "date_impossible"
    DEADLINE_UNREADABLE = "deadline_unreadable"
    DEADLINE_DIFFERS = "deadline_differs"
    DEADLINE_PASSED = "deadline_passed"
    ATTACHMENT_MISSING = "attachment_missing"
    MARK_UNCLOSED = "mark_unclosed"
    MARK_UNOPENED = "mark_unopened"
    FREE_MAIL = "free_mail"
    FIELD_UNEXPLAINED = "field_unexplained"
    FIELD_UNLISTED = "field_unlisted"
    INTERNAL_MATTER = "internal_matter"
    OFFICIAL_NAMED = "official_named"
    WATCHED_WORD = "watched_word"


_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NoticeWarning:
    """What a person should look at before the text is public; nothing is changed by it.

    `line` counts from 1; `excerpt` is what stands between `start` and `end`, in code points of the part's text. Where
    what is missing has no place, all three are the part's beginning and the excerpt is empty. `detail` has what the
    words for the code need: names to strings, days in ISO 8601.
    """

    code: WarningCode
    part: Part
    line: int
    start: int
    end: int
    excerpt: str
    detail: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


class PlacedText:
    """One part's text, whose places can be pointed at."""

    def __init__(self, part: Part, text: str) -> None:
        self.part = part
        self.text = text
        self._ends = [place for place, character in enumerate(text) if character == "\n"]

    def warning(self, code: WarningCode, start: int, end: int, **detail: str) -> NoticeWarning:
        line = bisect_right(self._ends, start - 1) + 1
        return NoticeWarning(code, self.part, line, start, end, self.text[start:end], detail)

    def nowhere(self, code: WarningCode, **detail: str) -> NoticeWarning:
        """A warning about something that the text doesn't hold."""
        return self.warning(code, 0, 0, **detail)

    def lines(self) -> Iterable[tuple[int, str]]:
        """Each line without its end, and the place at which it begins."""
        begin = 0
        for line in self.text.split("\n"):
            yield begin, line
            begin += len(line) + 1
