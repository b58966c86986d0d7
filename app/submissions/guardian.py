"""A child's guardian (监护人), who consents where the ID number says that a child writes. Pure."""

from datetime import date
from enum import StrEnum

from app.submissions.problems import Problem, ProblemCode

AGE_OF_OWN_CONSENT = 14
"""Years: 个人信息保护法 §31."""


class GuardianRelation(StrEnum):
    """What the guardian is to the child; the order is that of 民法典 §27."""

    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


def is_under_14(born: date, today: date) -> bool:
    """Whether a guardian has to consent; on the fourteenth birthday itself too.

    Years of age are counted in full from the day after the birthday (法释〔2006〕1号 §2, on another law): the reading
    that protects longer.
    """
    return (today.year - born.year, today.month, today.day) <= (AGE_OF_OWN_CONSENT, born.month, born.day)


def check_guardian_relation(entered: str) -> GuardianRelation | Problem:
    """One of the relations by its value."""
    try:
        return GuardianRelation(entered.strip())
    except ValueError:
        return Problem(ProblemCode.GUARDIAN_RELATION_REQUIRED)
