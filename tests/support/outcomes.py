"""From a department's answer to what people are told, in as few words as a test needs."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.dispositions import actions, queries, releasing
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Disposition
from app.permissions import Actor, ActorKind, of_scopes
from tests.support import journey
from tests.support.journey import DRAFTING, START, World

LATER = START + timedelta(days=3)
LETTER = Letter("民函〔2026〕3号", date(2026, 1, 5), "处长")
BASIS = "依据起草单位确认意见。"


def program(department: str = DRAFTING) -> Actor:
    return Actor(ActorKind.CLIENT, "program", of_scopes(["assignments:write"]), department)


def answered(
    world: World,
    suggestion_id: uuid.UUID,
    kind: DispositionKind = DispositionKind.ADOPTED,
    reason: str = "",
    lead: str = DRAFTING,
    at: datetime = LATER,
    words: str = "",
) -> uuid.UUID:
    """Hands the suggestion over and answers it finally; the assignment's id."""
    assignment_id = journey.assigned(world, suggestion_id, lead=lead)[lead]
    with world.database.writing() as session:
        actions.answer(session, program(lead), at, assignment_id, kind, reason, False, citizen_words=words)
    return assignment_id


def answered_anew(
    world: World, assignment_id: uuid.UUID, kind: DispositionKind, reason: str, lead: str = DRAFTING
) -> None:
    with world.database.writing() as session:
        actions.answer(session, program(lead), LATER, assignment_id, kind, reason, False)


def revision(world: World, suggestion_id: uuid.UUID) -> int:
    with world.database.reading() as session:
        return session.get_one(Disposition, suggestion_id).revision


def confirmed(world: World, *suggestion_ids: uuid.UUID) -> None:
    """By the manager, who records the drafting department's letter."""
    for suggestion_id in suggestion_ids:
        with world.database.writing() as session:
            current = session.get_one(Disposition, suggestion_id).revision
            actions.confirm(session, world.staff.manager, LATER, suggestion_id, current, LETTER)


def prepared(world: World, at: datetime = LATER) -> uuid.UUID:
    """Everything in the outbox of the world's consultation as one release; its id."""
    with world.database.writing() as session:
        made = releasing.prepare_release(
            session, world.staff.publisher, at, world.consultation.id, "第一批办理结果", BASIS
        )
        return made.id


def released(world: World, at: datetime = LATER) -> uuid.UUID:
    release_id = prepared(world, at)
    with world.database.writing() as session:
        releasing.release_outcomes(session, world.staff.publisher, at, release_id, 2)
    return release_id


def told(world: World, suggestion_ids: Iterable[uuid.UUID]) -> uuid.UUID:
    """Confirmed and released; the release's id."""
    confirmed(world, *suggestion_ids)
    return released(world)


def decided(
    world: World,
    suggestion_id: uuid.UUID,
    kind: DispositionKind = DispositionKind.ADOPTED,
    reason: str = "",
    lead: str = DRAFTING,
) -> uuid.UUID:
    """The whole way of one suggestion that is approved; the assignment's id."""
    assignment_id = answered(world, suggestion_id, kind, reason, lead)
    told(world, [suggestion_id])
    return assignment_id


def waiting(session: Session, world: World) -> Sequence[queries.Listed]:
    """What waits for confirmation in the world's consultation."""
    return queries.in_state(session, world.consultation.id, DispositionState.ANSWERED, None, 50).items
