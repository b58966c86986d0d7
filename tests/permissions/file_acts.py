"""The acts on files that came with a comment."""

from sqlalchemy.orm import Session

from app.permissions import Actor, operator
from app.submissions import attachments
from app.submissions.attachments import NewFile, row_of
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.models import SubmissionFile
from tests.permissions.conftest import Scene
from tests.support.journey import START


def _file(session: Session, scene: Scene) -> SubmissionFile:
    row = row_of(NewFile("附件.pdf", "a" * 64, 4, FileKind.PDF, ScanState.CLEAN, START), scene.received, 1)
    session.add(row)
    session.flush()
    return row


def open_file(session: Session, actor: Actor, scene: Scene) -> None:
    attachments.open_file(session, actor, START, _file(session, scene).id)


def release(session: Session, actor: Actor, scene: Scene) -> None:
    attachments.release_file(session, actor, START, _file(session, scene).id, "图表有助于讨论。", "b" * 64, 3)


def withdraw(session: Session, actor: Actor, scene: Scene) -> None:
    file = _file(session, scene)
    attachments.release_file(session, operator("tests"), START, file.id, "图表有助于讨论。", "b" * 64, 3)
    attachments.withdraw_file(session, actor, START, file.id, "图中有他人电话。")
