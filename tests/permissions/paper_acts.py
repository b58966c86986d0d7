"""The acts on the texts of the papers that go with a draft into review."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.papers import actions
from app.papers.actions import Place
from app.papers.kinds import PaperKind
from app.permissions import Actor
from tests.permissions.conftest import Scene
from tests.support.journey import OPERATOR, START

WRITES = {"manager"}
AT = START + timedelta(hours=2)
COLUMN = Place(PaperKind.SUMMARY, None)
Act = Callable[[Session, Actor, Scene], object]


def retire(session: Session, actor: Actor, scene: Scene) -> None:
    own = scene.world.consultation.id
    actions.write_template(session, OPERATOR, AT, Place(PaperKind.SUMMARY, own), 0, "甲", 0)
    session.flush()
    actions.retire_template(session, actor, AT, PaperKind.SUMMARY, own, 1)


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.write_template: (WRITES, lambda s, a, _: actions.write_template(s, a, AT, COLUMN, 0, "甲", 0)),
    actions.restore_template: (WRITES, lambda s, a, _: actions.restore_template(s, a, AT, COLUMN, 0, 0)),
    actions.retire_template: (WRITES, retire),
}
