"""What an office has before it: its assignments by what is to be done with them, the most urgent first."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.assignments.lifecycle import OPEN, AssignmentRole, AssignmentState
from app.assignments.models import Assignment
from app.assignments.queries import Held
from app.consultations.models import Consultation
from app.dispositions.models import Answer
from app.documents.models import Clause
from app.kit.errors import NotFound
from app.kit.paging import Key, Page, page_of
from app.offices.editions import edition
from app.offices.workbook import OpenRow
from app.screening.models import Suggestion

COUNTED = 1000
"""A count goes no further: it costs as much as what it counts."""


class View(StrEnum):
    """OPEN is all that awaits the department; RETURNED what the drafting department wants answered anew."""

    OPEN = "open"
    WAITING = "waiting"
    IN_HAND = "in_hand"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    RETURNED = "returned"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    ENDED = "ended"


@dataclass(frozen=True)
class Sought:
    """What a list is narrowed to. `soon` is until when what runs out counts as due soon."""

    view: View
    now: datetime
    soon: datetime
    consultation_id: uuid.UUID | None = None
    role: AssignmentRole | None = None
    theme: str = ""
    clause_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Item:
    """One assignment of the list, and whether an answer is drafted."""

    held: Held
    has_draft: bool


@dataclass(frozen=True)
class Counts:
    """View → how many; COUNTED + 1 stands for more than COUNTED."""

    of: dict[View, int] = field(default_factory=dict)


def items(session: Session, department_id: str, sought: Sought, after: Key | None, limit: int) -> Page[Item]:
    """Of running clocks in the order in which they run out, of all else in the order of handing over."""
    order = _order(sought.view)
    query = _selected().where(Assignment.department_id == department_id, *_narrowed(sought))
    if after:
        query = query.where(tuple_(order, Assignment.id) > tuple_(after.at, after.id))
    rows = session.execute(query.order_by(order, Assignment.id).limit(limit + 1))
    found = [Item(Held(*row[:4]), row[4] is True) for row in rows]
    return page_of(found, limit, lambda item: Key(getattr(item.held.assignment, order.key), item.held.assignment.id))


def counts(session: Session, department_id: str, now: datetime, soon: datetime) -> Counts:
    """By indices of the department's own rows, each no further than COUNTED."""
    return Counts({view: count(session, department_id, Sought(view, now, soon)) for view in View})


def consultations(session: Session, department_id: str) -> Sequence[tuple[uuid.UUID, str, str]]:
    """Id, address and title of those that the department was handed anything of, the newest first."""
    handed = select(Assignment.consultation_id).where(Assignment.department_id == department_id).distinct()
    rows = session.execute(
        select(Consultation.id, Consultation.slug, Consultation.title)
        .where(Consultation.id.in_(handed))
        .order_by(Consultation.opens_at.desc(), Consultation.id)
    )
    return [(row.id, row.slug, row.title) for row in rows]


def themes(session: Session, department_id: str, consultation_id: uuid.UUID | None) -> Sequence[str]:
    """Those of what the department was handed last, in all consultations or in one, by name."""
    last = _handed_last(department_id, consultation_id)
    found = select(Suggestion.theme).where(Suggestion.id.in_(last), Suggestion.theme != "")
    return session.scalars(found.distinct().order_by(Suggestion.theme)).all()


def clauses(session: Session, department_id: str, consultation_id: uuid.UUID) -> Sequence[Clause]:
    """Clauses that what the department was handed last is about, in the draft's order."""
    last = _handed_last(department_id, consultation_id)
    about = select(Suggestion.clause_id).where(Suggestion.id.in_(last))
    return session.scalars(select(Clause).where(Clause.id.in_(about)).order_by(Clause.version_id, Clause.ordinal)).all()


def _handed_last(department_id: str, consultation_id: uuid.UUID | None) -> Select[uuid.UUID]:
    """No more than COUNTED, so that a choice costs no more than a count."""
    handed = select(Assignment.suggestion_id).where(Assignment.department_id == department_id)
    if consultation_id is not None:
        handed = handed.where(Assignment.consultation_id == consultation_id)
    last = handed.order_by(Assignment.assigned_at.desc(), Assignment.id.desc()).limit(COUNTED).subquery()
    return select(last.c.suggestion_id)


def chosen(session: Session, department_id: str, ids: Sequence[uuid.UUID]) -> list[Held]:
    """The department's own of these, in the order given. Raises NotFound where one isn't its own."""
    rows = session.execute(_selected().where(Assignment.department_id == department_id, Assignment.id.in_(ids)))
    found = {row[0].id: Held(*row[:4]) for row in rows}
    if set(ids) - set(found):
        raise NotFound("no_such_assignment")
    return [found[one] for one in dict.fromkeys(ids)]


