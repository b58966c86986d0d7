"""Nothing is told before its release; a release is approved as a whole, by somebody who confirmed none of it."""

import uuid

from app.dispositions import actions, queries, releasing
from app.dispositions.kinds import DispositionKind
from app.dispositions.lifecycle import DispositionState, ReleaseState
from app.dispositions.models import Disposition, OutcomeRelease
from app.kit.errors import Conflict, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.support import journey, outcomes
from tests.support.counting import statements
from tests.support.journey import World
from tests.support.outcomes import BASIS, LATER
from tests.support.racing import written_at_once
from tests.support.refusals import refused

BOTH = Actor(ActorKind.STAFF, "both", of_roles([Role.MANAGER, Role.PUBLISHER]))


def confirmed(world: World, *people: int, kind: DispositionKind = DispositionKind.ADOPTED) -> list[uuid.UUID]:
    ids = [journey.approved_suggestion(world, people=(person,)) for person in people]
    for suggestion_id in ids:
        outcomes.answered(world, suggestion_id, kind, "已有安排。")
    outcomes.confirmed(world, *ids)
    return ids


def told(world: World, suggestion_id: uuid.UUID) -> list[tuple[DispositionKind, str]]:
    with world.database.reading() as session:
        return [(row.kind, row.words) for row in queries.releases_told(session, suggestion_id)]


def counts(world: World) -> dict[DispositionState, int]:
    with world.database.reading() as session:
        found = queries.state_counts(session, world.consultation.id)
    return {state: n for state, n in found.items() if n}


def test_everything_in_the_outbox_goes_into_one_release_and_is_told_by_it(world: World) -> None:
    ids = confirmed(world, 1, 2)
    release_id = outcomes.prepared(world)
    assert counts(world) == {DispositionState.SUBMITTED: 2}
    assert [told(world, each) for each in ids] == [[], []]
    with world.database.writing() as session:
        releasing.release_outcomes(
            session, world.staff.publisher, LATER, release_id, 2, approver=" 分管领导 ", document_number="办〔2026〕1号"
        )
    assert counts(world) == {DispositionState.RELEASED: 2}
    assert [told(world, each) for each in ids] == [[(DispositionKind.ADOPTED, "已有安排。")]] * 2
    with world.database.reading() as session:
        release = queries.release(session, release_id)
        listed = queries.in_release(session, release, None, 10).items
    assert (release.state, release.counts, release.approver) == (
        ReleaseState.RELEASED,
        {"adopted": 2, "senders": 2},
        "分管领导",
    )
    assert {row.disposition.suggestion_id for row in listed} == set(ids)


