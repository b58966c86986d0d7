"""The receipt, right after sending and whenever number and access code are entered."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.crypto import Unreadable
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.publication.queries import Outcome, PersonsOutcome, Progress
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.receipts import Receipt, read_number
from app.web.forms import ReceivedForm
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.public import notes
from app.web.public.attempt import FieldError
from app.web.public.clause_places import clause_words
from app.web.public.notes import NoteView
from app.web.services import Services, Svc
from app.web.templating import address, page

COOKIE = "yanlu_receipt"
KEPT_FOR = timedelta(minutes=30)
CONTEXT = "just-sent"

STATUS = {
    SubmissionState.RECEIVED: N_("We have received your comment; it is waiting to be read."),
    SubmissionState.ACCEPTED: N_("Your comment has been accepted and is being worked on."),
    SubmissionState.OUT_OF_SCOPE: N_("Your comment doesn't concern this draft, so that we can't work on it here."),
    SubmissionState.DUPLICATE: N_("Your comment has been joined with one that says the same."),
    SubmissionState.UNSUITABLE: N_("Your comment can't be worked on as it is."),
}
PROGRESS = {
    Progress.BEING_EDITED: N_("Being put into words and checked"),
    Progress.WITH_DEPARTMENTS: N_("With the responsible departments"),
    Progress.DECIDED: N_("Answered"),
}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Step:
    label: str
    state: str


@dataclass(frozen=True)
class OutcomeView:
    """One suggestion as its author is told of it."""

    text: str
    clause: str | None
    status: str
    departments: tuple[str, ...]
    disposition: object
    reason: str
    decided_at: datetime | None
    duplicate: bool


@dataclass(frozen=True)
class ReceiptView:
    """`access_code` is set only right after sending, in the browser that sent; nobody can get it again."""

    receipt_number: str
    access_code: str | None
    received_at: datetime
    title: str
    comment: str
    consultation_title: str
    slug: str
    clauses: list[str]
    fresh: bool
    status: str
    steps: list[Step]
    outcomes: list[OutcomeView]
    closing_reason: str | None
    notes: list[NoteView]
    newer_text: bool


@router.get("/receipts", name="receipts")
def lookup_form(request: Request) -> Response:
    return _lookup(request, {}, "", 200)


@router.post("/receipts", name="find_receipt")
def lookup(request: Request, services: Svc, received: ReceivedForm, session: ReadSession) -> Response:
    """Shows the submission that number and code open together; says the same whichever of them is wrong."""
    number, code = received.form.text("receipt_number"), received.form.text("access_code")
    missing = {}
    if not number:
        missing["receipt_number"] = _("Enter the receipt number")
    if not code:
        missing["access_code"] = _("Enter the access code")
    if missing:
        return _lookup(request, missing, number, 422)
    found = submissions.with_code(session, services.receipts, number, code)
    if found is None:
        wrong = _("Number and access code don't belong together; check both on your receipt")
        return _lookup(request, {"receipt_number": wrong}, number, 422)
    return _receipt(request, session, found, None)


@router.get("/receipts/{receipt_number}", name="receipt")
def just_sent(request: Request, receipt_number: str, services: Svc, session: ReadSession, now: Now) -> Response:
    """For the browser that has just sent; anybody else is asked for number and code."""
    kept = _kept(services, request, now)
    if kept is None or kept.number != read_number(receipt_number):
        return RedirectResponse(address(request, "receipts"), status_code=303)
    found = submissions.with_code(session, services.receipts, kept.number, kept.access_code)
    if found is None:
        return RedirectResponse(address(request, "receipts"), status_code=303)
    return _receipt(request, session, found, kept.access_code)


def keep(services: Services, answer: Response, receipt: Receipt, now: datetime) -> None:
    """Hands the receipt to the browser in an encrypted cookie: the access code is never in an address."""
    value = json.dumps([receipt.number, receipt.access_code])
    answer.set_cookie(
        COOKIE,
        services.kept_receipts.seal(value, CONTEXT, now + KEPT_FOR),
        max_age=int(KEPT_FOR.total_seconds()),
        path=f"{services.settings.base_path}/receipts",
        secure=bool(services.settings.secure_cookies),
        httponly=True,
        samesite="lax",
    )


def _kept(services: Services, request: Request, now: datetime) -> Receipt | None:
    try:
        number, code = json.loads(services.kept_receipts.open(request.cookies.get(COOKIE, ""), CONTEXT, now))
    except Unreadable:
        return None
    return Receipt(number, code)


def _lookup(request: Request, problems: dict[str, str], number: str, status: int) -> Response:
    context = {
        "fields": {"receipt_number": number, "access_code": ""},
        "errors": [FieldError(name, message) for name, message in problems.items()],
        "error_for": problems,
    }
    return page(request, "public/receipts.html", context, status)


def _receipt(request: Request, session: Session, found: Submission, access_code: str | None) -> Response:
    consultation = session.get_one(Consultation, found.consultation_id)
    chosen = submissions.clause_ids(session, [found.id])[found.id]
    told = publication.outcome_of(session, found)
    spoken_of = [outcome.clause_id for outcome in told.outcomes if outcome.clause_id]
    names = clause_words(session, consultation, [*chosen, *spoken_of])
    view = ReceiptView(
        receipt_number=found.receipt_number,
        access_code=access_code,
        received_at=found.received_at,
        title=found.title,
        comment=found.comment,
        consultation_title=consultation.title,
        slug=consultation.slug,
        clauses=[name for clause_id, name in names.items() if clause_id in chosen],
        fresh=access_code is not None,
        status=_status(told),
        steps=_steps(told),
        outcomes=[_outcome(outcome, names, told.duplicate) for outcome in told.outcomes],
        closing_reason=told.closing_reason,
        notes=notes.since(session, consultation, found.received_at),
        newer_text=consultation.version_id != found.version_id,
    )
    return page(request, "public/receipt.html", {"receipt": view})


def _status(told: PersonsOutcome) -> str:
    if told.duplicate:
        return _(STATUS[SubmissionState.DUPLICATE])
    if told.outcomes and all(outcome.progress is Progress.DECIDED for outcome in told.outcomes):
        return _("Your comment has been answered.")
    return _(STATUS[told.state])


def _steps(told: PersonsOutcome) -> list[Step]:
    """The bar: what is behind, where it stands, what is to come."""
    if told.state in (SubmissionState.OUT_OF_SCOPE, SubmissionState.UNSUITABLE):
        return [Step(_("Received"), "done"), Step(_("Closed"), "done")]
    labels = [_("Received"), _("Read"), _("With the departments"), _("Answered")]
    at = _step_at(told)
    return [Step(text, "done" if place < at else "now" if place == at else "todo") for place, text in enumerate(labels)]


def _step_at(told: PersonsOutcome) -> int:
    """The place of the step that it stands at; one past the last when everything is answered."""
    progress = {outcome.progress for outcome in told.outcomes}
    if not progress or Progress.BEING_EDITED in progress:
        return 1
    return 2 if Progress.WITH_DEPARTMENTS in progress else 4


def _outcome(outcome: Outcome, names: Mapping[uuid.UUID, str], duplicate: bool) -> OutcomeView:
    return OutcomeView(
        text=outcome.text,
        clause=names[outcome.clause_id] if outcome.clause_id else None,
        status=_(PROGRESS[outcome.progress]),
        departments=outcome.departments,
        disposition=outcome.disposition,
        reason=outcome.reason,
        decided_at=outcome.decided_at,
        duplicate=duplicate,
    )
