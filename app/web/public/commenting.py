"""Sending a comment: the form, the store, the receipt."""

import uuid
from contextlib import suppress
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import late_entry
from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime, Phase
from app.consultations.models import Consultation
from app.kit.crypto import Unreadable
from app.kit.errors import Conflict, Unprocessable
from app.kit.http import Now, ReadSession, RequestId
from app.kit.throttle import of_address
from app.submissions import queries as submissions
from app.submissions.composing import Composed
from app.submissions.intake import ChosenClause, NewSubmission, NotTaken
from app.submissions.lifecycle import Channel, HoldReason
from app.web.forms import Received, ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import (
    captcha_part,
    entry_form,
    field_words,
    files_part,
    notes,
    opinion_part,
    receipts,
    sign_in,
    views,
)
from app.web.public.attempt import WHOLE_FORM, Attempt, LatePass, Setting, new_attempt
from app.web.public.entry_form import Step
from app.web.public.form_pages import Call, bound_to, check_page, closed_page, form_page
from app.web.public.privacy import display_in_force
from app.web.public.receiving import ANY_SIZE, CommentForm
from app.web.public.views import ClauseView
from app.web.services import Services, Svc
from app.web.templating import address

router = APIRouter(include_in_schema=False)


REFUSALS = {Phase.SUSPENDED: 409, Phase.CLOSED: 410, Phase.WITHDRAWN: 410}
FORM_GONE = {Phase.SUSPENDED: 409, Phase.WITHDRAWN: 410}
"""What the form's own page answers with; one that hasn't begun or has ended as announced is no error."""


