"""Further versions of a document on both stores: numbers, what stays as it was, and where earlier clauses are."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.documents import tracing
from app.documents.actions import add_version
from app.documents.extraction import extract
from app.documents.models import Clause, ClauseAnchor, Document, DocumentVersion, VersionRole
from app.documents.reanchoring import Because, Fate
from app.kit.errors import Conflict, DomainError, NotFound
from app.worker.loop import work_once
from tests.support.dump import dump
from tests.support.journey import DRAFT, START, StoppedClock, World
from tests.support.racing import written_at_once

LATER = START + timedelta(days=40)
KITCHEN = "（二）助餐点的后厨应当公开，接受老年人和家属查看。（责任单位：省市场监管局、省卫生健康委）\n\n"
SECOND = DRAFT.replace(KITCHEN, "").replace("（三）", "（二）").replace("十五分钟可以到达", "十分钟内能够到达")
THIRD = SECOND.replace("二、保障运行", KITCHEN.replace("（二）", "（三）") + "二、保障运行")


def document_of(world: World) -> uuid.UUID:
    with world.database.reading() as session:
        return session.get_one(DocumentVersion, world.consultation.version_id).document_id


def add(session: Session, world: World, text: str, role: VersionRole = VersionRole.DRAFT) -> DocumentVersion:
    found = extract(text, departments.directory(session))
    return add_version(session, world.staff.manager, LATER, document_of(world), "later.txt", text, found, role)


def added(world: World, text: str, role: VersionRole = VersionRole.DRAFT) -> DocumentVersion:
    with world.database.writing() as session:
        return add(session, world, text, role)


def anchors(world: World, old: uuid.UUID, new: uuid.UUID) -> Mapping[str, tuple[ClauseAnchor, str | None]]:
    """Label in the old version → the anchor and the label in the new one."""
    with world.database.reading() as session:
        labels = {row.id: row.label for row in session.scalars(select(Clause))}
        rows = session.scalars(select(ClauseAnchor).where(ClauseAnchor.new_version_id == new)).all()
        ours = set(session.scalars(select(Clause.id).where(Clause.version_id == old)))
    return {
        labels[row.old_clause_id]: (row, labels[row.new_clause_id] if row.new_clause_id else None)
        for row in rows
        if row.old_clause_id in ours
    }


def _rows_of(world: World, version_id: uuid.UUID) -> list[dict[str, Any]]:
    kept = dump(world.database)
    clauses = [row for row in kept["clauses"] if row["version_id"] == version_id]
    ids = {row["id"] for row in clauses}
    units = [row for row in kept["clause_units"] if row["clause_id"] in ids]
    return [*(row for row in kept["document_versions"] if row["id"] == version_id), *clauses, *units]


def test_a_further_version_leaves_the_earlier_one_as_it_was(world: World) -> None:
    first = world.consultation.version_id
    before = _rows_of(world, first)
    second = added(world, SECOND)
    assert (second.number, second.role, second.created_at) == (2, VersionRole.DRAFT, LATER)
    assert _rows_of(world, first) == before
    assert len(before) > 5
    assert added(world, THIRD, VersionRole.FINAL).number == 3
    assert _rows_of(world, first) == before


def test_each_clause_is_anchored_in_the_new_version(world: World) -> None:
    second = added(world, SECOND)
    found = anchors(world, world.consultation.version_id, second.id)
    told = {label: (label_now, anchor.fate) for label, (anchor, label_now) in found.items()}
    assert told == {
        "一": ("一", Fate.SAME_TEXT),
        "一/（一）": ("一/（一）", Fate.CHANGED),
        "一/（二）": (None, Fate.GONE),
        "二": ("二", Fate.SAME_TEXT),
        "二/（三）": ("二/（二）", Fate.MOVED),
    }
    assert all(0 <= anchor.sureness <= 1 and anchor.decided_by is None for anchor, _ in found.values())


def test_the_worker_traces_the_clauses_of_very_long_versions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = anchors(world, world.consultation.version_id, added(world, SECOND).id)
    monkeypatch.setattr(tracing, "FEW_CLAUSES", 1)
    again = added(world, SECOND)
    assert anchors(world, world.consultation.version_id, again.id) == {}
    while work_once(world.database, StoppedClock(LATER), recurring={}):
        pass
    found = anchors(world, world.consultation.version_id, again.id)
    assert {label: now for label, (_, now) in found.items()} == {label: now for label, (_, now) in at_once.items()}


def test_what_was_dropped_and_came_back_is_found_from_the_first_version(world: World) -> None:
    second, third = added(world, SECOND), added(world, THIRD)
    anchor, now = anchors(world, world.consultation.version_id, third.id)["一/（二）"]
    assert (now, anchor.fate, anchor.why) == ("一/（三）", Fate.MOVED, Because.ONE_SUCH_TEXT)
    assert len(anchors(world, second.id, third.id)) == 4


def test_a_persons_decision_is_followed_into_later_versions(world: World) -> None:
    second = added(world, SECOND)
    (anchor, _) = anchors(world, world.consultation.version_id, second.id)["一/（二）"]
    with world.database.writing() as session:
        row = session.get_one(ClauseAnchor, (anchor.old_clause_id, second.id))
        meals = select(Clause.id).where(Clause.version_id == second.id, Clause.label == "一/（一）")
        row.decided_clause_id, row.decided_by, row.decided_at = session.scalar(meals), "somebody", LATER
    third = added(world, THIRD)
    found, now = anchors(world, world.consultation.version_id, third.id)["一/（二）"]
    assert (now, found.fate, found.why) == ("一/（一）", Fate.CHANGED, Because.BY_WAY_OF_A_DECISION)


def test_only_one_of_two_at_the_same_moment_gets_the_next_number(world: World) -> None:
    errors = written_at_once(world.database, [lambda s: add(s, world, SECOND), lambda s: add(s, world, THIRD)])
    refused = [error for error in errors if error is not None]
    assert all(isinstance(error, Conflict) and error.code == "changed_meanwhile" for error in refused)
    with world.database.reading() as session:
        numbers = session.scalars(select(DocumentVersion.number).order_by(DocumentVersion.number)).all()
        newest = session.scalars(select(Document.newest)).one()
    assert list(numbers) == list(range(1, 4 - len(refused)))
    assert newest == len(numbers)


def test_the_loser_learns_that_somebody_was_first(postgres_world: World) -> None:
    acts = [lambda s: add(s, postgres_world, SECOND), lambda s: add(s, postgres_world, THIRD)]
    errors = written_at_once(postgres_world.database, acts)
    assert [error.code for error in errors if isinstance(error, DomainError)] == ["changed_meanwhile"]
    assert errors.count(None) == 1


def test_an_unknown_document_is_refused(world: World) -> None:
    with pytest.raises(NotFound), world.database.writing() as session:
        add_version(
            session,
            world.staff.manager,
            LATER,
            uuid.uuid4(),
            "x",
            DRAFT,
            extract(DRAFT, departments.directory(session)),
        )
