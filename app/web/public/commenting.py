"""Sending a comment: the form, the store, the receipt."""

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.routing import Route

from app.captcha.gate import Judged
from app.consultations import late_entry
from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.kit.errors import Conflict, Unavailable, Unprocessable
from app.kit.http import Now, ReadSession, request_id_of
from app.kit.throttle import of_address
from app.submissions import queries as submissions
from app.submissions.intake import NewSubmission, NotTaken
from app.submissions.receipts import Receipt
from app.web.errors import BUSY_SECONDS, words_of
from app.web.forms import Received, ReceivedForm
from app.web.i18n import gettext as _
from app.web.public import (
    captcha_part,
    entry_form,
    field_words,
    files_part,
    opinion_part,
    receipts,
    sign_in,
    straight,
)
from app.web.public.attempt import WHOLE_FORM, Attempt, LatePass, Setting, new_attempt
from app.web.public.calls import read_call, version_read
from app.web.public.entry_form import Step
from app.web.public.form_pages import Call, check_page, closed_page, form_page
from app.web.public.new_submission import submission_of
from app.web.public.receiving import ANY_SIZE, receive
from app.web.services import Services, Svc, services_of
from app.web.templating import address

router = APIRouter(include_in_schema=False)


REFUSALS = {Phase.SUSPENDED: 409, Phase.CLOSED: 410, Phase.WITHDRAWN: 410}
FORM_GONE = {Phase.SUSPENDED: 409, Phase.WITHDRAWN: 410}
"""What the form's own page answers with; one that hasn't begun or has ended as announced is no error."""


@router.get("/consultations/{slug}/comment", name="comment")
def blank_form(request: Request, slug: str, services: Svc, session: ReadSession, now: Now) -> Response:
    call = read_call(session, consultations.public_consultation(session, slug), now)
    if call.phase is not Phase.OPEN:
        return closed_page(request, call, None, FORM_GONE.get(call.phase, 200))
    setting = call.setting(services, now, request)
    attempt = new_attempt(setting)
    opinion_part.choose(attempt, request.query_params.getlist("clause"), call.clauses)
    sign_in.pick_up(request, setting, attempt, slug)
    return form_page(request, call, setting, attempt, 200)


@dataclass(frozen=True)
class _Right:
    """A right form, and what is needed to answer for it; `is_straight` where it was judged by what was kept."""

    call: Call
    setting: Setting
    received: Received
    attempt: Attempt
    is_straight: bool = False


@dataclass(frozen=True)
class _Taken:
    """A right form on its way into the store. `receipt` is to come."""

    right: _Right
    receipt: "Future[Receipt]"


async def send(request: Request) -> Response:
    """Answers 303 to the receipt only when the submission is durable.

    Before that a right form is shown once more, where the consultation decided so; buttons inside the form give it back
    with a clause more or less. Whoever waits for the store holds no thread: as many as come are stored together. What
    it needs it asks for itself, and how much it takes it bounds itself: the framework's own way to a function's
    parameters takes more of the processor than the form's whole reading.
    """
    request.scope.update({MAX_BODY_SIZE_SCOPE_KEY: ANY_SIZE, "route": SENDING})
    slug, services, request_id = request.path_params["slug"], services_of(request), request_id_of(request)
    received = await receive(request, slug)
    found = straight.at_once(request, services, slug, received)
    judged: Response | _Taken
    if isinstance(found, straight.Right):
        judged = _straight(found, received, request_id)
    else:
        judged = await run_in_threadpool(_judged, request, slug, services, received, request_id, found)
    while isinstance(judged, _Taken):
        try:
            # A sender who goes away takes nothing back: what was sent in time is stored.
            receipt = await asyncio.shield(asyncio.wrap_future(judged.receipt))
        except (Unprocessable, Conflict) as refusal:
            if not judged.right.is_straight:
                return await run_in_threadpool(_refused, request, judged.right, refusal)
            captcha = judged.right.attempt.captcha
            judged = await run_in_threadpool(_judged_in_full, request, slug, services, received, request_id, captcha)
        except Unavailable as busy:
            return await run_in_threadpool(_put_off, request, judged.right, busy)
        else:
            return _acknowledged(request, judged.right, receipt)
    return judged


