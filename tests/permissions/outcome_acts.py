"""The acts on answers and their release, and of ending a consultation."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations import arranging
from app.consultations.models import Consultation
from app.consultations.terms import ReplyTerms
from app.dispositions import actions, files, releasing
from app.dispositions.actions import Letter
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition, OutcomeRelease
from app.permissions import Actor, Permission, operator
from app.records import actions as records
from app.records.stages import ConclusionKind
from app.reporting import actions as reporting
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from tests.permissions.conftest import Scene
from tests.support.journey import START
from tests.support.outcomes import program

CONFIRMS, RELEASES, CONCLUDES, PUBLISHES = {"manager", "office_head"}, {"publisher"}, {"manager"}, {"publisher"}
MANAGES, ANSWERS = {"manager"}, {"writing program", "officer", "office_head"}
LETTER = Letter("民函〔2026〕3号", date(2026, 1, 5), "处长")
AT = START + timedelta(hours=2)
OTHER = Actor(operator("x").kind, "another", frozenset(Permission))
Act = Callable[[Session, Actor, Scene], object]


def _answered(session: Session, scene: Scene) -> Disposition:
    actions.answer(session, program(), AT, scene.assignment, DispositionKind.ADOPTED, "", False)
    session.flush()
    return session.scalars(select(Disposition)).one()


def confirm_answer(session: Session, scene: Scene) -> Disposition:
    found = _answered(session, scene)
    actions.confirm(session, OTHER, AT, found.suggestion_id, found.revision, LETTER)
    session.flush()
    return found


def _prepared(session: Session, scene: Scene) -> OutcomeRelease:
    confirm_answer(session, scene)
    made = releasing.prepare_release(session, OTHER, AT, scene.world.consultation.id, "第一批", "依据。")
    session.flush()
    return made


def answer(session: Session, actor: Actor, scene: Scene) -> None:
    actions.answer(session, actor, AT, scene.assignment, DispositionKind.ADOPTED, "", draft=False)


def confirm(session: Session, actor: Actor, scene: Scene) -> None:
    found = _answered(session, scene)
    actions.confirm(session, actor, AT, found.suggestion_id, found.revision, LETTER)


def return_answer(session: Session, actor: Actor, scene: Scene) -> None:
    found = _answered(session, scene)
    actions.return_answer(session, actor, AT, found.suggestion_id, found.revision, "请补充理由。")


def revise(session: Session, actor: Actor, scene: Scene) -> None:
    made = _prepared(session, scene)
    releasing.release_outcomes(session, operator("third"), AT, made.id, made.revision)
    session.flush()
    session.expire_all()
    found = session.scalars(select(Disposition)).one()
    actions.revise(session, actor, AT, found.suggestion_id, found.revision, "情况有变。")


def prepare(session: Session, actor: Actor, scene: Scene) -> None:
    confirm_answer(session, scene)
    releasing.prepare_release(session, actor, AT, scene.world.consultation.id, "第一批", "依据。")


def take_out(session: Session, actor: Actor, scene: Scene) -> None:
    made = _prepared(session, scene)
    suggestion_id = session.scalars(select(Disposition.suggestion_id)).one()
    releasing.take_out(session, actor, AT, made.id, made.revision, suggestion_id)


def withdraw(session: Session, actor: Actor, scene: Scene) -> None:
    made = _prepared(session, scene)
    releasing.withdraw_release(session, actor, AT, made.id, made.revision, "暂缓。")


def release(session: Session, actor: Actor, scene: Scene) -> None:
    made = _prepared(session, scene)
    releasing.release_outcomes(session, actor, AT, made.id, made.revision)


def add_file(session: Session, actor: Actor, scene: Scene) -> None:
    file = NewFile("签批件.pdf", "0" * 64, 10, FileKind.PDF, ScanState.CLEAN, AT)
    files.add_file(session, actor, AT, scene.assignment, file)


def remove_file(session: Session, actor: Actor, scene: Scene) -> None:
    add_file(session, program(), scene)
    session.flush()
    (kept,) = files.of_assignment(session, scene.assignment)
    files.remove_file(session, actor, AT, scene.assignment, kept.id)


def _second(session: Session) -> Consultation:
    """A consultation to which nobody sent anything."""
    return session.scalars(select(Consultation).where(Consultation.slug == "second")).one()


def publish_intake(session: Session, actor: Actor, scene: Scene) -> None:
    second = _second(session)
    records.publish_intake(session, actor, second.closes_at, second.id, "")


def conclude(session: Session, actor: Actor, scene: Scene) -> None:
    second = _second(session)
    records.conclude(session, actor, second.closes_at, second.id, "")


def conclude_with_report(session: Session, actor: Actor, scene: Scene) -> None:
    second = _second(session)
    reporting.conclude(session, actor, second.closes_at, second.id, "", scene.world.vault)


def publish_edition(session: Session, actor: Actor, scene: Scene) -> None:
    second = _second(session)
    records.conclude(session, OTHER, second.closes_at, second.id, "")
    session.flush()
    reporting.publish_edition(session, actor, second.closes_at, second.id, "补充公布。", scene.world.vault)


def end(session: Session, actor: Actor, scene: Scene) -> None:
    second = _second(session)
    records.end_without_outcome(session, actor, second.closes_at, second.id, ConclusionKind.SHELVED, "暂不出台。")


def set_replies(session: Session, actor: Actor, scene: Scene) -> None:
    arranging.set_replies(session, actor, AT, scene.world.consultation.id, ReplyTerms(replies_together=True))


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.answer: (ANSWERS, answer),
    actions.confirm: (CONFIRMS, confirm),
    actions.return_answer: (CONFIRMS, return_answer),
    actions.revise: (CONFIRMS, revise),
    files.add_file: (ANSWERS, add_file),
    files.remove_file: (ANSWERS, remove_file),
    releasing.prepare_release: (RELEASES, prepare),
    releasing.take_out: (RELEASES, take_out),
    releasing.withdraw_release: (RELEASES, withdraw),
    releasing.release_outcomes: (RELEASES, release),
    records.publish_intake: (PUBLISHES, publish_intake),
    records.conclude: (CONCLUDES, conclude),
    records.end_without_outcome: (CONCLUDES, end),
    reporting.conclude: (CONCLUDES, conclude_with_report),
    reporting.publish_edition: (PUBLISHES, publish_edition),
    arranging.set_replies: (MANAGES, set_replies),
}
