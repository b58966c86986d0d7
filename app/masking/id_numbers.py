"""Numbers of identity documents in free text."""

import re
from datetime import date

from app.masking.check_digits import is_citizen_number
from app.masking.context import INSIDE, preceding, without_separators
from app.masking.spans import Span

_EIGHTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{INSIDE}\d){{16}}{INSIDE}[\dXx])(?![\dXx]))")
_FIFTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{INSIDE}\d){{14}})(?!\d))")
_FOREIGN_FIFTEEN = re.compile(rf"(?<![A-Za-z0-9])[A-Z]{{3}}(?:{INSIDE}\d){{12}}(?!\d)")
_AFTER_CUE = re.compile(
    rf"(?:身份证|证件|居民证|户口本|(?<![A-Za-z])(?:id|sfz))[^\d\n*]{{0,12}}(\d(?:{INSIDE}\d){{12,19}}[Xx]?)(?!\d)",
    re.IGNORECASE,
)
_TRAVEL_PAPER = re.compile(r"(?:护照|通行证|回乡证|台胞证|军官证)[^\dA-Za-z\n*]{0,6}([A-Za-z]{1,2}\d{6,9})(?!\d)")
_CUE = re.compile(r"身份证|证件|居民证|居留|永居|(?<![a-z])(?:id|sfz)(?![a-z])", re.IGNORECASE)
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def find_id_numbers(text: str) -> list[Span]:
    """Numbers of GB 11643 in 18 and 15 digits, spaced or not, those of foreigners' cards, and travel papers by cue.

    A number without a word such as 身份证 before it counts if the date in it exists and either the check digit fits
    or it begins with a province: a mistyped number still says who someone is. After such a word any 13 to 20 digits
    count. Earlier spans of the result are surer than later ones that overlap them.
    """
    found = [match.span(1) for match in _EIGHTEEN.finditer(text) if _is_eighteen(text, match)]
    found += [match.span(1) for match in _FIFTEEN.finditer(text) if _is_fifteen(match[1])]
    found += [match.span() for match in _FOREIGN_FIFTEEN.finditer(text) if _is_foreign(text, match)]
    found += [match.span(1) for match in _AFTER_CUE.finditer(text)]
    found += [match.span(1) for match in _TRAVEL_PAPER.finditer(text)]
    return [Span(start, end, "id_number") for start, end in found]


def _is_eighteen(text: str, match: re.Match[str]) -> bool:
    number = without_separators(match[1]).upper()
    is_checked = is_citizen_number(number)
    if not _is_day(number[6:14]):
        return is_checked and _CUE.search(preceding(text, match.start(1), 16)) is not None
    return is_checked or _PROVINCE.match(number) is not None or number[0] == "9"


def _is_fifteen(written: str) -> bool:
    number = without_separators(written)
    return _PROVINCE.match(number) is not None and _is_day(f"19{number[6:12]}")


def _is_foreign(text: str, match: re.Match[str]) -> bool:
    is_named = _CUE.search(preceding(text, match.start(), 16)) is not None
    return is_named or _is_day(f"20{without_separators(match[0])[7:13]}")


def _is_day(digits: str) -> bool:
    """Whether YYYYMMDD is a day on which someone now alive may be born; 2000 stands for 1900 in two-digit years."""
    try:
        year = date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year
    except ValueError:
        return False
    return 1880 <= year <= 2100
