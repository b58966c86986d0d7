"""What is made public, in which words, and until when."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.consultations.lifecycle import Kind
from app.dispositions.kinds import DispositionKind
from app.kit.database import Database
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.paging import read_cursor
from app.publication import actions, queries
from app.screening.lifecycle import SuggestionState
from app.screening.models import Suggestion
from app.submissions import displayed
from tests.support import journey, outcomes
from tests.support.counting import statements
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

TELLING = "请致电13900000000或省民政厅024-12345678，助餐点周末开放。"
LATER = START + timedelta(days=1)


@pytest.fixture
def world(screened_world: World) -> World:
    """Publishing is for drafts whose comments aren't displayed at once."""
    return screened_world


def publish(
    world: World, session: Session, suggestion_id: uuid.UUID, text: str = "助餐点周末开放。", keep: tuple[str, ...] = ()
) -> None:
    actions.publish(session, world.staff.publisher, START, suggestion_id, text, keep)


def retract(world: World, session: Session, suggestion_id: uuid.UUID, reason: str = "待核实") -> None:
    actions.retract(session, world.staff.publisher, LATER, suggestion_id, reason)


def public(world: World) -> list[str]:
    with world.database.reading() as session:
        return [row.text for row in queries.published_page(session, world.consultation.id, None, 50).items]


def published(world: World, **given: object) -> uuid.UUID:
    """The id of a suggestion that is public."""
    suggestion_id = journey.approved_suggestion(world, **given)  # type: ignore[arg-type]
    with world.database.writing() as session:
        publish(world, session, suggestion_id)
    return suggestion_id


def test_where_comments_are_displayed_at_once_nothing_is_published(sqlite_world: World) -> None:
    suggestion_id = journey.approved_suggestion(sqlite_world)
    error = refused(sqlite_world.database, lambda s: publish(sqlite_world, s, suggestion_id))
    assert (type(error), error.code) == (Conflict, "displayed_at_once")


