"""The store's own lists and counts: whatever happens, they are what counting anew finds."""

import random
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.campaigns.models import Campaign, CampaignMember
from app.clarifications.lifecycle import ClarificationState
from app.clarifications.models import Clarification
from app.counters import ledger
from app.counters.ledger import Wanted
from app.counters.models import Counter, CounterChange, Posting
from app.desk import mending
from app.kit.errors import DomainError
from app.screening import editing, undoing
from app.screening.models import Coverage, SecondLook, SubmissionTheme, Suggestion, Theme
from app.screening.passages import sentences
from app.screening.second_look import SecondLookState
from app.submissions.lifecycle import DisplayState, SubmissionState
from app.submissions.models import DisplayedComment, Submission, SubmissionClause
from app.teamwork.models import Flag
from app.worker import folding
from tests.support import deciding, journey
from tests.support.journey import COMMENT, DRAFTING, START, World
from tests.support.queues import PROGRAM, mark, submission

Step = Callable[[Session, random.Random, Submission], object]
PEOPLE = ("", "a", "b")


class Happenings:
    """What can happen to one submission, or to a suggestion that gathers it, in one transaction."""

    def __init__(self, world: World, campaigns: Sequence[uuid.UUID], themes: Sequence[uuid.UUID]) -> None:
        self.world, self.campaigns, self.themes = world, campaigns, themes

    def decide(self, session: Session, chance: random.Random, one: Submission) -> None:
        given = (session, self.world.staff.screener, START, one.id, one.revision)
        if chance.random() < 0.6:
            deciding.accept(*given)
        else:
            deciding.close_as_out_of_scope(*given, "与本稿无关。")

    def undo(self, session: Session, chance: random.Random, one: Submission) -> None:
        undoing.undo(session, self.world.staff.screener, START, one.id, one.revision)

    def move(self, session: Session, chance: random.Random, one: Submission) -> None:
        one.state = chance.choice(list(SubmissionState))

    def allocate(self, session: Session, chance: random.Random, one: Submission) -> None:
        person = chance.choice(PEOPLE) or None
        session.execute(update(Submission).where(Submission.id >= one.id).values(allocated_to=person))

    def mark(self, session: Session, chance: random.Random, one: Submission) -> None:
        kept = chance.choice(["flagged", "clarifying", "second_look", "held"])
        mark(session, kept, one.id, one.consultation_id)

    def cover(self, session: Session, chance: random.Random, one: Submission) -> None:
        session.merge(
            Coverage(
                submission_id=one.id,
                consultation_id=one.consultation_id,
                received_at=one.received_at,
                is_open=chance.random() < 0.5,
            )
        )

    def unmark(self, session: Session, chance: random.Random, one: Submission) -> None:
        session.execute(update(Flag).where(Flag.record_id == one.id).values(resolved_at=START))
        session.execute(
            update(Clarification)
            .where(Clarification.submission_id == one.id)
            .values(state=chance.choice([ClarificationState.ANSWERED, ClarificationState.SETTLED]))
        )
        session.execute(
            update(SecondLook).where(SecondLook.submission_id == one.id).values(state=SecondLookState.AGREED)
        )
        session.execute(update(DisplayedComment).values(state=DisplayState.DISPLAYED))

    def join_campaign(self, session: Session, chance: random.Random, one: Submission) -> None:
        member = session.get(CampaignMember, one.id) or CampaignMember(
            submission_id=one.id, has_addition=False, additions=[], joined_at=START
        )
        member.campaign_id = chance.choice(self.campaigns)
        session.add(member)

    def leave_campaign(self, session: Session, chance: random.Random, one: Submission) -> None:
        session.execute(delete(CampaignMember).where(CampaignMember.submission_id == one.id))

    def find_theme(self, session: Session, chance: random.Random, one: Submission) -> None:
        theme = chance.choice([*self.themes, None])
        session.merge(
            SubmissionTheme(submission_id=one.id, consultation_id=one.consultation_id, theme_id=theme, method="test")
        )

    def drop_clauses(self, session: Session, chance: random.Random, one: Submission) -> None:
        session.execute(delete(SubmissionClause).where(SubmissionClause.submission_id == one.id))

    def gather(self, session: Session, chance: random.Random, one: Submission) -> None:
        clause = chance.choice([*self.world.clauses, None])
        words = editing.Wording("周末开放。", chance.choice(["助餐", "送餐"]), clause.id if clause else None)
        editing.gather(session, self.world.staff.editor, START, one.id, sentences(COMMENT), words)

    def go_on(self, session: Session, chance: random.Random, one: Submission) -> None:
        """A suggestion goes one step further, or back."""
        point = chance.choice(session.scalars(select(Suggestion).order_by(Suggestion.id)).all() or [None])
        if point is None:
            return
        editor, approver = self.world.staff.editor, self.world.staff.approver
        at_revision = (session, approver, START, point.id, point.revision)
        steps: list[Callable[[], object]] = [
            lambda: editing.submit_for_approval(session, editor, START, point.id, point.revision),
            lambda: editing.approve(*at_revision),
            lambda: editing.return_for_editing(*at_revision, "请核对。"),
            lambda: assignments.assign(session, approver, START, point.id, DRAFTING, ["health"], {}),
        ]
        held = session.scalars(select(Assignment).where(Assignment.suggestion_id == point.id)).first()
        if held is not None:
            steps.append(lambda: assignments.send_back(session, PROGRAM, START, held.id, "不归我们管。", None))
        chance.choice(steps)()


