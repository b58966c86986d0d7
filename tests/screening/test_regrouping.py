"""Passages are put where they belong without any of them, or any sender, being lost."""

import uuid
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kit.paging import read_cursor
from app.permissions import Actor, ActorKind, Role, of_roles
from app.screening import editing, queries, regrouping, suggestion_queries, tracking
from app.screening.editing import Wording
from app.screening.lifecycle import RemarkKind, SuggestionChange, SuggestionState
from app.screening.models import Coverage, Passage, Suggestion, SuggestionPassage
from app.screening.passages import Span, sentences
from app.screening.suggestion_queries import Sought
from app.submissions.identity import Identity
from app.submissions.models import Submission
from tests.support import journey
from tests.support.journey import COMMENT, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

FIRST, SECOND = sentences(COMMENT)
BOTH = of_roles([Role.EDITOR, Role.APPROVER])


def made(world: World, people: Sequence[int], spans: Sequence[Span] = (FIRST,), text: str = "周末开放。") -> uuid.UUID:
    """The id of a suggestion that is being edited and gathers these passages of one submission of each."""
    first, *others = [journey.accepted_submission(world, person=person) for person in people]
    editor = world.staff.editor
    with world.database.writing() as session:
        made = editing.gather(session, editor, START, first, spans, Wording(text, "助餐", None)).id
        for other in others:
            editing.gather_into(session, editor, START, other, spans, made)
        return made


def revision(session: Session, id: uuid.UUID) -> int:
    return session.scalars(select(Suggestion.revision).where(Suggestion.id == id)).one()


def held(session: Session, id: uuid.UUID) -> list[uuid.UUID]:
    return [one.id for one in suggestion_queries.held_passages(session, id, None, 50).items]


def persons(session: Session, id: uuid.UUID) -> int:
    return session.get_one(Suggestion, id).distinct_persons


def test_a_passage_that_is_taken_out_is_uncovered_again(world: World) -> None:
    suggestion_id, editor = made(world, [1], [FIRST]), world.staff.editor
    with world.database.writing() as session:
        (submission_id,) = queries.senders_of(session, suggestion_id, None, 5)
        editing.gather_into(session, editor, START, submission_id, [Span(SECOND.start + 1, SECOND.end)], suggestion_id)
        assert session.get_one(Coverage, submission_id).uncovered == 1
        first, _ = held(session, suggestion_id)
        session.flush()
        regrouping.remove_passage(session, editor, START, suggestion_id, revision(session, suggestion_id), first)
    with world.database.reading() as session:
        assert len(held(session, suggestion_id)) == 1
        assert tracking.of_submission(session, submission_id).uncovered == 2  # type: ignore[union-attr]
        assert session.get(Passage, first) is None
        told = audit.of_record(session, "suggestion", suggestion_id)[-1]
    assert (told.action, told.detail["start"], told.detail["end"]) == ("suggestion.passage_removed", 0, FIRST.end)


def test_the_last_passage_stays(world: World) -> None:
    suggestion_id, editor = made(world, [1]), world.staff.editor
    with world.database.reading() as session:
        (only,) = held(session, suggestion_id)
        before = revision(session, suggestion_id)
    error = refused(world.database, lambda s: regrouping.remove_passage(s, editor, START, suggestion_id, before, only))
    assert (type(error), error.code) == (Conflict, "last_passage")


def test_dividing_keeps_every_passage_and_counts_persons_anew(world: World) -> None:
    suggestion_id, editor = made(world, [1, 2, 3]), world.staff.editor
    with world.database.writing() as session:
        before = held(session, suggestion_id)
        going = before[:1]
        second = regrouping.split(
            session, editor, START, suggestion_id, revision(session, suggestion_id), going, "另说一点。"
        ).id
    with world.database.reading() as session:
        assert held(session, second) == going
        assert held(session, suggestion_id) == before[1:]
        assert (persons(session, suggestion_id), persons(session, second)) == (2, 1)
        new = session.get_one(Suggestion, second)
        assert (new.text, new.theme, new.state) == ("另说一点。", "助餐", SuggestionState.EDITING)
        assert [one.change for one in suggestion_queries.versions_of_words(session, second)] == [SuggestionChange.SPLIT]


@pytest.mark.parametrize("which", ["none", "all"])
def test_dividing_needs_something_on_both_sides(world: World, which: str) -> None:
    suggestion_id, editor = made(world, [1, 2]), world.staff.editor
    with world.database.reading() as session:
        going = held(session, suggestion_id) if which == "all" else []
        before = revision(session, suggestion_id)
    error = refused(
        world.database, lambda s: regrouping.split(s, editor, START, suggestion_id, before, going, "另说一点。")
    )
    assert (type(error), error.code) == (Unprocessable, "passage_required")


