"""Looking over the texts before they are public: warnings with their place, never a silent fix. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.consultations.attachment_checks import missing_attachments
from app.consultations.contact_checks import free_mail
from app.consultations.date_checks import date_warnings, deadline_warnings
from app.consultations.form_checks import field_warnings
from app.consultations.internal_matter import internal_matter
from app.consultations.mark_checks import unbalanced_marks
from app.consultations.places import NoticeWarning, Part, WarningCode
from app.consultations.subject import Subject
from app.kit.text import fold

MOST_PLACES = 20
"""Places that one watched word is shown at; a list of a thousand would be read by nobody."""
_ORDER = {part: place for place, part in enumerate(Part)}
_PUBLIC_TEXTS = (Part.NOTICE, Part.DRAFT, Part.EXPLANATION)

Check = Callable[[Subject], Iterable[NoticeWarning]]
CHECKS: tuple[Check, ...] = (
    date_warnings,
    deadline_warnings,
    missing_attachments,
    unbalanced_marks,
    free_mail,
    field_warnings,
    internal_matter,
)


def notice_warnings(subject: Subject, watched_words: Mapping[str, str]) -> tuple[NoticeWarning, ...]:
    """All warnings, by part and place. Never raises; none is proof that a text is right."""
    found = [warning for run in CHECKS for warning in run(subject)]
    found += _watched(subject, watched_words)
    return tuple(sorted(found, key=lambda warning: (_ORDER[warning.part], warning.start, warning.end, warning.code)))


def _watched(subject: Subject, words: Mapping[str, str]) -> Iterator[NoticeWarning]:
    """Words of the staff's list, whatever their width and case."""
    for part in _PUBLIC_TEXTS:
        placed = subject.placed(part)
        text = _folded(placed.text)
        for word, remark in words.items():
            for start in _places(text, _folded(word)):
                yield placed.warning(WarningCode.WATCHED_WORD, start, start + len(word), word=word, remark=remark)


def _folded(text: str) -> str:
    """Of the same length: a letter whose lower case is longer stays as it is."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in fold(text))


def _places(text: str, word: str) -> Iterator[int]:
    start = text.find(word) if word else -1
    for _ in range(MOST_PLACES):
        if start < 0:
            return
        yield start
        start = text.find(word, start + len(word))
