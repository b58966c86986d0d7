"""The acts on campaigns: taking a submission out of one and putting one in."""

import uuid
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.campaigns import actions as campaigns
from app.campaigns.grouping import Grouping
from app.campaigns.shelf import StoredShelf
from app.permissions import Actor
from app.screening import campaigns as screening
from app.screening.decisions import Decision
from app.screening.editing import Wording
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from tests.permissions.conftest import Scene
from tests.support.journey import START

SCREENERS = {"screener", "lead"}
TAKE_DOWN = {"screener", "publisher"}


def take_out(session: Session, actor: Actor, scene: Scene) -> None:
    _campaign(session, scene)
    campaigns.take_out(session, actor, START, scene.received, "说的是另一件事。")


def put_in(session: Session, actor: Actor, scene: Scene) -> None:
    campaign_id = _campaign(session, scene)
    campaigns.take_out(session, scene.world.staff.screener, START, scene.received, "说的是另一件事。")
    campaigns.put_in(session, actor, START, scene.received, campaign_id, "还是同一件事。")


def take_down(session: Session, actor: Actor, scene: Scene) -> None:
    campaigns.take_down_copies(session, actor, START, _campaign(session, scene), 1, "相同意见已展示。")


def gather(session: Session, actor: Actor, scene: Scene) -> None:
    screening.gather_campaign(session, actor, START, _campaign(session, scene), Wording("周末开放。", "", None))


def decide(session: Session, actor: Actor, scene: Scene) -> None:
    accept = Decision(ScreeningEvent.ACCEPT)
    screening.decide_campaign(session, actor, START, _campaign(session, scene), scene.received, accept)


def _campaign(session: Session, scene: Scene) -> uuid.UUID:
    """The scene's comments all say the same."""
    shelf = StoredShelf(session, scene.world.consultation.id, START)
    grouping = Grouping(shelf)
    of_this = Submission.consultation_id == scene.world.consultation.id
    for id in session.scalars(select(Submission.id).where(of_this).order_by(Submission.id)).all():
        grouping.place(id)
    found = shelf.group_of(scene.received)
    assert found is not None
    return found


WHO_MAY: dict[Callable[..., object], tuple[set[str], Callable[[Session, Actor, Scene], object]]] = {
    campaigns.take_out: (SCREENERS, take_out),
    campaigns.put_in: (SCREENERS, put_in),
    campaigns.take_down_copies: (TAKE_DOWN, take_down),
    screening.decide_campaign: (SCREENERS, decide),
    screening.gather_campaign: ({"editor"}, gather),
}
