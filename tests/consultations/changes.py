"""Every change of a consultation after its opening, done to the consultation of a test's world."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations import actions, changing, queries
from app.consultations.actions import Opening
from app.consultations.lifecycle import ConsultationEvent, ConsultationState
from app.consultations.models import Consultation, ConsultationNote
from app.departments import queries as departments
from app.documents import actions as documents
from app.documents.extraction import extract
from app.documents.models import DocumentVersion, VersionRole
from tests.support.journey import DRAFT, OPERATOR, SLUG, START, World

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
REASON = "附件有误，需更正。"
SECOND = DRAFT.replace("步行十五分钟", "步行十分钟")
EVENTS, STATES = ConsultationEvent, ConsultationState
CHANGES = [event for event in EVENTS if event is not EVENTS.OPEN]


def row(session: Session) -> Consultation:
    found = queries.find(session, SLUG)
    assert found is not None
    return found


def second_version(world: World, role: VersionRole = VersionRole.DRAFT, text: str = SECOND) -> uuid.UUID:
    with world.database.writing() as session:
        document = session.get_one(DocumentVersion, row(session).version_id).document_id
        found = extract(text, departments.directory(session))
        return documents.add_version(session, world.staff.manager, START, document, "second.txt", text, found, role).id


def begins_tomorrow(world: World) -> None:
    with world.database.writing() as session:
        row(session).opens_at = START + DAY


def do(world: World, session: Session, event: ConsultationEvent, at: Any = START, **given: Any) -> Any:
    """The event, done to the world's consultation as it stands."""
    seen = row(session)
    manager, slug, revision = world.staff.manager, given.pop("slug", SLUG), given.pop("revision", seen.revision)
    reason = given.pop("reason", REASON)
    if event is EVENTS.OPEN:
        return actions.open_consultation(session, OPERATOR, at, slug, Opening())
    act: Callable[..., Any] = {
        EVENTS.RESCHEDULE: changing.reschedule,
        EVENTS.EXTEND: changing.extend,
        EVENTS.SUSPEND: changing.suspend,
        EVENTS.RESUME: changing.resume,
        EVENTS.CORRECT: changing.correct,
        EVENTS.REPLACE: changing.replace,
        EVENTS.WITHDRAW: changing.withdraw,
        EVENTS.CLOSE: changing.close_consultation,
    }[event]
    words: list[Any] = []
    if event is EVENTS.RESCHEDULE:
        words = [given.pop("opens_at", START + 2 * DAY)]
    if event is EVENTS.EXTEND:
        words = [given.pop("closes_at", seen.closes_at + 7 * DAY)]
    if event in (EVENTS.CORRECT, EVENTS.REPLACE):
        newest = select(DocumentVersion.id).order_by(DocumentVersion.number.desc()).limit(1)
        words = [given.pop("version_id", None) or session.scalars(newest).one()]
    named = {"substantive": given.pop("substantive", False)} if event is EVENTS.CORRECT else {}
    assert not given
    return act(session, manager, at, slug, revision, *words, reason, **named)


def done(world: World, event: ConsultationEvent, at: Any = START, **given: Any) -> ConsultationNote:
    with world.database.writing() as session:
        note: ConsultationNote = do(world, session, event, at, **given)
    return note


def now_is(world: World) -> Consultation:
    with world.database.reading() as session:
        return row(session)