def _campaign(session: Session, world: World, centre: uuid.UUID) -> uuid.UUID:
    made = Campaign(
        consultation_id=world.consultation.id,
        centre_id=centre,
        algorithm=1,
        common_text=COMMENT,
        **dict.fromkeys(["members", "with_additions", "persons", "unnumbered", "worked_out_at"], 0),
        found_at=START,
    )
    session.add(made)
    session.flush()
    return made.id


def _theme(session: Session, world: World, name: str) -> uuid.UUID:
    made = Theme(consultation_id=world.consultation.id, name=name, named_by="a", named_at=START)
    session.add(made)
    session.flush()
    return made.id


def _wrong(world: World) -> object:
    with world.database.reading() as session:
        return mending.list_differences(session), mending.count_differences(session)


RIGHT: object = ({}, {})


def _happens(world: World, chance: random.Random, steps: Sequence[Step], made: Sequence[uuid.UUID]) -> bool:
    """One transaction of one or two steps; False where it was refused."""
    with suppress(DomainError), world.database.writing() as session:
        for step in chance.choices(steps, k=chance.choice([1, 1, 2])):
            step(session, chance, session.get_one(Submission, chance.choice(made)))
            session.flush()
        return True
    return False


def test_whatever_happens_lists_and_counts_are_what_counting_finds(world: World) -> None:
    chance = random.Random(5)
    made = [submission(world, n, START + timedelta(hours=n), clauses=chance.sample(world.clauses, 2)) for n in range(6)]
    with world.database.writing() as session:
        campaigns = [_campaign(session, world, centre) for centre in made[:2]]
        themes = [_theme(session, world, name) for name in ("助餐点", "菜单")]
    happenings = Happenings(world, campaigns, themes)
    steps: list[Step] = [getattr(happenings, name) for name in vars(Happenings) if not name.startswith("_")]
    refused = 0
    for turn in range(90):
        refused += not _happens(world, chance, steps, made)
        if turn % 40 == 25:
            assert _wrong(world) == RIGHT
        if turn % 20 == 0:
            with world.database.writing() as session:
                ledger.fold(session, 7)
    assert refused < 60
    assert _wrong(world) == RIGHT
    with world.database.writing() as session:
        while ledger.fold(session):
            pass
    assert _wrong(world) == RIGHT
    with world.database.reading() as session:
        # What came and went before it was folded has left no count.
        assert len(set(session.scalars(select(Counter.name)))) > 10


def test_what_is_not_folded_yet_counts_already(world: World) -> None:
    made = [journey.submit(world, person=n) for n in range(3)]
    scope = world.consultation.id.hex
    asked = [Wanted("submissions.channel", scope), Wanted("submissions.day", below="2026-05-11"), Wanted("nothing")]
    with world.database.reading() as session:
        before = ledger.by_state(session, asked)
        assert ledger.waiting(session) > 0
    with world.database.writing() as session:
        folding.fold(session, START, {})
    with world.database.reading() as session:
        assert ledger.by_state(session, asked) == before == [{"received": len(made)}, {}, {}]
        assert ledger.waiting(session) == 0
        assert ledger.by_value(session, "submissions.day") == {("2026-05-11", "received"): 3}


def test_counts_that_are_wrong_are_put_right_while_the_service_runs(world: World) -> None:
    journey.submit(world, clauses=[world.clauses[1]])
    with world.database.writing() as session:
        session.execute(delete(CounterChange))
        session.execute(delete(Posting).where(Posting.list == "clause"))
        session.add(Posting(list="held", value="nowhere", state="received", at=START, record_id=world.consultation.id))
    assert _wrong(world) != RIGHT
    with world.database.writing() as session:
        mending.take_time(session)
        mending.mend_lists(session)
    with world.database.reading() as session:
        assert not mending.list_differences(session)
        wrong = mending.count_differences(session)
    assert wrong
    journey.submit(world, person=2)
    with world.database.writing() as session:
        ledger.correct(session, wrong)
    assert _wrong(world) == RIGHT


@pytest.mark.postgres
def test_what_is_marked_and_decided_at_once_stands_in_the_right_list(postgres_world: World) -> None:
    """Whoever marks holds the submission, so that no posting keeps the state of before."""
    world = postgres_world
    id = submission(world, 1)
    with world.database.writing() as marking:
        mark(marking, "clarifying", id, world.consultation.id)
        marking.flush()
        with pytest.raises(Exception, match="lock timeout"), world.database.writing() as decision:
            decision.execute(update(Submission).values(state=SubmissionState.ACCEPTED))
    with world.database.writing() as decision:
        decision.execute(update(Submission).values(state=SubmissionState.ACCEPTED))
    assert _wrong(world) == RIGHT
