"""Full names of private persons, where the words or numbers around say that it is one."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain

from app.masking import name_cues as cues
from app.masking.context import following, preceding
from app.masking.name_shapes import (
    SOUNDED_APART,
    end_of_field_name,
    end_of_marked_name,
    end_of_name,
    end_of_spaced_name,
    is_name,
    is_plain_name,
    is_usual,
    is_wordlike,
    start_of_name,
    surname_length,
)
from app.masking.spans import Span
from app.masking.surnames import AMBIGUOUS, WORDS_AND_NAMES

NEAR = 15
"""Code points between a name and the contact behind it that says it is one; twice as many to one before it."""
FAR = 40
"""Code points between a contact and a name that shows by its 汉字 that it is one."""

_BEFORE_SHORT = frozenset("：，（、/|\n部处科办室组厂店站社校班村队员长任理记师医") | {""}
"""Marks, and ends of words for offices and posts, behind which two 汉字 may be a whole name."""


def find_names(text: str, contacts: list[Span]) -> list[Span]:
    """Names after 我叫, 联系人 and the like, beside a telephone or document number, or alone on a line as signature.

    `contacts` are the spans found before, which `text` has covered already. A name is two or three 汉字 that begin
    with a surname (three or four with a compound one), names joined by U+00B7, or capitalised Latin words after a
    cue. A surname with a title (王女士) and an already shortened name (张某) are not full names and stay.
    """
    starts = sorted(contact.start for contact in contacts if contact.kind != "name")
    found = [
        *_in_fields(text),
        *_after_strong_cues(text),
        *_after_weak_cues(text, starts),
        *_beside(text, contacts),
        *_near(text, contacts),
        *_before_particulars(text),
        *_introduced(text),
        *_signatures(text),
        *(match.span(1) for match in cues.LATIN.finditer(text)),
    ]
    return [Span(start, end, "name") for start, end in found]


def _in_fields(text: str) -> Iterator[tuple[int, int]]:
    for cue in cues.FIELD_CUE.finditer(text) if "：" in text or "|" in text else ():
        end = end_of_spaced_name(text, cue.end()) or end_of_field_name(text, cue.end(), cues.END_OF_FIELD)
        if end:
            yield cue.end(), end
            yield from _listed(text, end)


def _listed(text: str, end: int) -> Iterator[tuple[int, int]]:
    """The names that follow one that is sure, each behind a 、 or two blanks."""
    while mark := cues.NEXT_OF_LIST.match(text, end):
        start = mark.end()
        following_end = end_of_field_name(text, start, cues.END_OF_FIELD)
        if not following_end or (
            len(mark[0]) < 2 and mark[0] in " \t\u3000" and not is_plain_name(text[start:following_end])
        ):
            return
        yield start, following_end
        end = following_end


def _after_strong_cues(text: str) -> Iterator[tuple[int, int]]:
    for cue in cues.STRONG_CUE.finditer(text):
        is_own = cues.OWN_NAME.match(cue[0]) is not None
        end = (
            end_of_name(text, cue.end(), cues.AFTER_NAME, is_sure=is_own)
            or _end_of_usual_name(text, cue.end())
            or end_of_marked_name(text, cue.end())
            or end_of_spaced_name(text, cue.end())
        )
        if end and (cue[0][-1] not in "名人" or _is_told(text, cue.end(), end)):
            yield cue.end(), end
            yield from _listed(text, end)


def _after_weak_cues(text: str, contact_starts: list[int]) -> Iterator[tuple[int, int]]:
    for cue in cues.WEAK_CUE.finditer(text):
        end = end_of_name(text, cue.end(), cues.AFTER_NAME) or _end_of_usual_name(text, cue.end())
        is_person = end and (
            cues.SAYS_WHO.match(text, end)
            or _is_near(cue.start(), end, contact_starts)
            or (
                cue[1] not in cues.OFFICIALS and is_usual(text[cue.end() : end]) and cues.END_OF_CLAUSE.match(text, end)
            )
            or (cues.KIN.match(cue[0]) and _is_plain(text, cue.end(), end))
            or (cues.SELF.match(cue[0]) and _is_whole(text, cue.end(), end) and cues.AFTER_SELF.match(text, end))
        )
        if end and is_person:
            yield cue.end(), end
            yield from _listed(text, end)


def _is_told(text: str, start: int, end: int) -> bool:
    """Whether no word goes on behind 姓名 or 申请人 instead of a name: 姓名关联."""
    is_usual_there = is_usual(text[start:end]) and (
        cues.SAYS_WHO.match(text, end) or cues.END_OF_CLAUSE.match(text, end) or text[end : end + 1] in "0123456789*"
    )
    return text[start] not in AMBIGUOUS or _is_whole(text, start, end) or bool(is_usual_there)


def _is_whole(text: str, start: int, end: int) -> bool:
    return is_usual(text[start:end]) and (text[start] not in AMBIGUOUS or end - start > 2)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether it is a name that reads as nothing else, of two 汉字 only with a surname that is no word."""
    name = text[start:end]
    return is_usual(name) and not is_wordlike(name) and (end - start > 2 or text[start] not in AMBIGUOUS)


