"""What an office sets up for itself, and the filled workbooks that it looks through."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import audit
from app.dispositions.kinds import DispositionKind
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.offices.checking import CheckedRow
from app.offices.models import AnswerTemplate, Office, OfficeWorkbook
from app.offices.workbook import LONGEST_REASON, LONGEST_WORDS
from app.permissions import Actor, Permission, require

LONGEST_NAME = 60
KEPT_FOR = timedelta(days=1)
"""How long a workbook that was looked through waits to be carried out."""


@dataclass(frozen=True)
class Wording:
    """What a template says. 【…】 stands for what is filled in each time."""

    name: str
    kind: DispositionKind
    reason: str
    citizen_words: str


def set_two_step(session: Session, actor: Actor, at: datetime, is_two_step: bool) -> None:
    """Whether officers of the actor's department only draft, and its head makes final."""
    require(actor, Permission.SET_UP_OWN_OFFICE)
    department_id = own_department(actor)
    row = session.get(Office, department_id) or Office(department_id=department_id)
    row.is_two_step, row.changed_by, row.changed_at = is_two_step, actor.id, at
    session.add(row)
    audit.record(session, actor, at, "office.set_up", ("department", department_id), two_step=is_two_step)


def set_signed(session: Session, actor: Actor, at: datetime, is_signed: bool) -> None:
    """Whether every final answer of the actor's department says who approved it, when, and under which number."""
    require(actor, Permission.SET_UP_OWN_OFFICE)
    department_id = own_department(actor)
    row = session.get(Office, department_id) or Office(department_id=department_id, is_two_step=False)
    row.is_signed, row.changed_by, row.changed_at = is_signed, actor.id, at
    session.add(row)
    audit.record(session, actor, at, "office.signing_set", ("department", department_id), signed=is_signed)


def keep_template(
    session: Session, actor: Actor, at: datetime, wording: Wording, template_id: uuid.UUID | None = None
) -> uuid.UUID:
    """A new template of the actor's department, or new words of one. Raises NotFound, Unprocessable."""
    require(actor, Permission.KEEP_ANSWER_TEMPLATES)
    department_id = own_department(actor)
    _check(wording)
    row = (
        own_template(session, actor, template_id)
        if template_id
        else AnswerTemplate(id=new_id(), department_id=department_id)
    )
    row.name, row.kind = wording.name.strip(), wording.kind
    row.reason, row.citizen_words = wording.reason.strip(), wording.citizen_words.strip()
    row.written_by, row.written_at = actor.id, at
    session.add(row)
    about = ("department", department_id)
    audit.record(session, actor, at, "office.template_kept", about, template=str(row.id), name=row.name)
    return row.id


def withdraw_template(session: Session, actor: Actor, at: datetime, template_id: uuid.UUID) -> None:
    """It is offered no more; answers that were given with it stay. Raises NotFound."""
    require(actor, Permission.KEEP_ANSWER_TEMPLATES)
    row = own_template(session, actor, template_id)
    row.withdrawn_at = at
    about = ("department", row.department_id)
    audit.record(session, actor, at, "office.template_withdrawn", about, template=str(row.id), name=row.name)


def keep_workbook(session: Session, actor: Actor, at: datetime, rows: Sequence[CheckedRow]) -> uuid.UUID:
    """What a filled workbook says, for whoever sent it, for KEPT_FOR; what others never carried out is forgotten."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    session.execute(delete(OfficeWorkbook).where(OfficeWorkbook.sent_at < at - KEPT_FOR))
    department_id = own_department(actor)
    kept = OfficeWorkbook(
        id=new_id(), department_id=department_id, sent_by=actor.id, sent_at=at, rows=[row.kept() for row in rows]
    )
    session.add(kept)
    about = ("department", department_id)
    audit.record(session, actor, at, "office.workbook_sent", about, workbook=str(kept.id), rows=len(rows))
    return kept.id


def finish_workbook(session: Session, actor: Actor, at: datetime, workbook_id: uuid.UUID, answered: int) -> None:
    """Its rows are forgotten; how many were answered stays in the log. Raises NotFound, Conflict for a finished one."""
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    row = own_workbook(session, actor, at, workbook_id, held=True)
    row.rows, row.carried_out_at = [], at
    about = ("department", row.department_id)
    audit.record(session, actor, at, "office.workbook_carried_out", about, workbook=str(row.id), rows=answered)


def own_department(actor: Actor) -> str:
    """Raises NotFound for somebody of no department."""
    if actor.department_id is None:
        raise NotFound("no_such_department")
    return actor.department_id


def own_template(session: Session, actor: Actor, template_id: uuid.UUID) -> AnswerTemplate:
    """Raises NotFound for another department's, as if it didn't exist, and for one that was withdrawn."""
    row = session.get(AnswerTemplate, template_id)
    if row is None or row.department_id != actor.department_id or row.withdrawn_at is not None:
        raise NotFound("no_such_template")
    return row


def own_workbook(
    session: Session, actor: Actor, now: datetime, workbook_id: uuid.UUID, *, held: bool = False
) -> OfficeWorkbook:
    """`held` until the transaction ends. Raises NotFound for another's and one too old, Conflict for a finished one."""
    row = session.get(OfficeWorkbook, workbook_id, with_for_update=held)
    is_own = row is not None and (row.sent_by, row.department_id) == (actor.id, actor.department_id)
    if row is None or not is_own or row.sent_at < now - KEPT_FOR:
        raise NotFound("no_such_workbook")
    if row.carried_out_at is not None:
        raise Conflict("workbook_finished")
    return row


def _check(wording: Wording) -> None:
    if not 0 < len(wording.name.strip()) <= LONGEST_NAME:
        raise Unprocessable("template_name_form")
    if not wording.reason.strip() and not wording.citizen_words.strip():
        raise Unprocessable("template_empty")
    if len(wording.reason) > LONGEST_REASON or len(wording.citizen_words) > LONGEST_WORDS:
        raise Unprocessable("answer_too_long")
