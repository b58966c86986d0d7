"""A letter to other organs goes the steps of its life cycle and no others; what is changed stays known."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.kit.errors import Conflict, DomainError, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Permission
from app.soundings import actions, queries
from app.soundings.lifecycle import (
    LIFECYCLE,
    EarlierKind,
    OrganState,
    SoundingEvent,
    SoundingState,
    Standing,
    standing,
)
from app.soundings.models import SoundedOrgan, Sounding
from tests.support import journey, sounding
from tests.support.journey import START, World
from tests.support.sounding import DUE, TODAY

LATER = START + timedelta(days=2)


def revision(session: Session, id: uuid.UUID) -> int:
    return session.get_one(Sounding, id).revision


@given(st.sampled_from(SoundingState), st.dates(date(2026, 1, 1)), st.dates(date(2026, 1, 1)), st.booleans())
def test_silence_is_never_a_reply(letter: SoundingState, due_on: date, today: date, silence_counts: bool) -> None:
    found = standing(letter, OrganState.WAITING, due_on, silence_counts, today)
    assert found not in (Standing.NO_OPINIONS, Standing.WITH_OPINIONS)
    assert (found is Standing.TAKEN_AS_NONE) <= silence_counts
    if letter is not SoundingState.DRAFTED and today > due_on:
        assert found is (Standing.TAKEN_AS_NONE if silence_counts else Standing.OVERDUE)


@pytest.mark.parametrize("state", SoundingState)
def test_only_a_draft_is_changed_and_only_a_closed_letter_reopened(state: SoundingState) -> None:
    allowed = {event for event in SoundingEvent if LIFECYCLE.allows(state, event)}
    draft, closed = state is SoundingState.DRAFTED, state is SoundingState.CLOSED
    assert (SoundingEvent.EDIT in allowed) == draft == (SoundingEvent.UNINVITE in allowed)
    assert (SoundingEvent.REOPEN in allowed) == closed
    assert (SoundingEvent.REPLY in allowed) == (not draft and not closed)


def test_a_letter_is_drafted_sent_extended_closed_and_reopened(world: World) -> None:
    manager, database = world.staff.manager, world.database
    id = sounding.drafted(world)
    with database.writing() as session:
        actions.send(session, manager, START, id, revision(session, id))
    with database.writing() as session:
        actions.extend(
            session, manager, LATER, id, revision(session, id), DUE + timedelta(days=5), "三家单位请求延期。"
        )
    with database.writing() as session:
        actions.invite(session, manager, LATER, id, [journey.DRAFTING], ["后加的单位"])
    with database.writing() as session:
        actions.close(session, manager, LATER, id, revision(session, id))
    with database.writing() as session:
        actions.reopen(session, manager, LATER, id, revision(session, id), "收到逾期复函。")
    with database.reading() as session:
        row = queries.get(session, id)
        (before,) = queries.earlier_versions(session, EarlierKind.LETTER, id)
        found, following = queries.organs(session, id, 0, 2)
        rest, _ = queries.organs(session, id, following or 0, 2)
    assert (row.state, row.due_on, row.closed_at) == (SoundingState.SENT, DUE + timedelta(days=5), None)
    assert (before.content, before.reason) == ({"due_on": DUE.isoformat()}, "三家单位请求延期。")
    assert [one.name for one in (*found, *rest)] == [*sounding.ORGANS, rest[0].name, "后加的单位"]
    assert rest[0].department_id == journey.DRAFTING
    assert found[1].department_id is None


def test_what_isnt_ready_is_not_sent(world: World) -> None:
    manager, database = world.staff.manager, world.database
    id = sounding.drafted(world, [])

    def sent() -> str:
        with pytest.raises(Unprocessable) as refused, database.writing() as session:
            actions.send(session, manager, START, id, revision(session, id))
        return refused.value.code

    assert sent() == "organ_required"
    with database.writing() as session:
        actions.invite(session, manager, START, id, [], ["甲单位"])
    for code, change in (
        ("sounding_number_required", {"document_number": None}),
        ("sounding_issue_day_wrong", {"document_number": "1号", "issued_on": TODAY + timedelta(days=1)}),
        ("sounding_due_day_wrong", {"issued_on": TODAY, "due_on": TODAY - timedelta(days=1)}),
    ):
        with database.writing() as session:
            row = session.get_one(Sounding, id)
            for name, value in change.items():
                setattr(row, name, value)
        assert sent() == code


def test_steps_out_of_turn_change_nothing(world: World) -> None:
    manager, database = world.staff.manager, world.database
    id = sounding.sent(world)
    (organ, _) = sounding.organs(world, id)
    acts = {
        "invalid_transition": [
            lambda s: actions.edit(
                s, manager, START, id, revision(s, id), sounding.letter(world.consultation.version_id)
            ),
            lambda s: actions.uninvite(s, manager, START, organ, s.get_one(SoundedOrgan, organ).revision),
            lambda s: actions.send(s, manager, START, id, revision(s, id)),
            lambda s: actions.reopen(s, manager, START, id, revision(s, id), "理由。"),
        ],
        "changed_meanwhile": [lambda s: actions.close(s, manager, START, id, 99)],
        "due_day_not_later": [lambda s: actions.extend(s, manager, START, id, revision(s, id), DUE, "理由。")],
        "reason_required": [
            lambda s: actions.extend(s, manager, START, id, revision(s, id), DUE + timedelta(days=1), " ")
        ],
        "organ_invited_already": [lambda s: actions.invite(s, manager, START, id, [], [sounding.ORGANS[0]])],
        "organ_required": [lambda s: actions.invite(s, manager, START, id, [], [" "])],
        "no_such_department": [lambda s: actions.invite(s, manager, START, id, ["nobody"], [])],
    }
    for code, wrong in acts.items():
        for act in wrong:
            with pytest.raises(DomainError) as refused, database.writing() as session:
                act(session)
            assert refused.value.code == code
    with database.reading() as session:
        assert queries.get(session, id).state is SoundingState.SENT
        assert len(queries.names_and_last_place(session, id).names) == len(sounding.ORGANS)


def test_a_text_of_another_draft_is_refused(world: World) -> None:
    with world.database.writing() as session:
        other = journey.another_consultation(session, world.staff, slug="second").version_id
        with pytest.raises(Unprocessable, match="sounding_version_wrong"):
            actions.draft(session, world.staff.manager, START, world.consultation.id, sounding.letter(other))


def test_an_organ_is_taken_off_only_as_it_was_seen(world: World) -> None:
    id = sounding.drafted(world)
    first, second = sounding.organs(world, id)
    with world.database.writing() as session:
        actions.uninvite(session, world.staff.manager, START, first, 1)
    with pytest.raises(Conflict), world.database.writing() as session:
        actions.uninvite(session, world.staff.manager, START, second, 7)
    assert sounding.organs(world, id) == [second]


def test_whoever_manages_another_consultation_finds_no_letter(world: World) -> None:
    id = sounding.sent(world)
    elsewhere = Actor(
        ActorKind.STAFF,
        "x",
        frozenset({Permission.MANAGE_SOUNDINGS}),
        limits={Permission.MANAGE_SOUNDINGS: frozenset({uuid.UUID(int=7)})},
    )
    with world.database.writing() as session, pytest.raises(NotFound):
        actions.close(session, elsewhere, START, id, revision(session, id))


def test_a_letter_that_waits_is_refused_by_its_life_cycle() -> None:
    with pytest.raises(InvalidTransition):
        LIFECYCLE.after(SoundingState.DRAFTED, SoundingEvent.REPLY)
