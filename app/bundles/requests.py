"""What people ask about their own data, on its way inward, and what was decided, on its way back."""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bundles.file_format import Record
from app.bundles.kinds import table_of
from app.bundles.marks import AT_ONCE, Change, changed, digest_of, known
from app.bundles.models import BundleArrival
from app.bundles.plain_rows import key_text, plain, plain_row, valued_row
from app.rights import effects, queries
from app.rights.effects import Keepers
from app.rights.lifecycle import RequestKind, RequestState
from app.rights.models import ErasedIdentity, ReportedSubmission, RightsRequest
from app.submissions import display_ending
from app.submissions import queries as submissions
from app.submissions.models import Submission, SubmissionKey
from app.submissions.vault import INDEX_BYTES, destroy

ASKED, DECIDED, FORGOTTEN = "rights_request", "rights_answer", "forgotten"
OF_REQUEST = ("id", "number", "kind", "submission_id", "received_at", "due_on")
OF_ANSWER = ("id", "state", "decided_at", "answer")
TABLE = table_of(RightsRequest)


def asked(session: Session, keepers: Keepers) -> Iterator[Change]:
    """Requests that the other side doesn't have. Raises Unreadable where one can't be opened."""
    is_open = select(RightsRequest).where(RightsRequest.state == RequestState.OPEN).order_by(RightsRequest.id)
    for rows in session.scalars(is_open, execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        told = [Change(ASKED, key_text([row.id]), ASKED, {"id": str(row.id)}) for row in rows]
        new = {change.key: change for change in changed(known(session, ASKED, told), told)}
        for row in rows:
            change = new.get(key_text([row.id]))
            if change is not None:
                yield Change(ASKED, change.key, ASKED, _said(session, keepers, row))


def _said(session: Session, keepers: Keepers, row: RightsRequest) -> Record:
    contact = keepers.letters.contact(row)
    return {
        "kind": ASKED,
        "row": plain_row(TABLE, {name: getattr(row, name) for name in OF_REQUEST}),
        "words": keepers.letters.words(row),
        "contact": {"name": contact.name, "phone": contact.phone, "email": contact.email},
        "reported": [str(id) for id in queries.reported(session, row.id)],
    }


def take_request(session: Session, at: datetime, keepers: Keepers, record: Record) -> None:
    """Stores it, sealed by this side's keys; what it reports is off display here too."""
    row = RightsRequest(**valued_row(TABLE, record["row"]), state=RequestState.OPEN)
    if session.get(RightsRequest, row.id) is not None:
        return
    letters, contact = keepers.letters, record["contact"]
    row.words = letters.seal(row.id, "words", record["words"])
    for column in ("name", "phone", "email"):
        setattr(row, column, letters.seal_if_there(row.id, column, contact[column]))
    session.add(row)
    session.flush()
    for reported in map(uuid.UUID, record["reported"]):
        session.add(ReportedSubmission(request_id=row.id, submission_id=reported))
        display_ending.freeze(session, at, reported)


def decided(session: Session) -> Iterator[Change]:
    """Answers that the person isn't shown yet."""
    rows = select(*(TABLE.c[name] for name in OF_ANSWER)).where(TABLE.c.state != RequestState.OPEN)
    for found in session.execute(rows, execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        yield from _new(session, DECIDED, found, OF_ANSWER)


def take_answer(session: Session, at: datetime, keepers: Keepers, record: Record) -> None:
    """The answer as it was given; a corrected address is corrected here too, because mail goes out from here."""
    said = valued_row(TABLE, record["row"])
    request = session.get(RightsRequest, said["id"])
    if request is None:
        return
    is_granted_now = request.state is RequestState.OPEN and said["state"] is RequestState.GRANTED
    if is_granted_now and request.kind is RequestKind.CORRECT:
        effects.correct(session, at, keepers, request)
    request.state, request.decided_at, request.answer = said["state"], said["decided_at"], said["answer"]
    request.name = request.phone = request.email = None


def forgotten(session: Session) -> Iterator[Change]:
    """Whose identity this side has destroyed, at their wish or because its time was over."""
    rows = (
        select(BundleArrival.submission_id.label("id"), ErasedIdentity.submission_id.is_not(None).label("erased"))
        .outerjoin(SubmissionKey, SubmissionKey.submission_id == BundleArrival.submission_id)
        .outerjoin(ErasedIdentity, ErasedIdentity.submission_id == BundleArrival.submission_id)
        .where(SubmissionKey.submission_id.is_(None))
    )
    for found in session.execute(rows, execution_options={"yield_per": AT_ONCE}).partitions(AT_ONCE):
        yield from _new(session, FORGOTTEN, found, ("id", "erased"))


def forget(session: Session, at: datetime, keepers: Keepers, record: Record) -> None:
    """The same here: an erasure with all that it takes along, else the identity alone."""
    submission = session.get(Submission, uuid.UUID(record["row"]["id"]))
    if submission is None or queries.is_erased(session, submission.id):
        return
    sealed = submissions.sealed_identity(session, submission.id)
    if record["row"]["erased"]:
        effects.erase(session, at, keepers.vault, submission)
    elif sealed is not None:
        destroy(session, sealed, secrets.token_bytes(INDEX_BYTES))


def _new(session: Session, kind: str, rows: Sequence[Sequence[Any]], names: Sequence[str]) -> Iterator[Change]:
    told = []
    for row in rows:
        said = {name: plain(value) for name, value in zip(names, row, strict=True)}
        told.append(Change(kind, key_text([said["id"]]), digest_of(said), {"kind": kind, "row": said}))
    return changed(known(session, kind, told), told)
