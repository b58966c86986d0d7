"""The acts on decisions of screening, on referrals, on prepared reasons and on questions to senders."""

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.clarifications import actions as clarifications
from app.clarifications.asking import Asker
from app.clarifications.lifecycle import AskerKind, ClarificationState
from app.clarifications.models import Clarification
from app.permissions import Actor
from app.referrals import actions as referrals
from app.referrals import queries
from app.referrals.actions import Receiver
from app.referrals.lifecycle import HandoverWay, ReferralClass
from app.referrals.models import ReferralCase
from app.screening import deciding, prepared, preparing_reasons, undoing
from app.screening.decisions import Decision
from app.screening.preparing_reasons import Draft
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from tests.permissions.conftest import Scene
from tests.support.journey import START

LATER = START + timedelta(hours=1)
SCREENERS = {"screener", "lead"}
LEAD, OFFICER, MANAGER, EDITOR = {"lead"}, {"referral_officer"}, {"manager"}, {"editor"}
RECEIVER = Receiver("市信访局", HandoverWay.LETTER, "某函〔2026〕1号", START)
DRAFT = Draft("内容相同", "您的意见已合并办理。")


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


def undo_all(session: Session, actor: Actor, scene: Scene) -> None:
    undoing.undo_all(session, actor, LATER, [(scene.received, _decided(session, scene))])


def reopen(session: Session, actor: Actor, scene: Scene) -> None:
    undoing.reopen(session, actor, LATER, scene.received, _decided(session, scene), "复核后改正。")


def _submission(session: Session, scene: Scene) -> Submission:
    return submissions.get(session, scene.received)


def open_case(session: Session, actor: Actor, scene: Scene) -> None:
    referrals.open_case(session, actor, LATER, _submission(session, scene), ReferralClass.THREAT, None)


def _case(session: Session, scene: Scene, *, taken_on: bool = False, handed_over: bool = False) -> ReferralCase:
    decision = Decision(ScreeningEvent.REFER, referral_class=ReferralClass.OTHER)
    revision = _revision(session, scene.received)
    deciding.decide(session, scene.world.staff.screener, START, scene.received, revision, decision)
    session.flush()
    case = queries.standing_case(session, scene.received)
    assert case is not None
    officer = scene.world.staff.referral_officer
    if taken_on:
        referrals.take_on(session, officer, START, case.id, case.revision, "王某")
        session.flush()
    if handed_over:
        referrals.hand_over(session, officer, START, case.id, case.revision, RECEIVER)
        session.flush()
    return case


def cancel(session: Session, actor: Actor, scene: Scene) -> None:
    _case(session, scene)
    referrals.cancel(session, actor, LATER, scene.received)


def take_on(session: Session, actor: Actor, scene: Scene) -> None:
    case = _case(session, scene)
    referrals.take_on(session, actor, LATER, case.id, case.revision, "王某")


def hand_over(session: Session, actor: Actor, scene: Scene) -> None:
    case = _case(session, scene, taken_on=True)
    referrals.hand_over(session, actor, LATER, case.id, case.revision, RECEIVER)


def close(session: Session, actor: Actor, scene: Scene) -> None:
    case = _case(session, scene, taken_on=True, handed_over=True)
    referrals.close(session, actor, LATER, case.id, case.revision, "已答复来信人。")


def return_case(session: Session, actor: Actor, scene: Scene) -> None:
    case = _case(session, scene)
    referrals.give_back(session, actor, LATER, case.id, case.revision, "属一般意见。")


def give_back(session: Session, actor: Actor, scene: Scene) -> None:
    case = _case(session, scene)
    undoing.give_back(session, actor, LATER, case.id, case.revision, "属一般意见。")


def add_reason(session: Session, actor: Actor, scene: Scene) -> None:
    preparing_reasons.add_reason(session, actor, LATER, ScreeningEvent.CLOSE_AS_DUPLICATE, None, DRAFT)


def change_reason(session: Session, actor: Actor, scene: Scene) -> None:
    preparing_reasons.change_reason(session, actor, LATER, prepared.houses_own()[0].template_id, 0, DRAFT)


def retire_reason(session: Session, actor: Actor, scene: Scene) -> None:
    preparing_reasons.retire_reason(session, actor, LATER, prepared.houses_own()[0].template_id, 0)


def ask(session: Session, actor: Actor, scene: Scene) -> Clarification:
    asker = Asker(AskerKind.DESK, actor.id)
    return clarifications.ask(session, actor, LATER, scene.received, asker, "请问指哪一条？", timedelta(days=7))


def _asked(session: Session, scene: Scene) -> Clarification:
    made = ask(session, scene.world.staff.screener, scene)
    session.flush()
    return made


def settle(session: Session, actor: Actor, scene: Scene) -> None:
    made = _asked(session, scene)
    made.state = ClarificationState.LAPSED
    session.flush()
    clarifications.settle(session, actor, LATER, made.id, made.revision)


def drop(session: Session, actor: Actor, scene: Scene) -> None:
    made = _asked(session, scene)
    clarifications.drop(session, actor, LATER, made.id, made.revision, "已明确。")


WHO_MAY: dict[Callable[..., object], tuple[set[str], Callable[[Session, Actor, Scene], object]]] = {
    deciding.decide: (SCREENERS, decide),
    deciding.decide_all: (SCREENERS, decide_all),
    undoing.undo: (SCREENERS, undo),
    undoing.undo_all: (SCREENERS, undo_all),
    undoing.reopen: (LEAD, reopen),
    undoing.give_back: (OFFICER, give_back),
    referrals.open_case: (SCREENERS, open_case),
    referrals.cancel: (SCREENERS, cancel),
    referrals.take_on: (OFFICER, take_on),
    referrals.hand_over: (OFFICER, hand_over),
    referrals.close: (OFFICER, close),
    referrals.give_back: (OFFICER, return_case),
    preparing_reasons.add_reason: (LEAD | MANAGER, add_reason),
    preparing_reasons.change_reason: (LEAD | MANAGER, change_reason),
    preparing_reasons.retire_reason: (LEAD | MANAGER, retire_reason),
    clarifications.ask: (SCREENERS | EDITOR, ask),
    clarifications.settle: (SCREENERS | EDITOR, settle),
    clarifications.drop: (SCREENERS | EDITOR, drop),
}
