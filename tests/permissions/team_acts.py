"""The acts of teamwork: allocating, notes and questions, coding rules, and second looks."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations import arranging
from app.permissions import Actor
from app.screening import deciding, second_looks
from app.screening.decisions import Decision
from app.screening.models import SecondLook
from app.screening.second_looks import Opinion
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.teamwork import actions, allocating, saved_views
from app.teamwork.allocating import Portion
from app.teamwork.models import SavedView
from app.teamwork.records import RecordKind
from tests.permissions.conftest import Scene
from tests.support.journey import START

LATER = START + timedelta(hours=1)
SCREENERS, LEAD, MANAGER = {"screener", "lead"}, {"lead"}, {"manager"}
DISCUSS = {"screener", "lead", "editor", "approver"}
DESK = {*DISCUSS, "publisher", "manager", "referral_officer"}
KIND = RecordKind.SUBMISSION
REJECTED = Decision(ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE, "与本稿无关。")


def _of(scene: Scene) -> uuid.UUID:
    return scene.world.consultation.id


def allocate(session: Session, actor: Actor, scene: Scene) -> None:
    allocating.allocate(session, actor, LATER, Portion(_of(scene)), 1, [scene.world.staff.screener.id])


def even_out(session: Session, actor: Actor, scene: Scene) -> None:
    staff = scene.world.staff
    allocating.even_out(session, actor, LATER, _of(scene), [staff.screener.id, staff.lead.id])


def hand_over(session: Session, actor: Actor, scene: Scene) -> None:
    staff = scene.world.staff
    allocating.hand_over(session, actor, LATER, _of(scene), staff.screener.id, [staff.lead.id])


def claim(session: Session, actor: Actor, scene: Scene) -> None:
    allocating.claim(session, actor, LATER, scene.received)


def claim_next(session: Session, actor: Actor, scene: Scene) -> None:
    allocating.claim_next(session, actor, LATER, Portion(_of(scene)), 1)


def give_back(session: Session, actor: Actor, scene: Scene) -> None:
    submissions.get(session, scene.received).allocated_to = actor.id
    session.flush()
    allocating.give_back(session, actor, LATER, scene.received)


def give_all_back(session: Session, actor: Actor, scene: Scene) -> None:
    allocating.give_all_back(session, actor, LATER, _of(scene))


def take_over(session: Session, actor: Actor, scene: Scene) -> None:
    actions.take_over(session, actor, LATER, KIND, scene.received)


def write_note(session: Session, actor: Actor, scene: Scene) -> None:
    actions.write_note(session, actor, LATER, KIND, scene.received, "涉及费用。")


def raise_flag(session: Session, actor: Actor, scene: Scene) -> None:
    actions.raise_flag(session, actor, LATER, KIND, scene.received, _of(scene), "是否受理？")


def resolve_flag(session: Session, actor: Actor, scene: Scene) -> None:
    flag = actions.raise_flag(
        session, scene.world.staff.screener, LATER, KIND, scene.received, _of(scene), "是否受理？"
    )
    actions.resolve_flag(session, actor, LATER, flag.id, flag.revision, "受理。")


def write_coding_rules(session: Session, actor: Actor, scene: Scene) -> None:
    actions.write_coding_rules(session, actor, LATER, None, 0, "一、费用归第三条。", "首次制定。")


def set_share(session: Session, actor: Actor, scene: Scene) -> None:
    arranging.set_second_look_share(session, actor, LATER, _of(scene), 20)


def save_view(session: Session, actor: Actor, scene: Scene) -> None:
    saved_views.save_view(session, actor, LATER, "我的待筛选", "mine", {})


def rename_view(session: Session, actor: Actor, scene: Scene) -> None:
    saved_views.rename_view(session, actor, LATER, _saved(session, actor), "今天的")


def share_view(session: Session, actor: Actor, scene: Scene) -> None:
    saved_views.share_view(session, actor, LATER, _saved(session, actor), True)


def delete_view(session: Session, actor: Actor, scene: Scene) -> None:
    saved_views.delete_view(session, actor, LATER, _saved(session, actor))


def _saved(session: Session, actor: Actor) -> uuid.UUID:
    saved = SavedView(owner=actor.id, name="一", view="mine", narrowed={}, is_shared=False, saved_at=LATER)
    session.add(saved)
    session.flush()
    return saved.id


def _drawn(session: Session, scene: Scene) -> SecondLook:
    staff = scene.world.staff
    arranging.set_second_look_share(session, staff.manager, LATER, _of(scene), 100)
    revision = submissions.get(session, scene.received).revision
    deciding.decide(session, staff.screener, LATER, scene.received, revision, REJECTED)
    session.flush()
    return session.scalars(select(SecondLook)).one()


def look(session: Session, actor: Actor, scene: Scene) -> None:
    drawn = _drawn(session, scene)
    opinion = Opinion(ScreeningEvent.ACCEPT, None, "")
    second_looks.look(session, actor, LATER, drawn.decision_id, drawn.revision, opinion)


def settle(session: Session, actor: Actor, scene: Scene) -> None:
    another = replace(scene.world.staff.screener, id="another")
    look(session, another, scene)
    session.flush()
    found = session.scalars(select(SecondLook)).one()
    second_looks.settle(session, actor, LATER, found.decision_id, found.revision, upholds=True, reason="按口径办理。")


WHO_MAY: dict[Callable[..., object], tuple[set[str], Callable[[Session, Actor, Scene], object]]] = {
    allocating.allocate: (LEAD, allocate),
    allocating.even_out: (LEAD, even_out),
    allocating.hand_over: (LEAD, hand_over),
    allocating.claim: (SCREENERS, claim),
    allocating.claim_next: (SCREENERS, claim_next),
    allocating.give_back: (SCREENERS, give_back),
    allocating.give_all_back: (SCREENERS, give_all_back),
    actions.take_over: (DISCUSS, take_over),
    actions.write_note: (DISCUSS, write_note),
    actions.raise_flag: (DISCUSS, raise_flag),
    actions.resolve_flag: (DISCUSS, resolve_flag),
    actions.write_coding_rules: (LEAD, write_coding_rules),
    arranging.set_second_look_share: (MANAGER, set_share),
    second_looks.look: (SCREENERS, look),
    second_looks.settle: (LEAD, settle),
    saved_views.save_view: (DESK, save_view),
    saved_views.rename_view: (DESK, rename_view),
    saved_views.share_view: (LEAD, share_view),
    saved_views.delete_view: (DESK, delete_view),
}
