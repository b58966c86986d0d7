"""Who a citizen says they are: name and document number, checked, made alike, and masked.

A check digit is not an identity: an accepted number is well formed, nothing more.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from app.masking.check_digits import is_citizen_number
from app.masking.surnames import COMPOUND
from app.submissions.characters import (
    HAN,
    JOINERS,
    half_width,
    is_letter,
    on_one_line,
    with_plain_dashes,
    without_invisible,
)
from app.submissions.problems import Problem, ProblemCode
from app.submissions.submitter import Identity

NAME_LIMIT = 50
"""Code points: 民委发〔2016〕33号 asks for fields of at least 50 characters."""
INTERPUNCT = "\u00b7"
"""The one separator of 民委发〔2016〕33号 (GB 18030 A1A4)."""
PUBLIC_NAME_LIMIT = 60
"""Code points of a name on display; longer ones of organisations end in an ellipsis."""
OLDEST_AGE = 130
"""Years: more than anyone is known to have lived."""

_DOTS = re.compile(r"\s?(?:[.\uff0e\ufe52\u00b7\u2022\u2027\u2219\u22c5\u25cf\u30fb\uff65]\s?)+")
_FULL_STOPS = frozenset(" .\uff0e\ufe52")
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
_FOREIGN_FIFTEEN = re.compile(r"[A-Z]{3}\d{12}")


class DocumentKind(Enum):
    """Which document a number belongs to, as far as the number tells."""

    RESIDENT = "resident"
    """居民身份证 (GB 11643)."""
    HONG_KONG = "hong_kong"
    """港澳台居民居住证, address code 81…."""
    MACAU = "macau"
    """港澳台居民居住证, address code 82…."""
    TAIWAN = "taiwan"
    """港澳台居民居住证, address code 83…."""
    FOREIGN_PERMANENT = "foreign_permanent"
    """外国人永久居留身份证: 18 characters beginning with 9, or the older form of 3 letters and 12 digits."""


_KIND_BY_BEGINNING = {
    "81": DocumentKind.HONG_KONG,
    "82": DocumentKind.MACAU,
    "83": DocumentKind.TAIWAN,
}


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """An accepted number: ASCII, without separators, capital letters; with the date of birth that it holds."""

    number: str
    kind: DocumentKind
    birth_date: date


def check_name(entered: str) -> str | Problem:
    """The name in NFC, at most 50 code points, rare 汉字 as they are, the interpunct as U+00B7 (DOMAIN rule B.5).

    Dots typed for the interpunct beside a 汉字 become U+00B7, those in Latin names stay; a space between two 汉字
    is layout (张　三) and is taken out.
    """
    name = on_one_line(entered.translate({ord(joiner): None for joiner in JOINERS}))
    name = half_width(_DOTS.sub(_as_interpunct, name))
    name = _SPACE_BETWEEN_HAN.sub("", name).strip(f" {INTERPUNCT}")
    if not name:
        return Problem(ProblemCode.NAME_REQUIRED)
    if len(name) > NAME_LIMIT:
        return Problem(ProblemCode.NAME_LENGTH, {"given": len(name), "limit": NAME_LIMIT})
    if re.search(r"\d{5}", name):
        return Problem(ProblemCode.NAME_CONTAINS_NUMBER)
    if not any(map(is_letter, name)):
        return Problem(ProblemCode.NAME_NO_LETTERS)
    return name


def check_id_number(entered: str, today: date) -> DocumentNumber | Problem:
    """A well-formed number of a document that is in force; `today` is the day in Asia/Shanghai.

    Spaces, dashes, full-width digits and a small x are put right. The area code is never a reason to refuse: codes
    are abolished and merged, people keep theirs. Which of several problems is told: the one that helps most to mend.
    """
    number = _plain_number(entered)
    if not number:
        return Problem(ProblemCode.ID_NUMBER_REQUIRED)
    if _FOREIGN_FIFTEEN.fullmatch(number):
        return _check_birth_date(number, DocumentKind.FOREIGN_PERMANENT, _in_full(number[7:13], today), today)
    malformed = _malformed(number)
    if malformed:
        return malformed
    result = _check_birth_date(number, _kind_of(number), number[6:14], today)
    if isinstance(result, Problem) or is_citizen_number(number):
        return result
    return Problem(ProblemCode.ID_NUMBER_CHECK)


def mask_name(name: str) -> str:
    """The name as the public may see it: 张* for two 汉字, 张*祥 for three, 欧** for more and for other scripts.

    A surname of two 汉字 is shown with nothing of the given name: 欧阳*, 欧阳**. Otherwise never the length from four
    letters on; * for a single character. The forms are those in use on published result tables of Chinese governments
    (2022: 张*祥, 朱**).
    """
    letters = [character for character in name if is_letter(character)]
    if len(letters) < 2:
        return "*"
    if len(letters) == 2:
        return f"{letters[0]}*"
    surname = "".join(letters[:2])
    if name[:2] in COMPOUND and len(letters) <= 4 and INTERPUNCT not in name:
        return surname + "*" * (len(letters) - 2)
    is_three_han = len(letters) == 3 and all(re.match(rf"[{HAN}]", letter) for letter in letters)
    return f"{letters[0]}*{letters[2]}" if is_three_han else f"{letters[0]}**"


def public_name(identity: Identity) -> str:
    """Under what name something is displayed: an organisation's own, which is no personal data, or a masked one."""
    if identity.organisation is None:
        return mask_name(identity.name)
    name = identity.organisation.name
    return name if len(name) <= PUBLIC_NAME_LIMIT else f"{name[: PUBLIC_NAME_LIMIT - 1]}…"


