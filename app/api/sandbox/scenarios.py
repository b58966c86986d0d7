"""What a program can ask of its sandbox: to be refused in ways that are rare, and to be answered by others at once."""

from datetime import datetime
from typing import NoReturn

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.limiting import TooManyRequests
from app.api.sandbox.world import APPROVER
from app.assignments import reminding
from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.dispositions import actions as dispositions
from app.dispositions.lifecycle import DispositionState
from app.dispositions.models import Answer, Disposition
from app.events import numbering
from app.kit.database import Database
from app.kit.errors import Conflict, DomainError, Unavailable, Unprocessable
from app.webhooks import ledger as webhooks

HEADER = "X-Sandbox-Scenario"
RETURN, CONFIRM = "【退回】", "【确认】"
"""Words in the `reason` of a final answer: the drafting department returns it, or confirms it, at once."""
REMARK = "沙箱模拟：请补充理由后重新答复。"


class SimulatedFault(DomainError):
    status = 500
    code = "internal_error"


def refuse_if_asked(request: Request) -> None:
    """Raises what the header names: `unavailable`, `internal_error`, `too_many_requests`, `changed_meanwhile`."""
    asked = request.headers.get(HEADER, "").strip()
    if asked:
        _refuse(asked)


def _refuse(asked: str) -> NoReturn:
    match asked:
        case "unavailable":
            raise Unavailable
        case "internal_error":
            raise SimulatedFault
        case "too_many_requests":
            raise TooManyRequests(seconds=1)
        case "changed_meanwhile":
            raise Conflict("changed_meanwhile")
    raise Unprocessable("no_such_scenario")


def catch_up(database: Database, now: datetime) -> None:
    """What others and the worker would do: return or confirm answers, remind of what is due, number events and promise
    them to webhooks, which are kept here and not sent.
    """
    with database.writing() as session:
        _answer_as_drafting_department(session, now)
        reminding.remind_due(session, now)
        reminding.settle_questions(session, now)
        session.flush()
        numbering.number(session)
        session.flush()
        while webhooks.spread(session, now):
            session.flush()


def _answer_as_drafting_department(session: Session, now: datetime) -> None:
    rows = session.execute(
        select(Disposition, Answer)
        .join(Assignment, Assignment.id == Disposition.assignment_id)
        .join(Answer, Answer.assignment_id == Assignment.id)
        .where(Assignment.state == AssignmentState.ANSWERED, Disposition.state == DispositionState.ANSWERED)
    ).all()
    for disposition, answer in rows:
        if RETURN in answer.reason:
            dispositions.return_answer(session, APPROVER, now, disposition.suggestion_id, disposition.revision, REMARK)
        elif CONFIRM in answer.reason:
            letter = dispositions.Letter("沙箱〔模拟〕1号", now.date(), "沙箱")
            dispositions.confirm(session, APPROVER, now, disposition.suggestion_id, disposition.revision, letter)