def test_people_read_the_words_that_are_meant_for_them(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    outcomes.answered(world, suggestion_id, DispositionKind.NOTED, "拟研究。", words="感谢您的建议，我们将继续研究。")
    outcomes.told(world, [suggestion_id])
    assert told(world, suggestion_id) == [(DispositionKind.NOTED, "感谢您的建议，我们将继续研究。")]


def test_who_confirmed_any_of_it_does_not_release_it(world: World) -> None:
    (suggestion_id,) = [journey.approved_suggestion(world)]
    outcomes.answered(world, suggestion_id)
    with world.database.writing() as session:
        actions.confirm(session, BOTH, LATER, suggestion_id, 1, outcomes.LETTER)
    release_id = outcomes.prepared(world)
    error = refused(world.database, lambda s: releasing.release_outcomes(s, BOTH, LATER, release_id, 2))
    assert (type(error), error.code) == (Conflict, "own_confirmation")
    assert told(world, suggestion_id) == []


def test_of_two_who_release_at_once_one_is_refused_and_all_is_told_once(world: World) -> None:
    (suggestion_id,) = confirmed(world, 1)
    release_id = outcomes.prepared(world)
    acts = [lambda s: releasing.release_outcomes(s, world.staff.publisher, LATER, release_id, 2)] * 2
    errors = written_at_once(world.database, acts)
    (lost,) = [error for error in errors if error]
    assert isinstance(lost, Conflict)
    assert len(told(world, suggestion_id)) == 1


def test_what_is_left_out_lies_in_the_outbox_again(world: World) -> None:
    first, second = confirmed(world, 1, 2)
    release_id = outcomes.prepared(world)
    with world.database.writing() as session:
        releasing.take_out(session, world.staff.publisher, LATER, release_id, 2, first)
    with world.database.writing() as session:
        assert session.get_one(OutcomeRelease, release_id).counts == {"adopted": 1, "senders": 1}
        releasing.release_outcomes(session, world.staff.publisher, LATER, release_id, 3)
    assert (told(world, first), len(told(world, second))) == ([], 1)
    assert counts(world) == {DispositionState.CONFIRMED: 1, DispositionState.RELEASED: 1}
    gone = refused(world.database, lambda s: releasing.take_out(s, world.staff.publisher, LATER, release_id, 4, second))
    assert isinstance(gone, InvalidTransition)


def test_a_release_that_is_given_up_tells_nothing(world: World) -> None:
    (suggestion_id,) = confirmed(world, 1)
    release_id = outcomes.prepared(world)
    with world.database.writing() as session:
        releasing.withdraw_release(session, world.staff.publisher, LATER, release_id, 2, "暂缓。")
    assert counts(world) == {DispositionState.CONFIRMED: 1}
    error = refused(
        world.database, lambda s: releasing.release_outcomes(s, world.staff.publisher, LATER, release_id, 3)
    )
    assert isinstance(error, InvalidTransition)
    assert told(world, suggestion_id) == []


def test_an_empty_outbox_makes_no_release(world: World) -> None:
    publisher, where = world.staff.publisher, world.consultation.id
    empty = refused(world.database, lambda s: releasing.prepare_release(s, publisher, LATER, where, "第一批", BASIS))
    untitled = refused(world.database, lambda s: releasing.prepare_release(s, publisher, LATER, where, " ", BASIS))
    unknown = refused(world.database, lambda s: releasing.release_outcomes(s, publisher, LATER, where, 1))
    assert (empty.code, untitled.code) == ("nothing_to_release", "title_required")
    assert isinstance(untitled, Unprocessable)
    assert isinstance(unknown, NotFound)


def test_a_revision_is_told_as_a_further_version_and_the_first_stays_until_then(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = outcomes.decided(world, suggestion_id, DispositionKind.NOT_ADOPTED, "经费不足。")
    with world.database.writing() as session:
        row = session.get_one(Disposition, suggestion_id)
        actions.revise(session, world.staff.manager, LATER, suggestion_id, row.revision, "经费已落实。")
    first = [(DispositionKind.NOT_ADOPTED, "经费不足。")]
    outcomes.answered_anew(world, assignment_id, DispositionKind.ADOPTED, "已列入计划。")
    assert told(world, suggestion_id) == first
    with world.database.reading() as session:
        standing = queries.told(session, [suggestion_id])[suggestion_id]
    assert (standing.outcome.kind, standing.before) == (DispositionKind.NOT_ADOPTED, None)
    outcomes.told(world, [suggestion_id])
    assert told(world, suggestion_id) == [*first, (DispositionKind.ADOPTED, "已列入计划。")]
    with world.database.reading() as session:
        standing = queries.told(session, [suggestion_id])[suggestion_id]
    assert standing.before is not None
    assert (standing.outcome.kind, standing.before.kind) == (DispositionKind.ADOPTED, DispositionKind.NOT_ADOPTED)


def test_a_list_costs_as_many_queries_for_three_as_for_one(world: World) -> None:
    counted = []
    for people in ((1,), (2, 3)):
        confirmed(world, *people)
        with world.database.reading() as session, statements(world.database) as sent:
            queries.in_state(session, world.consultation.id, DispositionState.CONFIRMED, None, 10)
        counted.append(len(sent))
    assert counted == [1, 1]
