"""Attachments that a notice names and that nobody has put there. Pure."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz

from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import Subject
from app.kit.text import comparable, fold

_FIRST = re.compile(r"^\s*附\s*件\s*(?:\d{1,2}\s*[.、：]?|：|(?=《))\s*(?:\d{1,2}\s*[.、]\s*)?(?P<name>.*)$")
_NEXT = re.compile(r"^\s*\d{1,2}\s*[.、．]\s*(?P<name>\S.*)$")
_INLINE = re.compile(
    r"《(?P<before>[^《》\n]+)》\s*（(?:详见|见)?附件\s*\d*）|附件\s*\d*\s*：?\s*《(?P<behind>[^《》\n]+)》"
)
_KINDS = (
    ("form", re.compile(r"(?:表|回执|回执单|问卷)$")),
    ("explanation", re.compile(r"(?:说明|解读|解读材料|政策问答)$")),
)
_MARKS = re.compile(r"[《》“”\"（）.、，。：\s]|征求意见稿|草案")
_SUFFIX = re.compile(r"\.(?:docx?|pdf|wps|ofd|txt|html?|md|xlsx?|zip)\s*$", re.IGNORECASE)
_ALIKE = 85
"""Of 100: names that lost a mark or a few characters are still the same."""


def missing_attachments(subject: Subject) -> Iterator[NoticeWarning]:
    """Each name on the notice's list (附件：1. …) or in its sentences (《…》（见附件2）) that nothing there bears."""
    notice = subject.placed(Part.NOTICE)
    listed = list(_listed(notice.lines()))
    inside = {(begin, end) for begin, end in _inline(notice.text) if not any(a <= begin < b for a, b in listed)}
    for begin, end in sorted({*listed, *inside}):
        name = notice.text[begin:end]
        if not _is_there(name, subject.attachments):
            yield notice.warning(WarningCode.ATTACHMENT_MISSING, begin, end, name=name)
    for name in subject.attachments_named:
        if name not in notice.text and not _is_there(name, subject.attachments):
            yield notice.nowhere(WarningCode.ATTACHMENT_MISSING, name=name)


def _listed(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    listing = False
    for begin, line in lines:
        found = _FIRST.match(fold(line)) or (_NEXT.match(fold(line)) if listing else None)
        if found and found["name"].strip():
            yield begin + found.start("name"), begin + found.start("name") + len(found["name"].rstrip())
        listing = found is not None or (listing and not line.strip())


def _inline(text: str) -> Iterator[tuple[int, int]]:
    for found in _INLINE.finditer(fold(text)):
        yield found.span("before" if found["before"] else "behind")


def _is_there(name: str, present: Iterable[str]) -> bool:
    wanted = _key(name)
    return any(_kind(wanted) == _kind(key) and _alike(wanted, key) for key in map(_key, present))


def _alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and (shorter in longer or fuzz.ratio(one, other) >= _ALIKE)


def _key(name: str) -> str:
    return _MARKS.sub("", comparable(_SUFFIX.sub("", name)))


def _kind(key: str) -> str:
    return next((kind for kind, ending in _KINDS if ending.search(key)), "text")
