"""The acts of those who order packages for the archive, confirm their arrival, and hold what must not be erased."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.archives import actions
from app.archives.actions import Package
from app.archives.models import Archive
from app.archives.retention import Retention
from app.archives.written import note_checked
from app.consultations.models import Consultation
from app.permissions import Actor, operator
from app.rights import replaying, retention
from tests.permissions.conftest import Scene
from tests.support.journey import START

SHA256 = "a" * 64
MANAGES = {"manager"}


def _ordered(session: Session, actor: Actor, scene: Scene) -> Archive:
    id = scene.world.consultation.id
    package = Package(id, "WS-2026-001", Retention.PERMANENT, "辽宁省民政厅", is_concluded=True)
    return actions.order(session, actor, START, package)


def order(session: Session, actor: Actor, scene: Scene) -> None:
    _ordered(session, actor, scene)


def confirm(session: Session, actor: Actor, scene: Scene) -> None:
    made = _ordered(session, operator("tests"), scene)
    session.flush()
    note_checked(session, START, made.order_id, sha256=SHA256, size=1, parts=1)
    actions.confirm(session, actor, START, made.order_id, SHA256)


def hold(session: Session, actor: Actor, scene: Scene) -> None:
    actions.hold(session, actor, START, scene.world.consultation.id, "复议期间。")


def lift(session: Session, actor: Actor, scene: Scene) -> None:
    actions.hold(session, operator("tests"), START, scene.world.consultation.id, "复议期间。")
    session.flush()
    actions.lift(session, actor, START, scene.world.consultation.id, "复议已结。")


def erase_again(session: Session, actor: Actor, scene: Scene) -> None:
    replaying.erase_again(session, actor, START, scene.world.vault, [])


def forget_portion(session: Session, actor: Actor, scene: Scene) -> None:
    """The consultation ended long ago, and its package has arrived."""
    confirm(session, operator("archive"), scene)
    session.flush()
    long_ago = START - timedelta(days=4000)
    session.execute(
        update(Consultation).values(concluded_at=long_ago), execution_options={"synchronize_session": False}
    )
    session.expire_all()
    assert retention.forget_portion(session, actor, START, scene.world.consultation.id)


WHO_MAY = {
    retention.forget_portion: (MANAGES, forget_portion),
    replaying.erase_again: (MANAGES, erase_again),
    actions.order: (MANAGES, order),
    actions.confirm: ({"publisher"}, confirm),
    actions.hold: (MANAGES, hold),
    actions.lift: (MANAGES, lift),
}
