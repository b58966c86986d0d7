"""Which steps ended in a stretch of time, straight from the records: by instants that nothing changes afterwards.

What is undone, returned or recalled later has still happened. So a day that is over is the same whenever it is worked
out, and rows that were rolled up day by day are those that a rebuild makes.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, literal_column, select
from sqlalchemy.orm import Session, aliased

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment, AssignmentReminder
from app.consultations.models import Consultation
from app.deliveries.lifecycle import DeliveryEvent
from app.deliveries.models import Attempt, Delivery
from app.dispositions.models import AnswerVersion, OutcomeRelease, ReleasedOutcome
from app.figures.measures import Measure
from app.screening.models import ScreeningDecision, SecondLook, Suggestion
from app.screening.second_look import SecondLookState
from app.screening.second_looks import LOOKED_AT
from app.submissions.models import Submission

OUTCOME_MESSAGES = ("outcome", "results_published")
"""The templates of messages that tell people what became of their comments."""
NO_DEPARTMENT = literal("", String)


@dataclass(frozen=True)
class Ended:
    """So many steps ended in the stretch that had begun on the day `since`, in Beijing."""

    measure: Measure
    consultation_id: uuid.UUID
    department_id: str
    since: date
    n: int


@dataclass(frozen=True)
class Stretch:
    """From `begin` up to, and without, `end`."""

    begin: datetime
    end: datetime

    def holds(self, at: Any) -> ColumnElement[bool]:
        return and_(at >= self.begin, at < self.end)


def ended_in(session: Session, stretch: Stretch) -> Iterator[Ended]:
    """One query for each measure; each costs by what happened in the stretch."""
    for measure, query in QUERIES.items():
        for consultation, department, since, n in session.execute(query(session, stretch)):
            if since is not None:
                yield Ended(measure, uuid.UUID(str(consultation)), department, date.fromisoformat(since), n)


def beijing_day_of(session: Session, at: Any) -> ColumnElement[str]:
    """The day in Beijing as the store tells it: 2026-05-11."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(at, literal_column("'+8 hours'"), type_=String)
    local = func.timezone(literal_column("'Asia/Shanghai'"), at)
    return func.to_char(local, literal_column("'YYYY-MM-DD'"), type_=String)


def _grouped(session: Session, consultation: Any, since: Any, department: Any = NO_DEPARTMENT) -> Select[Any]:
    day = beijing_day_of(session, since).label("c2")
    cell = consultation.label("c0"), department.label("c1"), day
    return select(*cell, func.count()).group_by("c0", "c1", "c2")


def _screened(session: Session, stretch: Stretch) -> Select[Any]:
    """The first decision on a submission."""
    earlier = aliased(ScreeningDecision)
    before = select(earlier.id).where(
        earlier.submission_id == ScreeningDecision.submission_id, earlier.decided_at < ScreeningDecision.decided_at
    )
    return (
        _grouped(session, Submission.consultation_id, Submission.received_at)
        .select_from(ScreeningDecision)
        .join(Submission, Submission.id == ScreeningDecision.submission_id)
        .where(stretch.holds(ScreeningDecision.decided_at), ~before.exists())
    )


def _gathered(session: Session, stretch: Stretch) -> Select[Any]:
    return (
        _grouped(session, Submission.consultation_id, ScreeningDecision.decided_at)
        .select_from(ScreeningDecision)
        .join(Submission, Submission.id == ScreeningDecision.submission_id)
        .where(stretch.holds(ScreeningDecision.gathered_at))
    )


def _approved(session: Session, stretch: Stretch) -> Select[Any]:
    return _grouped(session, Suggestion.consultation_id, Suggestion.created_at).where(
        stretch.holds(Suggestion.approved_at)
    )


def _assigned(session: Session, stretch: Stretch) -> Select[Any]:
    """The first time that a suggestion is handed over, to however many at once."""
    earlier = aliased(Assignment)
    before = select(earlier.id).where(
        earlier.suggestion_id == Assignment.suggestion_id, earlier.assigned_at < Assignment.assigned_at
    )
    first = select(Assignment.suggestion_id).where(stretch.holds(Assignment.assigned_at), ~before.exists()).distinct()
    return _grouped(session, Suggestion.consultation_id, Suggestion.approved_at).where(
        Suggestion.id.in_(first), Suggestion.approved_at.is_not(None)
    )


def _of_assignment(session: Session, since: Any) -> Select[Any]:
    return (
        _grouped(session, Suggestion.consultation_id, since, Assignment.department_id)
        .select_from(Assignment)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
    )


def _acknowledged(session: Session, stretch: Stretch) -> Select[Any]:
    return _of_assignment(session, Assignment.assigned_at).where(stretch.holds(Assignment.acknowledged_at))


