"""What holds for every field, whatever is typed, pasted or sent into it."""

import unicodedata
from collections.abc import Callable
from datetime import date
from time import thread_time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.submissions.fields import CHECKS, COMMENT_LIMIT, EMAIL_LIMIT, TITLE_LIMIT
from app.submissions.identity import NAME_LIMIT, DocumentNumber, check_id_number
from app.submissions.organisation import ORGANISATION_NAME_LIMIT
from app.submissions.problems import Problem

TODAY = date(2026, 11, 22)
NUMBER_LIMIT = 18
PHONE_LIMIT = 30
LONGEST_CHOICE = 20
LIMITS = {
    "title": TITLE_LIMIT,
    "comment": COMMENT_LIMIT,
    "name": NAME_LIMIT,
    "contact_name": NAME_LIMIT,
    "guardian_name": NAME_LIMIT,
    "organisation_name": ORGANISATION_NAME_LIMIT,
    "email": EMAIL_LIMIT,
    "phone": PHONE_LIMIT,
    "guardian_phone": PHONE_LIMIT,
    "credit_code": NUMBER_LIMIT,
    "id_number": NUMBER_LIMIT,
} | dict.fromkeys(
    ("occupation", "organisation_type", "guardian_relation", "consent", "guardian_consent"), LONGEST_CHOICE
)
EVERY_FIELD = sorted(LIMITS)
TRICKY = st.sampled_from(
    [
        *"0123456789Xx+-() @.,·•．。、",
        *"张祥阿力木𠮷䶮é",
        *"\u0000\u0009\u000a\u000d\u0085\u00ad\u200b\u200c\u200d\u2028\u202e\u2066\u2069\u3000\ufeff\ufe0f",
        *"\u0301\u0323\u0344\u0f73\u1161\ud800\ufdd0\uffff\U000e0041",
        *("👨\u200d👩\u200d👧", "🇨🇳", "+86", "024-", "139", "转8", "１３９", "name@example.com", "．", "ﬁ", "ı"),
    ]
)
TYPED = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=40),
    st.lists(TRICKY, max_size=30).map("".join),
)


def check_of(field: str) -> Callable[[str], Any]:
    """The field's check, its accepted value as the text that is stored."""
    if field != "id_number":
        return CHECKS[field]
    return lambda entered: _number(check_id_number(entered, TODAY))


def _number(result: DocumentNumber | Problem) -> str | Problem:
    return result.number if isinstance(result, DocumentNumber) else result


def test_every_field_is_spoken_of_here() -> None:
    assert set(EVERY_FIELD) == {*CHECKS, "id_number"}


@pytest.mark.parametrize("field", EVERY_FIELD)
@given(entered=TYPED)
@example(entered="")
@example(entered="\u200d\n")
@example(entered="a" + "\u0344" * 60)
@example(entered="ế" + "\u0323" * 31)
def test_a_field_answers_whatever_is_entered_and_keeps_to_its_promises(field: str, entered: str) -> None:
    """Nothing raises; what is accepted is composed, within its length, without hidden marks, and accepted unchanged."""
    check = check_of(field)
    kept = check(entered)
    if isinstance(kept, Problem):
        assert all(isinstance(value, str | int) for value in kept.params.values())
        return
    assert check(str(kept)) == kept
    assert 1 <= len(kept) <= LIMITS[field]
    assert unicodedata.is_normalized("NFC", kept)
    hidden = {character for character in kept if unicodedata.category(character) in {"Cc", "Cf", "Cs"}}
    assert hidden <= (set("\n\t\u200c\u200d") if field in ("comment", "title") else set())
    kept.encode("utf-8")


HUGE = {
    "汉字": "汉",
    "digits": "1",
    "words": " a",
    "dots": "张·",
    "full stops": ".",
    "numbers": "1-(",
    "labels": "a@a.",
    "combining marks of two classes": "\u0301\u0323",
    "marks that hold marks": "\u0f73",
    "invisible marks": "\u200d\u202e",
    "extension words": "转1",
}
APART = [*sorted({check: field for field, check in CHECKS.items()}.values()), "id_number"]
"""One field for each rule."""
TIMES = 8
SMALL, LARGE = 100_000 // TIMES, 100_000
WORTH_MEASURING = 0.004
"""Seconds of the processor; below them a measurement says nothing."""


@pytest.mark.parametrize("what", HUGE)
@pytest.mark.parametrize("field", APART)
def test_work_grows_with_the_length_of_what_is_sent_and_no_faster(field: str, what: str) -> None:
    """Eight times as much costs about eight times as much, where the square would cost sixty-four times."""
    check, unit = check_of(field), HUGE[what]

    def work(length: int) -> float:
        text = unit * (length // len(unit))
        begun = thread_time()
        check(text)
        return thread_time() - begun

    small = max(min(work(SMALL) for _ in range(2)), WORTH_MEASURING)
    assert work(LARGE) < small * TIMES * 4
