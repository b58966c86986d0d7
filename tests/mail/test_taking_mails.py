"""Each mail is kept before anything else, becomes one submission at most, and is never lost on the way."""

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation
from app.deliveries import ledger as deliveries
from app.deliveries.lifecycle import DeliveryChannel, DeliveryState
from app.deliveries.models import Delivery
from app.kit.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.mail import actions, queries
from app.mail.lifecycle import MailReason, MailSource, MailState
from app.mail.taking import WORKER, Arrived, Chosen, Post
from app.permissions import Permission
from app.submissions.intake import DirectIntake
from app.submissions.lifecycle import Channel
from app.submissions.models import SubmissionFile, SubmissionOrigin, SubmitterIdentity
from tests.mail.test_reading_mails import report
from tests.support.journey import START, World
from tests.support.mails import SENDER, SUBJECT, kept, mail_of, post_office, raw, taken, word, written


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


def test_a_mail_becomes_a_submission_like_every_other(world: World, post: Post) -> None:
    mail_id = kept(post, raw())
    assert post.work(WORKER, START, mail_id) is MailState.TAKEN
    (row,) = taken(world)
    assert (row.channel, row.title) == (Channel.EMAIL, "关于周末用餐")
    with world.database.reading() as session:
        assert world.vault.open(session.get_one(SubmitterIdentity, row.id)).email == SENDER
        origin = session.get_one(SubmissionOrigin, row.id)
        assert (origin.entered_by, origin.missing) == (WORKER.id, [])
        assert mail_of(world, mail_id).submission_id == row.id


def test_its_sender_is_owed_a_receipt(world: World, tmp_path: Path) -> None:
    intake = DirectIntake(world.database, world.vault, world.receipts, owes_receipts=True)
    post = post_office(replace(world, intake=intake), tmp_path / "files")
    post.work(WORKER, START, kept(post, raw()))
    with world.database.reading() as session:
        assert session.scalars(select(Delivery.template)).all() == ["receipt"]


def test_what_was_cut_off_after_it_was_stored_is_finished_and_not_stored_again(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_id = kept(post, raw())
    with monkeypatch.context() as patched:
        patched.setattr(actions, "settle", _dies)
        with pytest.raises(_Killed):
            post.work(WORKER, START, mail_id)
    assert len(taken(world)) == 1
    assert mail_of(world, mail_id).state is MailState.KEPT
    assert post.work(WORKER, START + timedelta(hours=1), mail_id) is MailState.TAKEN
    assert len(taken(world)) == 1


def test_what_was_cut_off_before_it_was_kept_leaves_nothing_and_can_be_kept(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(actions, "keep_mail", _dies)
        with pytest.raises(_Killed):
            post.keep(WORKER, START, Arrived(raw(), MailSource.IMAP))
    kept(post, raw())


class _Killed(BaseException):
    pass


def _dies(*_args: object) -> None:
    raise _Killed


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (raw(subject="意见"), MailReason.NO_CONSULTATION),
        (raw(at="Mon, 11 May 2020 09:00:00 +0800"), MailReason.TOO_EARLY),
        (raw("姓名：测试甲"), MailReason.NO_WORDS),
        (raw("长" * 10_001), MailReason.WORDS_TOO_LONG),
        (f"Subject: {SUBJECT}\r\n\r\n意见。".encode(), MailReason.NO_DATE),
    ],
)
def test_what_is_unclear_waits_with_its_reason(world: World, post: Post, content: bytes, reason: MailReason) -> None:
    mail_id = kept(post, content)
    assert post.work(WORKER, START, mail_id) is MailState.WAITING
    assert mail_of(world, mail_id).reason is reason
    assert not taken(world)


def test_a_late_mail_is_marked_and_taken_only_by_a_person_with_a_reason(world: World, post: Post) -> None:
    later = START + timedelta(days=400)
    mail_id = post.keep(WORKER, later, Arrived(raw(), MailSource.IMAP, received_at=later))
    assert mail_id is not None
    assert post.work(WORKER, later, mail_id) is MailState.WAITING
    mail = mail_of(world, mail_id)
    assert (mail.reason, mail.consultation_id) == (MailReason.LATE, world.consultation.id)
    chosen = Chosen(world.consultation.id, mail.revision)
    with pytest.raises(Unprocessable):
        post.choose(world.staff.screener, later, mail_id, chosen)
    with pytest.raises(Forbidden):
        post.choose(world.staff.approver, later, mail_id, replace(chosen, reason="邮局延误"))
    assert post.choose(world.staff.screener, later, mail_id, replace(chosen, reason="邮局延误")) is MailState.TAKEN
    (row,) = taken(world)
    with world.database.reading() as session:
        origin = session.get_one(SubmissionOrigin, row.id)
        assert (origin.entered_by, origin.remark) == (world.staff.screener.id, "邮局延误")


