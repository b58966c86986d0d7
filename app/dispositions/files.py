"""Files that a department lays with its answer: the signed scan (签批件) and others; internal, never public."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit
from app.assignments import actions as assignments
from app.assignments.models import Assignment
from app.dispositions.models import Answer, AnswerFile, AnswerVersion
from app.kit.errors import Conflict, NotFound, Unprocessable
from app.kit.identifiers import new_id
from app.permissions import Actor, Permission, require
from app.submissions.attachments import CLOSED, NewFile
from app.submissions.file_kinds import ScanState

V = AnswerVersion
MOST_FILES = 10


def add_file(session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, file: NewFile) -> AnswerFile:
    """Keeps a content that was taken in (`submissions.attachments.take_in`) with the department's own assignment.

    Raises NotFound for another department's, Conflict("not_open") once it can't be answered any more,
    Unprocessable("too_many_files").
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if not assignments.may_be_answered(assignment):
        raise Conflict("not_open")
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


def remove_file(
    session: Session, actor: Actor, at: datetime, assignment_id: uuid.UUID, file_id: uuid.UUID
) -> Assignment:
    """Takes back what was laid with an answer that isn't given yet; its content goes with the worker's next round.

    What lay with a final answer stays for good, also when that was returned. Raises NotFound,
    Conflict("file_answered_with") for such a file, Conflict("not_open") once it can't be answered any more.
    """
    require(actor, Permission.ANSWER_OWN_ASSIGNMENTS)
    assignment = assignments.own(session, actor, assignment_id)
    if not assignments.may_be_answered(assignment):
        raise Conflict("not_open")
    found = of_own(session, assignment.id, file_id)
    if found not in of_draft(session, assignment.id):
        raise Conflict("file_answered_with")
    kept = session.get(Answer, assignment.id)
    if kept is not None and kept.scan_id == found.id:
        kept.scan_id = None
    session.delete(found)
    audit.record(
        session,
        actor,
        at,
        "answer.file_removed",
        ("assignment", assignment.id),
        file_id=str(found.id),
        sha256=found.sha256,
    )
    return assignment


def of_draft(session: Session, assignment_id: uuid.UUID) -> Sequence[AnswerFile]:
    """Those that came after the last final answer, or all where there is none yet."""
    final = select(func.max(V.answered_at)).where(V.assignment_id == assignment_id, V.draft.is_(False))
    given_at = session.scalar(final)
    return [row for row in of_assignment(session, assignment_id) if given_at is None or row.added_at > given_at]


def of_own(session: Session, assignment_id: uuid.UUID, file_id: uuid.UUID) -> AnswerFile:
    """A file that lies with the answers to this very assignment. Raises NotFound."""
    found = session.get(AnswerFile, file_id)
    if found is None or found.assignment_id != assignment_id:
        raise NotFound("no_such_file")
    return found


def waiting(session: Session, most: int) -> Sequence[AnswerFile]:
    """Files that no scanner has seen, the oldest first; those too that came before there was one."""
    unseen = AnswerFile.scan.in_([ScanState.WAITING, ScanState.NOT_ASKED])
    return session.scalars(select(AnswerFile).where(unseen).order_by(AnswerFile.id).limit(most)).all()


def of_assignment(session: Session, assignment_id: uuid.UUID) -> Sequence[AnswerFile]:
    """What lies with the answers to it, in the order of adding."""
    return session.scalars(
        select(AnswerFile).where(AnswerFile.assignment_id == assignment_id).order_by(AnswerFile.added_at, AnswerFile.id)
    ).all()


def of_content(session: Session, assignment_id: uuid.UUID, sha256: str) -> AnswerFile:
    """What lies with the answers to it and has that content, the one added last. Raises NotFound."""
    for found in reversed(of_assignment(session, assignment_id)):
        if found.sha256 == sha256:
            return found
    raise NotFound("no_such_file")


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