SENDING = Route("/consultations/{slug}/comment", send, methods=["POST"], name="send_comment", include_in_schema=False)
router.routes.append(SENDING)


def _judged(
    request: Request, slug: str, services: Services, received: Received, request_id: str | None, captcha: Judged | None
) -> Response | _Taken:
    """By what is known of the consultation within this second, where the form is plain and right; else in full."""
    found = captcha or straight.glance(request, services, slug, received)
    if isinstance(found, straight.Right):
        return _straight(found, received, request_id)
    return _judged_in_full(request, slug, services, received, request_id, found)


def _straight(found: straight.Right, received: Received, request_id: str | None) -> _Taken:
    right = _Right(found.call, found.setting, received, found.attempt, is_straight=True)
    captcha_part.admit(right.setting, right.attempt)
    submission = submission_of(right.call, right.attempt, received.at, request_id)
    return _submitted(right, replace(submission, late=False, judged_by=right.call.row.revision))


def _judged_in_full(
    request: Request,
    slug: str,
    services: Services,
    received: Received,
    request_id: str | None,
    captcha: Judged | None,
) -> Response | _Taken:
    with services.database.reading() as session:
        row = consultations.public_consultation(session, slug)
        call = read_call(session, row, received.at, version_read(services, session, row, received))
        setting = call.setting(services, received.at, request)
        attempt = entry_form.judge(setting, received.form, call.clauses, captcha)
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
    submission = submission_of(call, attempt, received.at, request_id)
    return _submitted(_Right(call, setting, received, attempt), submission)


def _submitted(right: _Right, submission: NewSubmission) -> _Taken:
    try:
        return _Taken(right, right.setting.services.intake.submit(submission))
    except Unavailable as busy:
        refused: Future[Receipt] = Future()
        refused.set_exception(busy)
        return _Taken(right, refused)


@router.post("/consultations/{slug}/comment/late", name="late_form")
def late_form(request: Request, slug: str, services: Svc, received: ReceivedForm) -> Response:
    """The form for whoever holds a late code. All codes that don't open it are answered alike, and only so many."""
    client = of_address(request.client.host if request.client else None)
    typed, at = received.form.text("late_code"), received.at
    with services.database.reading() as session:
        call = read_call(session, consultations.public_consultation(session, slug), at)
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


def _refused_meanwhile(
    request: Request, services: Services, call: Call, received: Received, refused: Conflict
) -> Response:
    """Between our look at it and the store's it was suspended or withdrawn, or its late code was used or revoked."""
    if refused.code == "late_code_gone":
        return closed_page(request, call, received, 409, _(field_words.LATE_CODE_GONE))
    if not isinstance(refused, NotTaken):
        raise refused
    with services.database.reading() as session:
        now = read_call(session, consultations.public_consultation(session, call.row.slug), received.at)
    return closed_page(request, now, received, REFUSALS[refused.phase])


def _refused(request: Request, right: _Right, refusal: Unprocessable | Conflict) -> Response:
    if isinstance(refusal, Conflict):
        return _refused_meanwhile(request, right.setting.services, right.call, right.received, refusal)
    right.attempt.problems["captcha"] = _(field_words.CAPTCHA_USED)
    right.attempt.captcha_token = None
    return _bounce(request, right.call, right.setting, right.attempt)


def _put_off(request: Request, right: _Right, busy: Unavailable) -> Response:
    """The store has no room for it now, or broke off: the form as it was sent, ready to be sent again.

    Its ticket tells that it arrived in time, so that nobody loses a comment because the window ends meanwhile.
    """
    right.attempt.problems[WHOLE_FORM] = words_of(busy)
    _note_arrival(right.call, right.setting, right.attempt)
    answer = form_page(request, right.call, right.setting, right.attempt, Unavailable.status)
    answer.headers["Retry-After"] = str(busy.details.get("seconds", BUSY_SECONDS))
    return answer


def _acknowledged(request: Request, right: _Right, receipt: Receipt) -> Response:
    services = right.setting.services
    services.figures.submissions.inc()
    answer = RedirectResponse(address(request, "receipt", receipt_number=receipt.number), status_code=303)
    receipts.keep(services, answer, receipt, right.received.at)
    sign_in.forget(request, services, answer, right.call.row.slug)
    return answer


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
