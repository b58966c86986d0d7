"""Allocating what waits: by count and by clause, evenly; handed over, claimed and given back; never one thing twice."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import StaffRole, StaffUser
from app.audit.models import AuditEntry
from app.kit.database import Database
from app.kit.errors import Conflict, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from app.screening.deciding import decide
from app.screening.decisions import Decision
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from app.teamwork import allocating, leases
from app.teamwork.allocating import Portion
from app.teamwork.records import RecordKind
from tests.support.journey import START, World, submit
from tests.support.racing import at_once

LATER = START + timedelta(hours=1)
ACCEPT = Decision(ScreeningEvent.ACCEPT)


@pytest.fixture
def team(world: World) -> list[Actor]:
    """Three screeners; the first is the world's own."""
    with world.database.writing() as session:
        return [world.staff.screener, _screener(session, "second"), _screener(session, "third")]


def _screener(session: Session, name: str) -> Actor:
    user = StaffUser(username=name, display_name=name, password_hash="-", created_at=START)
    session.add(user)
    session.flush()
    session.add(StaffRole(user_id=user.id, role=Role.SCREENER))
    return Actor(ActorKind.STAFF, str(user.id), of_roles([Role.SCREENER]))


def _sent(world: World, number: int, **named: object) -> list[uuid.UUID]:
    """So many submissions, one a minute; their ids, oldest first."""
    for person in range(number):
        submit(world, person=person, at=START + timedelta(minutes=person), **named)  # type: ignore[arg-type]
    with world.database.reading() as session:
        return list(session.scalars(select(Submission.id).order_by(Submission.received_at, Submission.id)))


def _owners(database: Database) -> dict[uuid.UUID, str | None]:
    with database.reading() as session:
        return {row.id: row.allocated_to for row in session.execute(select(Submission.id, Submission.allocated_to))}


def _ids(team: Sequence[Actor]) -> list[str]:
    return [member.id for member in team]


def test_those_that_wait_longest_go_to_the_members_in_even_parts(world: World, team: list[Actor]) -> None:
    sent = _sent(world, 9)
    portion = Portion(world.consultation.id)
    with world.database.writing() as session:
        given = allocating.allocate(session, world.staff.lead, LATER, portion, 8, _ids(team))
    owners = _owners(world.database)
    assert sorted(given.values()) == [2, 3, 3]
    assert Counter(owner for owner in owners.values() if owner) == given
    assert [owners[one] is None for one in sent] == [False] * 8 + [True]


def test_what_somebody_has_or_decided_is_not_allocated_again(world: World, team: list[Actor]) -> None:
    sent = _sent(world, 4)
    with world.database.writing() as session:
        allocating.claim(session, team[1], LATER, sent[0])
        decide(session, team[2], LATER, sent[1], 1, ACCEPT)
    with world.database.writing() as session:
        given = allocating.allocate(session, world.staff.lead, LATER, Portion(world.consultation.id), 10, [team[0].id])
    assert given == {team[0].id: 2}
    assert [_owners(world.database)[one] for one in sent] == [team[1].id, None, team[0].id, team[0].id]


def test_a_clause_or_a_query_chooses_what_is_allocated(world: World, team: list[Actor]) -> None:
    first, second = world.clauses[0], world.clauses[1]
    submit(world, person=1, clauses=[first])
    submit(world, person=2, clauses=[second])
    submit(world, person=3, title="名称不同")
    with world.database.writing() as session:
        by_clause = Portion(world.consultation.id, clause_id=first.id)
        assert allocating.allocate(session, world.staff.lead, LATER, by_clause, 9, [team[0].id]) == {team[0].id: 1}
        named = Portion(world.consultation.id, among=select(Submission.id).where(Submission.title == "名称不同"))
        assert allocating.allocate(session, world.staff.lead, LATER, named, 9, [team[1].id]) == {team[1].id: 1}
        assert allocating.claim_next(session, team[2], LATER, Portion(world.consultation.id), 9) == 1


def test_allocating_more_than_one_statement_takes_is_told_by_counts_alone(
    world: World, team: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocating, "STEP", 2)
    _sent(world, 7)
    with world.database.writing() as session:
        given = allocating.allocate(session, world.staff.lead, LATER, Portion(world.consultation.id), 7, _ids(team[:1]))
    assert given == {team[0].id: 7}
    with world.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "work.allocated"))
    assert entry.detail["given"] == [f"{team[0].id}: 7"]


