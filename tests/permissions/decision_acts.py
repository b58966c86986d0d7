"""The acts on decisions of screening, on referrals, on prepared reasons and on questions to senders."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.permissions import Actor
from app.screening import deciding, undoing
from app.screening.decisions import Decision
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from tests.permissions.conftest import Scene
from tests.support.journey import START

LATER = START + timedelta(hours=1)
SCREENERS = {"screener", "lead"}
LEAD = {"lead"}


def _revision(session: Session, submission_id: uuid.UUID) -> int:
    return submissions.get(session, submission_id).revision


def decide(session: Session, actor: Actor, scene: Scene) -> None:
    revision = _revision(session, scene.received)
    deciding.decide(session, actor, LATER, scene.received, revision, Decision(ScreeningEvent.ACCEPT))


def decide_all(session: Session, actor: Actor, scene: Scene) -> None:
    chosen = [(scene.received, _revision(session, scene.received))]
    deciding.decide_all(session, actor, LATER, chosen, Decision(ScreeningEvent.ACCEPT))


def _decided(session: Session, scene: Scene) -> int:
    decide(session, scene.world.staff.screener, scene)
    session.flush()
    return _revision(session, scene.received)


def undo(session: Session, actor: Actor, scene: Scene) -> None:
    undoing.undo(session, actor, LATER, scene.received, _decided(session, scene))


def reopen(session: Session, actor: Actor, scene: Scene) -> None:
    undoing.reopen(session, actor, LATER, scene.received, _decided(session, scene), "复核后改正。")


WHO_MAY: dict[Callable[..., object], tuple[set[str], Callable[[Session, Actor, Scene], object]]] = {
    deciding.decide: (SCREENERS, decide),
    deciding.decide_all: (SCREENERS, decide_all),
    undoing.undo: (SCREENERS, undo),
    undoing.reopen: (LEAD, reopen),
}
