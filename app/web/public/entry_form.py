"""The comment form between its two ends: what a page of it carries, and what a sent one says.

A bounced form keeps everything: the words as entered, a valid ID number as a sealed token that only this form can use,
a solved captcha as it is, a ticket that proves that the attempt arrived in time, and the late code that opened it.
Each part of the form has a module of its own (`opinion_part`, `person_part`, `captcha_part`); they meet here.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.captcha.gate import Judged
from app.kit.crypto import Unreadable
from app.kit.forms import Form
from app.web.i18n import gettext as _
from app.web.public import captcha_part, field_words, files_part, opinion_part, person_part
from app.web.public.attempt import (
    KEPT_FIELDS,
    WHOLE_FORM,
    Attempt,
    LatePass,
    Setting,
    form_context,
    new_attempt,
)
from app.web.public.views import ClauseView

TICKET_LIFETIME = timedelta(minutes=30)
NOT_CARRIED = frozenset({"step", "id_number", files_part.LISTED, files_part.REMOVED})
"""The button is pressed anew, and the number travels sealed."""


class Step(StrEnum):
    """What a button of the form or of the check page asks for."""

    CHECK = "check"
    SEND = "send"
    CHANGE = "change"
    ADD_CLAUSE = "add_clause"
    REMOVE = "remove"


STEPS = {step.value: step for step in Step}
FINISHING = frozenset({Step.CHECK, Step.SEND})
"""The others lead back to the form, which isn't judged in words then."""


@dataclass(frozen=True)
class Asked:
    """The step, and for REMOVE the anchor of the clause."""

    step: Step
    anchor: str = ""


def asked(form: Form) -> Asked:
    """Whatever isn't known finishes the form, as the Enter key does."""
    name, _mark, anchor = form.get("step", "").partition(" ")
    step = STEPS.get(name, Step.CHECK)
    return Asked(step, anchor if step is Step.REMOVE else "")


def judge(setting: Setting, form: Form, clauses: Sequence[ClauseView], captcha: Judged | None = None) -> Attempt:
    """Reads a sent form. Nothing is stored, and the captcha is judged but not used up; once, where it is known."""
    attempt = judge_words(setting, form, clauses)
    captcha_part.judge(setting, form, attempt, captcha)
    return attempt


def judge_words(setting: Setting, form: Form, clauses: Sequence[ClauseView]) -> Attempt:
    """Reads everything of a sent form but its captcha."""
    attempt = _identified(setting, form)
    attempt.values = {name: form.get(name, "") for name in KEPT_FIELDS} | {"id_number": ""}
    _check_ticket(setting, form, attempt)
    attempt.late = _late_pass(setting, form, attempt)
    opinion_part.judge(form, attempt, clauses, asked(form).anchor)
    about_words = dict(attempt.problems)
    person_part.judge(setting, opinion_part.with_all_said(form, attempt), attempt)
    attempt.problems |= about_words
    return attempt


def carried(setting: Setting, form: Form, attempt: Attempt) -> list[tuple[str, str]]:
    """What the check page carries unseen: all that was entered, with the number sealed, and what a form page carries.

    A clause's own words that were left as they are stay out.
    """
    sealed = hidden_fields(setting, attempt)
    idle = {block.wording_field for block in attempt.blocks if not block.proposed}
    left_out = NOT_CARRIED | idle | sealed.keys()
    entered = [(name, value) for name in form if name not in left_out for value in form.all(name) if value]
    return [*entered, *sealed.items()]


def hidden_fields(setting: Setting, attempt: Attempt) -> dict[str, str]:
    """What the page carries unseen."""
    hidden = {"submission_token": attempt.signed_token, **captcha_part.hidden(setting, attempt)}
    if attempt.ticket:
        hidden["ticket"] = attempt.ticket
    if attempt.late:
        hidden["late_entry"] = _seal_pass(setting, attempt, attempt.late)
    return {**hidden, **files_part.hidden(setting, attempt), **person_part.hidden(setting, attempt)}


def make_ticket(setting: Setting, attempt: Attempt) -> str:
    """States that this form was sent in time; good for TICKET_LIFETIME after that."""
    return setting.services.tickets.sign(attempt.token, setting.bound_to, setting.at + TICKET_LIFETIME)


def _identified(setting: Setting, form: Form) -> Attempt:
    """The attempt under the form's own token; under a new one, and a problem, when the token isn't ours."""
    signed = form.get("submission_token", "")
    try:
        token = setting.services.forms.read(signed, setting.bound_to, setting.at)
    except Unreadable:
        attempt = new_attempt(setting)
        if setting.services.settings.captcha:
            attempt.problems[WHOLE_FORM] = _(field_words.FORM_RENEWED)
        return attempt
    return Attempt(token, signed)


def _check_ticket(setting: Setting, form: Form, attempt: Attempt) -> None:
    ticket = form.get("ticket", "")
    try:
        read = setting.services.tickets.read(ticket, setting.bound_to, setting.at) if ticket else None
    except Unreadable:
        return
    attempt.in_time = read == attempt.token
    attempt.ticket = ticket if attempt.in_time else ""


def _late_pass(setting: Setting, form: Form, attempt: Attempt) -> LatePass | None:
    """The pass that this form carries; None without one, and when it isn't this form's or its code has expired."""
    sealed = form.get("late_entry", "")
    try:
        carried = setting.services.late_entries.open(sealed, form_context(setting, attempt), setting.at)
    except Unreadable:
        return None
    code_id, _mark, until = carried.partition("|")
    return LatePass(uuid.UUID(code_id), datetime.fromisoformat(until))


def _seal_pass(setting: Setting, attempt: Attempt, late: LatePass) -> str:
    carried = f"{late.code_id}|{late.valid_until.isoformat()}"
    return setting.services.late_entries.seal(carried, form_context(setting, attempt), late.valid_until)
