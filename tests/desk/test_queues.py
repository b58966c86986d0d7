"""The reviewers' lists: every row once, the one that waits longest first, at a fixed cost."""

import uuid
from datetime import datetime, timedelta

import pytest

from app.accounts import queries as accounts
from app.assignments import actions as assignments
from app.assignments import queries as handed
from app.audit import queries as audit
from app.desk import queries as desk
from app.desk.views import OF_SUBMISSIONS, OF_SUGGESTIONS, View
from app.kit.paging import BadCursor, Key, read_cursor
from app.permissions import Actor, ActorKind, of_scopes
from app.screening import editing
from app.screening import queries as suggestions
from app.screening.lifecycle import SuggestionState, UnsuitableClass
from app.screening.passages import sentences
from app.submissions.lifecycle import SubmissionState
from app.submissions.models import Submission
from app.submissions.queries import by_number
from tests.support import deciding as screening
from tests.support import journey
from tests.support.counting import statements
from tests.support.journey import COMMENT, DRAFTING, START, World

PROGRAM = Actor(ActorKind.CLIENT, "program", of_scopes(["assignments:write"]), DRAFTING)


def submission(world: World, person: int, at: datetime, state: SubmissionState) -> uuid.UUID:
    """The id of a submission of that person, with a chosen clause, that stands in that state."""
    receipt = journey.submit(world, person=person, clauses=[world.clauses[1]], at=at)
    with world.database.writing() as session:
        found = by_number(session, receipt.number)
        assert found is not None
        given = (session, world.staff.screener, at, found.id, found.revision)
        if state is SubmissionState.ACCEPTED:
            screening.accept(*given)
        elif state is SubmissionState.OUT_OF_SCOPE:
            screening.close_as_out_of_scope(*given, "与本稿无关。")
        elif state is SubmissionState.UNSUITABLE:
            screening.close_as_unsuitable(*given, UnsuitableClass.ADVERTISING, "广告。")
        elif state is not SubmissionState.RECEIVED:
            found.state = state
        return found.id


def suggestion(world: World, person: int, at: datetime, view: View) -> uuid.UUID:
    """The id of a suggestion on a clause that stands in that view."""
    if view in (View.EDITING, View.AWAITING_APPROVAL):
        source = journey.accepted_submission(world, person=person, at=at)
        with world.database.writing() as session:
            words = editing.Wording("周末开放。", "助餐", world.clauses[1].id)
            made = editing.gather(session, world.staff.editor, at, source, sentences(COMMENT), words)
            if view is View.AWAITING_APPROVAL:
                session.flush()
                editing.submit_for_approval(session, world.staff.editor, at, made.id, made.revision)
            return made.id
    made_id = journey.approved_suggestion(world, people=(person,), clause=world.clauses[1], at=at)
    if view is not View.TO_ASSIGN:
        assignment_id = journey.assigned(world, made_id, at=at)[DRAFTING]
        if view is View.SENT_BACK:
            with world.database.writing() as session:
                assignments.send_back(session, PROGRAM, at, assignment_id, "不归我们管。", None)
    return made_id


def put(world: World, view: View, person: int, at: datetime = START) -> uuid.UUID:
    """Adds one row to the view."""
    if view in OF_SUBMISSIONS:
        return submission(world, person, at, OF_SUBMISSIONS[view])
    return suggestion(world, person, at, view)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE_SIZE", 2)


