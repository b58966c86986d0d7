"""The acts of those who order files of data, and of those who let them be written."""

import uuid

from sqlalchemy.orm import Session

from app.exports import ordering, running
from app.exports.lifecycle import ExportFormat, ExportKind, IdentityColumn
from app.exports.models import ExportOrder
from app.exports.ordering import Wanted
from app.exports.running import Holding
from app.permissions import Actor, operator
from tests.permissions.conftest import Scene
from tests.support.journey import START


def _wanted(scene: Scene, kind: ExportKind = ExportKind.SUBMISSIONS) -> Wanted:
    columns = (IdentityColumn.NAME,) if kind is ExportKind.IDENTITIES else ()
    return Wanted(kind, ExportFormat.CSV, scene.world.consultation.id, "核对意见。", columns)


def _anybodys(session: Session, scene: Scene, kind: ExportKind, owner: str) -> ExportOrder:
    order = ordering.ask(session, operator("tests"), START, _wanted(scene, kind))
    order.asked_by = owner
    session.flush()
    return order


def ask(session: Session, actor: Actor, scene: Scene) -> None:
    ordering.ask(session, actor, START, _wanted(scene))


def approve(session: Session, actor: Actor, scene: Scene) -> None:
    ordering.approve(session, actor, START, _anybodys(session, scene, ExportKind.IDENTITIES, "somebody").id)


def refuse(session: Session, actor: Actor, scene: Scene) -> None:
    ordering.refuse(
        session, actor, START, _anybodys(session, scene, ExportKind.IDENTITIES, "somebody").id, "用途不明。"
    )


def cancel(session: Session, actor: Actor, scene: Scene) -> None:
    ordering.cancel(session, actor, START, _anybodys(session, scene, ExportKind.SUBMISSIONS, actor.id).id)


def take(session: Session, actor: Actor, scene: Scene) -> None:
    order = _anybodys(session, scene, ExportKind.SUBMISSIONS, actor.id)
    ordering.take(session, actor, START, _written(session, order))


def _written(session: Session, order: ExportOrder) -> uuid.UUID:
    running.claim(session, START)
    session.flush()
    running.finish(session, START, Holding(order.id, order.attempts), rows=0, size=0)
    session.flush()
    return order.id


WHO_MAY = {
    ordering.ask: ({"manager"}, ask),
    ordering.approve: ({"publisher"}, approve),
    ordering.refuse: ({"publisher"}, refuse),
    ordering.cancel: ({"manager"}, cancel),
    ordering.take: ({"manager"}, take),
}
