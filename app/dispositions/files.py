"""Files that a department lays with its answer: the signed scan (签批件) and others; internal, never public."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions as assignments
from app.dispositions.models import AnswerFile
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.submissions.attachments import CLOSED, NewFile

MOST_FILES = 10


def add_file(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, file: NewFile) -> AnswerFile:
    """Keeps a content that was taken in (`submissions.attachments.take_in`) with the department's own assignment.

    Raises NotFound for another department's, Unprocessable("too_many_files").
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if len(of_assignment(session, assignment.id)) >= MOST_FILES:
        raise Unprocessable("too_many_files", limit=MOST_FILES)
    kept = AnswerFile(
        id=new_id(),
        assignment_id=assignment.id,
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        scan=file.scan,
        added_by=actor.id,
        added_at=at,
    )
    session.add(kept)
    audit.record(
        session, actor, at, "answer.file_added", ("assignment", assignment.id), file_id=str(kept.id), sha256=file.sha256
    )
    return kept


def of_assignment(session: Session, assignment_id: uuid.UUID) -> Sequence[AnswerFile]:
    """What lies with the answers to it, in the order of adding."""
    return session.scalars(
        select(AnswerFile).where(AnswerFile.assignment_id == assignment_id).order_by(AnswerFile.added_at, AnswerFile.id)
    ).all()


def find(session: Session, file_id: uuid.UUID) -> AnswerFile:
    """A file whose content may be handed out, to a caller who asked for the permission.

    Raises NotFound, Conflict with a code of CLOSED while nobody may.
    """
    found = session.get(AnswerFile, file_id)
    if found is None:
        raise NotFound("no_such_file")
    if found.scan in CLOSED:
        raise Conflict(CLOSED[found.scan])
    return found


def referred_to(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the contents that lie with an answer."""
    return set(session.scalars(select(AnswerFile.sha256).where(AnswerFile.sha256.in_(set(keys)))))
