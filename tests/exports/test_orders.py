"""Who may order which file, who lets it be written, and who may take it until when."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.exports import actions, ordering, queries, running
from app.exports.lifecycle import LIFECYCLE, UNFINISHED, ExportKind, OrderEvent, OrderState
from app.exports.models import Frozen
from app.kit.errors import Conflict, DomainError, Forbidden, Gone, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Permission, Role, of_roles, operator
from tests.support.exporting import NAMED, approved, asked, found, wanted, written
from tests.support.journey import START, World, colleague, submit

BOTH = Actor(ActorKind.STAFF, "both", of_roles([Role.MANAGER, Role.PUBLISHER]))
WITHOUT_IDENTITIES = Actor(ActorKind.STAFF, "plain", frozenset({Permission.EXPORT_DATA}))


def refused(world: World, error: type[DomainError], code: str, **given: object) -> None:
    with pytest.raises(error) as raised:
        asked(world, **given)
    assert raised.value.code == code


def decided(world: World, decision: str, actor: Actor, order_id: object, *words: str) -> None:
    with world.database.writing() as session:
        getattr(ordering, decision)(session, actor, START, order_id, *words)


def freeze(world: World) -> None:
    with world.database.writing() as session:
        actions.freeze(session, operator("tests"), START, Frozen.EXPORTS, "核查。")


def test_what_names_nobody_is_queued_at_once(sqlite_world: World) -> None:
    assert found(sqlite_world, asked(sqlite_world)).state is OrderState.QUEUED


def test_what_names_people_waits_for_a_second_person(sqlite_world: World) -> None:
    order_id = asked(sqlite_world, **NAMED)
    assert found(sqlite_world, order_id).state is OrderState.ASKED
    approved(sqlite_world, order_id)
    assert found(sqlite_world, order_id).state is OrderState.QUEUED


def test_nobody_approves_or_refuses_what_they_asked_for(sqlite_world: World) -> None:
    order_id = asked(sqlite_world, actor=BOTH, **NAMED)
    for decision, words in (("approve", ()), ("refuse", ("不必要。",))):
        with pytest.raises(Forbidden) as raised:
            decided(sqlite_world, decision, BOTH, order_id, *words)
        assert raised.value.code == "own_export"


def test_identities_need_the_permission_to_unlock_them(sqlite_world: World) -> None:
    refused(sqlite_world, Forbidden, "forbidden", actor=WITHOUT_IDENTITIES, **NAMED)
    assert asked(sqlite_world, actor=WITHOUT_IDENTITIES)


def test_a_purpose_and_columns_are_due(sqlite_world: World) -> None:
    refused(sqlite_world, Unprocessable, "purpose_required", purpose=" ")
    refused(sqlite_world, Unprocessable, "columns_required", kind=ExportKind.IDENTITIES)
    refused(sqlite_world, Unprocessable, "period_reversed", since=START, until=START)


def test_a_person_has_one_unfinished_order_of_each_sort(world: World) -> None:
    asked(world)
    refused(world, Conflict, "export_under_way")
    asked(world, **NAMED)
    refused(world, Conflict, "export_under_way", **NAMED)
    with world.database.writing() as session:
        other = colleague(session, "second", Role.MANAGER)
    assert asked(world, actor=other)


def test_a_refused_order_is_over_and_says_why(sqlite_world: World) -> None:
    order_id = asked(sqlite_world, **NAMED)
    with pytest.raises(Unprocessable):
        decided(sqlite_world, "refuse", sqlite_world.staff.publisher, order_id, "")
    decided(sqlite_world, "refuse", sqlite_world.staff.publisher, order_id, "用途不明。")
    order = found(sqlite_world, order_id)
    assert (order.state, order.decision) == (OrderState.REFUSED, "用途不明。")
    assert asked(sqlite_world, **NAMED)


def test_while_exports_are_stopped_nothing_is_asked_approved_begun_or_taken(
    sqlite_world: World, tmp_path: Path
) -> None:
    ready, waiting = written(sqlite_world, tmp_path), asked(sqlite_world, **NAMED)
    asked(sqlite_world)
    freeze(sqlite_world)
    refused(sqlite_world, Conflict, "exports_frozen")
    for decision, actor, order_id in (
        ("approve", sqlite_world.staff.publisher, waiting),
        ("take", sqlite_world.staff.manager, ready),
    ):
        with pytest.raises(Conflict) as raised:
            decided(sqlite_world, decision, actor, order_id)
        assert raised.value.code == "exports_frozen"
    with sqlite_world.database.writing() as session:
        assert not running.is_waiting(session, START)
        assert running.claim(session, START) is None


def test_a_file_is_taken_by_whoever_asked_for_it_alone(sqlite_world: World, tmp_path: Path) -> None:
    order_id = written(sqlite_world, tmp_path)
    with pytest.raises(NotFound):
        decided(sqlite_world, "take", BOTH, order_id)
    decided(sqlite_world, "take", sqlite_world.staff.manager, order_id)
    decided(sqlite_world, "take", sqlite_world.staff.manager, order_id)
    assert found(sqlite_world, order_id).state is OrderState.TAKEN


def test_each_taking_is_on_record_with_the_people_it_named(world: World, tmp_path: Path) -> None:
    submit(world)
    submit(world, person=1)
    order_id = written(world, tmp_path, **NAMED)
    hour = (START - timedelta(hours=1), START + timedelta(hours=1))
    with world.database.reading() as session:
        assert not queries.records(session, "submission", *hour, (), 10), "not taken yet"
    decided(world, "take", world.staff.manager, order_id)
    with world.database.reading() as session:
        named = queries.records(session, "submission", *hour, (world.staff.manager.id,), 10)
        assert not queries.records(session, "submission", *hour, ("another",), 10)
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.made"))
    assert len({row.record_id for row in named}) == 2
    assert (entry.detail["number"], entry.detail["what"]) == (2, "identities")


def test_after_its_time_a_file_is_gone(sqlite_world: World, tmp_path: Path) -> None:
    order_id = written(sqlite_world, tmp_path)
    with pytest.raises(Gone), sqlite_world.database.writing() as session:
        ordering.take(session, sqlite_world.staff.manager, START + running.KEPT_FOR, order_id)


def test_identities_are_kept_for_a_shorter_time(sqlite_world: World, tmp_path: Path) -> None:
    plain = found(sqlite_world, written(sqlite_world, tmp_path))
    named = found(sqlite_world, written(sqlite_world, tmp_path, **NAMED))
    assert named.expires_at
    assert plain.expires_at
    assert named.expires_at < plain.expires_at


def test_what_nobody_approved_in_a_week_is_closed(sqlite_world: World) -> None:
    order_id = asked(sqlite_world, **NAMED)
    with sqlite_world.database.writing() as session:
        assert running.expire(session, START + running.APPROVED_WITHIN) == [order_id]
    assert found(sqlite_world, order_id).state is OrderState.EXPIRED
    assert asked(sqlite_world, **NAMED)


def test_nobody_gives_up_another_persons_order(sqlite_world: World) -> None:
    order_id = asked(sqlite_world)
    with pytest.raises(NotFound):
        decided(sqlite_world, "cancel", BOTH, order_id)
    decided(sqlite_world, "cancel", sqlite_world.staff.manager, order_id)
    assert found(sqlite_world, order_id).state is OrderState.CANCELLED


def test_nobody_has_two_written_at_once(world: World) -> None:
    first = asked(world)
    approved(world, second := asked(world, **NAMED))
    with world.database.writing() as session:
        held = running.claim(session, START)
        assert held
        assert held.id == first
        assert running.claim(session, START) is None, "the same person's other order waits"
        again = running.claim(session, START + running.LEASE)
        assert again is not None
        assert again.id == first, "whoever held it is dead"
    assert found(world, second).state is OrderState.QUEUED


def test_an_order_that_is_begun_in_vain_again_and_again_has_failed(sqlite_world: World) -> None:
    order_id = asked(sqlite_world)
    for attempt in range(running.MOST_ATTEMPTS + 1):
        with sqlite_world.database.writing() as session:
            running.claim(session, START + attempt * running.LEASE)
    assert found(sqlite_world, order_id).state is OrderState.FAILED


def test_every_state_but_an_end_leads_on_and_every_unfinished_one_can_be_given_up() -> None:
    ends = {OrderState.REFUSED, OrderState.CANCELLED, OrderState.FAILED, OrderState.EXPIRED}
    assert {state for state, _ in LIFECYCLE.transitions} == set(OrderState) - ends
    assert all(LIFECYCLE.allows(state, OrderEvent.CANCEL) for state in UNFINISHED)
    with pytest.raises(InvalidTransition):
        LIFECYCLE.after(OrderState.RUNNING, OrderEvent.TAKE)


def test_elsewhere_an_order_does_not_exist(sqlite_world: World) -> None:
    limited = Actor(ActorKind.STAFF, "limited", of_roles([Role.MANAGER]), limits={Permission.EXPORT_DATA: frozenset()})
    with pytest.raises(NotFound), sqlite_world.database.writing() as session:
        ordering.ask(session, limited, START, wanted(sqlite_world))
