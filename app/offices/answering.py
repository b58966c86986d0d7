"""Answering as an office does: the edition of the assignment that the person saw.

Where a department wants two steps anybody in it drafts, and its head makes final: who may do so holds
FINALISE_OWN_ANSWERS, which officers of a department of one step are given besides (`app/web/staff/access.py`).
"""

import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.dispositions import actions as dispositions
from app.dispositions.models import Answer
from app.kit.errors import Conflict, Unprocessable
from app.offices import queries
from app.offices.checking import Said
from app.offices.editions import edition
from app.permissions import Actor, Permission, require


@dataclass(frozen=True)
class Signed:
    """What a final answer says of its approval within the department."""

    approver: str
    dated_on: date | None
    document_number: str


def check_signed(session: Session, department_id: str, signed: Signed) -> None:
    """Refuses a final answer that lacks what its department wants in each; the same by page, workbook and program.

    Raises Unprocessable("approval_required") with the names of what is `missing`.
    """
    if not queries.is_signed(session, department_id):
        return
    said = {one.name: getattr(signed, one.name) for one in fields(Signed)}
    missing = [name for name, value in said.items() if value is None or not str(value).strip()]
    if missing:
        raise Unprocessable("approval_required", missing=", ".join(missing))


def answer(
    session: Session,
    actor: Actor,
    at: datetime,
    assignment_id: uuid.UUID,
    said: Said,
    draft: bool,
    written_for: int,
    scan_id: uuid.UUID | None = None,
) -> Assignment:
    """As `dispositions.actions.answer` and `check_signed`; besides, Forbidden for a final answer of who only drafts,
    and Conflict("changed_meanwhile") where it was `written_for` another edition than there is.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    if not draft:
        require(actor, Permission.FINALISE_OWN_ANSWERS)
    assignment = assignments.own(session, actor, assignment_id)
    last = session.get(Answer, assignment_id)
    if edition(assignment.role, last.number if last else 0) != written_for:
        raise Conflict("changed_meanwhile")
    if not draft:
        check_signed(session, assignment.department_id, Signed(said.approver, said.dated_on, said.document_number))
    return dispositions.answer(
        session,
        actor,
        at,
        assignment_id,
        said.kind,
        said.reason,
        draft,
        approver=said.approver,
        dated_on=said.dated_on,
        document_number=said.document_number,
        citizen_words=said.citizen_words,
        scan_id=scan_id,
    )
