"""The reviewers' lists: every row once, the one that waits longest first, at a fixed cost."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.accounts import queries as accounts
from app.assignments import queries as handed
from app.audit import queries as audit
from app.desk import queries as desk
from app.desk import rows as lines
from app.desk import stretches
from app.desk.filters import Filters
from app.desk.reader import Reader
from app.desk.views import OF_SUBMISSIONS, OF_SUGGESTIONS, View
from app.kit.errors import Forbidden
from app.kit.paging import BadCursor, Key, read_cursor
from app.permissions import Permission
from app.screening import editing
from app.screening import queries as suggestions
from app.screening.lifecycle import SuggestionStage
from app.screening.passages import sentences
from app.submissions.lifecycle import SubmissionState
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import COMMENT, START, World
from tests.support.queues import LATER, look_again, put, reader, submission

NOTHING = Filters()
REFERRALS = frozenset({Permission.VIEW_DESK, Permission.HANDLE_REFERRALS})


def officer(world: World, within: frozenset[uuid.UUID] | None = None, **given: object) -> Reader:
    """A reader who sees every view, in all consultations or within some."""
    actor = world.staff.screener
    limits = {} if within is None else {Permission.VIEW_DESK: within}
    every = replace(actor, permissions=actor.permissions | REFERRALS, limits=limits)
    return reader(world, actor=every, **given)


def ids(world: World, view: View, filters: Filters = NOTHING, **given: object) -> list[uuid.UUID]:
    """What stands in the view, all of its pages."""
    found: list[uuid.UUID] = []
    cursor, more = None, True
    while more:
        with world.database.reading() as session:
            page = desk.rows(session, view, filters, read_cursor(cursor), officer(world, **given))
        found += [row.id for row in page.items]
        cursor, more = page.next_cursor, page.next_cursor is not None
    return found


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE_SIZE", 2)


def test_every_view_is_filled_from_one_place() -> None:
    assert set(View) == {*OF_SUBMISSIONS, *OF_SUGGESTIONS}
    assert {state for states in OF_SUBMISSIONS.values() for state in states} == set(SubmissionState)
    assert {*OF_SUGGESTIONS.values(), SuggestionStage.MERGED} == set(SuggestionStage)


def test_every_view_holds_exactly_its_rows_and_its_count_says_how_many(world: World) -> None:
    own = {view: put(world, view, n, START if view is View.OVERDUE else LATER) for n, view in enumerate(View)}
    expected: dict[View, set[uuid.UUID]] = {view: {id} for view, id in own.items()}
    expected[View.OVERDUE].clear()
    to_screen = (View.MINE, View.UNCLAIMED, View.RECEIVED, View.OVERDUE, View.FLAGGED, View.CLARIFYING, View.HELD)
    expected[View.RECEIVED] = {own[view] for view in to_screen}
    expected[View.OVERDUE] = {own[View.OVERDUE]}
    with world.database.reading() as session:
        # What suggestions gather was accepted by a screener, and is allocated to nobody.
        sources = {one for view in OF_SUGGESTIONS for one in suggestions.senders_of(session, own[view], None, 9)}
    expected[View.ACCEPTED] = {own[View.ACCEPTED], own[View.TO_GATHER], own[View.DONE], own[View.ALL], *sources}
    expected[View.OUT_OF_SCOPE] |= {own[View.SECOND_LOOK]}
    ended = (View.OUT_OF_SCOPE, View.DUPLICATE, View.UNSUITABLE)
    expected[View.DONE] = {*expected[View.ACCEPTED], *(id for view in ended for id in expected[view])}
    listed_elsewhere = (view for view in OF_SUBMISSIONS if view not in (View.ALL, View.REFERRED))
    expected[View.ALL] = {id for view in listed_elsewhere for id in expected[view]}
    with world.database.reading() as session:
        late = officer(world, at=LATER)
        counted = desk.counts(session, NOTHING, late)
        of_one = desk.counts(session, Filters(consultation=world.consultation.id), late)
        elsewhere = Filters(consultation=uuid.uuid4())
        none = desk.counts(session, elsewhere, late)
    for view in View:
        listed = ids(world, view, at=LATER)
        if view not in (View.TO_GATHER, View.HELD):
            assert (view, set(listed)) == (view, expected[view])
        assert expected[view] <= set(listed)
        assert (view, len(set(listed))) == (view, len(listed)) == (view, counted[view]) == (view, of_one[view])
        assert ids(world, view, Filters(consultation=world.consultation.id), at=LATER) == listed
        assert not ids(world, view, elsewhere, at=LATER)
    assert set(none.values()) == {0}


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize(
    "view", [View.RECEIVED, View.UNCLAIMED, View.FLAGGED, View.DONE, View.QUARANTINED, View.AWAITING_APPROVAL]
)
def test_paging_shows_every_row_once_in_both_directions(world: World, view: View) -> None:
    # Two rows at each instant, so that the order within an instant matters too.
    made = [put(world, view, person, START + timedelta(minutes=person // 2)) for person in range(5)]
    pages: list[Sequence[desk.Row]] = []
    cursor: str | None = ""
    while cursor is not None:
        with world.database.reading() as session:
            page = desk.rows(session, view, NOTHING, read_cursor(cursor), reader(world))
        assert len(page.items) <= 2
        assert (page.previous_cursor is None) == (not pages)
        pages.append(page.items)
        cursor = page.next_cursor
        if len(pages) == 1:  # what comes in meanwhile moves nothing
            made.append(put(world, view, 10, START + timedelta(hours=1)))
    seen = [row for items in pages for row in items]
    assert [(row.at, row.id) for row in seen] == sorted((row.at, row.id) for row in seen)
    assert sorted(row.id for row in seen) == sorted(made)
    back, cursor = [], page.previous_cursor
    while cursor is not None:
        with world.database.reading() as session:
            page = desk.rows(session, view, NOTHING, None, reader(world), before=read_cursor(cursor))
        back.append(page.items)
        assert page.next_cursor is not None
        cursor = page.previous_cursor
    assert [list(items) for items in reversed(back)] == [list(items) for items in pages[:-1]]


@pytest.mark.usefixtures("short_pages")
def test_a_page_looks_through_so_many_entries_and_the_next_one_goes_on(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stretches, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(stretches, "STRETCHES", 2)
    world = sqlite_world
    made = [submission(world, n, START + timedelta(minutes=n), allocated_to="other") for n in range(9)]
    made.append(submission(world, 9, START + timedelta(minutes=9), clauses=[world.clauses[2]], allocated_to="other"))
    rare = Filters(department="health", allocated_to="other")
    with world.database.reading() as session:
        first = desk.rows(session, View.RECEIVED, rare, None, reader(world))
    assert not first.items
    assert read_cursor(first.next_cursor) == Key(START + timedelta(minutes=3), made[3])
    about = Filters(clause=world.clauses[2].id, allocated_to="other")
    assert ids(world, View.RECEIVED, about) == made[-1:]


def test_a_row_that_is_decided_between_two_pages_moves_no_other(world: World, short_pages: None) -> None:
    made = [put(world, View.RECEIVED, person, START + timedelta(minutes=person)) for person in range(4)]
    with world.database.reading() as session:
        first = desk.rows(session, View.RECEIVED, NOTHING, None, reader(world))
    with world.database.writing() as session:
        session.get_one(lines.Submission, made[0]).state = SubmissionState.ACCEPTED
    with world.database.reading() as session:
        second = desk.rows(session, View.RECEIVED, NOTHING, read_cursor(first.next_cursor), reader(world))
    assert [row.id for row in (*first.items, *second.items)] == made
    assert second.next_cursor is None


def test_a_view_and_the_counts_cost_as_many_queries_for_three_rows_as_for_one(sqlite_world: World) -> None:
    world, costs = sqlite_world, []
    narrowed = Filters(consultation=world.consultation.id)
    for people in ([1], [2, 3]):
        for person in people:
            for place, view in enumerate(View):
                put(world, view, 100 * person + place)
        cost: dict[object, int] = {}
        for view in View:
            with world.database.reading() as session, statements(world.database) as sent:
                page = desk.rows(session, view, narrowed, None, officer(world, at=LATER))
            assert len(page.items) >= len(people)
            cost[view] = len(sent)
        with world.database.reading() as session, statements(world.database) as sent:
            desk.counts(session, narrowed, officer(world))
        costs.append(cost | {"counts": len(sent)})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 8
    assert costs[0]["counts"] == 2


def test_what_was_referred_is_there_for_those_who_handle_it(sqlite_world: World) -> None:
    world = sqlite_world
    put(world, View.REFERRED, 1)
    with world.database.reading() as session:
        assert View.REFERRED not in desk.counts(session, NOTHING, reader(world))
        with pytest.raises(Forbidden):
            desk.rows(session, View.REFERRED, NOTHING, None, reader(world))
        assert View.REFERRED not in reader(world).views()


def test_who_looks_again_neither_decided_first_nor_learns_what_was_decided(sqlite_world: World) -> None:
    world = sqlite_world
    mine, others = (submission(world, n, state=SubmissionState.OUT_OF_SCOPE) for n in range(2))
    with world.database.writing() as session:
        look_again(session, mine, world.consultation.id, START, by=world.staff.screener.id)
        look_again(session, others, world.consultation.id, START)
    with world.database.reading() as session:
        (row,) = desk.rows(session, View.SECOND_LOOK, NOTHING, None, reader(world)).items
    assert (row.id, row.state) == (others, SubmissionState.RECEIVED)


def test_a_reader_who_is_confined_to_some_consultations_sees_no_other(world: World) -> None:
    put(world, View.RECEIVED, 1)
    put(world, View.EDITING, 2)
    for view in (View.RECEIVED, View.EDITING, View.ACCEPTED):
        assert ids(world, view, within=frozenset({world.consultation.id}))
        assert not ids(world, view, within=frozenset())
        assert not ids(world, view, Filters(consultation=world.consultation.id), within=frozenset({uuid.uuid4()}))
    with world.database.reading() as session:
        counted = desk.counts(session, NOTHING, officer(world, within=frozenset()))
    assert set(counted.values()) <= {0}


def test_a_row_tells_what_it_is_about(sqlite_world: World) -> None:
    world = sqlite_world
    clause = world.clauses[1]
    name = f"{clause.number} {clause.heading}".strip()
    journey.submit(world, clauses=[world.clauses[2], clause], comment="  长" * 100)
    put(world, View.EDITING, 3)
    with world.database.reading() as session:
        (received,) = desk.rows(session, View.RECEIVED, NOTHING, None, reader(world)).items
        (edited,) = desk.rows(session, View.EDITING, NOTHING, None, reader(world)).items
    assert (received.is_submission, received.title, received.persons) == (True, "关于助餐的意见", 1)
    assert received.clauses[0] == name
    assert len(received.clauses) == 2
    assert len(received.excerpt) == lines.EXCERPT
    assert received.excerpt.endswith("…")
    assert not received.late
    assert (edited.is_submission, edited.title, edited.clauses, edited.persons) == (False, "助餐", (name,), 1)


def test_next_and_previous_follow_the_list_that_was_left(world: World) -> None:
    at = [START + timedelta(minutes=n) for n in range(4)]
    first, second, third = (put(world, View.MINE, n, at[n]) for n in range(3))
    put(world, View.UNCLAIMED, 3, at[1])
    with world.database.writing() as session:
        session.get_one(lines.Submission, second).state = SubmissionState.ACCEPTED
    with world.database.reading() as session:
        own = (session, View.MINE, NOTHING)
        assert desk.next_after(*own, first, reader(world)) == third
        assert desk.next_after(*own, second, reader(world)) == third
        assert desk.next_after(*own, third, reader(world)) is None
        assert desk.previous(*own, third, reader(world)) == first
        assert desk.previous(*own, second, reader(world)) == first
        assert desk.previous(*own, first, reader(world)) is None


@pytest.mark.parametrize(
    "cursor", ["x", "AAAA", "！", "A" * 33, "_" * 32, Key(START, uuid.UUID(int=1)).cursor() + "AA"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(cursor)


@pytest.mark.parametrize("at", [START, START + timedelta(microseconds=1), datetime.max.replace(tzinfo=START.tzinfo)])
def test_a_cursor_names_its_row_to_the_microsecond(at: datetime) -> None:
    key = Key(at, uuid.uuid4())
    assert read_cursor(key.cursor()) == key


def test_the_audit_is_paged_newest_first_without_gap_or_repeat_in_one_query_a_page(world: World) -> None:
    for person in range(3):
        journey.submit(world, person=person)
    seen, cursor, costs = [], None, set()
    for _ in range(20):
        with world.database.reading() as session, statements(world.database) as sent:
            page = audit.latest(session, read_cursor(cursor), 2)
        costs.add(len(sent))
        seen += [(entry.at, entry.id) for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert costs == {1}
    assert seen == sorted(set(seen), reverse=True)
    with world.database.reading() as session:
        assert len(audit.latest(session, None, 1000).items) == len(seen)


def test_what_a_case_page_reads_costs_as_much_for_three_as_for_one(world: World) -> None:
    source, counted = journey.accepted_submission(world), []
    for more in (1, 2):
        with world.database.writing() as session:
            for _ in range(more):
                words = editing.Wording("周末开放。", "", world.clauses[1].id)
                editing.gather(session, world.staff.editor, START, source, sentences(COMMENT), words)
        with world.database.reading() as session, statements(world.database) as sent:
            found = suggestions.suggestions_of(session, [source])
            suggestions.sources_of(session, found[0].id)
            suggestions.gathered_spans(session, source)
            suggestions.being_edited(session, world.consultation.id)
            handed.of_suggestions(session, [one.id for one in found])
            accounts.names_of(session, [one.edited_by for one in found])
        counted.append(len(sent))
    assert len(found) == 3
    assert counted == [6, 6]
