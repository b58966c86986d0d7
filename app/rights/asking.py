"""What a person asks: each request gets a number that may be said aloud, and a day by which it is answered."""

import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from app import audit
from app.calendars import queries as calendars
from app.kit.clock import beijing_day
from app.kit.errors import Conflict, Unprocessable
from app.kit.identifiers import luhn_digit, new_id
from app.permissions import Actor
from app.rights import queries
from app.rights.lifecycle import RequestKind, RequestState
from app.rights.models import ReportedSubmission, RightsRequest
from app.rights.sealing import Contact, Letters
from app.submissions import display_ending
from app.submissions import queries as submissions
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.vault import Vault

ANSWERED_WITHIN = 15
"""Working days. 个人信息保护法 §50 wants a timely answer and names no number; fifteen working days is what
《App违法违规收集使用个人信息行为认定方法》(国信办秘字〔2019〕191号, 六) takes for the longest."""
WORDS_LIMIT = 2_000
"""Code points."""
NUMBER_DIGITS = 12
OF_A_RECEIPT = (RequestKind.WITHDRAW, RequestKind.CORRECT, RequestKind.COPY, RequestKind.DELETE)
"""What is asked by whoever holds number and code of a receipt."""


def ask(
    session: Session,
    citizen: Actor,
    at: datetime,
    letters: Letters,
    submission: Submission,
    kind: RequestKind,
    words: str,
    contact: Contact,
) -> RightsRequest:
    """A request about one's own submission. The caller has verified that it is the person's own.

    Raises Conflict("asked_already") while one of that kind is open, Conflict("comment_withdrawn_already"),
    Conflict("erased_already"), Unprocessable("contact_required") for a correction of nothing,
    Unprocessable("words_too_long").
    """
    submissions.hold(session, [submission.id])
    if queries.is_open(session, submission.id, kind):
        raise Conflict("asked_already")
    if kind is RequestKind.WITHDRAW and submission.state is SubmissionState.WITHDRAWN:
        raise Conflict("comment_withdrawn_already")
    if kind is RequestKind.DELETE and queries.is_erased(session, submission.id):
        raise Conflict("erased_already")
    if kind is RequestKind.CORRECT and not (contact.phone or contact.email):
        raise Unprocessable("contact_required")
    request = _request(session, at, letters, kind, words, contact)
    request.submission_id = submission.id
    session.add(request)
    session.flush()
    audit.record(
        session, citizen, at, "rights_request.received", ("rights_request", request.id), request_kind=kind.value
    )
    return request


def report_misuse(
    session: Session,
    citizen: Actor,
    at: datetime,
    letters: Letters,
    vault: Vault,
    id_number: str,
    words: str,
    contact: Contact,
) -> RightsRequest:
    """A case about an ID number that somebody else used. What was written under it is off display until it is decided.

    The number itself isn't kept. The answer is the same whether anything was found, so that nobody learns by asking
    whether a number has commented. Raises Unprocessable("contact_required") without a name and a telephone,
    Unprocessable("words_too_long").
    """
    if not (contact.name and contact.phone):
        raise Unprocessable("contact_required")
    request = _request(session, at, letters, RequestKind.MISUSE, words, contact)
    session.add(request)
    session.flush()
    found = queries.written_under(session, vault, id_number)
    for submission_id in found:
        session.add(ReportedSubmission(request_id=request.id, submission_id=submission_id))
        display_ending.freeze(session, at, submission_id)
    audit.record(
        session,
        citizen,
        at,
        "rights_request.received",
        ("rights_request", request.id),
        request_kind=request.kind.value,
        frozen=[str(submission_id) for submission_id in found],
    )
    return request


def due_on(session: Session, day: date) -> date:
    """The last day for an answer to what arrived on `day`."""
    return calendars.calendar(session).after(day, ANSWERED_WITHIN).day


def _request(
    session: Session, at: datetime, letters: Letters, kind: RequestKind, words: str, contact: Contact
) -> RightsRequest:
    if len(words) > WORDS_LIMIT:
        raise Unprocessable("words_too_long", limit=WORDS_LIMIT)
    request_id = new_id()
    return RightsRequest(
        id=request_id,
        number=_new_number(),
        kind=kind,
        state=RequestState.OPEN,
        words=letters.seal(request_id, "words", words.strip()),
        name=letters.seal_if_there(request_id, "name", contact.name),
        phone=letters.seal_if_there(request_id, "phone", contact.phone),
        email=letters.seal_if_there(request_id, "email", contact.email),
        received_at=at,
        due_on=due_on(session, beijing_day(at)),
    )


def _new_number() -> str:
    """Random, so that it tells nobody how many requests there are."""
    digits = str(secrets.randbelow(10 ** (NUMBER_DIGITS - 1))).zfill(NUMBER_DIGITS - 1)
    return digits + luhn_digit(digits)