def for_workbook(session: Session, department_id: str, sought: Sought, limit: int) -> list[tuple[Held, Answer | None]]:
    """At most `limit` open assignments with what is drafted, the most urgent first."""
    query = (
        select(Assignment, Suggestion, Consultation, Clause, Answer)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Consultation, Consultation.id == Suggestion.consultation_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .outerjoin(Answer, Answer.assignment_id == Assignment.id)
        .where(Assignment.department_id == department_id, *_narrowed(sought), Assignment.state.in_(OPEN))
        .order_by(Assignment.runs_out_at.is_(None), Assignment.runs_out_at, Assignment.id)
        .limit(limit)
    )
    return [(Held(*row[:4]), row[4]) for row in session.execute(query)]


def _selected() -> Select[Assignment, Suggestion, Consultation, Clause, bool]:
    return (
        select(Assignment, Suggestion, Consultation, Clause, Answer.draft)
        .join(Suggestion, Suggestion.id == Assignment.suggestion_id)
        .join(Consultation, Consultation.id == Suggestion.consultation_id)
        .outerjoin(Clause, Clause.id == Suggestion.clause_id)
        .outerjoin(Answer, Answer.assignment_id == Assignment.id)
    )


def count(session: Session, department_id: str, sought: Sought) -> int:
    some = select(Assignment.id).where(Assignment.department_id == department_id, *_narrowed(sought))
    return session.scalar(select(func.count()).select_from(some.limit(COUNTED + 1).subquery())) or 0


def _order(view: View) -> InstrumentedAttribute[Any]:
    return Assignment.runs_out_at if view in (View.DUE_SOON, View.OVERDUE) else Assignment.assigned_at


def _narrowed(sought: Sought) -> list[ColumnElement[bool]]:
    found = [_in_view(sought)]
    if sought.consultation_id is not None:
        found.append(Assignment.consultation_id == sought.consultation_id)
    if sought.role is not None:
        found.append(Assignment.role == sought.role)
    if sought.theme:
        found.append(_of_suggestion(Suggestion.theme == sought.theme))
    if sought.clause_id is not None:
        found.append(_of_suggestion(Suggestion.clause_id == sought.clause_id))
    return found


def _of_suggestion(criterion: ColumnElement[bool]) -> ColumnElement[bool]:
    return Assignment.suggestion_id.in_(select(Suggestion.id).where(criterion))


def _in_view(sought: Sought) -> ColumnElement[bool]:
    ended = (AssignmentState.SENT_BACK, AssignmentState.TRANSFERRED, AssignmentState.RECALLED)
    returned, runs_out = Assignment.returned_at.is_not(None), Assignment.runs_out_at
    in_hand = or_(Assignment.state == AssignmentState.ACKNOWLEDGED, Assignment.state == AssignmentState.IN_PROGRESS)
    return {
        View.OPEN: Assignment.state.in_(OPEN),
        View.WAITING: Assignment.state == AssignmentState.DELIVERED,
        View.IN_HAND: in_hand,
        View.DUE_SOON: and_(Assignment.state.in_(OPEN), runs_out > sought.now, runs_out <= sought.soon),
        View.OVERDUE: and_(Assignment.state.in_(OPEN), runs_out <= sought.now),
        View.RETURNED: and_(Assignment.state == AssignmentState.IN_PROGRESS, returned),
        View.ANSWERED: Assignment.state == AssignmentState.ANSWERED,
        View.CONFIRMED: Assignment.state == AssignmentState.CONFIRMED,
        View.ENDED: Assignment.state.in_(ended),
    }[sought.view]


def as_row(held: Held, draft: Answer | None, due: Any) -> OpenRow:
    """One row of a workbook; `due` is the last day."""
    clause = held.clause
    where = f"{clause.number}{clause.heading}\n{clause.text}" if clause else "对全文的意见"
    return OpenRow(
        id=held.assignment.id,
        edition=edition(held.assignment.role, draft.number if draft else 0),
        consultation=held.consultation.title,
        clause=where,
        suggestion=held.suggestion.text,
        role=held.assignment.role,
        theme=held.suggestion.theme,
        persons=held.suggestion.distinct_persons,
        due=due,
        kind=draft.kind if draft else None,
        reason=draft.reason if draft else "",
        citizen_words=draft.citizen_words if draft else "",
        approver=draft.approver if draft else "",
        dated_on=draft.dated_on if draft else None,
        document_number=draft.document_number if draft else "",
    )
