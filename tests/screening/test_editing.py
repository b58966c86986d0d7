"""Passages become suggestions; who worded one neither approves nor returns it."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.documents.queries import clauses_of
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from app.screening import editing, queries, regrouping
from app.screening.editing import TEXT_LIMIT, Wording
from app.screening.lifecycle import LIFECYCLE, SuggestionEvent, SuggestionState
from app.screening.models import Passage, Suggestion, SuggestionPassage
from app.screening.passages import Span, sentences
from app.submissions.queries import by_number
from tests.support import journey
from tests.support.dump import dump
from tests.support.journey import COMMENT, DRAFTING, START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused
from tests.support.steps import walk

SUBMIT, APPROVE, RETURN, MERGE = SuggestionEvent
WAY_TO = {
    SuggestionState.EDITING: [],
    SuggestionState.AWAITING_APPROVAL: [SUBMIT],
    SuggestionState.APPROVED: [SUBMIT, APPROVE],
    SuggestionState.MERGED: [MERGE],
}
FIRST, SECOND = sentences(COMMENT)
WORDS = Wording("助餐点周末开放。", "助餐服务", None)
BOTH_ROLES = of_roles([Role.EDITOR, Role.APPROVER])


def gathered(
    world: World, *, person: int = 0, spans: tuple[Span, ...] = (FIRST,), wording: Wording = WORDS
) -> uuid.UUID:
    """The id of a suggestion that is being edited, from a new submission of that person."""
    submission_id = journey.accepted_submission(world, person=person)
    with world.database.writing() as session:
        return editing.gather(session, world.staff.editor, START, submission_id, spans, wording).id


def joined(world: World, suggestion_id: uuid.UUID, person: int, span: Span = FIRST) -> None:
    submission_id = journey.accepted_submission(world, person=person)
    with world.database.writing() as session:
        editing.gather_into(session, world.staff.editor, START, submission_id, [span], suggestion_id)


def now(session: Session, suggestion_id: uuid.UUID) -> Suggestion:
    return session.get_one(Suggestion, suggestion_id)


def step(world: World, session: Session, event: SuggestionEvent, suggestion_id: uuid.UUID, revision: int) -> None:
    if event is SUBMIT:
        editing.submit_for_approval(session, world.staff.editor, START, suggestion_id, revision)
    elif event is APPROVE:
        editing.approve(session, world.staff.approver, START, suggestion_id, revision)
    elif event is MERGE:
        kept = bare_suggestion(session, world)
        regrouping.merge(session, world.staff.editor, START, (kept.id, kept.revision), (suggestion_id, revision))
    else:
        editing.return_for_editing(session, world.staff.approver, START, suggestion_id, revision, "请写明条款。")


def bare_suggestion(session: Session, world: World) -> Suggestion:
    """One that is being edited, in the same transaction."""
    words = {"text": "助餐。", "theme": "", "edited_by": world.staff.editor.id, "created_at": START}
    made = Suggestion(consultation_id=world.consultation.id, **words)
    session.add(made)
    session.flush()
    return made


def standing(world: World, state: SuggestionState) -> uuid.UUID:
    """The id of a suggestion in that state."""
    suggestion_id = gathered(world)
    for event in WAY_TO[state]:
        with world.database.writing() as session:
            step(world, session, event, suggestion_id, now(session, suggestion_id).revision)
    return suggestion_id


@pytest.mark.parametrize("state", SuggestionState)
def test_each_step_is_possible_where_the_life_cycle_has_it(world: World, state: SuggestionState) -> None:
    suggestion_id = standing(world, state)
    walk(
        world.database,
        LIFECYCLE,
        state,
        SuggestionEvent,
        lambda session, event: step(world, session, event, suggestion_id, now(session, suggestion_id).revision),
        lambda session: now(session, suggestion_id).state,
    )


@pytest.mark.parametrize("state", [SuggestionState.AWAITING_APPROVAL, SuggestionState.APPROVED, SuggestionState.MERGED])
def test_words_and_passages_change_only_while_it_is_edited(world: World, state: SuggestionState) -> None:
    suggestion_id, more = standing(world, state), journey.accepted_submission(world, person=5)
    editor = world.staff.editor
    acts: list[Callable[[Session], object]] = [
        lambda s: editing.edit(s, editor, START, suggestion_id, now(s, suggestion_id).revision, WORDS),
        lambda s: editing.gather_into(s, editor, START, more, [FIRST], suggestion_id),
    ]
    for act in acts:
        error = refused(world.database, act)
        assert (type(error), error.code) == (Conflict, "not_being_edited")


def test_one_submission_yields_several_suggestions(world: World) -> None:
    submission_id = journey.accepted_submission(world)
    with world.database.writing() as session:
        ids = [
            editing.gather(session, world.staff.editor, START, submission_id, [span], WORDS).id
            for span in (FIRST, SECOND, FIRST)
        ]
    with world.database.reading() as session:
        assert [row.id for row in queries.suggestions_of(session, [submission_id])] == ids
        assert queries.sources_of(session, ids[1])[0].passage == COMMENT[SECOND.start : SECOND.end]
        assert queries.gathered_spans(session, submission_id).count(FIRST) == 2


def test_one_suggestion_gathers_passages_of_several_submissions_and_keeps_every_sender(world: World) -> None:
    suggestion_id = gathered(world, person=1)
    joined(world, suggestion_id, person=2, span=SECOND)
    joined(world, suggestion_id, person=3)
    with world.database.reading() as session:
        sources = queries.sources_of(session, suggestion_id)
        senders = [by_number(session, source.receipt_number) for source in sources]
        assert now(session, suggestion_id).distinct_persons == 3
    assert [source.span for source in sources] == [FIRST, SECOND, FIRST]
    assert [source.submission_id for source in sources] == [sender and sender.id for sender in senders]
    assert len({source.submission_id for source in sources}) == 3


def test_a_person_who_wrote_twice_is_counted_once(world: World) -> None:
    suggestion_id = gathered(world, person=1)
    for person, counted in ((1, 1), (2, 2), (1, 2)):
        joined(world, suggestion_id, person)
        with world.database.reading() as session:
            assert now(session, suggestion_id).distinct_persons == counted


def test_neighbouring_passages_are_kept_as_one(world: World) -> None:
    suggestion_id = gathered(world, spans=(SECOND, FIRST))
    with world.database.reading() as session:
        assert [source.passage for source in queries.sources_of(session, suggestion_id)] == [COMMENT]


def test_two_editors_who_add_at_once_lose_nobody(world: World) -> None:
    suggestion_id = gathered(world, person=1)
    more = [journey.accepted_submission(world, person=person) for person in (2, 3)]
    errors = written_at_once(
        world.database,
        [
            lambda s, one=one: editing.gather_into(s, world.staff.editor, START, one, [FIRST], suggestion_id)
            for one in more
        ],
    )
    with world.database.reading() as session:
        persons = now(session, suggestion_id).distinct_persons
        assert len(queries.sources_of(session, suggestion_id)) == persons == 1 + errors.count(None)
    assert all(isinstance(error, Conflict) for error in errors if error)


@pytest.mark.parametrize("person", [1, 2], ids=["the same person", "another person"])
def test_nothing_is_added_to_what_another_submits_at_the_same_moment(world: World, person: int) -> None:
    suggestion_id = gathered(world, person=1)
    more = journey.accepted_submission(world, person=person)
    with world.database.reading() as session:
        revision = now(session, suggestion_id).revision
    joining, submitting = written_at_once(
        world.database,
        [
            lambda s: editing.gather_into(s, world.staff.editor, START, more, [FIRST], suggestion_id),
            lambda s: editing.submit_for_approval(s, world.staff.editor, START, suggestion_id, revision),
        ],
    )
    assert [type(error) for error in (joining, submitting) if error] == [Conflict]


def test_a_submission_that_is_not_accepted_yields_nothing(world: World) -> None:
    journey.submit(world)
    suggestion_id, editor = gathered(world, person=1), world.staff.editor
    with world.database.reading() as session:
        waiting = by_number(session, journey.submit(world, person=2).number)
    assert waiting is not None
    acts: list[Callable[[Session], object]] = [
        lambda s: editing.gather(s, editor, START, waiting.id, [FIRST], WORDS),
        lambda s: editing.gather_into(s, editor, START, waiting.id, [FIRST], suggestion_id),
    ]
    for act in acts:
        error = refused(world.database, act)
        assert (type(error), error.code) == (Conflict, "not_accepted")


@pytest.mark.parametrize(
    "spans",
    [[], [Span(0, 0)], [Span(3, 2)], [Span(-1, 2)], [Span(0, len(COMMENT) + 1)], [FIRST, Span(0, 999)]],
    ids=["none", "empty", "backwards", "before the start", "past the end", "one of two"],
)
def test_a_passage_lies_within_the_comment(world: World, spans: list[Span]) -> None:
    submission_id = journey.accepted_submission(world)
    error = refused(world.database, lambda s: editing.gather(s, world.staff.editor, START, submission_id, spans, WORDS))
    assert (type(error), error.code) == (Unprocessable, "passage_required")


def other_versions_clause(world: World) -> uuid.UUID:
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
        return clauses_of(session, second.version_id)[0].id


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (Wording(" \n", "", None), "text_required"),
        (Wording("改" * (TEXT_LIMIT + 1), "", None), "text_too_long"),
        (Wording("周末开放。", "", uuid.UUID(int=1)), "no_such_clause"),
        (None, "no_such_clause"),
    ],
    ids=["no words", "too many words", "unknown clause", "clause of another version"],
)
def test_wrong_words_are_refused_when_gathering_and_when_editing(
    world: World, words: Wording | None, code: str
) -> None:
    suggestion_id, editor = gathered(world), world.staff.editor
    submission_id = journey.accepted_submission(world, person=2)
    wording = words or Wording("周末开放。", "", other_versions_clause(world))
    acts: list[Callable[[Session], object]] = [
        lambda s: editing.gather(s, editor, START, submission_id, [FIRST], wording),
        lambda s: editing.edit(s, editor, START, suggestion_id, now(s, suggestion_id).revision, wording),
    ]
    for act in acts:
        error = refused(world.database, act)
        assert (type(error), error.code) == (Unprocessable, code)


def test_the_longest_words_and_rare_characters_are_kept_as_they_are(world: World) -> None:
    text = "𠮷😀" * (TEXT_LIMIT // 2)
    suggestion_id = gathered(world, wording=Wording(f" {text}\n", "", world.clauses[0].id))
    with world.database.reading() as session:
        kept = now(session, suggestion_id)
    assert (kept.text, kept.clause_id) == (text, world.clauses[0].id)


def both(world: World, who: Actor) -> Actor:
    """That person with both roles."""
    return Actor(ActorKind.STAFF, who.id, BOTH_ROLES)


def test_who_edited_neither_approves_nor_returns_it(world: World) -> None:
    suggestion_id, editor = standing(world, SuggestionState.AWAITING_APPROVAL), both(world, world.staff.editor)
    acts: list[Callable[[Session], object]] = [
        lambda s: editing.approve(s, editor, START, suggestion_id, now(s, suggestion_id).revision),
        lambda s: editing.return_for_editing(s, editor, START, suggestion_id, now(s, suggestion_id).revision, "不可"),
    ]
    for act in acts:
        error = refused(world.database, act)
        assert (type(error), error.code) == (Forbidden, "own_edit")


def test_whoever_had_a_hand_in_it_does_not_approve_it_though_another_edited_after(world: World) -> None:
    suggestion_id, first = gathered(world), both(world, world.staff.editor)
    with world.database.writing() as session:
        second = both(world, world.staff.approver)
        editing.edit(session, second, START, suggestion_id, now(session, suggestion_id).revision, WORDS)
    with world.database.writing() as session:
        step(world, session, SUBMIT, suggestion_id, now(session, suggestion_id).revision)
    for person in (first, second):
        error = refused(
            world.database,
            lambda s, who=person: editing.approve(s, who, START, suggestion_id, now(s, suggestion_id).revision),
        )
        assert error.code == "own_edit"


def test_a_remark_is_never_cut_without_a_word(world: World) -> None:
    suggestion_id = standing(world, SuggestionState.AWAITING_APPROVAL)
    error = refused(
        world.database,
        lambda s: editing.return_for_editing(
            s, world.staff.approver, START, suggestion_id, now(s, suggestion_id).revision, "长" * 501
        ),
    )
    assert error.code == "reason_too_long"


def test_who_edited_last_does_not_approve_it_either(world: World) -> None:
    suggestion_id, second = gathered(world), both(world, world.staff.approver)
    with world.database.writing() as session:
        editing.edit(session, second, START, suggestion_id, now(session, suggestion_id).revision, WORDS)
    with world.database.writing() as session:
        step(world, session, SUBMIT, suggestion_id, now(session, suggestion_id).revision)
    error = refused(
        world.database,
        lambda s: editing.approve(s, second, START, suggestion_id, now(s, suggestion_id).revision),
    )
    assert error.code == "own_edit"


@pytest.mark.parametrize("remark", ["", " 　\n"])
def test_returning_owes_the_editor_a_remark(world: World, remark: str) -> None:
    suggestion_id, approver = standing(world, SuggestionState.AWAITING_APPROVAL), world.staff.approver
    error = refused(
        world.database,
        lambda s: editing.return_for_editing(s, approver, START, suggestion_id, now(s, suggestion_id).revision, remark),
    )
    assert (type(error), error.code) == (Unprocessable, "remark_required")


def test_the_remark_stays_until_it_is_submitted_again(world: World) -> None:
    suggestion_id = standing(world, SuggestionState.AWAITING_APPROVAL)
    for event, remark in ((RETURN, "请写明条款。"), (SUBMIT, None)):
        with world.database.writing() as session:
            step(world, session, event, suggestion_id, now(session, suggestion_id).revision)
        with world.database.reading() as session:
            assert now(session, suggestion_id).return_remark == remark


@pytest.mark.parametrize("event", SuggestionEvent)
def test_who_saw_an_older_state_is_refused(world: World, event: SuggestionEvent) -> None:
    before = SuggestionState.EDITING if event in (SUBMIT, MERGE) else SuggestionState.AWAITING_APPROVAL
    suggestion_id = standing(world, before)
    with world.database.reading() as session:
        revision = now(session, suggestion_id).revision
    error = refused(world.database, lambda s: step(world, s, event, suggestion_id, revision - 1))
    assert (type(error), error.code) == (Conflict, "changed_meanwhile")


def test_of_two_editors_at_once_exactly_one_rewords_it(world: World) -> None:
    suggestion_id = gathered(world)
    with world.database.reading() as session:
        revision = now(session, suggestion_id).revision
    texts = ["周末照常开放。", "周末半天开放。"]
    errors = written_at_once(
        world.database,
        [
            lambda s, text=text: editing.edit(
                s, world.staff.editor, START, suggestion_id, revision, Wording(text, "", None)
            )
            for text in texts
        ],
    )
    assert sorted(str(error) for error in errors) == ["None", "changed_meanwhile"]
    with world.database.reading() as session:
        assert now(session, suggestion_id).text == texts[errors.index(None)]


def test_of_approval_and_return_at_once_exactly_one_holds(world: World) -> None:
    suggestion_id = standing(world, SuggestionState.AWAITING_APPROVAL)
    with world.database.reading() as session:
        revision = now(session, suggestion_id).revision
    errors = written_at_once(
        world.database,
        [lambda s, event=event: step(world, s, event, suggestion_id, revision) for event in (APPROVE, RETURN)],
    )
    assert sorted(str(error) for error in errors) == ["None", "changed_meanwhile"]
    with world.database.reading() as session:
        expected = (SuggestionState.APPROVED, SuggestionState.EDITING)[errors.index(None)]
        assert now(session, suggestion_id).state is expected


def test_nothing_is_edited_once_a_department_holds_it(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    with world.database.writing() as session:
        assignments.assign(session, world.staff.approver, START, suggestion_id, DRAFTING, [], {})
    error = refused(
        world.database,
        lambda s: editing.edit(s, world.staff.editor, START, suggestion_id, now(s, suggestion_id).revision, WORDS),
    )
    assert error.code == "not_being_edited"


def test_a_suggestion_that_is_not_there_is_not_found(world: World) -> None:
    before = dump(world.database)
    for event in SuggestionEvent:
        with pytest.raises(NotFound), world.database.writing() as session:
            step(world, session, event, uuid.uuid4(), 1)
    assert dump(world.database) == before


def test_a_refused_gathering_leaves_no_passage_behind(world: World) -> None:
    submission_id = journey.accepted_submission(world)
    with pytest.raises(Unprocessable), world.database.writing() as session:
        editing.gather(session, world.staff.editor, START, submission_id, [], WORDS)
    with world.database.reading() as session:
        for model in (Suggestion, Passage, SuggestionPassage):
            assert session.scalar(select(func.count()).select_from(model)) == 0
