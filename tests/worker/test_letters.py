"""What people are told of each change, and that what staff do reaches them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.consultations import changing
from app.consultations.effects import NoteKind
from app.consultations.models import ConsultationNote
from app.deliveries import ledger
from app.deliveries.lifecycle import DeliveryChannel, DeliveryEvent
from app.worker import letters
from app.worker.delivering import Post, deliver_once
from tests.support import journey
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.worker.sending import Recorder
from tests.worker.test_telling import submission_ids, work

CHANGES = {
    "征求意见期限延长": lambda s, w, at: changing.extend(
        s,
        w.staff.manager,
        at,
        SLUG,
        w.consultation.revision,
        w.consultation.closes_at + timedelta(days=7),
        "意见较多。",
    ),
    "暂停征求意见": lambda s, w, at: changing.suspend(
        s, w.staff.manager, at, SLUG, w.consultation.revision, "文本有误。"
    ),
    "撤回征求意见稿": lambda s, w, at: changing.withdraw(
        s, w.staff.manager, at, SLUG, w.consultation.revision, "文本有误。"
    ),
    "提前结束征求意见": lambda s, w, at: changing.close_consultation(
        s, w.staff.manager, at, SLUG, w.consultation.revision, "工作需要。"
    ),
}
"""How the subject begins → the act of staff that it tells of."""


@pytest.mark.parametrize("subject", CHANGES)
def test_what_staff_do_reaches_whom_it_concerns(
    world: World, post: Post, out: Recorder, clock: StoppedClock, subject: str
) -> None:
    journey.submit(world, person=1)
    with world.database.writing() as session:
        CHANGES[subject](session, world, clock.at)
    work(world)
    assert deliver_once(world.database, clock, post) is DeliveryEvent.SEND
    (message,) = out.sent
    assert str(message["Subject"]) == f"{subject}：{world.consultation.title}"
    with world.database.reading() as session:
        note = session.scalars(select(ConsultationNote)).one()
    assert note.text in message.get_content()


@pytest.mark.parametrize("kind", NoteKind)
def test_every_kind_of_note_has_words_of_its_own(
    owing: World, post: Post, out: Recorder, clock: StoppedClock, kind: NoteKind
) -> None:
    with owing.database.writing() as session:
        note = session.scalars(select(ConsultationNote)).one()
        note.kind = kind
    deliver_once(owing.database, clock, post)
    (message,) = out.sent
    text = message.get_content()
    assert str(message["Subject"]).endswith(f"：{owing.consultation.title}")
    assert letters._(letters.WHAT_HAPPENED[kind]) != letters.WHAT_HAPPENED[kind]
    assert letters._(letters.WHAT_HAPPENED[kind]) in text.replace(" \r\n", "")
    assert ("意见提交截止时间" in text) == (kind not in letters.ENDS_TAKING)
    assert "%" not in text


def test_a_further_round_is_told_with_its_end(world: World, post: Post, out: Recorder, clock: StoppedClock) -> None:
    receipt = journey.submit(world, person=1)
    (submission_id,) = submission_ids(world, receipt.number)
    with world.database.writing() as session:
        second = journey.another_consultation(session, world.staff, slug="second")
        ledger.promise(
            session,
            START,
            channel=DeliveryChannel.EMAIL,
            recipient=("submission", submission_id),
            template="second_round",
            consultation_id=str(second.id),
        )
    assert deliver_once(world.database, clock, post) is DeliveryEvent.SEND
    (message,) = out.sent
    assert str(message["Subject"]) == f"再次公开征求意见：{second.title}"
    assert "2026年6月10日 09:30（北京时间）" in message.get_content().replace(" \r\n", "")