def test_nothing_is_public_until_somebody_publishes_it(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assert public(world) == []
    with world.database.writing() as session:
        publish(world, session, suggestion_id, " 助餐点周末开放。\n")
    assert public(world) == ["助餐点周末开放。"]
    with world.database.reading() as session:
        entry = audit.of_record(session, "suggestion", suggestion_id)[-1]
        row = queries.published(session, suggestion_id)
    assert (entry.action, entry.actor_id) == ("suggestion.published", world.staff.publisher.id)
    assert row is not None
    assert (row.published_by, row.published_at) == (world.staff.publisher.id, START)


def test_what_is_published_is_masked_once_more_and_keeps_the_contacts_of_the_consultation(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    with world.database.writing() as session:
        publish(world, session, suggestion_id, TELLING, ("024-12345678",))
    (text,) = public(world)
    assert "13900000000" not in text
    assert "024-12345678" in text
    assert text.endswith("助餐点周末开放。")


@pytest.mark.parametrize("state", [SuggestionState.EDITING, SuggestionState.AWAITING_APPROVAL])
def test_only_an_approved_suggestion_is_published(world: World, state: SuggestionState) -> None:
    suggestion_id = journey.approved_suggestion(world)
    with world.database.writing() as session:
        session.get_one(Suggestion, suggestion_id).state = state
    error = refused(world.database, lambda s: publish(world, s, suggestion_id))
    assert (type(error), error.code) == (Conflict, "not_approved")


def test_publishing_owes_words_and_a_suggestion(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    error = refused(world.database, lambda s: publish(world, s, suggestion_id, " 　\n"))
    assert (type(error), error.code) == (Unprocessable, "text_required")
    assert isinstance(refused(world.database, lambda s: publish(world, s, uuid.uuid4())), NotFound)


def test_what_is_public_is_not_published_again(world: World) -> None:
    suggestion_id = published(world)
    error = refused(world.database, lambda s: publish(world, s, suggestion_id, "改动。"))
    assert (type(error), error.code) == (Conflict, "published_already")


def test_retracting_takes_it_off_with_a_reason_and_it_can_be_published_again(world: World) -> None:
    suggestion_id = published(world)
    with world.database.writing() as session:
        retract(world, session, suggestion_id, " 待核实 ")
    assert public(world) == []
    with world.database.reading() as session:
        assert queries.count_retracted(session, world.consultation.id) == 1
        row = queries.published(session, suggestion_id)
        entry = audit.of_record(session, "suggestion", suggestion_id)[-1]
    assert row is not None
    assert (row.retracted_at, row.retraction_reason) == (LATER, "待核实")
    assert (entry.action, entry.detail) == ("suggestion.retracted", {"reason": "待核实"})
    with world.database.writing() as session:
        publish(world, session, suggestion_id, "核实后公开。")
    assert public(world) == ["核实后公开。"]
    with world.database.reading() as session:
        assert queries.count_retracted(session, world.consultation.id) == 0


def test_retracting_owes_a_reason_and_something_public(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    error = refused(world.database, lambda s: retract(world, s, suggestion_id))
    assert (type(error), error.code) == (NotFound, "not_published")
    with world.database.writing() as session:
        publish(world, session, suggestion_id)
    error = refused(world.database, lambda s: retract(world, s, suggestion_id, " \n"))
    assert (type(error), error.code) == (Unprocessable, "reason_required")
    with world.database.writing() as session:
        retract(world, session, suggestion_id)
    error = refused(world.database, lambda s: retract(world, s, suggestion_id))
    assert (type(error), error.code) == (Conflict, "retracted_already")


@pytest.mark.parametrize("before", ["never published", "public", "retracted"])
def test_of_two_people_at_once_exactly_one_decides(world: World, before: str) -> None:
    suggestion_id = journey.approved_suggestion(world)
    with world.database.writing() as session:
        if before != "never published":
            publish(world, session, suggestion_id)
        if before == "retracted":
            retract(world, session, suggestion_id)
    act = retract if before == "public" else publish
    words = ["第一种说法。", "第二种说法。"]
    errors = written_at_once(
        world.database, [lambda s, text=text: act(world, s, suggestion_id, text) for text in words]
    )
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    with world.database.reading() as session:
        row = queries.published(session, suggestion_id)
    assert row is not None
    assert (row.retraction_reason if before == "public" else row.text) == words[errors.index(None)]


def test_in_the_screened_regime_the_public_sees_only_what_was_published(sqlite_url: str) -> None:
    world = journey.opened(Database(sqlite_url), kind=Kind.GOVERNMENT_RULE)
    journey.approved_suggestion(world, people=(1,))
    published(world, people=(2,))
    assert public(world) == ["助餐点周末开放。"]
    with world.database.reading() as session:
        assert not displayed.displayed_page(session, world.consultation.id, limit=10).items
    world.database.close()


def test_the_list_tells_the_clause_and_the_disposition(world: World) -> None:
    clause = world.clauses[1]
    suggestion_id = published(world, clause=clause)
    published(world, people=(2,), at=START - timedelta(minutes=30))
    outcomes.answered(world, suggestion_id, DispositionKind.PARTLY_ADOPTED, "部分已有。")
    with world.database.reading() as session:
        before = queries.published_page(session, world.consultation.id, None, 10).items
    assert {row.disposition for row in before} == {None}, "not before its release"
    outcomes.told(world, [suggestion_id])
    with world.database.reading() as session:
        rows = queries.published_page(session, world.consultation.id, None, 10).items
    told = {(row.clause_id, row.disposition) for row in rows}
    assert told == {(clause.id, DispositionKind.PARTLY_ADOPTED), (None, None)}


def test_the_public_list_is_paged_without_gap_or_repeat(world: World) -> None:
    keys, cursor = [], None
    for person in range(5):
        published(world, people=(person,))
    for _ in range(3):
        with world.database.reading() as session:
            page = queries.published_page(session, world.consultation.id, read_cursor(cursor), 2)
        keys += [row.key.id for row in page.items]
        cursor = page.next_cursor
    assert cursor is None
    assert len(set(keys)) == len(keys) == 5
    assert keys == sorted(keys, reverse=True)


def test_the_public_list_costs_as_many_queries_for_three_as_for_one(world: World) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            published(world, people=(person,), clause=world.clauses[person])
        with world.database.reading() as session, statements(world.database) as sent:
            queries.published_page(session, world.consultation.id, None, 10)
        counted.append(len(sent))
    assert counted == [2, 2]
