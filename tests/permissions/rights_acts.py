"""The acts on what people ask about their own data."""

from sqlalchemy.orm import Session

from app.kit.crypto import Sealer
from app.permissions import Actor, ActorKind
from app.rights import actions, asking
from app.rights.effects import Keepers
from app.rights.lifecycle import RequestKind
from app.rights.models import RightsRequest
from app.rights.sealing import Contact, Letters
from app.submissions import queries as submissions
from tests.permissions.conftest import Scene
from tests.support.journey import START

LETTERS = Letters(Sealer({"test": b"s" * 32}, "test"))
CITIZEN = Actor(ActorKind.CITIZEN, "", frozenset())


def _request(session: Session, scene: Scene) -> RightsRequest:
    submission = submissions.get(session, scene.received)
    made = asking.ask(session, CITIZEN, START, LETTERS, submission, RequestKind.WITHDRAW, "", Contact())
    session.flush()
    return made


def grant(session: Session, actor: Actor, scene: Scene) -> None:
    request = _request(session, scene)
    actions.grant(session, actor, START, Keepers(scene.world.vault, LETTERS), request.id, request.revision)


def refuse(session: Session, actor: Actor, scene: Scene) -> None:
    request = _request(session, scene)
    actions.refuse(session, actor, START, request.id, request.revision, "未提供证明。")


def view_contact(session: Session, actor: Actor, scene: Scene) -> None:
    actions.view_contact(session, actor, START, Keepers(scene.world.vault, LETTERS), _request(session, scene).id)
