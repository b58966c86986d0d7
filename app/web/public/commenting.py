"""Sending a comment: the form, the store, the receipt."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.captcha import ledger as challenges
from app.consultations import late_entry
from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime, Phase
from app.consultations.models import Consultation
from app.consultations.terms import FormTerms
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict, Unprocessable
from app.kit.http import Now, ReadSession, RequestId
from app.kit.throttle import of_address
from app.submissions import queries as submissions
from app.submissions.fields import OCCUPATIONS, Entry
from app.submissions.intake import ChosenClause, NewSubmission, NotTaken
from app.submissions.lifecycle import Channel
from app.submissions.vault import Identity
from app.web.forms import Received, ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import captcha_part, entry_form, field_words, notes, opinion_part, person_part, receipts, views
from app.web.public.attempt import WHOLE_FORM, Attempt, FieldError, LatePass, Setting, new_attempt
from app.web.public.notes import NoteView
from app.web.services import Services, Svc
from app.web.templating import address, page

router = APIRouter(include_in_schema=False)


REFUSALS = {Phase.SUSPENDED: 409, Phase.CLOSED: 410, Phase.WITHDRAWN: 410}
FORM_GONE = {Phase.SUSPENDED: 409, Phase.WITHDRAWN: 410}
"""What the form's own page answers with; one that hasn't begun or has ended as announced is no error."""


@dataclass(frozen=True)
class Call:
    """The consultation that a form belongs to, as this request needs it, with the clauses of the text that was read.

    `phase` is that which counts for a comment that arrives now; `version_id` the text that the form was made for.
    """

    row: Consultation
    terms: FormTerms
    card: views.Card
    phase: Phase
    note: NoteView | None
    version_id: uuid.UUID
    clauses: list[views.ClauseView]

    def setting(self, services: Services, at: datetime) -> Setting:
        """The form's tokens are bound to consultation and text: neither can be exchanged."""
        return Setting(services, _bound_to(self.row, self.version_id), self.terms, at)


