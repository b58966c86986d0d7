"""Releasing confirmed dispositions together: a separate approval, with a sheet (呈批件) that can be signed.

One statement moves all of a release, however many there are, so that it is told as a whole or not at all.
"""

import uuid
from datetime import datetime

from sqlalchemy import case, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.dispositions.actions import NUMBER_LIMIT, PERSON_LIMIT, count
from app.dispositions.lifecycle import LIFECYCLE, RELEASES, DispositionEvent, DispositionState, ReleaseEvent
from app.dispositions.models import Disposition, OutcomeRelease, ReleasedOutcome
from app.jobs.ledger import enqueue
from app.kit.database import rows_changed
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.screening.models import Passage, SuggestionPassage

TITLE_LIMIT, BASIS_LIMIT = 200, 1000
TELL = "tell_release"
SENDERS = "senders"
"""Among the counts of a release: how many comments lead to something in it, without those that repeat one."""


def prepare_release(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, title: str, basis: str
) -> OutcomeRelease:
    """Puts everything that lies in the consultation's outbox into one release, to be approved as a whole.

    Raises NotFound, Conflict("nothing_to_release"), Unprocessable without a title or a basis.
    """
    require(actor, Permission.RELEASE_OUTCOMES)
    require(actor, Permission.RELEASE_OUTCOMES, within=consultation_id)
    if session.get(Consultation, consultation_id) is None:
        raise NotFound("no_such_consultation")
    words, grounds = _within(title, TITLE_LIMIT, "title_required"), _within(basis, BASIS_LIMIT, "basis_required")
    submitted = LIFECYCLE.after(DispositionState.CONFIRMED, DispositionEvent.SUBMIT)
    release = OutcomeRelease(
        id=new_id(),
        consultation_id=consultation_id,
        number=_next_number(session, consultation_id),
        title=words,
        basis=grounds,
        counts={},
        prepared_by=actor.id,
        prepared_at=at,
    )
    session.add(release)
    session.flush()
    waiting = (Disposition.consultation_id == consultation_id, Disposition.state == DispositionState.CONFIRMED)
    moved = rows_changed(
        session,
        update(Disposition)
        .where(*waiting)
        .values(state=submitted, release_id=release.id, revision=Disposition.revision + 1),
    )
    if not moved:
        raise Conflict("nothing_to_release")
    _recount(session, consultation_id, DispositionState.CONFIRMED, submitted, moved)
    release.counts = _counts(session, release.id)
    audit.record(
        session, actor, at, "outcomes.prepared", ("outcome_release", release.id), within=consultation_id, number=moved
    )
    return release


def take_out(
    session: Session, actor: Actor, at: datetime, release_id: uuid.UUID, revision: int, suggestion_id: uuid.UUID
) -> OutcomeRelease:
    """Leaves one disposition out of a release that isn't approved yet; it lies in the outbox again.

    Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition.
    """
    require(actor, Permission.RELEASE_OUTCOMES)
    release = _held(session, actor, release_id, revision)
    RELEASES.after(release.state, ReleaseEvent.WITHDRAW)
    disposition = session.get(Disposition, suggestion_id, with_for_update=True, populate_existing=True)
    if disposition is None or disposition.release_id != release_id:
        raise NotFound("no_such_disposition")
    state = LIFECYCLE.after(disposition.state, DispositionEvent.TAKE_OUT)
    _recount(session, release.consultation_id, disposition.state, state, 1)
    disposition.state, disposition.release_id = state, None
    session.flush()
    release.counts = _counts(session, release.id)
    audit.record(
        session,
        actor,
        at,
        "outcomes.taken_out",
        ("outcome_release", release.id),
        within=release.consultation_id,
        suggestion=str(suggestion_id),
    )
    return release


def withdraw_release(
    session: Session, actor: Actor, at: datetime, release_id: uuid.UUID, revision: int, reason: str
) -> OutcomeRelease:
    """Gives a release up before it is approved: everything in it lies in the outbox again.

    Raises NotFound, Conflict("changed_meanwhile"), InvalidTransition, Unprocessable without a reason.
    """
    require(actor, Permission.RELEASE_OUTCOMES)
    release = _held(session, actor, release_id, revision)
    state = RELEASES.after(release.state, ReleaseEvent.WITHDRAW)
    confirmed = LIFECYCLE.after(DispositionState.SUBMITTED, DispositionEvent.TAKE_OUT)
    words = due(reason)
    moved = rows_changed(
        session,
        update(Disposition)
        .where(Disposition.release_id == release_id)
        .values(state=confirmed, release_id=None, revision=Disposition.revision + 1),
    )
    _recount(session, release.consultation_id, DispositionState.SUBMITTED, confirmed, moved)
    release.state, release.withdrawn_by, release.withdrawn_at, release.withdrawal_reason = state, actor.id, at, words
    audit.record(
        session,
        actor,
        at,
        "outcomes.withdrawn",
        ("outcome_release", release.id),
        within=release.consultation_id,
        reason=words,
    )
    return release


