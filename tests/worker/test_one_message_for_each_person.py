"""One message answers all that one person sent from one address, once everything of it is answered and released."""

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.consultations.arranging import set_replies
from app.consultations.terms import ReplyTerms
from app.deliveries.lifecycle import DeliveryChannel, DeliveryState
from app.deliveries.models import Delivery
from app.deliveries.texts import FolderTextChannel
from app.dispositions import actions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.records import actions as records
from app.screening import editing
from app.screening.editing import Wording
from app.screening.passages import sentences
from app.submissions.models import Submission, SubmitterIdentity
from app.worker import outcomes as telling
from app.worker.delivering import Post, deliver_once
from app.worker.loop import work_once
from tests.publication.test_outcomes import approve
from tests.support import deciding, journey, outcomes
from tests.support.journey import COMMENT, START, StoppedClock, World
from tests.worker.sending import Recorder

KNOWN = {
    name: getattr(telling, name)
    for name in ("tell_release", "tell_results", "tell_decision", "tell_closing", "tell_repetitions")
}
LATER = START + timedelta(days=40)


def work(world: World) -> None:
    while work_once(world.database, StoppedClock(LATER), KNOWN, {}):
        pass


def deliver(world: World, post: Post) -> None:
    while deliver_once(world.database, StoppedClock(LATER), post):
        pass


def owed(world: World) -> list[Delivery]:
    with world.database.reading() as session:
        return list(session.scalars(select(Delivery).order_by(Delivery.promised_at, Delivery.id)))


def said(out: Recorder) -> list[str]:
    return [message.get_content().replace(" \r\n", "") for message in out.sent]


def suggestion_of(world: World, person: int, email: str | None = None) -> uuid.UUID:
    """An approved suggestion of one further comment of that person, perhaps from another address."""
    who = journey.identity(person)
    receipt = journey.submit(world, person=person, who=replace(who, email=email or who.email))
    with world.database.writing() as session:
        found = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        deciding.accept(session, world.staff.screener, START, found.id, found.revision)
        submission_id = found.id
    with world.database.writing() as session:
        words = Wording("周末开放。", "", None)
        made = editing.gather(session, world.staff.editor, START, submission_id, sentences(COMMENT), words).id
    approve(world, made)
    return made


def test_one_person_with_two_comments_gets_one_message_when_both_are_answered(
    world: World, post: Post, out: Recorder
) -> None:
    first, second = suggestion_of(world, 1), suggestion_of(world, 1)
    outcomes.decided(world, first, DispositionKind.ADOPTED)
    work(world)
    assert owed(world) == [], "the other one is still being worked on"
    outcomes.decided(world, second, DispositionKind.NOT_ADOPTED, "经费不足。")
    work(world)
    deliver(world, post)
    (message,) = said(out)
    for words in ("采纳：1", "未采纳：1", "2份意见", "2条意见要点"):
        assert words in message
    assert sorted(row.state for row in owed(world)) == [DeliveryState.JOINED, DeliveryState.SENT]


def test_two_addresses_are_told_each_of_its_own(world: World, post: Post, out: Recorder) -> None:
    ids = [suggestion_of(world, 1), suggestion_of(world, 1, "other@example.com")]
    for suggestion_id in ids:
        outcomes.answered(world, suggestion_id)
    outcomes.told(world, ids)
    work(world)
    deliver(world, post)
    assert {message["To"] for message in out.sent} == {"person1@example.com", "other@example.com"}
    assert all("采纳：1" in message for message in said(out))


def test_a_revision_says_what_changed(world: World, post: Post, out: Recorder) -> None:
    suggestion_id = suggestion_of(world, 1)
    assignment_id = outcomes.decided(world, suggestion_id, DispositionKind.NOT_ADOPTED, "经费不足。")
    work(world)
    deliver(world, post)
    with world.database.writing() as session:
        row = session.get_one(Disposition, suggestion_id)
        actions.revise(session, world.staff.manager, LATER, suggestion_id, row.revision, "经费已落实。")
    outcomes.answered_anew(world, assignment_id, DispositionKind.ADOPTED, "已列入计划。")
    work(world)
    assert len(owed(world)) == 1, "nothing new before the second release"
    outcomes.told(world, [suggestion_id])
    work(world)
    deliver(world, post)
    first, second = said(out)
    assert "由“未采纳”改为“采纳”" not in first
    assert "由“未采纳”改为“采纳”" in second
    assert "新情况" in second


def test_a_public_reply_is_told_once_with_its_address(world: World, post: Post, out: Recorder) -> None:
    with world.database.writing() as session:
        set_replies(session, world.staff.manager, START, world.consultation.id, ReplyTerms(replies_together=True))
    ids = [suggestion_of(world, 1), suggestion_of(world, 1), suggestion_of(world, 2)]
    for suggestion_id in ids:
        outcomes.answered(world, suggestion_id)
    outcomes.told(world, ids)
    work(world)
    assert owed(world) == []
    with world.database.writing() as session:
        at = world.consultation.closes_at
        records.conclude(session, world.staff.manager, at, world.consultation.id, "统一答复如下。")
    work(world)
    deliver(world, post)
    assert sorted(message["To"] for message in out.sent) == ["person1@example.com", "person2@example.com"]
    assert all(f"/consultations/{world.consultation.slug}/results" in message for message in said(out))


@pytest.mark.parametrize("texts", [True, False])
def test_who_left_a_telephone_alone_is_told_by_a_short_message_where_it_is_chosen(
    world: World, post: Post, tmp_path: Path, texts: bool
) -> None:
    with world.database.writing() as session:
        set_replies(session, world.staff.manager, START, world.consultation.id, ReplyTerms(texts_outcomes=texts))
    suggestion_id = suggestion_of(world, 1)
    with world.database.writing() as session:
        for sealed in session.scalars(select(SubmitterIdentity)):
            sealed.email = None
    outcomes.decided(world, suggestion_id, DispositionKind.NOT_ADOPTED, "经费不足。")
    work(world)
    assert [row.channel for row in owed(world)] == [DeliveryChannel.SMS] * texts
    deliver(world, replace(post, texts=FolderTextChannel(tmp_path / "sms")))
    files = list((tmp_path / "sms").glob("*.json")) if texts else []
    assert len(files) == texts
    for file in files:
        sent = json.loads(file.read_text(encoding="utf-8"))
        assert sent["number"] == journey.identity(1).phone
        assert "未采纳：1" in sent["text"]
        assert journey.identity(1).name not in sent["text"]
        assert "经费不足" not in sent["text"]
