"""Which consultation a subject names, as people write it: with or without 《》, in full width, behind 回复：. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz

_ANSWERED = re.compile(
    r"^\s*(?:\[[^\]]{1,20}\]|【(?:外部邮件|外部|转发|回复)】)?\s*"
    r"(?:re|fw|fwd|aw|回复|答复|转发|转寄|回覆)\s*(?:\[\d+\]|[(（]\d+[)）])?\s*[:：]",
    re.IGNORECASE,
)
_IN_MARKS = re.compile(r"[《〈]([^《》〈〉]{2,200})[》〉]")
_AROUND = re.compile(
    r"征求意见稿|公开征求意见稿|送审稿|草案|修订|公开征求|征求|公开征集|征集|向社会|意见建议|意见与建议|意见和建议|修改意见|反馈意见|意见|建议|反馈"
    r"|关于|有关|对于|对|的|公告|通知|启事|函|提交|提出|我|本人|一些|几点|看法"
)
"""What subjects and titles say around the name of a draft."""
SHORTEST_NAME = 6
"""Characters; a shorter name stands in too many subjects by chance."""
SHORTEST_SLUG = 5
LIKE = 90
"""Of 100, by rapidfuzz's partial ratio: one character in ten may be mistyped."""
LONGEST_COMPARED = 200


@dataclass(frozen=True)
class Called:
    """A consultation by all that it is called."""

    id: UUID
    slug: str
    titles: Sequence[str]
    is_open: bool


def named_in(subjects: Iterable[str], called: Iterable[Called]) -> list[UUID]:
    """The consultations that one of the subjects names, the first subject that names any; several where it is unclear.

    Those that were open when the mail came go before those that weren't.
    """
    known = list(called)
    for subject in subjects:
        found = _named(subject, known)
        if found:
            return found
    return []


def _named(subject: str, known: Sequence[Called]) -> list[UUID]:
    said = folded(without_prefixes(subject))
    for likeness in (_holds, _is_part, _resembles):
        scored = [(likeness(said, subject, one), one) for one in known]
        best = [(score, one) for score, one in scored if score]
        if best:
            return _chosen(best)
    return []


def _chosen(best: list[tuple[int, Called]]) -> list[UUID]:
    """Open ones first, of these the longest name: a title may hold another title."""
    standing = [item for item in best if item[1].is_open] or best
    longest = max(score for score, _one in standing)
    return [one.id for score, one in standing if score == longest]


def _holds(said: str, subject: str, one: Called) -> int:
    """How long a name of it is that the subject holds."""
    found = [len(name) for name in _names(one) if name in said or name in _AROUND.sub("", said)]
    words = re.findall(r"[a-z0-9][a-z0-9_-]+", unicodedata.normalize("NFKC", subject).casefold())
    if len(one.slug) >= SHORTEST_SLUG and one.slug.casefold() in words:
        found.append(1000)
    return max(found, default=0)


def _is_part(said: str, _subject: str, one: Called) -> int:
    """How much of a name the subject says, where it says nothing else."""
    core = _AROUND.sub("", said)
    return len(core) if len(core) >= SHORTEST_NAME and any(core in name for name in _names(one)) else 0


def _resembles(said: str, _subject: str, one: Called) -> int:
    """For mistyped names: how like the subject is to a name, in hundredths; 0 below LIKE."""
    if len(said) < SHORTEST_NAME:
        return 0
    likeness = [
        fuzz.partial_ratio(name[:LONGEST_COMPARED], said[:LONGEST_COMPARED])
        for name in _names(one)
        if SHORTEST_NAME + 2 <= len(name) <= len(said) + 4
    ]
    best = max(likeness, default=0)
    return round(best) if best >= LIKE else 0


def _names(one: Called) -> set[str]:
    """Its titles, what stands in their 《》, and both without the words around the name."""
    spoken = {*one.titles, *(inner for title in one.titles for inner in _IN_MARKS.findall(title))}
    whole = {folded(title) for title in spoken}
    return {name for name in whole | {_AROUND.sub("", name) for name in whole} if len(name) >= SHORTEST_NAME}


def without_prefixes(subject: str) -> str:
    """The subject without Re:, 回复：, 转发： and the like, however often they stand there."""
    while found := _ANSWERED.match(subject):
        subject = subject[found.end() :]
    return subject.strip()


def folded(text: str) -> str:
    """Letters and digits alone, in half width and small."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())
