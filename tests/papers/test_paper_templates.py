"""Versions of the texts of papers: written, put in force again, taken out of use, and none ever lost."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kit.errors import Conflict, DomainError, Forbidden, NotFound, Unprocessable
from app.papers import actions, templates
from app.papers.actions import Place
from app.papers.kinds import PaperKind
from app.papers.models import PaperTemplate
from app.papers.templates import Template, houses_own
from app.permissions import Actor, ActorKind, Permission
from tests.support.journey import START, World

KIND = PaperKind.EXPLANATION
FIRST, SECOND = "【标题】甲\n共{{意见条数}}条。", "【标题】乙"


def write(world: World, text: str, version: int, consultation_id: uuid.UUID | None = None, own: int = 0) -> int:
    with world.database.writing() as session:
        at = START + timedelta(minutes=version)
        place = Place(KIND, consultation_id)
        return actions.write_template(session, world.staff.manager, at, place, version, text, own)


def held(world: World, *, own: bool = True) -> Template:
    with world.database.reading() as session:
        return templates.in_force(session, KIND, world.consultation.id if own else None)


def kept(world: World, consultation_id: uuid.UUID | None = None) -> list[tuple[int, str]]:
    with world.database.reading() as session:
        return [(one.version, one.text) for one in templates.history(session, KIND, consultation_id, 10)]


def test_every_version_is_kept_and_the_newest_holds(world: World) -> None:
    assert held(world) == houses_own(KIND)
    assert [write(world, text, version) for version, text in enumerate((FIRST, SECOND))] == [1, 2]
    assert (held(world).text, held(world).written_by) == (SECOND, world.staff.manager.id)
    with world.database.writing() as session:
        actions.restore_template(session, world.staff.manager, START, Place(KIND, None), 2, 1)
    assert (held(world).text, held(world).version, held(world).restored) == (FIRST, 3, 1)
    with world.database.writing() as session:
        actions.restore_template(session, world.staff.manager, START, Place(KIND, None), 3, 0)
    own = houses_own(KIND).text
    assert kept(world) == [(4, own), (3, FIRST), (2, SECOND), (1, FIRST), (0, own)]
    with world.database.reading() as session:
        done = select(AuditEntry.action).where(AuditEntry.action.startswith("paper_template"))
        assert (
            session.scalars(done.order_by(AuditEntry.at, AuditEntry.action)).all().count("paper_template.written") == 2
        )


def test_a_consultations_own_comes_before_the_columns_until_it_is_retired(world: World) -> None:
    own = world.consultation.id
    write(world, FIRST, 0)
    assert held(world).text == FIRST
    write(world, SECOND, 0, own)
    assert (held(world).text, held(world, own=False).text) == (SECOND, FIRST)
    with world.database.writing() as session:
        actions.retire_template(session, world.staff.manager, START, KIND, own, 1)
    assert held(world).text == FIRST
    assert kept(world, own) == [(2, SECOND), (1, SECOND)]
    write(world, SECOND, 2, own)
    assert held(world).text == SECOND, "it holds again"


def test_two_who_write_at_once_can_not_both(world: World) -> None:
    write(world, FIRST, 0)
    with pytest.raises(Conflict):
        write(world, SECOND, 0)
    with pytest.raises(Conflict):
        write_as_if_unseen(world)
    assert held(world).text == FIRST


def write_as_if_unseen(world: World) -> None:
    """What is left to the store: both looked before either wrote."""
    with world.database.writing() as session:
        row = session.get_one(PaperTemplate, (templates.id_of(KIND, None), 1))
        again = {column.key: getattr(row, column.key) for column in PaperTemplate.__table__.columns}
        session.expunge(row)
        session.add(PaperTemplate(**again | {"text": SECOND}))


@pytest.mark.parametrize(
    ("text", "own", "code"),
    [("{{不存在}}", 0, "paper_unknown_field"), (" ", 0, "paper_text_required"), (FIRST, 11, "own_words_out_of_range")],
)
def test_what_is_wrong_is_not_kept(sqlite_world: World, text: str, own: int, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        write(sqlite_world, text, 0, None, own)
    assert refused.value.code == code
    assert held(sqlite_world) == houses_own(KIND)


def test_what_is_not_there_can_not_be_restored_or_retired(sqlite_world: World) -> None:
    manager = sqlite_world.staff.manager
    with sqlite_world.database.writing() as session:
        with pytest.raises(NotFound):
            actions.restore_template(session, manager, START, Place(KIND, None), 0, 7)
        with pytest.raises(NotFound):
            actions.write_template(session, manager, START, Place(KIND, uuid.uuid4()), 0, FIRST, 0)
        with pytest.raises(Unprocessable):
            actions.retire_template(session, manager, START, KIND, sqlite_world.consultation.id, 0)


def test_who_manages_one_consultation_writes_for_that_one_alone(sqlite_world: World) -> None:
    own = sqlite_world.consultation.id
    writes = Permission.WRITE_PAPER_TEMPLATES
    limited = Actor(ActorKind.STAFF, "somebody", frozenset({writes}), limits={writes: frozenset({own})})
    tried: list[tuple[uuid.UUID | None, type[DomainError]]] = [(None, Forbidden), (uuid.uuid4(), NotFound)]
    with sqlite_world.database.writing() as session:
        for place, refusal in tried:
            with pytest.raises(refusal):
                actions.write_template(session, limited, START, Place(KIND, place), 0, FIRST, 0)
        assert actions.write_template(session, limited, START, Place(KIND, own), 0, FIRST, 0) == 1
