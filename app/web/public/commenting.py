"""Sending a comment: the form, the store, the receipt."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.captcha import ledger as challenges
from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime, Phase
from app.consultations.models import Consultation
from app.kit.errors import Conflict, Unprocessable
from app.kit.http import Now, ReadSession, RequestId
from app.submissions import queries as submissions
from app.submissions.fields import OCCUPATIONS, Entry
from app.submissions.intake import ChosenClause, NewSubmission
from app.submissions.lifecycle import Channel
from app.submissions.vault import Identity
from app.web.forms import Received, ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import entry_form, field_words, receipts, views
from app.web.public.entry_form import Attempt
from app.web.services import Services, Svc
from app.web.templating import address, page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Call:
    """The consultation that a form belongs to, as this request needs it."""

    row: Consultation
    card: views.Card
    clauses: list[views.ClauseView]

    @property
    def id(self) -> str:
        return str(self.row.id)


@router.get("/consultations/{slug}/comment", name="comment")
def blank_form(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    call = _call(session, slug, now)
    if call.card.phase is not Phase.OPEN:
        return _closed(request, call, None, 200)
    known = {clause.label for clause in call.clauses}
    chosen = set(request.query_params.getlist("clause")) & known
    return _form(request, services, call, entry_form.new_attempt(services, call.id, now, chosen), now, 200)


@router.post("/consultations/{slug}/comment", name="send_comment")
def send(request: Request, slug: str, services: Svc, received: ReceivedForm, request_id: RequestId) -> Response:
    """Answers 303 to the receipt only when the submission is durable."""
    with services.database.reading() as session:
        call = _call(session, slug, received.at)
        attempt = entry_form.judge(services, call.id, received.form, received.at, call.clauses)
        sent_before = submissions.token_is_stored(session, attempt.token)
    if call.card.phase is Phase.COMING:
        raise Conflict("not_open_yet")
    if call.card.phase is Phase.CLOSED and not (attempt.in_time or sent_before):
        return _closed(request, call, received, 410)
    if sent_before:
        attempt.forget_captcha()
    if attempt.problems or attempt.entry is None:
        return _bounce(request, services, call, attempt, received.at)
    try:
        receipt = services.intake.store(_submission(call, attempt, attempt.entry, received.at, request_id))
    except Unprocessable:
        attempt.problems["captcha"] = _(field_words.CAPTCHA_USED)
        attempt.captcha_token = None
        return _bounce(request, services, call, attempt, received.at)
    services.figures.submissions.inc()
    answer = RedirectResponse(address(request, "receipt", receipt_number=receipt.number), status_code=303)
    receipts.keep(services, answer, receipt, received.at)
    return answer


def _call(session: Session, slug: str, now: datetime) -> Call:
    row = consultations.public_consultation(session, slug)
    number = submissions.counts(session, [row.id]).get(row.id, 0)
    return Call(row, views.card(row, now, number), views.commentable(views.clause_views(session, row)))


def _submission(call: Call, attempt: Attempt, entry: Entry, at: datetime, request_id: str | None) -> NewSubmission:
    row = call.row
    return NewSubmission(
        token=attempt.token,
        consultation_id=row.id,
        version_id=row.version_id,
        channel=Channel.WEB,
        received_at=at,
        title=entry.title,
        comment=entry.comment,
        occupation=entry.occupation,
        clauses=[
            ChosenClause(clause.id, clause.text_hash) for clause in call.clauses if clause.label in attempt.chosen
        ],
        identity=Identity(entry.name, entry.id_number.number, entry.phone, entry.email),
        display=row.display_regime is DisplayRegime.INSTANT,
        keep=[contact for contact in (row.contact_phone, row.contact_email) if contact],
        challenge=attempt.challenge,
        request_id=request_id,
    )


def _bounce(request: Request, services: Services, call: Call, attempt: Attempt, at: datetime) -> Response:
    """The same form with what was entered, what is to be mended, and a ticket that it arrived in time."""
    if attempt.wrong_challenge is not None:
        # Whoever else burns it at the same moment does what is wanted here.
        with suppress(Conflict), services.database.writing() as session:
            challenges.burn(session, attempt.wrong_challenge)
    if call.card.phase is Phase.OPEN:
        attempt.ticket = entry_form.make_ticket(services, call.id, attempt, at)
    return _form(request, services, call, attempt, at, 422)


def _form(request: Request, services: Services, call: Call, attempt: Attempt, at: datetime, status: int) -> Response:
    captcha = None
    if services.settings.captcha:
        attempt.captcha_token = attempt.captcha_token or services.challenges.mint(at)
        captcha = entry_form.CaptchaView(
            address(request, "captcha_picture", token=attempt.captcha_token),
            address(request, "captcha_sound", token=attempt.captcha_token),
            attempt.captcha_answer,
        )
    context = {
        "c": call.card,
        "fields": attempt.values,
        "chosen": attempt.chosen,
        "clauses": call.clauses,
        "occupations": OCCUPATIONS,
        "errors": attempt.errors(),
        "error_for": attempt.problems,
        "hidden": entry_form.hidden_fields(services, call.id, attempt, at),
        "masked_id_number": entry_form.masked_number(attempt),
        "captcha": captcha,
        "consented": attempt.consented,
        "limits": entry_form.Limits(),
    }
    return page(request, "public/comment_form.html", context, status)


def _closed(request: Request, call: Call, received: Received | None, status: int) -> Response:
    """Says when it was open, and gives the person's words back to copy."""
    form = received.form if received else {}
    context = {"c": call.card, "title": form.get("title", ""), "text": form.get("comment") or None}
    return page(request, "public/closed.html", context, status)
