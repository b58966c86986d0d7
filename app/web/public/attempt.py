"""One sent comment form, as its parts judge it: each part reads its own fields and leaves here what it found."""

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.captcha.challenge import Challenge
from app.captcha.gate import Judged
from app.consultations.terms import FormTerms
from app.submissions.attachments import NewFile
from app.submissions.composing import Composed
from app.submissions.fields import Entry
from app.submissions.organisation import SubmitterKind
from app.web.public.views import ClauseView
from app.web.services import Services

FORM_LIFETIME = timedelta(days=7)
KEPT_FIELDS = (
    *("title", "comment", "submitter", "name", "occupation"),
    *("organisation_name", "credit_code", "organisation_type", "contact_name", "phone", "email"),
    *("guardian_name", "guardian_relation", "guardian_phone", "guardian_consent"),
)
WHOLE_FORM = "form"
ORDER = (
    *("title", "comment", "clause", "files", "name", "id_number", "occupation"),
    *("organisation_name", "credit_code", "organisation_type", "contact_name", "phone", "email"),
    *("guardian_name", "guardian_relation", "guardian_phone", "guardian_consent"),
    *("captcha", "consent"),
)


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
class SignedIn:
    """Somebody whom the provider knows: `subject` is the provider's address and its own name for the person."""

    subject: str = field(repr=False)


@dataclass(frozen=True)
class Setting:
    """In what a form is judged: `bound_to` names consultation and text, so that no token serves another one.

    `client` is the sender's address, where it is known.
    """

    services: Services
    bound_to: str
    terms: FormTerms
    at: datetime
    client: str | None = None


@dataclass(frozen=True)
class Block:
    """One chosen clause with what was entered about it.

    `text` and `wording` are as entered, `said` and `proposed` as they are accepted: `proposed` is empty where the
    wording is the clause's own. `begun` is the wording that the form offers to change; `added`: it was chosen just now.
    """

    clause: ClauseView
    text: str = ""
    wording: str = ""
    said: str = ""
    proposed: str = ""
    begun: str = ""
    added: bool = False

    @property
    def text_field(self) -> str:
        return f"opinion-{self.clause.anchor}"

    @property
    def wording_field(self) -> str:
        return f"wording-{self.clause.anchor}"


@dataclass(frozen=True)
class Answer:
    """One row of what is shown once more before it is sent; `field` is where it can be changed."""

    field: str
    label: str
    value: str


@dataclass
class Attempt:
    """One sent form, judged. `entry` is set when every field is right; `problems` says by field what isn't.

    `blocks` are the chosen clauses in the draft's order, `composed` the whole comment with what was said about each.

    `challenge` is the rightly answered captcha, `wrong_challenge` one that was answered wrongly and must be burned.
    `quarantine` names why a person has to look at it before it counts; empty where nothing speaks against it.
    `in_time` tells that an earlier attempt with this form arrived before the closing instant, `late` that the form was
    opened by a code after it.
    """

    token: str
    signed_token: str
    values: dict[str, str] = field(default_factory=dict)
    consented: bool = False
    blocks: Sequence[Block] = ()
    composed: Composed | None = None
    files: Sequence[NewFile] = ()
    entry: Entry | None = None
    id_number: str | None = None
    signed_in: SignedIn | None = None
    submitter: SubmitterKind = SubmitterKind.INDIVIDUAL
    needs_guardian: bool = False
    challenge: Challenge | None = None
    wrong_challenge: Challenge | None = None
    captcha_token: str | None = None
    captcha_answer: str = ""
    captcha_proof: str = ""
    captcha: Judged | None = None
    quarantine: frozenset[str] = frozenset()
    ticket: str = ""
    in_time: bool = False
    late: LatePass | None = None
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether it can be stored as it is."""
        return not self.problems and self.entry is not None and self.composed is not None

    def forget_captcha(self) -> None:
        """A form that has been stored is only asked for its receipt again; its captcha may have expired since."""
        self.problems.pop("captcha", None)
        self.captcha = self.challenge = self.wrong_challenge = None

    def errors(self) -> list[FieldError]:
        """In the order of the form; what concerns all of it leads to its first field."""
        whole = [FieldError(ORDER[0], self.problems[WHOLE_FORM])] if WHOLE_FORM in self.problems else []
        return whole + [FieldError(name, self.problems[name]) for name in ORDER if name in self.problems]


def new_attempt(setting: Setting) -> Attempt:
    """An empty form."""
    token = secrets.token_hex(16)
    signed = setting.services.forms.sign(token, setting.bound_to, setting.at + FORM_LIFETIME)
    return Attempt(token, signed, dict.fromkeys((*KEPT_FIELDS, "id_number"), ""))


def form_context(setting: Setting, attempt: Attempt) -> str:
    """What a sealed value is bound to that only this one form may give back."""
    return f"{setting.bound_to}|{attempt.token}"


Hidden = Mapping[str, str]
"""Names and values that a page carries unseen."""
