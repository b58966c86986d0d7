"""An organisation (单位) that comments: its name, its kind, and the code under which it is registered. Pure."""

import re
from enum import StrEnum

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

ORGANISATION_NAME_LIMIT = 100
"""Code points; the longest registered names have some sixty."""
CODE_LENGTH = 18
LONGEST_CODE_ENTRY = 60
"""Code points, with separators; longer text is not looked at."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015 table 1: no I, O, S, V, Z, which are mistaken for digits or for each other."""
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")


class SubmitterKind(StrEnum):
    """Who comments: a person (个人) or an organisation (单位)."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"


class OrganisationType(StrEnum):
    """What reviewers are told of an organisation, as it was chosen and not verified."""

    ENTERPRISE = "enterprise"
    TRADE_ASSOCIATION = "trade_association"
    SOCIAL_GROUP = "social_group"
    PUBLIC_INSTITUTION = "public_institution"
    STATE_ORGAN = "state_organ"
    OTHER = "other"


def check_organisation_name(entered: str) -> str | Problem:
    """The registered name in NFC, at most 100 code points, brackets as they were typed, no space between 汉字."""
    name = on_one_line(entered.translate({ord(joiner): None for joiner in JOINERS}))
    name = _SPACE_BETWEEN_HAN.sub("", name)
    if not name:
        return Problem(ProblemCode.ORGANISATION_NAME_REQUIRED)
    if len(name) > ORGANISATION_NAME_LIMIT:
        given = {"given": len(name), "limit": ORGANISATION_NAME_LIMIT}
        return Problem(ProblemCode.ORGANISATION_NAME_LENGTH, given)
    if not any(map(is_letter, name)):
        return Problem(ProblemCode.ORGANISATION_NAME_NO_LETTERS)
    return name


def check_organisation_type(entered: str) -> OrganisationType | Problem:
    """One of the types by its value."""
    try:
        return OrganisationType(entered.strip())
    except ValueError:
        return Problem(ProblemCode.ORGANISATION_TYPE_REQUIRED)


def check_credit_code(entered: str) -> str | Problem:
    """A well-formed 统一社会信用代码 of GB 32100-2015: 18 characters of its alphabet, the last one fits the others.

    Spaces, dashes, full-width and small letters are put right. The code of the place is never a reason to refuse, nor
    is the kind of register. A code that fits is not proof that whoever entered it speaks for the organisation.
    """
    text = half_width(without_invisible(entered)).upper()
    code = re.sub(r"[\s\-\u200c\u200d]", "", with_plain_dashes(text))
    if not code:
        return Problem(ProblemCode.CREDIT_CODE_REQUIRED)
    if len(code) > LONGEST_CODE_ENTRY:
        return Problem(ProblemCode.CREDIT_CODE_LENGTH, {"given": len(code), "expected": CODE_LENGTH})
    unexpected = next((character for character in code if character not in _VALUE), None)
    if unexpected is not None:
        return Problem(ProblemCode.CREDIT_CODE_CHARACTERS, {"character": unexpected})
    if len(code) != CODE_LENGTH:
        return Problem(ProblemCode.CREDIT_CODE_LENGTH, {"given": len(code), "expected": CODE_LENGTH})
    return code if code[-1] == _check_character(code[:-1]) else Problem(ProblemCode.CREDIT_CODE_CHECK)


def _check_character(body: str) -> str:
    """GB 32100-2015 annex A: weights are powers of 3 modulo 31."""
    total = sum(_VALUE[character] * pow(3, place, 31) for place, character in enumerate(body))
    return _ALPHABET[-total % 31]