def test_evening_out_moves_the_newest_and_leaves_what_is_open(world: World, team: list[Actor]) -> None:
    sent = _sent(world, 6)
    with world.database.writing() as session:
        allocating.allocate(session, world.staff.lead, LATER, Portion(world.consultation.id), 6, [team[0].id])
        leases.mark(session, team[0].id, RecordKind.SUBMISSION, sent[5], LATER)
    with world.database.writing() as session:
        got = allocating.even_out(session, world.staff.lead, LATER, world.consultation.id, _ids(team[:2]))
    owners = _owners(world.database)
    assert got == {team[0].id: 0, team[1].id: 3}
    assert [owners[one] for one in sent] == [team[place].id for place in (0, 0, 1, 1, 1, 0)]


def test_all_work_of_an_absent_colleague_goes_to_the_others(world: World, team: list[Actor]) -> None:
    sent = _sent(world, 5)
    with world.database.writing() as session:
        allocating.allocate(session, world.staff.lead, LATER, Portion(world.consultation.id), 5, [team[0].id])
        decide(session, team[0], LATER, sent[0], 1, ACCEPT)
        leases.mark(session, team[0].id, RecordKind.SUBMISSION, sent[1], LATER)
    with world.database.writing() as session:
        given = allocating.hand_over(session, world.staff.lead, LATER, None, team[0].id, _ids(team))
    owners = _owners(world.database)
    assert given == {team[1].id: 2, team[2].id: 2}
    assert owners[sent[0]] == team[0].id, "what was decided stays with who decided"
    assert Counter(owners[one] for one in sent[1:]) == given


def test_a_member_gives_back_only_their_own(world: World, team: list[Actor]) -> None:
    (sent,) = _sent(world, 1)
    with world.database.writing() as session:
        allocating.claim(session, team[0], LATER, sent)
    with pytest.raises(Conflict, match="not_yours"), world.database.writing() as session:
        allocating.give_back(session, team[1], LATER, sent)
    with pytest.raises(Conflict, match="not_to_be_claimed"), world.database.writing() as session:
        allocating.claim(session, team[1], LATER, sent)
    with world.database.writing() as session:
        allocating.give_back(session, team[0], LATER, sent)
    assert _owners(world.database) == {sent: None}


def test_whoever_cannot_screen_is_given_nothing(world: World) -> None:
    portion = Portion(world.consultation.id)
    for members, code in (([], "member_required"), ([world.staff.editor.id], "member_required")):
        with pytest.raises(Unprocessable, match=code), world.database.writing() as session:
            allocating.allocate(session, world.staff.lead, LATER, portion, 1, members)
    mixed = [world.staff.screener.id, world.staff.editor.id]
    with pytest.raises(Unprocessable, match="no_such_member"), world.database.writing() as session:
        allocating.allocate(session, world.staff.lead, LATER, portion, 1, mixed)


def test_a_decision_in_hand_survives_the_allocation(world: World, team: list[Actor]) -> None:
    (sent,) = _sent(world, 1)
    with world.database.writing() as session:
        allocating.allocate(session, world.staff.lead, LATER, Portion(world.consultation.id), 1, [team[0].id])
    with world.database.writing() as session:
        decide(session, team[1], LATER, sent, 1, ACCEPT)


def test_allocating_while_others_claim_gives_nothing_to_two(world: World, team: list[Actor]) -> None:
    _sent(world, 12)
    portion = Portion(world.consultation.id)

    def act(change: Callable[[Session], object]) -> Callable[[], object]:
        def run() -> object:
            with world.database.writing() as session:
                return change(session)

        return run

    answers = at_once(
        [
            act(lambda s: allocating.allocate(s, world.staff.lead, LATER, portion, 6, [team[0].id])[team[0].id]),
            act(lambda s: allocating.claim_next(s, team[1], LATER, portion, 5)),
            act(lambda s: allocating.claim_next(s, team[2], LATER, portion, 5)),
        ]
    )
    told = dict(zip(_ids(team), answers, strict=True))
    assert Counter(owner for owner in _owners(world.database).values() if owner) == told
    assert sum(n for n in told.values() if isinstance(n, int)) == 12


def test_two_claim_one_at_once(world: World, team: list[Actor]) -> None:
    (sent,) = _sent(world, 1)

    def claims(member: Actor) -> Callable[[], None]:
        def run() -> None:
            with world.database.writing() as session:
                allocating.claim(session, member, LATER, sent)

        return run

    answers = at_once([claims(team[0]), claims(team[1])])
    assert [type(answer) for answer in answers].count(Conflict) == 1
    winner = team[answers.index(None)]
    assert _owners(world.database) == {sent: winner.id}
