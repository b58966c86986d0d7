"""The acts of assignments: handing over, what a department does with its own, and supervising."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments import actions, asking, joining, supervising
from app.assignments.ladder import Tone
from app.assignments.models import Assignment
from app.events.models import Event
from app.permissions import Actor
from app.webhooks.lifecycle import EndpointState, MessageState
from app.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.permissions.conftest import Scene
from tests.support.journey import DRAFTING, START

LATER = START + timedelta(hours=1)
OWN = {"writing program", "officer", "office_head"}
APPROVER, SUPERVISORS = {"approver"}, {"approver", "manager"}
Act = Callable[[Session, Actor, Scene], object]


def _on(act: Callable[..., object], *words: object) -> Act:
    return lambda session, actor, scene: act(session, actor, LATER, scene.assignment, *words)


def _suggestion(session: Session, scene: Scene) -> uuid.UUID:
    return session.scalars(select(Assignment.suggestion_id).where(Assignment.id == scene.assignment)).one()


def add_cooperating(session: Session, actor: Actor, scene: Scene) -> None:
    suggestion_id = _suggestion(session, scene)
    supervising.add_cooperating(session, actor, LATER, suggestion_id, "finance", "chosen_by_approver")


def set_terms(session: Session, actor: Actor, scene: Scene) -> None:
    supervising.set_terms(session, actor, LATER, scene.world.consultation.id, 5, 3)


def push_again(session: Session, actor: Actor, scene: Scene) -> None:
    """Of a message that a receiver of the department has."""
    endpoint = WebhookEndpoint(
        department_id=DRAFTING,
        url="https://hooks.example.gov.cn/",
        description="",
        kinds=[],
        state=EndpointState.ENABLED,
        created_at=LATER,
    )
    event = session.scalars(select(Event.id).where(Event.record_id == str(scene.assignment))).one()
    session.add(endpoint)
    session.flush()
    message = WebhookDelivery(
        endpoint_id=endpoint.id,
        event_id=event,
        kind="assignment.delivered",
        body="{}",
        state=MessageState.DEAD,
        promised_at=LATER,
        due_at=LATER,
    )
    session.add(message)
    session.flush()
    supervising.push_again(session, actor, LATER, scene.assignment, message.id)


WHO_MAY: dict[Callable[..., object], tuple[set[str], Act]] = {
    actions.assign: (APPROVER, lambda s, a, scene: actions.assign(s, a, LATER, scene.approved, DRAFTING, [], {})),
    actions.acknowledge: (OWN, _on(actions.acknowledge)),
    actions.begin: (OWN, _on(actions.begin)),
    actions.note_progress: (OWN, _on(actions.note_progress, "已会商。")),
    actions.send_back: (OWN, _on(actions.send_back, "不归我们管。", None)),
    actions.transfer: (OWN, _on(actions.transfer, "finance", "不归我们管。")),
    joining.ask_cooperation: (OWN, _on(joining.ask_cooperation, "finance", "涉及经费。")),
    asking.ask_sender: (OWN, _on(asking.ask_sender, "请问是哪个街道？")),
    supervising.add_cooperating: (APPROVER, add_cooperating),
    supervising.recall: (SUPERVISORS, _on(supervising.recall, "交办有误。")),
    supervising.set_due: (SUPERVISORS, _on(supervising.set_due, (LATER + timedelta(days=30)).date(), "需要延期。")),
    supervising.remind: (SUPERVISORS, _on(supervising.remind, Tone.REMIND, "")),
    supervising.push_again: (SUPERVISORS, push_again),
    supervising.set_terms: (SUPERVISORS, set_terms),
}
