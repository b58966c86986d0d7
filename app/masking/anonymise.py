"""Personal data in a comment covered before the public may see it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.kit.text import fold
from app.masking.addresses import find_addresses
from app.masking.bank_cards import find_bank_cards
from app.masking.context import INSIDE
from app.masking.emails import find_emails
from app.masking.id_numbers import find_id_numbers
from app.masking.messengers import find_messengers
from app.masking.names import find_names
from app.masking.phones import find_phones
from app.masking.projection import HAN_DIGIT, project, with_han_digits_read
from app.masking.spans import COVER, Kind, Span, covered, without_overlaps

MASK = COVER * 3
"""In the place of each span, however long it was: length tells a name or a number apart."""
ROUNDS = 8
"""Searches of one text. Each sees what the last has covered; ordinary texts need two, the second finding nothing."""
SHORTEST_KEPT_PLACE = 5
"""Letters, digits and 汉字 of a kept place that stays although a longer address holds it."""

_WEB_ADDRESS = re.compile(r"(?:https?：//|www\.)[A-Za-z0-9\-._~/？#!$&'*+=%]{1,500}", re.IGNORECASE)
_SIX_DIGITS = re.compile(rf"\d(?:(?:{INSIDE}|[，、])\d){{5}}")
_SIX_NUMERALS = re.compile(rf"[\d{HAN_DIGIT}](?:(?:{INSIDE}|[，、])[\d{HAN_DIGIT}]){{5}}")
_NUMBER_FINDERS: tuple[Callable[[str], list[Span]], ...] = (
    lambda text: _in_digits(find_id_numbers, text),
    lambda text: _in_digits(find_bank_cards, text),
    lambda text: _in_digits(find_phones, text),
    lambda text: _in_han_digits(find_id_numbers, text),
    lambda text: _in_han_digits(find_phones, text),
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may be shown, and what was covered in it, in order: places are code points of the input."""

    text: str
    spans: tuple[Span, ...]


def anonymise(text: str, keep: Sequence[str] = ()) -> Masked:
    """The text with `***` for each ID number, telephone, e-mail, messenger account, bank card, address and name.

    What `keep` names (a consultation's own contacts) stays, however it is spaced or punctuated. A masked text has
    nothing left to find: doing it again changes nothing. The time taken grows with the length of the text alone.
    """
    projection = project(text)
    work = _without_web_addresses(projection.text)
    found: list[Span] = []
    for _ in range(ROUNDS):
        new = _find_all(work)
        if not new:
            break
        found += new
        work = covered(work, new)
    spans = [projection.original(span.start, span.end, span.kind) for span in sorted(found)]
    kept = _Kept([_comparable(words) for words in keep], [_comparable(number) for number in _phones_in(keep)])
    hidden = tuple(span for span in spans if not kept.has(text[span.start : span.end], span.kind))
    return Masked(_masked(text, hidden), hidden)


@dataclass(frozen=True, slots=True)
class _Kept:
    words: list[str]
    phones: list[str]

    def has(self, written: str, kind: Kind) -> bool:
        """Whether it is part of what is kept, or a kept telephone number with a country code or an extension."""
        found = _comparable(written)
        if any(found in words for words in self.words):
            return True
        if kind == "address" and any(len(words) >= SHORTEST_KEPT_PLACE and words in found for words in self.words):
            return True
        return kind == "phone" and any(number in found for number in self.phones)


def _without_web_addresses(text: str) -> str:
    """Covered, so that nothing is found in them. Each has one of the two marks that are looked for."""
    if "//" not in text and "." not in text:
        return text
    return covered(text, [Span(*match.span(), "im") for match in _WEB_ADDRESS.finditer(text)])


def _find_all(text: str) -> list[Span]:
    contacts: list[Span] = []
    # Covering brings no digits together: where no six numerals stand at first, none do later.
    numbers = _NUMBER_FINDERS if _SIX_NUMERALS.search(text) else ()
    for find in (find_emails, *numbers, find_messengers, find_addresses):
        new = without_overlaps(find(text), len(text))
        contacts += new
        text = covered(text, new)
    return contacts + without_overlaps(find_names(text, contacts), len(text))


def _in_digits(find: Callable[[str], list[Span]], text: str) -> list[Span]:
    """What is found, without a search where no six digits stand together."""
    return find(text) if _SIX_DIGITS.search(text) else []


def _in_han_digits(find: Callable[[str], list[Span]], text: str) -> list[Span]:
    read = with_han_digits_read(text)
    return [] if read == text else _in_digits(find, read)


def _masked(text: str, spans: Sequence[Span]) -> str:
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += [text[position : span.start], MASK]
        position = span.end
    return "".join([*pieces, text[position:]])


def _comparable(words: str) -> str:
    return "".join(character for character in fold(words).casefold() if character.isalnum())


def _phones_in(keep: Sequence[str]) -> Iterator[str]:
    for words in map(project, keep):
        for span in find_phones(words.text):
            yield words.text[span.start : span.end]