def release_outcomes(
    session: Session,
    actor: Actor,
    at: datetime,
    release_id: uuid.UUID,
    revision: int,
    *,
    approver: str = "",
    document_number: str = "",
) -> OutcomeRelease:
    """Lets everything in the release be told: it stands on the receipts from now on, and its senders are written to.

    `approver` and `document_number` are those of the signed sheet. Raises NotFound, Conflict("changed_meanwhile"),
    Conflict("own_confirmation") for whoever confirmed any of it, Conflict("nothing_to_release"), InvalidTransition.
    """
    require(actor, Permission.RELEASE_OUTCOMES)
    release = _held(session, actor, release_id, revision)
    state = RELEASES.after(release.state, ReleaseEvent.RELEASE)
    released = LIFECYCLE.after(DispositionState.SUBMITTED, DispositionEvent.RELEASE)
    if len(approver.strip()) > PERSON_LIMIT or len(document_number.strip()) > NUMBER_LIMIT:
        raise Unprocessable("confirmation_too_long")
    own = (Disposition.release_id == release_id, Disposition.confirmed_by == actor.id)
    if session.scalar(select(Disposition.suggestion_id).where(*own).limit(1)) is not None:
        raise Conflict("own_confirmation")
    moved = _tell_from_now_on(session, release_id, released, at)
    if not moved:
        raise Conflict("nothing_to_release")
    _recount(session, release.consultation_id, DispositionState.SUBMITTED, released, moved)
    release.state, release.released_by, release.released_at = state, actor.id, at
    release.approver, release.document_number = approver.strip(), document_number.strip()
    audit.record(
        session,
        actor,
        at,
        "outcomes.released",
        ("outcome_release", release.id),
        within=release.consultation_id,
        number=moved,
    )
    enqueue(session, TELL, at, release_id=str(release_id))
    return release


def _held(session: Session, actor: Actor, release_id: uuid.UUID, revision: int) -> OutcomeRelease:
    release = session.get(OutcomeRelease, release_id, with_for_update=True, populate_existing=True)
    if release is None:
        raise NotFound("no_such_release")
    require(actor, Permission.RELEASE_OUTCOMES, within=release.consultation_id)
    if release.revision != revision:
        raise Conflict("changed_meanwhile")
    return release


def _tell_from_now_on(session: Session, release_id: uuid.UUID, released: DispositionState, at: datetime) -> int:
    """Keeps what is told as it is now, as one more version of each; how many there are."""
    number = func.coalesce(Disposition.released_number, 0) + 1
    words = case((Disposition.citizen_words != "", Disposition.citizen_words), else_=Disposition.reason)
    columns = ("suggestion_id", "number", "department_id", "kind", "reason", "words", "decided_at")
    told = select(
        Disposition.suggestion_id,
        number,
        Disposition.department_id,
        Disposition.kind,
        Disposition.reason,
        words,
        Disposition.decided_at,
        literal(at, ReleasedOutcome.released_at.type),
        literal(release_id, ReleasedOutcome.release_id.type),
    ).where(Disposition.release_id == release_id)
    session.execute(insert(ReleasedOutcome).from_select([*columns, "released_at", "release_id"], told))
    return rows_changed(
        session,
        update(Disposition)
        .where(Disposition.release_id == release_id)
        .values(state=released, released_number=number, revision=Disposition.revision + 1),
    )


def _recount(
    session: Session, consultation_id: uuid.UUID, before: DispositionState, after: DispositionState, n: int
) -> None:
    count(session, consultation_id, before, -n)
    count(session, consultation_id, after, n)


def _next_number(session: Session, consultation_id: uuid.UUID) -> int:
    last = select(func.max(OutcomeRelease.number)).where(OutcomeRelease.consultation_id == consultation_id)
    return (session.scalar(last) or 0) + 1


def _counts(session: Session, release_id: uuid.UUID) -> dict[str, int]:
    rows = session.execute(
        select(Disposition.kind, func.count()).where(Disposition.release_id == release_id).group_by(Disposition.kind)
    )
    senders = (
        select(func.count(Passage.submission_id.distinct()))
        .join(SuggestionPassage, SuggestionPassage.passage_id == Passage.id)
        .join(Disposition, Disposition.suggestion_id == SuggestionPassage.suggestion_id)
        .where(Disposition.release_id == release_id)
    )
    return {kind.value: n for kind, n in rows} | {SENDERS: session.scalar(senders) or 0}


def _within(given: str, limit: int, missing: str) -> str:
    words = given.strip()
    if not words:
        raise Unprocessable(missing)
    if len(words) > limit:
        raise Unprocessable("reason_too_long", limit=limit)
    return words
