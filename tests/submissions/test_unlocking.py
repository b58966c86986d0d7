"""Seeing who sent a submission: for a reason, for minutes, for one person, and on record."""

import uuid
from datetime import timedelta

import pytest

from app.audit import queries as audit
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from app.submissions import queries as submissions
from app.submissions import unlocking
from app.submissions.unlocking import UNLOCKED_FOR
from tests.support import journey
from tests.support.journey import START, World

MANAGER = Actor(ActorKind.STAFF, "manager-1", of_roles([Role.MANAGER]), source="192.0.2.7")


def sent(world: World) -> uuid.UUID:
    receipt = journey.submit(world)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found
    return found.id


def unlock(world: World, id: uuid.UUID, reason: str = "需电话核实。") -> None:
    with world.database.writing() as session:
        unlocking.unlock(session, MANAGER, START, id, reason)


def test_it_ends_by_itself_and_is_nobody_elses(world: World) -> None:
    id = sent(world)
    unlock(world, id)
    with world.database.reading() as session:
        last = START + UNLOCKED_FOR - timedelta(seconds=1)
        assert unlocking.held(session, MANAGER.id, id, last)
        assert not unlocking.held(session, MANAGER.id, id, START + UNLOCKED_FOR)
        assert not unlocking.held(session, "manager-2", id, START)
        assert not unlocking.held(session, MANAGER.id, uuid.uuid4(), START)


def test_the_log_says_who_looked_at_what_and_why(world: World) -> None:
    id = sent(world)
    unlock(world, id)
    with world.database.reading() as session:
        entry = audit.of_record(session, "submission", id)[-1]
    assert (entry.action, entry.detail) == ("submission.identity_unlocked", {"reason": "需电话核实。"})
    assert (entry.actor_id, entry.source) == (MANAGER.id, "192.0.2.7")
    assert entry.consultation_id == world.consultation.id


def test_without_a_reason_or_a_record_nothing_opens(world: World) -> None:
    id = sent(world)
    with pytest.raises(Unprocessable):
        unlock(world, id, "  ")
    with pytest.raises(NotFound):
        unlock(world, uuid.uuid4())
    with world.database.reading() as session:
        assert not unlocking.held(session, MANAGER.id, id, START)


def test_what_was_erased_can_not_be_unlocked(world: World) -> None:
    id = sent(world)
    with world.database.writing() as session:
        sealed = submissions.sealed_identity(session, id)
        assert sealed
        world.vault.erase(session, sealed)
    with pytest.raises(Conflict, match="identity_erased"):
        unlock(world, id)
