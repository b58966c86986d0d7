"""The acts of departments' programs on their own webhooks, and of the administrator on everybody's."""

import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.permissions import Actor, ActorKind, of_scopes, operator
from app.webhooks import actions, ledger, supervising
from app.webhooks.actions import Wanted
from app.webhooks.lifecycle import Outcome
from app.webhooks.models import WebhookDelivery
from app.webhooks.supervising import NewAllowance
from tests.permissions.conftest import Scene
from tests.support.journey import DRAFTING, START
from tests.webhooks.receiving import SEALER, URL

KEEPS = {"hooking program"}
SUPERVISES = {"administrator"}
OWNER = Actor(ActorKind.CLIENT, "owner", of_scopes(["webhooks:write"]), DRAFTING)
SOMEBODY = operator("tests")
RANGE = NewAllowance("10.20.0.0/16", "政务外网", "部门系统在此网段。")
Act = Callable[[Session, Actor, Scene], object]


def _made(session: Session) -> uuid.UUID:
    made = actions.create(session, OWNER, START, SEALER, Wanted(URL))
    session.flush()
    return made.id


def _disabled(session: Session) -> uuid.UUID:
    id = _made(session)
    actions.disable(session, OWNER, START, id)
    session.flush()
    return id


def _on_endpoint(action: Callable[..., object], *rest: Any, disabled: bool = False) -> Act:
    make = _disabled if disabled else _made
    return lambda session, actor, scene: action(session, actor, START, make(session), *rest)


def _settled(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
    endpoint_id = _made(session)
    message: WebhookDelivery = ledger.promise_test(session, endpoint_id, uuid.uuid4(), START)
    session.flush()
    held = ledger.claim(session, START)
    assert held is not None
    ledger.settle(session, held, START, ledger.Tried(Outcome.ACCEPTED, 1, 204), 0.5)
    return endpoint_id, message.id


def _end(session: Session, actor: Actor, scene: Scene) -> None:
    allowance = supervising.allow(session, SOMEBODY, START, RANGE)
    session.flush()
    supervising.end_allowance(session, actor, START, allowance.id)


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.create: (KEEPS, lambda s, a, _: actions.create(s, a, START, SEALER, Wanted(URL))),
    actions.change: (KEEPS, _on_endpoint(actions.change, Wanted(URL, description="新地址"))),
    actions.disable: (KEEPS, _on_endpoint(actions.disable)),
    actions.enable: (KEEPS, _on_endpoint(actions.enable, disabled=True)),
    actions.remove: (KEEPS, _on_endpoint(actions.remove)),
    actions.rotate: (KEEPS, _on_endpoint(actions.rotate, SEALER)),
    actions.reveal: (KEEPS, _on_endpoint(actions.reveal, SEALER)),
    actions.send_test: (KEEPS, _on_endpoint(actions.send_test)),
    actions.replay: (KEEPS, lambda s, a, _: actions.replay(s, a, START, *_settled(s))),
    actions.replay_dead: (KEEPS, _on_endpoint(actions.replay_dead)),
    actions.make_key_pair: (KEEPS, _on_endpoint(actions.make_key_pair, SEALER)),
    supervising.replay_dead_for: (SUPERVISES, _on_endpoint(supervising.replay_dead_for)),
    supervising.allow: (SUPERVISES, lambda s, a, _: supervising.allow(s, a, START, RANGE)),
    supervising.end_allowance: (SUPERVISES, _end),
    supervising.stop: (SUPERVISES, _on_endpoint(supervising.stop, "疑似误配。")),
    supervising.resume: (SUPERVISES, _on_endpoint(supervising.resume, disabled=True)),
    supervising.replay_for: (SUPERVISES, lambda s, a, _: supervising.replay_for(s, a, START, *_settled(s))),
}
