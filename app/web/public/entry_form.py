"""The comment form between its two ends: what a page of it carries, and what a sent one says.

A bounced form keeps everything: the words as entered, a valid ID number as a sealed token that only this form can use,
a solved captcha as it is, a ticket that proves that the attempt arrived in time, and the late code that opened it.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.captcha.challenge import Challenge, Verdict
from app.kit.clock import beijing_day
from app.kit.crypto import Unreadable
from app.kit.forms import Form
from app.submissions.fields import COMMENT_LIMIT, TITLE_LIMIT, Entry, check_entry
from app.submissions.identity import DocumentNumber, check_id_number, mask_id_number
from app.web.i18n import gettext as _
from app.web.public import field_words
from app.web.public.views import ClauseView
from app.web.services import Services

FORM_LIFETIME = timedelta(days=7)
TICKET_LIFETIME = timedelta(minutes=30)
NUMBER_LIFETIME = timedelta(minutes=30)
KEPT_FIELDS = ("title", "comment", "name", "occupation", "phone", "email")
WHOLE_FORM = "form"
ORDER = ("title", "comment", "clause", "name", "id_number", "occupation", "phone", "email", "captcha", "consent")


@dataclass(frozen=True)
class FieldError:
    field: str
    message: str


@dataclass(frozen=True)
class CaptchaView:
    picture_url: str
    sound_url: str
    answer: str


@dataclass(frozen=True)
class Limits:
    """Most code points."""

    title: int = TITLE_LIMIT
    comment: int = COMMENT_LIMIT


@dataclass(frozen=True)
class LatePass:
    """A late code that opened this form; the code itself is in no page."""

    code_id: uuid.UUID
    valid_until: datetime


@dataclass
class Attempt:
    """One sent form, judged. `entry` is set when every field is right; `problems` says by field what isn't.

    `challenge` is the rightly answered captcha, `wrong_challenge` one that was answered wrongly and must be burned.
    `in_time` tells that an earlier attempt with this form arrived before the closing instant, `late` that the form was
    opened by a code after it.
    """

    token: str
    signed_token: str
    values: dict[str, str] = field(default_factory=dict)
    chosen: set[str] = field(default_factory=set)
    consented: bool = False
    entry: Entry | None = None
    id_number: str | None = None
    challenge: Challenge | None = None
    wrong_challenge: Challenge | None = None
    captcha_token: str | None = None
    captcha_answer: str = ""
    ticket: str = ""
    in_time: bool = False
    late: LatePass | None = None
    problems: dict[str, str] = field(default_factory=dict)

    def forget_captcha(self) -> None:
        """A form that has been stored is only asked for its receipt again; its captcha may have expired since."""
        self.problems.pop("captcha", None)
        self.challenge = self.wrong_challenge = None

    def errors(self) -> list[FieldError]:
        """In the order of the form; what concerns all of it leads to its first field."""
        whole = [FieldError(ORDER[0], self.problems[WHOLE_FORM])] if WHOLE_FORM in self.problems else []
        return whole + [FieldError(name, self.problems[name]) for name in ORDER if name in self.problems]


def new_attempt(services: Services, consultation_id: str, now: datetime, chosen: set[str]) -> Attempt:
    """An empty form."""
    token = secrets.token_hex(16)
    signed = services.forms.sign(token, consultation_id, now + FORM_LIFETIME)
    return Attempt(token, signed, dict.fromkeys((*KEPT_FIELDS, "id_number"), ""), chosen)


def judge(services: Services, consultation_id: str, form: Form, at: datetime, clauses: Sequence[ClauseView]) -> Attempt:
    """Reads a sent form. Nothing is stored, and the captcha is judged but not used up."""
    attempt = _identified(services, consultation_id, form, at)
    attempt.values = {name: form.get(name, "") for name in KEPT_FIELDS} | {"id_number": ""}
    attempt.chosen = {label for label in form.all("clause") if label}
    attempt.consented = form.get("consent") == "yes"
    _check_ticket(services, consultation_id, form, at, attempt)
    attempt.late = _late_pass(services, consultation_id, form, at, attempt)
    _check_fields(services, consultation_id, form, at, attempt)
    known = {clause.label for clause in clauses}
    unknown = sorted(attempt.chosen - known)
    if unknown:
        attempt.problems["clause"] = _(field_words.CLAUSE_UNKNOWN) % {"label": unknown[0][:40]}
        attempt.chosen &= known
    if services.settings.captcha:
        _check_captcha(services, form, at, attempt)
    return attempt


def hidden_fields(services: Services, consultation_id: str, attempt: Attempt, at: datetime) -> dict[str, str]:
    """What the page carries unseen."""
    hidden = {"submission_token": attempt.signed_token}
    if attempt.captcha_token:
        hidden["captcha_token"] = attempt.captcha_token
    if attempt.ticket:
        hidden["ticket"] = attempt.ticket
    if attempt.late:
        hidden["late_entry"] = _seal_pass(services, consultation_id, attempt, attempt.late)
    if attempt.id_number:
        context = _form_context(consultation_id, attempt)
        hidden["id_number_token"] = services.numbers.seal(attempt.id_number, context, at + NUMBER_LIFETIME)
    return hidden


def masked_number(attempt: Attempt) -> str | None:
    return mask_id_number(attempt.id_number) if attempt.id_number else None


def make_ticket(services: Services, consultation_id: str, attempt: Attempt, at: datetime) -> str:
    """States that this form was sent in time; good for TICKET_LIFETIME after that."""
    return services.tickets.sign(attempt.token, consultation_id, at + TICKET_LIFETIME)


def _identified(services: Services, consultation_id: str, form: Form, at: datetime) -> Attempt:
    """The attempt under the form's own token; under a new one, and a problem, when the token isn't ours."""
    signed = form.get("submission_token", "")
    try:
        token = services.forms.read(signed, consultation_id, at)
    except Unreadable:
        attempt = new_attempt(services, consultation_id, at, set())
        if services.settings.captcha:
            attempt.problems[WHOLE_FORM] = _(field_words.FORM_RENEWED)
        return attempt
    return Attempt(token, signed)


def _check_ticket(services: Services, consultation_id: str, form: Form, at: datetime, attempt: Attempt) -> None:
    ticket = form.get("ticket", "")
    try:
        attempt.in_time = bool(ticket) and services.tickets.read(ticket, consultation_id, at) == attempt.token
    except Unreadable:
        return
    attempt.ticket = ticket if attempt.in_time else ""


def _check_fields(services: Services, consultation_id: str, form: Form, at: datetime, attempt: Attempt) -> None:
    number = form.text("id_number") or _kept_number(services, consultation_id, form, at, attempt)
    entered = {**form, "id_number": number}
    checked = check_entry(entered, beijing_day(at))
    valid = check_id_number(number, beijing_day(at))
    if isinstance(valid, DocumentNumber):
        attempt.id_number = valid.number
    else:
        attempt.values["id_number"] = number
    if isinstance(checked, Entry):
        attempt.entry = checked
        return
    attempt.problems |= {name: field_words.words(problem) for name, problem in checked.items()}


def _kept_number(services: Services, consultation_id: str, form: Form, at: datetime, attempt: Attempt) -> str:
    """The number that was valid when this form bounced before; empty when there is none or it has expired."""
    try:
        context = _form_context(consultation_id, attempt)
        return services.numbers.open(form.get("id_number_token", ""), context, at)
    except Unreadable:
        return ""


def _check_captcha(services: Services, form: Form, at: datetime, attempt: Attempt) -> None:
    token, answer = form.get("captcha_token", ""), form.text("captcha")
    verdict, challenge = services.challenges.judge(token, answer, at)
    if challenge is None:
        attempt.problems["captcha"] = _(field_words.CAPTCHA_EXPIRED)
    elif not answer:
        # Not an answer yet: the same picture stays.
        attempt.captcha_token = token
        attempt.problems["captcha"] = _(field_words.CAPTCHA_REQUIRED)
    elif verdict is Verdict.RIGHT:
        attempt.challenge, attempt.captcha_token, attempt.captcha_answer = challenge, token, answer
    else:
        attempt.wrong_challenge = challenge
        attempt.problems["captcha"] = _(field_words.CAPTCHA_WRONG)


def _late_pass(services: Services, consultation_id: str, form: Form, at: datetime, attempt: Attempt) -> LatePass | None:
    """The pass that this form carries; None without one, and when it isn't this form's or its code has expired."""
    try:
        carried = services.late_entries.open(form.get("late_entry", ""), _form_context(consultation_id, attempt), at)
    except Unreadable:
        return None
    code_id, _mark, until = carried.partition("|")
    return LatePass(uuid.UUID(code_id), datetime.fromisoformat(until))


def _seal_pass(services: Services, consultation_id: str, attempt: Attempt, late: LatePass) -> str:
    carried = f"{late.code_id}|{late.valid_until.isoformat()}"
    return services.late_entries.seal(carried, _form_context(consultation_id, attempt), late.valid_until)


def _form_context(consultation_id: str, attempt: Attempt) -> str:
    return f"{consultation_id}|{attempt.token}"
