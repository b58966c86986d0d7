"""Rows for every list of the desk, by the real actions where there are some and by the rows themselves where not."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.clarifications.lifecycle import AskerKind
from app.clarifications.models import Clarification
from app.desk.reader import Reader
from app.desk.views import MARKED, OF_SUBMISSIONS, View
from app.documents.queries import ReadClause
from app.permissions import Actor, ActorKind, of_scopes
from app.screening import drawing, editing
from app.screening.models import Coverage, ScreeningDecision, SecondLook
from app.screening.passages import sentences
from app.screening.second_look import SecondLookState
from app.submissions.lifecycle import DisplayState, ScreeningEvent, SubmissionState
from app.submissions.models import DisplayedComment, Submission
from app.teamwork.models import Flag
from app.teamwork.records import RecordKind
from tests.support import journey
from tests.support.journey import COMMENT, DRAFTING, START, World

PROGRAM = Actor(ActorKind.CLIENT, "program", of_scopes(["assignments:write"]), DRAFTING)
LATER = START + timedelta(days=20)
"""When what came in at START is overdue."""


def reader(world: World, at: datetime = START, **given: Any) -> Reader:
    """The screener, who handles referrals too."""
    every = {"actor": world.staff.screener, **given}
    return Reader(at=at, **every)


def submission(
    world: World,
    person: int,
    at: datetime = START,
    state: SubmissionState = SubmissionState.RECEIVED,
    clauses: Sequence[ReadClause] = (),
    **values: Any,
) -> uuid.UUID:
    """The id of a submission of that person that stands in that state; `values` are of its columns."""
    receipt = journey.submit(world, person=person, clauses=clauses, at=at)
    with world.database.writing() as session:
        found = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        found.state = state
        for name, value in values.items():
            setattr(found, name, value)
        displayed = session.get(DisplayedComment, found.id)
        if displayed is not None:
            displayed.state = DisplayState.DISPLAYED
        return found.id


def mark(session: Session, kept: str, id: uuid.UUID, consultation_id: uuid.UUID, at: datetime = START) -> None:
    """Puts a submission into one of the lists that something else says of it."""
    made: dict[str, Any] = {
        "flagged": lambda: Flag(
            record_kind=RecordKind.SUBMISSION,
            record_id=id,
            consultation_id=consultation_id,
            question="属于本稿范围吗？",
            raised_by="somebody",
            raised_at=at,
        ),
        "clarifying": lambda: Clarification(
            submission_id=id,
            consultation_id=consultation_id,
            asker_kind=AskerKind.DESK,
            asker="somebody",
            asked_by="somebody",
            asked_at=at,
            question="请说明地点。",
            due_at=at + timedelta(days=5),
        ),
        "to_gather": lambda: Coverage(submission_id=id, consultation_id=consultation_id, received_at=at),
    }
    if kept in made:
        session.add(made[kept]())
    elif kept == "held":
        session.get_one(DisplayedComment, id).state = DisplayState.WAITING
    else:
        look_again(session, id, consultation_id, at)


def look_again(session: Session, id: uuid.UUID, consultation_id: uuid.UUID, at: datetime, by: str = "first") -> None:
    decision = ScreeningDecision(
        submission_id=id, decision=ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, decided_by=by, decided_at=at
    )
    session.add(decision)
    session.flush()
    drawing.count(session, session.get_one(Submission, id), decision)
    session.add(
        SecondLook(
            decision_id=decision.id,
            submission_id=id,
            consultation_id=consultation_id,
            state=SecondLookState.WAITING,
            drawn_at=at,
        )
    )


def suggestion(world: World, person: int, at: datetime, view: View) -> uuid.UUID:
    """The id of a suggestion on a clause that stands in that view."""
    if view in (View.EDITING, View.RETURNED, View.AWAITING_APPROVAL):
        source = journey.accepted_submission(world, person=person, at=at)
        with world.database.writing() as session:
            words = editing.Wording("周末开放。", "助餐", world.clauses[1].id)
            made = editing.gather(session, world.staff.editor, at, source, sentences(COMMENT), words)
            session.flush()
            if view is not View.EDITING:
                editing.submit_for_approval(session, world.staff.editor, at, made.id, made.revision)
                session.flush()
            if view is View.RETURNED:
                editing.return_for_editing(session, world.staff.approver, at, made.id, made.revision, "请核对。")
            return made.id
    made_id = journey.approved_suggestion(world, people=(person,), clause=world.clauses[1], at=at)
    if view is not View.TO_ASSIGN:
        assignment_id = journey.assigned(world, made_id, at=at)[DRAFTING]
        if view is View.SENT_BACK:
            with world.database.writing() as session:
                assignments.send_back(session, PROGRAM, at, assignment_id, "不归我们管。", None)
    return made_id


STATES: dict[View, SubmissionState] = {
    View.FLAGGED: SubmissionState.RECEIVED,
    View.CLARIFYING: SubmissionState.RECEIVED,
    View.SECOND_LOOK: SubmissionState.OUT_OF_SCOPE,
    View.HELD: SubmissionState.RECEIVED,
    View.DONE: SubmissionState.ACCEPTED,
    View.ALL: SubmissionState.ACCEPTED,
}


def put(world: World, view: View, person: int, at: datetime = START) -> uuid.UUID:
    """Adds one row to the view, and to as few others as can be; OVERDUE needs a reader at LATER."""
    if view not in OF_SUBMISSIONS:
        return suggestion(world, person, at, view)
    state = STATES.get(view) or OF_SUBMISSIONS[view][0]
    holder = None if view is View.UNCLAIMED else "a colleague"
    if view is View.MINE:
        holder = world.staff.screener.id
    id = submission(world, person, at, state, [world.clauses[1]], allocated_to=holder)
    if view in MARKED:
        with world.database.writing() as session:
            mark(session, MARKED[view], id, world.consultation.id, at)
    return id
