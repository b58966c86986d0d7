"""The acts of managers after a window has ended: late codes, further rounds, messages that didn't arrive."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.consultations import arranging, late_codes, messages, rounds
from app.consultations.late_entry import LateCodes
from app.consultations.models import Consultation, LateCode
from app.consultations.rounds import NextRound
from app.consultations.terms import DisplayTerms, FormTerms
from app.deliveries.lifecycle import DeliveryChannel, DeliveryState
from app.deliveries.models import Delivery
from app.permissions import Actor
from tests.permissions.conftest import Scene
from tests.support.journey import START

CODES = LateCodes(b"r" * 32)
AFTER = START + timedelta(days=31)
LATEST = AFTER + timedelta(days=40)


def issue(session: Session, actor: Actor, scene: Scene) -> None:
    slug = scene.world.consultation.slug
    late_codes.issue_code(session, actor, AFTER, CODES, slug, "因病。", AFTER + timedelta(days=1))


def revoke(session: Session, actor: Actor, scene: Scene) -> None:
    code = LateCode(
        consultation_id=scene.world.consultation.id,
        code_hash=b"h" * 32,
        reason="因病。",
        issued_by="somebody",
        issued_at=AFTER,
        valid_until=LATEST,
    )
    session.add(code)
    session.flush()
    late_codes.revoke_code(session, actor, AFTER, scene.world.consultation.slug, code.id)


def begin_round(session: Session, actor: Actor, scene: Scene) -> None:
    before = session.get_one(Consultation, scene.world.consultation.id)
    planned = NextRound(before.version_id, "公告", "请提出意见。", AFTER, LATEST)
    rounds.second_round(session, actor, AFTER, before.slug, planned)


def set_terms(session: Session, actor: Actor, scene: Scene) -> None:
    terms = FormTerms(), DisplayTerms(shows_names=False)
    arranging.set_terms(session, actor, START, scene.world.consultation.id, *terms)


def retry(session: Session, actor: Actor, scene: Scene) -> None:
    delivery = Delivery(
        channel=DeliveryChannel.EMAIL,
        recipient_kind="submission",
        recipient_id=str(scene.received),
        about_kind="consultation",
        about_id=str(scene.world.consultation.id),
        template="consultation_changed",
        state=DeliveryState.FAILED,
        promised_at=START,
        due_at=START,
    )
    session.add(delivery)
    session.flush()
    messages.retry_message(session, actor, AFTER, scene.world.consultation.slug, delivery.id)


def retry_all(session: Session, actor: Actor, scene: Scene) -> None:
    messages.retry_given_up(session, actor, AFTER, scene.world.consultation.slug)