def test_merging_keeps_every_passage_sender_and_editor(world: World) -> None:
    kept, other = made(world, [1, 2]), made(world, [2, 3], [SECOND], "张贴菜单。")
    other_editor = Actor(ActorKind.STAFF, world.staff.approver.id, BOTH)
    with world.database.writing() as session:
        wording = Wording("请张贴菜单。", "", None)
        editing.edit(session, other_editor, START, other, revision(session, other), wording)
    with world.database.writing() as session:
        before = {*held(session, kept), *held(session, other)}
        regrouping.merge(
            session, world.staff.editor, START, (kept, revision(session, kept)), (other, revision(session, other))
        )
    with world.database.reading() as session:
        assert set(held(session, kept)) == before
        assert held(session, other) == []
        assert persons(session, kept) == 3
        gone = session.get_one(Suggestion, other)
        assert (gone.state, gone.merged_into_id, gone.distinct_persons) == (SuggestionState.MERGED, kept, 0)
        assert [audit.of_record(session, "suggestion", one)[-1].action for one in (kept, other)] == [
            "suggestion.merged",
            "suggestion.merged_away",
        ]
    with world.database.writing() as session:
        editing.submit_for_approval(session, world.staff.editor, START, kept, revision(session, kept))
    error = refused(world.database, lambda s: editing.approve(s, other_editor, START, kept, revision(s, kept)))
    assert (type(error), error.code) == (Forbidden, "own_edit")


def test_two_who_merge_each_into_the_other_lose_nothing(world: World) -> None:
    pair = [made(world, [1]), made(world, [2])]
    with world.database.reading() as session:
        seen = [(one, revision(session, one)) for one in pair]
    errors = written_at_once(
        world.database,
        [
            lambda s, a=a, b=b: regrouping.merge(s, world.staff.editor, START, seen[a], seen[b])
            for a, b in ((0, 1), (1, 0))
        ],
    )
    assert errors.count(None) == 1
    with world.database.reading() as session:
        assert len(session.scalars(select(SuggestionPassage)).all()) == 2
        assert sorted(persons(session, one) for one in pair) == [0, 2]


def test_regrouping_refuses_what_is_not_there(world: World) -> None:
    suggestion_id, editor = made(world, [1, 2]), world.staff.editor
    with world.database.reading() as session:
        seen = revision(session, suggestion_id)
    nobody = uuid.uuid4()
    acts: list[tuple[Callable[[Session], object], type[Exception]]] = [
        (lambda s: regrouping.remove_passage(s, editor, START, suggestion_id, seen, nobody), NotFound),
        (lambda s: regrouping.split(s, editor, START, suggestion_id, seen, [nobody], "另说。"), NotFound),
        (lambda s: regrouping.merge(s, editor, START, (suggestion_id, seen), (suggestion_id, seen)), Unprocessable),
        (lambda s: regrouping.merge(s, editor, START, (nobody, 1), (suggestion_id, seen)), NotFound),
        (lambda s: regrouping.merge(s, editor, START, (suggestion_id, seen - 1), (suggestion_id, seen)), Conflict),
    ]
    for act, expected in acts:
        assert isinstance(refused(world.database, act), expected)


def test_who_came_without_a_number_is_counted_apart(world: World) -> None:
    nameless = Identity(name="测试甲", id_number=None, phone="13900000001", email=None)
    ids = [journey.accepted_submission(world, person=1)]
    for _ in range(2):
        receipt = journey.submit(world, who=nameless)
        with world.database.writing() as session:
            found = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
            found.state = editing.SubmissionState.ACCEPTED
            ids.append(found.id)
    with world.database.writing() as session:
        first = editing.gather(session, world.staff.editor, START, ids[0], [FIRST], Wording("周末。", "", None))
        for other in ids[1:]:
            editing.gather_into(session, world.staff.editor, START, other, [FIRST], first.id)
        assert (first.distinct_persons, first.persons_without_number) == (3, 2)


def test_an_accepted_submission_is_open_until_all_of_it_is_gathered(world: World) -> None:
    submission_id, editor = journey.accepted_submission(world), world.staff.editor

    def waiting(session: Session) -> list[int | None]:
        return list(session.scalars(select(Coverage.uncovered).where(Coverage.is_open)))

    with world.database.writing() as session:
        assert waiting(session) == [None]
        editing.gather(session, editor, START, submission_id, [FIRST], Wording("周末。", "", None))
        session.flush()
        assert waiting(session) == [1]
        editing.gather(session, editor, START, submission_id, [SECOND], Wording("菜单。", "", None))
        session.flush()
        assert waiting(session) == []