def test_a_person_chooses_once_and_not_what_somebody_else_has_changed(world: World, post: Post) -> None:
    mail_id = kept(post, raw(subject="意见"))
    post.work(WORKER, START, mail_id)
    mail = mail_of(world, mail_id)
    chosen = Chosen(world.consultation.id, mail.revision)
    assert post.choose(world.staff.screener, START, mail_id, chosen) is MailState.TAKEN
    with pytest.raises(Conflict):
        post.choose(world.staff.screener, START, mail_id, chosen)
    with pytest.raises(Conflict), world.database.writing() as session:
        actions.set_aside(session, world.staff.screener, START, mail_id, mail.revision, "广告")
    assert len(taken(world)) == 1


def test_only_what_was_put_out_can_be_chosen(world: World, post: Post) -> None:
    mail_id = kept(post, raw(subject="意见"))
    post.work(WORKER, START, mail_id)
    revision = mail_of(world, mail_id).revision
    with pytest.raises(NotFound):
        post.choose(world.staff.screener, START, mail_id, Chosen(uuid.uuid4(), revision))
    with world.database.writing() as session:
        session.get_one(Consultation, world.consultation.id).state = ConsultationState.DRAFT
    with pytest.raises(NotFound):
        post.choose(world.staff.screener, START, mail_id, Chosen(world.consultation.id, revision))
    assert not taken(world)


def test_what_is_set_aside_stays_kept_and_can_be_taken_up(world: World, post: Post) -> None:
    mail_id = kept(post, raw(subject="意见"))
    post.work(WORKER, START, mail_id)
    with world.database.writing() as session:
        actions.set_aside(session, world.staff.screener, START, mail_id, mail_of(world, mail_id).revision, "广告")
    mail = mail_of(world, mail_id)
    assert (mail.state, mail.decided_reason, mail.blob_key is not None) == (MailState.SET_ASIDE, "广告", True)
    assert (
        post.choose(world.staff.screener, START, mail_id, Chosen(world.consultation.id, mail.revision))
        is MailState.TAKEN
    )


def test_files_are_kept_with_it_and_what_is_refused_has_its_reason(world: World, post: Post) -> None:
    message = written("意见见附件。")
    message.add_attachment(word("建议增设送餐点。"), maintype="application", subtype="x", filename="意见.docx")
    message.add_attachment(b"MZ not allowed", maintype="application", subtype="x", filename="程序.exe")
    mail_id = kept(post, message.as_bytes())
    assert post.work(WORKER, START, mail_id) is MailState.TAKEN
    (row,) = taken(world)
    assert row.comment == "意见见附件。\n\n建议增设送餐点。"
    with world.database.reading() as session:
        assert session.scalars(select(SubmissionFile.name)).all() == ["意见.docx"]
    summary = post.summary(mail_of(world, mail_id))
    assert [(one.name, one.problem, one.read) for one in summary.files] == [
        ("意见.docx", "", True),
        ("程序.exe", "kind", False),
    ]


def test_machines_are_ignored_and_listed(world: World, post: Post) -> None:
    mail_id = kept(post, raw(subject="自动回复：休假"))
    assert post.work(WORKER, START, mail_id) is MailState.IGNORED
    assert mail_of(world, mail_id).reason is MailReason.AUTOMATIC_REPLY
    with world.database.reading() as session:
        assert queries.state_counts(session)[MailState.IGNORED] == 1
    assert not taken(world)


def test_a_message_of_ours_that_bounced_counts_as_failed_once(world: World, post: Post) -> None:
    with world.database.writing() as session:
        owed = deliveries.promise(
            session, START, channel=DeliveryChannel.EMAIL, recipient=("submission", uuid.uuid4()), template="receipt"
        )
        assert owed is not None
        owed.state = DeliveryState.SENT
        session.flush()
        delivery_id = owed.id
    for number in (1, 2):
        content = report("failed", f"{delivery_id}@example.cn").replace(b"It could", b"%d could" % number)
        assert post.work(WORKER, START, kept(post, content)) is MailState.IGNORED
    with world.database.reading() as session:
        found = session.get_one(Delivery, delivery_id)
        assert (found.state, found.last_error) == (DeliveryState.FAILED, "bounced 5.1.1")


def test_whoever_may_enter_in_some_consultations_only_sorts_no_mails(world: World, post: Post) -> None:
    mail_id = kept(post, raw(subject="意见"))
    post.work(WORKER, START, mail_id)
    limited = replace(world.staff.screener, limits={Permission.ENTER_SUBMISSIONS: frozenset({world.consultation.id})})
    with pytest.raises(Forbidden):
        post.choose(limited, START, mail_id, Chosen(world.consultation.id, mail_of(world, mail_id).revision))
