"""Prepared reasons (回复用语): their placeholders, and the words that a decision's sender reads. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.kit.errors import Unprocessable
from app.kit.reasons import REASON_LIMIT, due

PLACEHOLDERS = ("title", "consultation", "number", "department")
"""意见标题、征求意见标题、回执编号、起草单位。"""
TEXT_LIMIT = 300
"""Code points: so that what stands in for the placeholders has room within a reason."""
LONGEST_VALUE = 60
NAME_LIMIT = 60
_BRACED = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Facts:
    """What the placeholders stand for, of one submission."""

    title: str
    consultation: str
    number: str
    department: str

    def values(self) -> Mapping[str, str]:
        return {name: _cut(getattr(self, name)) for name in PLACEHOLDERS}


def checked(text: str) -> str:
    """The text of a template as it is kept.

    Raises Unprocessable: "reason_required", "words_too_long", "unknown_placeholder" for braces around anything that is
    no placeholder, or a brace that stands alone.
    """
    words = due(text)
    if len(words) > TEXT_LIMIT:
        raise Unprocessable("words_too_long", limit=TEXT_LIMIT)
    if any(name not in PLACEHOLDERS for name in _BRACED.findall(words)) or set("{}") & set(_BRACED.sub("", words)):
        raise Unprocessable("unknown_placeholder")
    return words


def filled(text: str, facts: Facts, own_words: str = "") -> str:
    """The template with its placeholders filled in, and what the person added in a paragraph of its own.

    Raises Unprocessable("reason_too_long") when both together are more than a reason may be.
    """
    values = facts.values()
    whole = "\n".join(filter(None, (_BRACED.sub(lambda found: values[found[1]], text), own_words.strip())))
    if len(whole) > REASON_LIMIT:
        raise Unprocessable("reason_too_long", limit=REASON_LIMIT)
    return whole


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
