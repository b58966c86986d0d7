"""The telephone number at which a citizen can be told the outcome."""

import re

from app.submissions.characters import half_width, with_plain_dashes, without_invisible
from app.submissions.problems import Problem, ProblemCode

CITY_WITH_SEVEN_DIGITS = "0412"
"""An example only: 鞍山, whose local numbers have 7 digits, where those of 024 have 8."""

LONGEST_ENTRY = 60
"""Code points with separators and an extension; longer text is not searched."""

_EXTENSION_WORD = re.compile(r"\s*[,;(]?\s*(?:转|轉|分机号?|内线|ext\.?|x|#)\s*[:.]?\s*(\d{1,6})\s*\)?$", re.IGNORECASE)
_EXTENSION_DASH = re.compile(r"((?:\+?86-)?(?:0\d{2,3}-?[2-8]\d{6,7}|1[3-9]\d{9}))-(\d{1,6})")
_TWO_NUMBERS = re.compile(r"\d{7,}[\s,;、/或和]+[\d(+][\d\s()-]{6,}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d*)")
_BEYOND_MAINLAND = re.compile(r"\+(?:852[2-9]\d{7}|853[268]\d{7}|8860?[2-9]\d{7,8})")
_INTERNATIONAL = re.compile(r"\+(?!86)[1-9]\d{7,14}")
_SERVICE = re.compile(r"1\d{2,4}|1069\d*|1064\d*|95\d{3,}|96\d{3,4}|[48]00\d{7}")


def check_phone(entered: str, area_code: str = "024") -> str | Problem:
    """A number to ring back: 13912345678, 024-86001234, 024-86001234-801 with an extension, or +852… (E.164).

    Mobile numbers are accepted by their first two digits alone: new prefixes come into use faster than lists of them
    (电信网编号计划). `area_code` is the example that a landline number without one is answered with.
    """
    text = with_plain_dashes(half_width(without_invisible(entered))).strip()
    if not text:
        return Problem(ProblemCode.PHONE_REQUIRED)
    if len(text) > LONGEST_ENTRY:
        return _invalid(text)
    if _TWO_NUMBERS.search(text):
        return Problem(ProblemCode.PHONE_SEVERAL)
    text, extension = _split_extension(text)
    unexpected = re.search(r"[^\d\s+()/.·-]", text, re.ASCII)
    if unexpected:
        return Problem(ProblemCode.PHONE_CHARACTERS, {"character": unexpected[0]})
    number = _checked(_without_country_code(re.sub(r"[^\d+]", "", text)), area_code)
    if isinstance(number, Problem) or not extension:
        return number
    return f"{number}-{extension}"


def _split_extension(text: str) -> tuple[str, str]:
    worded = _EXTENSION_WORD.search(text)
    if worded:
        return text[: worded.start()], worded[1]
    compact = re.sub(r"[\s()]+", "-", text).strip("-")
    dashed = _EXTENSION_DASH.fullmatch(re.sub(r"-+", "-", compact))
    return (dashed[1], dashed[2]) if dashed else (text, "")


def _without_country_code(number: str) -> str:
    """The number without +86; the foreign code of a number dialled with 00 after +."""
    number = re.sub(r"^00(?=[1-9])", "+", number)
    number = re.sub(r"^(\+886)0", r"\1", number)
    number = re.sub(r"^86(?=1[3-9]\d{9}$)", "", number)
    if not number.startswith("+86"):
        return number
    national = number[3:]
    return national if re.match(r"0|1[3-9]", national) else f"0{national}"


def _checked(number: str, area_code: str) -> str | Problem:
    if _MOBILE.fullmatch(number) or _BEYOND_MAINLAND.fullmatch(number):
        return number
    if number.startswith("+"):
        is_other_country = _INTERNATIONAL.fullmatch(number) and not number.startswith(("+852", "+853"))
        return number if is_other_country else _invalid(number)
    landline = _LANDLINE.fullmatch(number)
    return _checked_landline(landline[1], landline[2]) if landline else _explained(number, area_code)


def _explained(number: str, area_code: str) -> Problem:
    """What is wrong with a number without + that is neither a mobile number nor begins with an area code."""
    if _SERVICE.fullmatch(number):
        return Problem(ProblemCode.PHONE_SERVICE_NUMBER, {"given": number})
    if re.fullmatch(r"[2-8]\d{6,7}", number):
        example = area_code if len(number) == 8 else CITY_WITH_SEVEN_DIGITS
        return Problem(ProblemCode.PHONE_AREA_CODE_MISSING, {"local": number, "area_code": example})
    if re.fullmatch(r"1[3-9]\d{6,12}", number):
        return Problem(ProblemCode.PHONE_MOBILE_LENGTH, {"given": len(number), "expected": 11})
    return _invalid(number)


def _checked_landline(area_code: str, local: str) -> str | Problem:
    lengths = {8} if len(area_code) == 3 else {7, 8}
    if len(local) not in lengths:
        return Problem(ProblemCode.PHONE_LANDLINE_LENGTH, {"area_code": area_code, "given": len(local)})
    return f"{area_code}-{local}" if local[0] in "2345678" else _invalid(area_code + local)


def _invalid(number: str) -> Problem:
    return Problem(ProblemCode.PHONE_INVALID, {"given": sum(character.isdigit() for character in number)})