@router.get("/consultations/{slug}/comment", name="comment")
def blank_form(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    call = _call(session, consultations.public_consultation(session, slug), now)
    if call.phase is not Phase.OPEN:
        return _closed(request, call, None, FORM_GONE.get(call.phase, 200))
    known = {clause.label for clause in call.clauses}
    chosen = set(request.query_params.getlist("clause")) & known
    setting = call.setting(services, now)
    return _form(request, call, setting, new_attempt(setting, chosen), 200)


@router.post("/consultations/{slug}/comment", name="send_comment")
def send(request: Request, slug: str, services: Svc, received: ReceivedForm, request_id: RequestId) -> Response:
    """Answers 303 to the receipt only when the submission is durable."""
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        call = _call(session, row, received.at, _version_read(services, session, row, received))
        setting = call.setting(services, received.at)
        attempt = entry_form.judge(setting, received.form, call.clauses)
        sent_before = submissions.token_is_stored(session, attempt.token)
    if call.phase is Phase.COMING:
        raise Conflict("not_open_yet")
    late = call.phase is Phase.CLOSED and (attempt.in_time or attempt.late is not None)
    if call.phase in REFUSALS and not (late or sent_before):
        gone = _(field_words.LATE_CODE_GONE) if "late_entry" in received.form else None
        return _closed(request, call, received, REFUSALS[call.phase], gone)
    if str(call.version_id) != received.form.get("version", str(call.version_id)):
        attempt.problems[WHOLE_FORM] = _(field_words.TEXT_CHANGED)
    if sent_before:
        attempt.forget_captcha()
    if attempt.problems or attempt.entry is None:
        return _bounce(request, call, setting, attempt)
    try:
        receipt = services.intake.store(_submission(call, attempt, attempt.entry, received.at, request_id))
    except Unprocessable:
        attempt.problems["captcha"] = _(field_words.CAPTCHA_USED)
        attempt.captcha_token = None
        return _bounce(request, call, setting, attempt)
    except Conflict as refused:
        return _refused_meanwhile(request, services, call, received, refused)
    services.figures.submissions.inc()
    answer = RedirectResponse(address(request, "receipt", receipt_number=receipt.number), status_code=303)
    receipts.keep(services, answer, receipt, received.at)
    return answer


@router.post("/consultations/{slug}/comment/late", name="late_form")
def late_form(request: Request, slug: str, services: Svc, received: ReceivedForm) -> Response:
    """The form for whoever holds a late code. All codes that don't open it are answered alike, and only so many."""
    client = of_address(request.client.host if request.client else None)
    typed, at = received.form.text("late_code"), received.at
    with services.database.reading() as session:
        call = _call(session, consultations.public_consultation(session, slug), at)
        code = late_entry.usable_code(session, services.late_codes, call.row.id, typed, at)
    if call.phase is not Phase.CLOSED:
        return RedirectResponse(address(request, "comment", slug=slug), status_code=303)
    if services.late_attempts.is_over(client, at):
        return _closed(request, call, None, 429, _(field_words.LATE_CODE_TOO_OFTEN))
    if code is None:
        services.late_attempts.note(client, at)
        return _closed(request, call, None, 422, _(field_words.LATE_CODE_WRONG))
    setting = call.setting(services, at)
    attempt = new_attempt(setting, set())
    attempt.late = LatePass(code.id, code.valid_until)
    return _form(request, call, setting, attempt, 200)


def _call(session: Session, row: Consultation, now: datetime, version_id: uuid.UUID | None = None) -> Call:
    number = submissions.counts(session, [row.id]).get(row.id, 0)
    read = version_id or row.version_id
    return Call(
        row,
        consultations.form_terms(session, row.id),
        views.card(row, now, number),
        consultations.phase_for_receipt(session, row, now),
        notes.why_stopped(session, row),
        read,
        views.commentable(views.clause_views(session, row, read)),
    )


def _bound_to(row: Consultation, version_id: uuid.UUID) -> str:
    return f"{row.id}|{version_id}"


def _version_read(services: Services, session: Session, row: Consultation, received: Received) -> uuid.UUID:
    """The text that the form was made for, as its own token proves; the present one where the token proves nothing."""
    asked = received.form.get("version", "")
    if asked in ("", str(row.version_id)):
        return row.version_id
    for version_id in consultations.versions_put_out(session, row):
        if asked == str(version_id):
            with suppress(Unreadable):
                services.forms.read(received.form.get("submission_token", ""), _bound_to(row, version_id), received.at)
                return version_id
    return row.version_id


def _refused_meanwhile(
    request: Request, services: Services, call: Call, received: Received, refused: Conflict
) -> Response:
    """Between our look at it and the store's it was suspended or withdrawn, or its late code was used or revoked."""
    if refused.code == "late_code_gone":
        return _closed(request, call, received, 409, _(field_words.LATE_CODE_GONE))
    if not isinstance(refused, NotTaken):
        raise refused
    with services.database.reading() as session:
        now = _call(session, consultations.public_consultation(session, call.row.slug), received.at)
    return _closed(request, now, received, REFUSALS[refused.phase])


def _submission(call: Call, attempt: Attempt, entry: Entry, at: datetime, request_id: str | None) -> NewSubmission:
    row = call.row
    by_code = attempt.late if call.phase is Phase.CLOSED and not attempt.in_time else None
    return NewSubmission(
        token=attempt.token,
        consultation_id=row.id,
        version_id=call.version_id,
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
        late=attempt.in_time or by_code is not None,
        late_code_id=by_code.code_id if by_code else None,
        quarantine=attempt.quarantine,
    )


def _bounce(request: Request, call: Call, setting: Setting, attempt: Attempt) -> Response:
    """The same form with what was entered, what is to be mended, and a ticket that it arrived in time."""
    if attempt.wrong_challenge is not None:
        # Whoever else burns it at the same moment does what is wanted here.
        with suppress(Conflict), setting.services.database.writing() as session:
            challenges.burn(session, attempt.wrong_challenge)
    if call.phase is Phase.OPEN:
        attempt.ticket = entry_form.make_ticket(setting, attempt)
    return _form(request, call, setting, attempt, 422)


def _form(request: Request, call: Call, setting: Setting, attempt: Attempt, status: int) -> Response:
    captcha_part.prepare(setting, attempt)
    context = {
        "c": call.card,
        "terms": call.terms,
        "fields": attempt.values,
        "chosen": attempt.chosen,
        "clauses": call.clauses,
        "occupations": OCCUPATIONS,
        "errors": attempt.errors(),
        "error_for": attempt.problems,
        "hidden": {"version": str(call.version_id)} | entry_form.hidden_fields(setting, attempt),
        "superseded": call.version_id != call.row.version_id,
        "masked_id_number": person_part.masked_number(attempt),
        "captcha": captcha_part.view(request, attempt),
        "consented": attempt.consented,
        "limits": opinion_part.Limits(),
        "late_until": attempt.late.valid_until if attempt.late and call.phase is Phase.CLOSED else None,
    }
    return page(request, "public/comment_form.html", context, status)


def _closed(
    request: Request, call: Call, received: Received | None, status: int, late_error: str | None = None
) -> Response:
    """Says when it was open or why it takes no comments, and gives the person's words back to copy."""
    form = received.form if received else {}
    context = {
        "c": call.card,
        "note": call.note,
        "title": form.get("title", ""),
        "text": form.get("comment") or None,
        "takes_codes": call.phase is Phase.CLOSED,
        "errors": [FieldError("late_code", late_error)] if late_error else [],
    }
    return page(request, "public/closed.html", context, status)
