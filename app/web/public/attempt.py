"""One sent comment form, as its parts judge it: each part reads its own fields and leaves here what it found."""

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.captcha.challenge import Challenge
from app.consultations.terms import FormTerms
from app.submissions.fields import Entry
from app.web.services import Services

FORM_LIFETIME = timedelta(days=7)
KEPT_FIELDS = ("title", "comment", "name", "occupation", "phone", "email")
WHOLE_FORM = "form"
ORDER = ("title", "comment", "clause", "name", "id_number", "occupation", "phone", "email", "captcha", "consent")


@dataclass(frozen=True)
class FieldError:
    field: str
    message: str


@dataclass(frozen=True)
class LatePass:
    """A late code that opened this form; the code itself is in no page."""

    code_id: uuid.UUID
    valid_until: datetime


@dataclass(frozen=True)
class Setting:
    """In what a form is judged: `bound_to` names consultation and text, so that no token serves another one."""

    services: Services
    bound_to: str
    terms: FormTerms
    at: datetime


@dataclass
class Attempt:
    """One sent form, judged. `entry` is set when every field is right; `problems` says by field what isn't.

    `challenge` is the rightly answered captcha, `wrong_challenge` one that was answered wrongly and must be burned.
    `quarantine` names why a person has to look at it before it counts; empty where nothing speaks against it.
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
    quarantine: frozenset[str] = frozenset()
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


def new_attempt(setting: Setting, chosen: set[str]) -> Attempt:
    """An empty form."""
    token = secrets.token_hex(16)
    signed = setting.services.forms.sign(token, setting.bound_to, setting.at + FORM_LIFETIME)
    return Attempt(token, signed, dict.fromkeys((*KEPT_FIELDS, "id_number"), ""), chosen)


def form_context(setting: Setting, attempt: Attempt) -> str:
    """What a sealed value is bound to that only this one form may give back."""
    return f"{setting.bound_to}|{attempt.token}"


Hidden = Mapping[str, str]
"""Names and values that a page carries unseen."""
