"""Entering what came by letter, telephone, visit, meeting or mail: the same numbers and receipts as the form gives."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.documents.queries import clauses_of
from app.kit.clock import BEIJING
from app.kit.errors import BadRequest, NotFound
from app.kit.forms import Form
from app.kit.http import Now, ReadSession, RequestId
from app.permissions import Actor, Permission
from app.submissions.entered import as_submission
from app.submissions.entering import ENTERED_CHANNELS, FIELDS, EnteredSubmission, check_entered
from app.submissions.intake import ChosenClause, Concluded, NewSubmission, NotTaken, Origin
from app.submissions.problems import Problem
from app.web import labels
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public import field_words, receipts
from app.web.public.person_fields import label_of, options_of
from app.web.services import Svc
from app.web.staff.access import OwnForm, allowed
from app.web.templating import address, page

PATH = "/staff/consultations/{slug}/enter"
TOKEN_BYTES = 24
MOST_CLAUSES = 20
LABELS = {
    "channel": N_("How it came"),
    "day": N_("Day of arrival or of the postmark"),
    "title": N_("Title"),
    "comment": N_("Comment, word for word"),
    "name": N_("Name"),
    "remark": N_("Remark for colleagues"),
}
HINTS = {
    "day": N_("For example 2026-05-07, or with the time 2026-05-07T16:30. It decides whether it came in time."),
    "title": N_("May stay empty: the comment's first words then stand for it."),
    "comment": N_("As it was written or said; nothing is put right here. Up to 10,000 characters."),
    "name": N_("What isn't known stays empty and is marked as missing."),
    "organisation_name": N_("Only where an organisation wrote; the name above is then that of its contact."),
    "remark": N_("For example the number in the register of letters, or who took the call. Never public."),
}
CONCLUDED = N_(
    "This consultation is concluded: every comment has been answered and the results are public. "
    "Nothing is entered any more; please answer the sender by letter."
)
CHOSEN = ("channel", "occupation", "organisation_type")
Enters = Annotated[Actor, allowed(Permission.ENTER_SUBMISSIONS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FieldView:
    """`options` are (value, words) of a field that is chosen; `lines` more than one for long words."""

    name: str
    label: str
    hint: str
    value: str
    error: str
    options: Sequence[tuple[str, str]] = ()
    lines: int = 1
    required: bool = False


@router.get(PATH, name="staff_enter")
def form(request: Request, slug: str, actor: Enters, session: ReadSession, now: Now) -> Response:
    row = consultation_of(session, slug)
    entered = {"day": now.astimezone(BEIJING).date().isoformat(), "channel": ENTERED_CHANNELS[1].value}
    return _page(request, session, row, entered, secrets.token_hex(TOKEN_BYTES))


@router.post(PATH, name="staff_enter_one")
def enter(
    request: Request, slug: str, sent: OwnForm, actor: Enters, services: Svc, now: Now, request_id: RequestId
) -> Response:
    """Answers with the receipt, to be handed or read out, only when the submission is durable."""
    values, token = {name: sent.form.get(name, "") for name in FIELDS}, token_of(sent.form)
    with services.database.reading() as session:
        row = consultation_of(session, slug)
        chosen = _chosen(session, row, sent.form.all("clause"))
    checked = check_entered(values, now)
    problem = ""
    if isinstance(checked, EnteredSubmission):
        origin = Origin(actor, now, checked.missing, checked.remark)
        try:
            receipt = services.intake.store(new_submission(row, checked, token, origin, request_id, chosen))
        except Concluded:
            problem = _(CONCLUDED)
        except NotTaken:
            problem = _("It arrived when no comments were taken: look at the day, or use a late code with its sender.")
        else:
            answer = RedirectResponse(address(request, "receipt", receipt_number=receipt.number), status_code=303)
            receipts.keep(services, answer, receipt, now)
            return answer
    problems = checked if isinstance(checked, dict) else {}
    with services.database.reading() as session:
        return _page(request, session, row, values, token, problems, problem, sent.form.all("clause"))


def new_submission(
    row: Consultation,
    checked: EnteredSubmission,
    token: str,
    origin: Origin,
    request_id: str | None,
    clauses: Sequence[ChosenClause] = (),
) -> NewSubmission:
    return as_submission((row.id, row.version_id), checked, token, origin, request_id, clauses)


def consultation_of(session: Session, slug: str) -> Consultation:
    """Raises NotFound."""
    row = consultations.find(session, slug)
    if row is None:
        raise NotFound("no_such_consultation", slug=slug)
    return row


def token_of(form: Form) -> str:
    """What keeps a form that is sent twice from being stored twice. Raises BadRequest for none of ours."""
    token = form.get("token", "")
    if len(token) != 2 * TOKEN_BYTES or not all(char in "0123456789abcdef" for char in token):
        raise BadRequest("bad_form")
    return token


def field_label(name: str) -> str:
    """What a person calls the field."""
    return _(LABELS[name]) if name in LABELS else label_of(name)


def _chosen(session: Session, row: Consultation, ids: Sequence[str]) -> list[ChosenClause]:
    wanted = set(ids[:MOST_CLAUSES])
    return [
        ChosenClause(clause.id, clause.text_hash)
        for clause in clauses_of(session, row.version_id)
        if str(clause.id) in wanted
    ]


def _page(
    request: Request,
    session: Session,
    row: Consultation,
    values: Mapping[str, str],
    token: str,
    problems: Mapping[str, Problem] | None = None,
    problem: str = "",
    clauses: Sequence[str] = (),
) -> Response:
    problems = problems or {}
    fields = [_field(name, values.get(name, ""), problems.get(name)) for name in FIELDS]
    context: dict[str, Any] = {
        "slug": row.slug,
        "title": row.title,
        "token": token,
        "fields": fields,
        "clauses": [
            (str(clause.id), f"{clause.number} {clause.heading}".strip(), str(clause.id) in clauses)
            for clause in clauses_of(session, row.version_id)
        ],
        "errors": [field for field in fields if field.error],
        "problem_words": problem,
    }
    return page(request, "staff/enter.html", context, 422 if problems or problem else 200)


def _field(name: str, value: str, problem: Problem | None) -> FieldView:
    options: list[tuple[str, str]] = []
    if name == "channel":
        options = [(channel.value, labels.label(channel)) for channel in ENTERED_CHANNELS]
    elif name in CHOSEN:
        options = [("", _("Not known")), *((one.value, one.words) for one in options_of(name) if one.value)]
    return FieldView(
        name=name,
        label=field_label(name),
        hint=_(HINTS[name]) if name in HINTS else "",
        value=value,
        error=field_words.words(problem, name) if problem else "",
        options=options,
        lines=12 if name == "comment" else 1,
        required=name in ("channel", "day", "comment"),
    )