def _answered(session: Session, stretch: Stretch) -> Select[Any]:
    """The first final answer of an assignment."""
    earlier = aliased(AnswerVersion)
    before = select(earlier.number).where(
        earlier.assignment_id == AnswerVersion.assignment_id,
        earlier.number < AnswerVersion.number,
        earlier.draft.is_(False),
    )
    return (
        _of_assignment(session, Assignment.acknowledged_at)
        .join(AnswerVersion, AnswerVersion.assignment_id == Assignment.id)
        .where(stretch.holds(AnswerVersion.answered_at), AnswerVersion.draft.is_(False), ~before.exists())
    )


def _confirmed(session: Session, stretch: Stretch) -> Select[Any]:
    """Each answer of a lead that was confirmed, by the drafting department."""
    drafting = Consultation.drafting_department_id
    return (
        _grouped(session, Suggestion.consultation_id, AnswerVersion.answered_at, drafting)
        .select_from(AnswerVersion)
        .join(Assignment, Assignment.id == AnswerVersion.assignment_id)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Consultation, Consultation.id == Suggestion.consultation_id)
        .where(stretch.holds(AnswerVersion.confirmed_at))
    )


def _released(session: Session, stretch: Stretch) -> Select[Any]:
    """The first release of an outcome, since its answer was confirmed."""
    told = and_(
        AnswerVersion.assignment_id == Assignment.id,
        AnswerVersion.answered_at == ReleasedOutcome.decided_at,
        AnswerVersion.confirmed_at.is_not(None),
    )
    held = and_(
        Assignment.suggestion_id == ReleasedOutcome.suggestion_id,
        Assignment.department_id == ReleasedOutcome.department_id,
    )
    return (
        _grouped(session, OutcomeRelease.consultation_id, AnswerVersion.confirmed_at)
        .select_from(OutcomeRelease)
        .join(ReleasedOutcome, ReleasedOutcome.release_id == OutcomeRelease.id)
        .join(Assignment, held)
        .join(AnswerVersion, told)
        .where(stretch.holds(OutcomeRelease.released_at), ReleasedOutcome.number == 1)
    )


def _told(session: Session, stretch: Stretch) -> Select[Any]:
    """The first sending of a message on an outcome, since it was owed."""
    earlier = aliased(Attempt)
    before = select(earlier.id).where(
        earlier.delivery_id == Attempt.delivery_id, earlier.event == DeliveryEvent.SEND, earlier.at < Attempt.at
    )
    return (
        _grouped(session, Delivery.about_id, Delivery.promised_at)
        .select_from(Attempt)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(
            stretch.holds(Attempt.at),
            Attempt.event == DeliveryEvent.SEND,
            Delivery.template.in_(OUTCOME_MESSAGES),
            Delivery.about_kind == "consultation",
            ~before.exists(),
        )
    )


def _given_up(state: AssignmentState) -> Callable[[Session, Stretch], Select[Any]]:
    def query(session: Session, stretch: Stretch) -> Select[Any]:
        ended = stretch.holds(Assignment.closed_at), Assignment.state == state
        return _of_assignment(session, Assignment.assigned_at).where(*ended)

    return query


def _returned(session: Session, stretch: Stretch) -> Select[Any]:
    return (
        _of_assignment(session, AnswerVersion.answered_at)
        .join(AnswerVersion, AnswerVersion.assignment_id == Assignment.id)
        .where(stretch.holds(AnswerVersion.returned_at))
    )


def _reminded(session: Session, stretch: Stretch) -> Select[Any]:
    return (
        _of_assignment(session, Assignment.assigned_at)
        .join(AssignmentReminder, AssignmentReminder.assignment_id == Assignment.id)
        .where(stretch.holds(AssignmentReminder.sent_at))
    )


def _looked_at(session: Session, stretch: Stretch) -> Select[Any]:
    return _grouped(session, SecondLook.consultation_id, SecondLook.drawn_at).where(
        stretch.holds(SecondLook.looked_at), SecondLook.state.in_(LOOKED_AT)
    )


def _differed(session: Session, stretch: Stretch) -> Select[Any]:
    return _looked_at(session, stretch).where(SecondLook.state != SecondLookState.AGREED)


QUERIES: dict[Measure, Callable[[Session, Stretch], Select[Any]]] = {
    Measure.SCREENED: _screened,
    Measure.GATHERED: _gathered,
    Measure.APPROVED: _approved,
    Measure.ASSIGNED: _assigned,
    Measure.ACKNOWLEDGED: _acknowledged,
    Measure.ANSWERED: _answered,
    Measure.CONFIRMED: _confirmed,
    Measure.RELEASED: _released,
    Measure.TOLD: _told,
    Measure.SENT_BACK: _given_up(AssignmentState.SENT_BACK),
    Measure.TRANSFERRED: _given_up(AssignmentState.TRANSFERRED),
    Measure.RETURNED: _returned,
    Measure.REMINDED: _reminded,
    Measure.LOOKED_AT: _looked_at,
    Measure.DIFFERED: _differed,
}
