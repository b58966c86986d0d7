"""The acts of those who may see an identity, and of those who stop what leaves the house."""

from sqlalchemy.orm import Session

from app.alerts import actions as alerts
from app.alerts.models import Alert
from app.alerts.spikes import AlertKind
from app.exports import actions
from app.exports.models import Frozen
from app.permissions import Actor, operator
from app.submissions import unlocking
from tests.permissions.conftest import Scene
from tests.support.journey import START

UNLOCKS = {"manager", "referral_officer"}
FREEZES = {"security_administrator"}


def unlock(session: Session, actor: Actor, scene: Scene) -> None:
    unlocking.unlock(session, actor, START, scene.received, "来信威胁自伤，须联系本人。")


def freeze(session: Session, actor: Actor, scene: Scene) -> None:
    actions.freeze(session, actor, START, Frozen.EXPORTS, "核查异常导出。")


def lift(session: Session, actor: Actor, scene: Scene) -> None:
    actions.freeze(session, operator("tests"), START, Frozen.KEYS, "核查异常调用。")
    session.flush()
    actions.lift(session, actor, START, Frozen.KEYS, "核查完毕。")


def settle(session: Session, actor: Actor, scene: Scene) -> None:
    raised = Alert(
        consultation_id=scene.world.consultation.id,
        hour=START,
        kind=AlertKind.VOLUME,
        subject="",
        number=99,
        usual=3,
        raised_at=START,
    )
    session.add(raised)
    session.flush()
    alerts.settle(session, actor, START, raised.id, "集中提交，内容正常。")
