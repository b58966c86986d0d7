"""Names that nobody knows: queued once, decided by a person, remembered."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.departments import actions, proposing, queries
from app.departments.actions import Card
from app.departments.directory import Certainty, Directory, Level, Relationship, load_seed
from app.departments.lifecycle import ProposalState
from app.departments.models import DepartmentProposal
from app.documents.actions import add_version, store_version
from app.documents.chosen_units import chosen_units
from app.documents.extraction import extract
from app.documents.unit_names import Role as UnitRole
from app.kit.database import Database
from app.kit.errors import Conflict, DomainError, Forbidden, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.support.racing import written_at_once

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
MANAGER = Actor(ActorKind.STAFF, "manager", of_roles([Role.MANAGER]))
EDITOR = Actor(ActorKind.STAFF, "editor", of_roles([Role.EDITOR]))
CARD = Card("辽宁省低空发展局", ("省低空发展局",), Level.PROVINCE, Relationship.SUBORDINATE)
DRAFT = """关于发展低空经济的若干措施

一、起降点。每个市至少建成两处起降点，向社会开放。（责任单位：省民政厅、省低空发展局）

二、航线。航线应当公布，便于查询。（责任单位：省 低空发展局、省航线事务中心、省扶贫办）
"""


@pytest.fixture
def store(database: Database) -> Database:
    with database.writing() as session:
        actions.add_departments(session, MANAGER, AT, load_seed())
    return database


def proposed(
    store: Database, written: str = "省低空发展局", source: str = "version 1", days: int = 0
) -> DepartmentProposal:
    with store.writing() as session:
        return proposing.propose_name(session, MANAGER, AT + timedelta(days=days), written, source)


def waiting(store: Database, state: ProposalState = ProposalState.OPEN) -> list[tuple[str, int]]:
    with store.reading() as session:
        return [(row.written, row.times_seen) for row in queries.proposals(session, state, None, 50).items]


def decided(store: Database, act: Callable[[Session, Any], Any]) -> None:
    with store.writing() as session:
        row = queries.proposals(session, ProposalState.OPEN, None, 50).items[0]
        act(session, row)


def alias_of(department_id: str) -> Callable[[Session, Any], Any]:
    return lambda session, row: proposing.accept_as_alias(session, MANAGER, AT, row.id, row.revision, department_id)


def rejected(session: Session, row: Any) -> None:
    proposing.reject(session, MANAGER, AT, row.id, row.revision)


def test_a_name_is_proposed_once_whatever_its_widths_and_counted_again(store: Database) -> None:
    proposed(store)
    again = proposed(store, " 省 低空发展局 ", "version 2", days=1)
    assert waiting(store) == [("省低空发展局", 2)]
    assert (again.source, again.first_seen_at, again.last_seen_at) == ("version 1", AT, AT + timedelta(days=1))
    with store.reading() as session:
        assert [row.detail["source"] for row in audit.of_record(session, "department_proposal", again.id)] == [
            "version 1",
            "version 2",
        ]


def test_two_documents_at_once_make_one_proposal(store: Database) -> None:
    errors = written_at_once(
        store,
        [
            lambda session, of=source: proposing.propose_name(session, MANAGER, AT, "省低空发展局", of)
            for source in "甲乙"
        ],
    )
    assert errors == [None, None]
    assert waiting(store) == [("省低空发展局", 2)]


def test_another_name_of_a_department_is_found_from_then_on(store: Database) -> None:
    proposed(store)
    decided(store, alias_of("transport"))
    assert waiting(store) == []
    with store.reading() as session:
        match = queries.directory(session).lookup("省低空发展局")
        (row,) = queries.proposals(session, ProposalState.ACCEPTED_AS_ALIAS, None, 5).items
    assert match.department is not None
    assert (match.department.id, match.certainty) == ("transport", Certainty.CERTAIN)
    assert (row.department_id, row.decided_by, row.decided_at) == ("transport", MANAGER.id, AT)


def test_a_name_that_was_entered_by_hand_meanwhile_is_accepted_without_a_second_alias(store: Database) -> None:
    proposed(store, "省民政厅")
    decided(store, alias_of("civil-affairs"))
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


def test_a_new_department_comes_of_a_name(store: Database) -> None:
    proposed(store)
    decided(
        store,
        lambda session, row: proposing.accept_as_new(session, MANAGER, AT, row.id, row.revision, "low-altitude", CARD),
    )
    with store.reading() as session:
        found = queries.directory(session).lookup("省低空发展局").department
    assert found is not None
    assert found.id == "low-altitude"
    assert waiting(store, ProposalState.ACCEPTED_AS_NEW) == [("省低空发展局", 1)]


def test_what_is_no_unit_is_remembered_and_can_be_looked_at_again(store: Database) -> None:
    proposed(store)
    decided(store, rejected)
    again = proposed(store)
    assert (waiting(store), waiting(store, ProposalState.REJECTED)) == ([], [("省低空发展局", 2)])
    with store.writing() as session:
        proposing.reconsider(session, MANAGER, AT, again.id, again.revision)
    assert waiting(store) == [("省低空发展局", 2)]


def test_an_accepted_name_that_was_taken_out_again_is_open_again(store: Database) -> None:
    proposed(store)
    decided(store, alias_of("transport"))
    proposed(store)
    assert waiting(store) == [("省低空发展局", 2)]


@pytest.mark.parametrize(
    ("written", "act", "error", "code"),
    [
        ("省民政厅", alias_of("transport"), Conflict, "department_alias_claimed"),
        ("省低空发展局", alias_of("nobody"), NotFound, "no_such_department"),
        ("甲|乙", alias_of("transport"), Unprocessable, "department_name_form"),
        (
            "省航线事务中心",
            lambda session, row: proposing.accept_as_new(session, MANAGER, AT, row.id, row.revision, "x", CARD),
            Unprocessable,
            "proposed_name_missing",
        ),
        (
            "省航线事务中心",
            lambda session, row: proposing.reject(session, MANAGER, AT, row.id, row.revision + 1),
            Conflict,
            "changed_meanwhile",
        ),
        (
            "省航线事务中心",
            lambda session, row: proposing.reconsider(session, MANAGER, AT, row.id, row.revision),
            InvalidTransition,
            "invalid_transition",
        ),
        (
            "省航线事务中心",
            lambda session, row: proposing.reject(session, EDITOR, AT, row.id, row.revision),
            Forbidden,
            "forbidden",
        ),
        (
            "省航线事务中心",
            lambda session, row: proposing.reject(session, MANAGER, AT, uuid.uuid4(), 1),
            NotFound,
            "no_such_proposal",
        ),
    ],
)
def test_a_decision_that_makes_no_sense_changes_nothing(
    store: Database, written: str, act: Callable[[Session, Any], Any], error: type[DomainError], code: str
) -> None:
    proposed(store, written)
    with pytest.raises(error) as refused:
        decided(store, act)
    assert refused.value.code == code
    assert waiting(store) == [(written, 1)]
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


@pytest.mark.parametrize("written", ["", " ", "\u3000"])
def test_nothing_is_no_name(store: Database, written: str) -> None:
    with pytest.raises(Unprocessable, match="department_name_form"):
        proposed(store, written)


def test_a_stored_document_proposes_the_names_that_nobody_knows(store: Database) -> None:
    with store.writing() as session:
        found = extract(DRAFT, queries.directory(session))
        version = store_version(session, MANAGER, AT, "draft.txt", DRAFT, found)
    assert waiting(store) == [("省低空发展局", 1), ("省航线事务中心", 1)]
    with store.writing() as session:
        add_version(session, MANAGER, AT, version.document_id, "draft.txt", DRAFT, found)
    assert waiting(store) == [("省低空发展局", 2), ("省航线事务中心", 2)]
    doubts = {(doubt.what.name, doubt.suggestion) for doubt in found.doubts}
    assert ("BODY_CHANGED", "省扶贫办") in doubts, "the editor is told that a body has ended"


def test_a_document_of_another_government_proposes_nothing(store: Database) -> None:
    text = DRAFT.replace("关于发展", "广东省人民政府关于发展")
    with store.writing() as session:
        found = extract(text, queries.directory(session))
        store_version(session, MANAGER, AT, "draft.txt", text, found)
    assert waiting(store) == []


def test_a_unit_that_an_editor_types_under_a_former_name_stays_doubtful() -> None:
    (unit,) = chosen_units([("省扶贫办", UnitRole.RESPONSIBLE)], (), Directory(load_seed()))
    assert (unit.name, unit.department, unit.certainty, unit.why) == (
        "省扶贫办",
        "agriculture-and-rural-affairs",
        "probable",
        "successor",
    )
