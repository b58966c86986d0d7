"""The acts on letters to other organs: managers write, approvers read with them."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.permissions import Actor, operator
from app.soundings import actions, handling, replying
from app.soundings.lifecycle import Adoption, DisputeEvent
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding
from app.soundings.replying import Reply, Wording
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from tests.permissions.conftest import Scene
from tests.support import sounding
from tests.support.journey import START
from tests.support.sounding import DUE, TODAY

Act = Callable[[Session, Actor, Scene], object]
MANAGES = {"manager"}
READS = {"manager", "approver"}
WORDING = Wording("建议核实经费保障表述。")
OPERATOR = operator("tests")


def _drafted(session: Session, scene: Scene) -> Sounding:
    wanted = sounding.letter(scene.world.consultation.version_id)
    made = actions.draft(session, OPERATOR, START, scene.world.consultation.id, wanted)
    session.flush()
    actions.invite(session, OPERATOR, START, made.id, [], ["外地某研究中心"])
    session.flush()
    return made


def _sent(session: Session, scene: Scene) -> Sounding:
    made = _drafted(session, scene)
    actions.send(session, OPERATOR, START, made.id, made.revision)
    session.flush()
    return made


def _organ(session: Session, letter: Sounding) -> SoundedOrgan:
    return session.scalars(select(SoundedOrgan).where(SoundedOrgan.sounding_id == letter.id)).one()


def _opinion(session: Session, scene: Scene) -> OrganOpinion:
    organ = _organ(session, _sent(session, scene))
    (id,) = sounding.enter(session, OPERATOR, organ.id, [WORDING])
    return session.get_one(OrganOpinion, id)


def draft(session: Session, actor: Actor, scene: Scene) -> None:
    wanted = sounding.letter(scene.world.consultation.version_id)
    actions.draft(session, actor, START, scene.world.consultation.id, wanted)


def edit(session: Session, actor: Actor, scene: Scene) -> None:
    letter = _drafted(session, scene)
    wanted = sounding.letter(scene.world.consultation.version_id, "另一标题")
    actions.edit(session, actor, START, letter.id, letter.revision, wanted)


def invite(session: Session, actor: Actor, scene: Scene) -> None:
    actions.invite(session, actor, START, _drafted(session, scene).id, [], ["另一单位"])


def uninvite(session: Session, actor: Actor, scene: Scene) -> None:
    organ = _organ(session, _drafted(session, scene))
    actions.uninvite(session, actor, START, organ.id, organ.revision)


def send(session: Session, actor: Actor, scene: Scene) -> None:
    letter = _drafted(session, scene)
    actions.send(session, actor, START, letter.id, letter.revision)


def extend(session: Session, actor: Actor, scene: Scene) -> None:
    letter = _sent(session, scene)
    actions.extend(session, actor, START, letter.id, letter.revision, DUE + timedelta(days=1), "单位请求。")


def close(session: Session, actor: Actor, scene: Scene) -> None:
    letter = _sent(session, scene)
    actions.close(session, actor, START, letter.id, letter.revision)


def reopen(session: Session, actor: Actor, scene: Scene) -> None:
    letter = _sent(session, scene)
    actions.close(session, OPERATOR, START, letter.id, letter.revision)
    session.flush()
    actions.reopen(session, actor, START, letter.id, letter.revision, "收到复函。")


def enter_reply(session: Session, actor: Actor, scene: Scene) -> None:
    organ = _organ(session, _sent(session, scene))
    replying.enter_reply(session, actor, START, organ.id, organ.revision, Reply(False, TODAY))


def enter_opinion(session: Session, actor: Actor, scene: Scene) -> None:
    replying.enter_opinion(session, actor, START, _opinion(session, scene).organ_id, WORDING)


def correct_opinion(session: Session, actor: Actor, scene: Scene) -> None:
    opinion = _opinion(session, scene)
    replying.correct_opinion(session, actor, START, opinion.id, opinion.revision, WORDING, "录入有误。")


def withdraw_opinion(session: Session, actor: Actor, scene: Scene) -> None:
    opinion = _opinion(session, scene)
    replying.withdraw_opinion(session, actor, START, opinion.id, opinion.revision, "误登。")


def remind(session: Session, actor: Actor, scene: Scene) -> None:
    replying.remind(session, actor, START, _organ(session, _sent(session, scene)).id, TODAY, "", "")


def open_scan(session: Session, actor: Actor, scene: Scene) -> None:
    organ = _organ(session, _sent(session, scene))
    file = NewFile("复函.pdf", "a" * 64, 9, FileKind.PDF, ScanState.CLEAN, START)
    replying.enter_reply(session, OPERATOR, START, organ.id, organ.revision, Reply(False, TODAY, file=file))
    session.flush()
    replying.open_scan(session, actor, START, organ.file_id or uuid.UUID(int=7))


def handle(session: Session, actor: Actor, scene: Scene) -> None:
    opinion = _opinion(session, scene)
    handling.handle(session, actor, START, opinion.id, opinion.revision, Adoption.ADOPTED, "")


def dispute(session: Session, actor: Actor, scene: Scene) -> None:
    opinion = _opinion(session, scene)
    handling.handle(session, OPERATOR, START, opinion.id, opinion.revision, Adoption.NOT_ADOPTED, "已有规定。")
    session.flush()
    handling.dispute(session, actor, START, opinion.id, opinion.revision, DisputeEvent.UPHOLD, "")


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.draft: (MANAGES, draft),
    actions.edit: (MANAGES, edit),
    actions.invite: (MANAGES, invite),
    actions.uninvite: (MANAGES, uninvite),
    actions.send: (MANAGES, send),
    actions.extend: (MANAGES, extend),
    actions.close: (MANAGES, close),
    actions.reopen: (MANAGES, reopen),
    replying.enter_reply: (MANAGES, enter_reply),
    replying.enter_opinion: (MANAGES, enter_opinion),
    replying.correct_opinion: (MANAGES, correct_opinion),
    replying.withdraw_opinion: (MANAGES, withdraw_opinion),
    replying.remind: (MANAGES, remind),
    replying.open_scan: (READS, open_scan),
    handling.handle: (MANAGES, handle),
    handling.dispute: (MANAGES, dispute),
}