def _beside(text: str, contacts: list[Span]) -> Iterator[tuple[int, int]]:
    for contact in contacts:
        before = preceding(text, contact.start, 24)
        end = contact.start - sum(map(len, cues.BETWEEN.findall(before)[:1]))
        start = start_of_name(text, end, cues.BEFORE_NAME)
        if start is None and end < contact.start and text[end - 2 : end] in WORDS_AND_NAMES:
            start = end - 2 if cues.BEFORE_NAME.search(text[max(0, end - 4) : end - 2]) else None
        if start is not None:
            yield start, end
        for link, after in (
            (cues.BEHIND_CONTACT, cues.CLOSE_AFTER_NAME),
            (cues.BEHIND_COMMA, cues.END_OF_SENTENCE),
        ):
            joint = link.match(following(text, contact.end, 12))
            behind = end_of_name(text, contact.end + joint.end(), after) if joint else None
            if joint and behind:
                yield contact.end + joint.end(), behind


def _near(text: str, contacts: list[Span]) -> Iterator[tuple[int, int]]:
    """Whole names of usual 汉字, and Latin ones between marks, at most `FAR` before or behind a contact."""
    if not contacts:
        return
    searched = 0
    for contact in sorted(contacts):
        begin, searched = max(searched, contact.start - FAR), min(len(text), contact.end + FAR)
        for start in range(begin, searched):
            end = _end_of_usual_name(text, start)
            if end and _stands_apart(text, start, end) and not _is_public(text, start, end):
                yield start, end
    places = sorted(contact.start for contact in contacts)
    for name in chain(cues.LATIN_APART.finditer(text), SOUNDED_APART.finditer(text)):
        index = bisect_left(places, name.start(1) - FAR)
        is_near = index < len(places) and places[index] - name.end(1) <= FAR
        if is_near and not cues.LATIN_WORD.search(name[1]):
            yield name.span(1)


def _stands_apart(text: str, start: int, end: int) -> bool:
    """Whether nothing before it makes another word of it where it has the look of one."""
    is_spoken_of = end - start > 2 and cues.SPOKEN_OF.match(text, end) is not None
    is_plain = not is_wordlike(text[start:end]) and (text[start] not in AMBIGUOUS or is_spoken_of)
    return is_plain or cues.BEFORE_NAME.search(text[max(0, start - 2) : start]) is not None


def _is_public(text: str, start: int, end: int) -> bool:
    """Whether the words around tell of somebody known to all, or quote one."""
    return (
        cues.PUBLIC_AFTER.match(text, end) is not None
        or cues.PUBLIC_BEFORE.search(preceding(text, start, 5)) is not None
    )


def _end_of_usual_name(text: str, start: int) -> int | None:
    """Where a surname and two usual 汉字 end, or a surname and one between two marks."""
    surname = surname_length(text, start)
    for end in (start + surname + 2, start + surname + 1):
        name = text[start:end]
        is_long = len(name) == surname + 2 or (
            text[max(0, start - 1) : start] in _BEFORE_SHORT and cues.CLOSE_AFTER_NAME.match(text, end)
        )
        if text[end - 1 : end + 1] == "同志":
            continue
        if surname and is_long and is_name(name, surname, end - start) and is_usual(name):
            return end
    return None


def _before_particulars(text: str) -> Iterator[tuple[int, int]]:
    for particulars in cues.PARTICULARS.finditer(text) if cues.HAS_PARTICULARS.search(text) else ():
        start = start_of_name(text, particulars.start(), cues.BEFORE_NAME)
        if start is not None:
            yield start, particulars.start()


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    """我是大连的王秀兰, 请与王秀兰联系, and a name alone behind the last sentence."""
    for origin in cues.FROM.finditer(text):
        start = start_of_name(text, origin.end(), cues.BEFORE_NAME)
        is_apart = start is not None and start > origin.start() + 2
        if is_apart and start is not None and _is_whole(text, start, origin.end()) and origin.end() - start > 2:
            yield start, origin.end()
    for link in cues.REACHED.finditer(text):
        end = end_of_name(text, link.end(), cues.IS_REACHED)
        if end and is_usual(text[link.end() : end]):
            yield link.end(), end
    last = cues.LAST_WORDS.search(text, max(0, len(text) - 16))
    if last and text[last.start(1)] not in AMBIGUOUS and _end_of_usual_name(text, last.start(1)) == last.end(1):
        yield last.span(1)


def _signatures(text: str) -> Iterator[tuple[int, int]]:
    only_line = cues.SIGNATURE.match(text)
    for line in cues.SIGNATURE.finditer(text) if "\n" in text else [only_line] if only_line else []:
        if end_of_name(text, line.start(1), cues.CLOSE_AFTER_NAME) == line.end(1):
            yield line.span(1)


def _is_near(start: int, end: int, contact_starts: list[int]) -> bool:
    index = bisect_left(contact_starts, start - 2 * NEAR)
    return index < len(contact_starts) and contact_starts[index] - end <= NEAR