def test_every_view_is_filled_from_one_place() -> None:
    assert set(View) == {*OF_SUBMISSIONS, *OF_SUGGESTIONS, View.SENT_BACK}
    assert set(OF_SUBMISSIONS.values()) == set(SubmissionState)
    assert {state for state, _ in OF_SUGGESTIONS.values()} == set(SuggestionState)


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("view", View)
def test_paging_shows_every_row_once_though_new_ones_come_in_between(world: World, view: View) -> None:
    # Two rows at each instant, so that the order within an instant matters too.
    ids = [put(world, view, person, START + timedelta(minutes=person // 2)) for person in range(5)]
    seen: list[desk.Row] = []
    cursor, pages = None, 0
    while cursor is not None or not pages:
        with world.database.reading() as session:
            page = desk.rows(session, view, world.consultation.id, read_cursor(cursor))
        assert len(page.items) <= 2
        seen += page.items
        cursor, pages = page.next_cursor, pages + 1
        if pages == 1:
            ids.append(put(world, view, 10, START + timedelta(hours=1)))
    assert pages == 3
    assert [row.at for row in seen] == sorted(row.at for row in seen)
    assert {row.id for row in seen} == set(ids)
    assert len(seen) == len(ids) == 6


@pytest.mark.usefixtures("short_pages")
def test_a_row_that_is_decided_between_two_pages_moves_no_other(world: World) -> None:
    ids = [put(world, View.RECEIVED, person, START + timedelta(minutes=person)) for person in range(4)]
    with world.database.reading() as session:
        first = desk.rows(session, View.RECEIVED, None, None)
    with world.database.writing() as session:
        screening.accept(session, world.staff.screener, START, ids[0], 1)
    with world.database.reading() as session:
        second = desk.rows(session, View.RECEIVED, None, read_cursor(first.next_cursor))
    assert [row.id for row in (*first.items, *second.items)] == ids
    assert second.next_cursor is None


@pytest.mark.parametrize("view", View)
def test_a_view_costs_as_many_queries_for_three_rows_as_for_one(world: World, view: View) -> None:
    counted = []
    for more in ([1], [2, 3]):
        for person in more:
            put(world, view, person)
        with world.database.reading() as session, statements(world.database) as sent:
            page = desk.rows(session, view, world.consultation.id, None)
        counted.append(len(sent))
    assert len(page.items) == 3
    assert counted[0] == counted[1] <= 3


def test_the_counts_are_those_of_the_lists_at_a_fixed_cost(world: World) -> None:
    costs = []
    for person, view in enumerate(View):
        put(world, view, person)
        with world.database.reading() as session, statements(world.database) as sent:
            counts = desk.counts(session, world.consultation.id)
        costs.append(len(sent))
    assert len(set(costs)) == 1
    with world.database.reading() as session:
        listed = {view: len(desk.rows(session, view, world.consultation.id, None).items) for view in View}
        assert desk.counts(session, None) == counts == listed
        elsewhere = uuid.uuid4()
        assert set(desk.counts(session, elsewhere).values()) == {0}
        assert not any(desk.rows(session, view, elsewhere, None).items for view in View)
    # Each submission of a suggestion is an accepted one.
    assert counts[View.RECEIVED] == counts[View.EDITING] == counts[View.SENT_BACK] == 1
    assert counts[View.ACCEPTED] == 1 + len(View) - len(OF_SUBMISSIONS)


def test_a_row_tells_what_it_is_about(world: World) -> None:
    clause = world.clauses[1]
    name = f"{clause.number} {clause.heading}".strip()
    journey.submit(world, clauses=[world.clauses[2], clause], comment="  长" * 100)
    put(world, View.EDITING, 3)
    with world.database.reading() as session:
        (received,) = desk.rows(session, View.RECEIVED, None, None).items
        (edited,) = desk.rows(session, View.EDITING, None, None).items
    assert (received.is_submission, received.title, received.persons) == (True, "关于助餐的意见", 1)
    assert received.clauses[0] == name
    assert len(received.clauses) == 2
    assert len(received.excerpt) == desk.EXCERPT
    assert received.excerpt.endswith("…")
    assert (edited.is_submission, edited.title, edited.clauses, edited.persons) == (False, "助餐", (name,), 1)


def test_after_one_comes_the_next_that_waits(world: World) -> None:
    first, second, third = (put(world, View.RECEIVED, n, START + timedelta(minutes=n)) for n in range(3))
    with world.database.writing() as session:
        screening.accept(session, world.staff.screener, START, second, 1)
    with world.database.reading() as session:
        assert desk.next_after(session, session.get_one(Submission, first)) == third
        assert desk.next_after(session, session.get_one(Submission, third)) is None


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