def mask_id_number(number: str) -> str:
    """An accepted number as its owner sees it again: the first and the last four characters, a * for each between."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def _as_interpunct(dots: re.Match[str]) -> str:
    """U+00B7, except for full stops with no 汉字 beside them, as in John F. Kennedy."""
    around = dots.string[max(dots.start() - 1, 0) : dots.start()] + dots.string[dots.end() : dots.end() + 1]
    is_full_stop = set(dots[0]) <= _FULL_STOPS and not re.search(rf"[{HAN}]", around)
    return dots[0] if is_full_stop else INTERPUNCT


def _plain_number(entered: str) -> str:
    text = half_width(without_invisible(entered)).replace("×", "X").upper()
    return re.sub(r"[\s\-\u200c\u200d]", "", with_plain_dashes(text))


def _malformed(number: str) -> Problem | None:
    unexpected = re.search(r"[^\dX]|X(?!$)", number, re.ASCII)
    if unexpected:
        return Problem(ProblemCode.ID_NUMBER_CHARACTERS, {"character": unexpected[0]})
    if re.fullmatch(r"\d{15}", number):
        return Problem(ProblemCode.ID_NUMBER_OLD_FIFTEEN)
    if len(number) != 18:
        return Problem(ProblemCode.ID_NUMBER_LENGTH, {"given": len(number), "expected": 18})
    return None


def _kind_of(number: str) -> DocumentKind:
    if number.startswith("9"):
        return DocumentKind.FOREIGN_PERMANENT
    return _KIND_BY_BEGINNING.get(number[:2], DocumentKind.RESIDENT)


def _in_full(six_digits: str, today: date) -> str:
    """YYYYMMDD of YYMMDD: the latest year with these two digits that has begun; a century is not printed."""
    century = today.year // 100 - (int(six_digits[:2]) > today.year % 100)
    return f"{century}{six_digits}"


def _check_birth_date(number: str, kind: DocumentKind, digits: str, today: date) -> DocumentNumber | Problem:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return Problem(ProblemCode.ID_NUMBER_BIRTH_DATE, {"given": digits})
    if born > today:
        return Problem(ProblemCode.ID_NUMBER_BIRTH_IN_FUTURE, {"given": born.isoformat()})
    if born.year < today.year - OLDEST_AGE:
        return Problem(ProblemCode.ID_NUMBER_BIRTH_TOO_EARLY, {"given": born.isoformat()})
    return DocumentNumber(number, kind, born)