@router.get("/consultations/{slug}/comment", name="comment")
def blank_form(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    call = _call(session, consultations.public_consultation(session, slug), now)
    if call.phase is not Phase.OPEN:
        return closed_page(request, call, None, FORM_GONE.get(call.phase, 200))
    setting = call.setting(services, now, request)
    attempt = new_attempt(setting)
    opinion_part.choose(attempt, request.query_params.getlist("clause"), call.clauses)
    sign_in.pick_up(request, setting, attempt, slug)
    return form_page(request, call, setting, attempt, 200)


@router.post("/consultations/{slug}/comment", name="send_comment", max_body_size=ANY_SIZE)
def send(request: Request, slug: str, services: Svc, received: CommentForm, request_id: RequestId) -> Response:
    """Answers 303 to the receipt only when the submission is durable.

    Before that a right form is shown once more, where the consultation decided so; buttons inside the form give it back
    with a clause more or less.
    """
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        call = _call(session, row, received.at, _version_read(services, session, row, received))
        setting = call.setting(services, received.at, request)
        attempt = entry_form.judge(setting, received.form, call.clauses)
        sent_before = submissions.token_is_stored(session, attempt.token)
    if call.phase is Phase.COMING:
        raise Conflict("not_open_yet")
    late = call.phase is Phase.CLOSED and (attempt.in_time or attempt.late is not None)
    if call.phase in REFUSALS and not (late or sent_before):
        gone = _(field_words.LATE_CODE_GONE) if "late_entry" in received.form else None
        return closed_page(request, call, received, REFUSALS[call.phase], gone)
    if str(call.version_id) != received.form.get("version", str(call.version_id)):
        attempt.problems[WHOLE_FORM] = _(field_words.TEXT_CHANGED)
    if sent_before:
        attempt.forget_captcha()
    files_part.judge(setting, received, attempt)
    step = entry_form.asked(received.form).step
    if step not in entry_form.FINISHING:
        return _given_back(request, call, setting, received, attempt)
    if not attempt.is_right:
        return _bounce(request, call, setting, attempt)
    if call.terms.checks_answers and step is Step.CHECK and not sent_before:
        _note_arrival(call, setting, attempt)
        return check_page(request, call, setting, received.form, attempt)
    if not sent_before:
        captcha_part.admit(setting, attempt)
    return _stored(request, call, setting, received, _submission(call, attempt, received.at, request_id), attempt)


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
        return closed_page(request, call, None, 429, _(field_words.LATE_CODE_TOO_OFTEN))
    if code is None:
        services.late_attempts.note(client, at)
        return closed_page(request, call, None, 422, _(field_words.LATE_CODE_WRONG))
    setting = call.setting(services, at, request)
    attempt = new_attempt(setting)
    attempt.late = LatePass(code.id, code.valid_until)
    return form_page(request, call, setting, attempt, 200)


def _call(session: Session, row: Consultation, now: datetime, version_id: uuid.UUID | None = None) -> Call:
    number = submissions.counts(session, [row.id]).get(row.id, 0)
    read = version_id or row.version_id
    return Call(
        row,
        consultations.form_terms(session, row.id),
        display_in_force(session, row),
        views.card(row, now, number),
        consultations.phase_for_receipt(session, row, now),
        notes.why_stopped(session, row),
        read,
        views.commentable(views.clause_views(session, row, read)),
    )


def _version_read(services: Services, session: Session, row: Consultation, received: Received) -> uuid.UUID:
    """The text that the form was made for, as its own token proves; the present one where the token proves nothing."""
    asked = received.form.get("version", "")
    if asked in ("", str(row.version_id)):
        return row.version_id
    for version_id in consultations.versions_put_out(session, row):
        if asked == str(version_id):
            with suppress(Unreadable):
                services.forms.read(received.form.get("submission_token", ""), bound_to(row, version_id), received.at)
                return version_id
    return row.version_id


def _refused_meanwhile(
    request: Request, services: Services, call: Call, received: Received, refused: Conflict
) -> Response:
    """Between our look at it and the store's it was suspended or withdrawn, or its late code was used or revoked."""
    if refused.code == "late_code_gone":
        return closed_page(request, call, received, 409, _(field_words.LATE_CODE_GONE))
    if not isinstance(refused, NotTaken):
        raise refused
    with services.database.reading() as session:
        now = _call(session, consultations.public_consultation(session, call.row.slug), received.at)
    return closed_page(request, now, received, REFUSALS[refused.phase])


def _stored(
    request: Request, call: Call, setting: Setting, received: Received, submission: NewSubmission, attempt: Attempt
) -> Response:
    services = setting.services
    try:
        receipt = services.intake.store(submission)
    except Unprocessable:
        attempt.problems["captcha"] = _(field_words.CAPTCHA_USED)
        attempt.captcha_token = None
        return _bounce(request, call, setting, attempt)
    except Conflict as refused:
        return _refused_meanwhile(request, services, call, received, refused)
    services.figures.submissions.inc()
    answer = RedirectResponse(address(request, "receipt", receipt_number=receipt.number), status_code=303)
    receipts.keep(services, answer, receipt, received.at)
    sign_in.forget(services, answer, call.row.slug)
    return answer


def _submission(call: Call, attempt: Attempt, at: datetime, request_id: str | None) -> NewSubmission:
    """Of a right form."""
    entry, composed = attempt.entry, attempt.composed
    assert entry is not None
    assert composed is not None
    row = call.row
    by_code = attempt.late if call.phase is Phase.CLOSED and not attempt.in_time else None
    return NewSubmission(
        token=attempt.token,
        consultation_id=row.id,
        version_id=call.version_id,
        channel=Channel.WEB,
        received_at=at,
        title=entry.title,
        comment=composed.comment,
        occupation=entry.occupation,
        clauses=[_chosen(block.clause, composed) for block in attempt.blocks],
        identity=entry.identity,
        submitter_kind=entry.submitter_kind,
        organisation_type=entry.organisation_type,
        display=row.display_regime is DisplayRegime.INSTANT,
        keep=[contact for contact in (row.contact_phone, row.contact_email) if contact],
        challenge=attempt.challenge,
        request_id=request_id,
        late=attempt.in_time or by_code is not None,
        late_code_id=by_code.code_id if by_code else None,
        quarantine=attempt.quarantine,
        files=attempt.files,
        hold_for=frozenset({HoldReason.UNDER_14} if entry.identity.guardian else ()),
    )


def _chosen(clause: ClauseView, composed: Composed) -> ChosenClause:
    places = next((places for places in composed.places if places.clause_id == clause.id), None)
    return ChosenClause(clause.id, clause.text_hash, places)


def _given_back(request: Request, call: Call, setting: Setting, received: Received, attempt: Attempt) -> Response:
    """The form for going on: nothing in it is called wrong before it is finished."""
    added = opinion_part.mark_added(attempt, received.form)
    step = entry_form.asked(received.form).step
    refused = attempt.problems.get("clause")
    problems, attempt.problems = attempt.problems, {}
    if files_part.FIELD in problems:
        attempt.problems[files_part.FIELD] = problems[files_part.FIELD]
    if step is Step.ADD_CLAUSE and (refused or not added):
        attempt.problems["clause"] = refused or _(field_words.CLAUSE_TO_CHOOSE)
    captcha_part.use_up_wrong(setting, attempt)
    return form_page(request, call, setting, attempt, 422 if attempt.problems else 200)


def _bounce(request: Request, call: Call, setting: Setting, attempt: Attempt) -> Response:
    """The same form with what was entered, what is to be mended, and a ticket that it arrived in time."""
    captcha_part.use_up_wrong(setting, attempt)
    _note_arrival(call, setting, attempt)
    return form_page(request, call, setting, attempt, 422)


def _note_arrival(call: Call, setting: Setting, attempt: Attempt) -> None:
    """From now on the form may be finished for a while, even if the window ends meanwhile."""
    if call.phase is Phase.OPEN:
        attempt.ticket = entry_form.make_ticket(setting, attempt)