def test_what_is_left_is_settled_with_a_remark_and_opened_again_when_more_is_left(world: World) -> None:
    suggestion_id, editor = made(world, [1], [FIRST]), world.staff.editor
    with world.database.writing() as session:
        (submission_id,) = queries.senders_of(session, suggestion_id, None, 5)
        regrouping.settle_rest(session, editor, START, submission_id, 1, "客套话。")
        coverage = session.get_one(Coverage, submission_id)
        assert (coverage.is_open, coverage.settled_by, coverage.remark) == (False, editor.id, "客套话。")
        editing.gather_into(session, editor, START, submission_id, [SECOND], suggestion_id)
        session.flush()
        assert coverage.is_open is False
        for passage_id in held(session, suggestion_id)[1:]:
            seen = session.get_one(Suggestion, suggestion_id).revision
            regrouping.remove_passage(session, editor, START, suggestion_id, seen, passage_id)
        assert (coverage.is_open, coverage.settled_at) == (True, None)


def test_settling_answers_for_what_the_person_saw(world: World) -> None:
    submission_id, editor = journey.accepted_submission(world), world.staff.editor
    for uncovered, remark, code in ((1, "无。", "changed_meanwhile"), (2, " ", "remark_required")):
        error = refused(
            world.database,
            lambda s, n=uncovered, words=remark: regrouping.settle_rest(s, editor, START, submission_id, n, words),
        )
        assert error.code == code
    error = refused(world.database, lambda s: regrouping.reopen_rest(s, editor, START, submission_id))
    assert error.code == "nothing_settled"


def test_every_version_of_the_words_and_every_remark_stays(world: World) -> None:
    suggestion_id, editor, approver = made(world, [1]), world.staff.editor, world.staff.approver
    for round_ in ("一", "二"):
        with world.database.writing() as session:
            wording = Wording(f"第{round_}稿。", "助餐", None)
            editing.edit(session, editor, START, suggestion_id, revision(session, suggestion_id), wording)
        with world.database.writing() as session:
            seen = revision(session, suggestion_id)
            editing.submit_for_approval(session, editor, START, suggestion_id, seen, f"已改{round_}。")
        with world.database.writing() as session:
            seen = revision(session, suggestion_id)
            editing.return_for_editing(session, approver, START, suggestion_id, seen, f"再改{round_}。")
    with world.database.reading() as session:
        versions = suggestion_queries.versions_of_words(session, suggestion_id)
        remarks = suggestion_queries.remarks_on(session, suggestion_id)
    assert [(one.number, one.text) for one in versions] == [(3, "第二稿。"), (2, "第一稿。"), (1, "周末开放。")]
    assert {(one.kind, one.words) for one in remarks} == {
        (RemarkKind.ANSWERED, "已改一。"),
        (RemarkKind.RETURNED, "再改一。"),
        (RemarkKind.ANSWERED, "已改二。"),
        (RemarkKind.RETURNED, "再改二。"),
    }


def test_suggestions_are_found_by_words_theme_and_clause_a_page_at_a_time(world: World) -> None:
    texts = ["周末开放。", "周末也送餐。", "张贴菜单。"]
    ids = [made(world, [place], text=text) for place, text in enumerate(texts)]
    here = world.consultation.id
    with world.database.reading() as session:
        theme = session.get_one(Suggestion, ids[0]).theme_id

        def found(sought: Sought, after: str | None = None) -> tuple[set[str], str | None]:
            page = suggestion_queries.editable(session, here, sought, read_cursor(after), 2)
            return {one.text for one in page.items}, page.next_cursor

        assert found(Sought("周末"))[0] == set(texts[:2])
        assert found(Sought("周末 送"))[0] == {texts[1]}
        assert found(Sought("%"))[0] == set()
        assert found(Sought(clause_id=world.clauses[0].id))[0] == set()
        first, cursor = found(Sought(theme_id=theme))
        rest, end = found(Sought(theme_id=theme), cursor)
    assert (len(first), len(rest), first | rest, end) == (2, 1, set(texts), None)


def test_the_next_to_approve_is_one_that_others_edited(world: World) -> None:
    ids = [made(world, [person]) for person in (1, 2, 3)]
    approver = Actor(ActorKind.STAFF, world.staff.approver.id, BOTH)
    with world.database.writing() as session:
        editing.edit(session, approver, START, ids[1], revision(session, ids[1]), Wording("自己改。", "", None))
    with world.database.writing() as session:
        for one in ids:
            editing.submit_for_approval(session, world.staff.editor, START, one, revision(session, one))
    with world.database.reading() as session:
        order = sorted((ids[0], ids[2]), key=lambda one: one.hex)
        for one, following in zip(order, order[::-1], strict=True):
            suggestion = session.get_one(Suggestion, one)
            assert suggestion_queries.next_to_approve(session, suggestion, approver.id) == following
