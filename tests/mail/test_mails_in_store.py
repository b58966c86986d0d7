"""What keeps mails apart and together holds on each of the two stores."""

import threading
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kit.errors import Conflict
from app.mail import actions, erasure, queries
from app.mail.actions import Settled
from app.mail.lifecycle import MailEvent, MailReason, MailSource, MailState
from app.mail.taking import WORKER, Arrived, Post
from tests.support.journey import START, World
from tests.support.mails import SENDER, kept, mail_of, raw, taken


@pytest.mark.parametrize("again", [raw(), raw(message_id="<9@example.com>"), raw().replace(b"\r\n", b"\n")])
def test_the_same_mail_is_kept_once_whichever_way_it_comes(world: World, post: Post, again: bytes) -> None:
    first = kept(post, raw())
    assert post.keep(WORKER, START, Arrived(again, MailSource.IMAP)) is None
    assert post.work(WORKER, START, first) is post.work(WORKER, START, first) is MailState.TAKEN
    assert len(taken(world)) == 1


def test_another_mail_under_the_same_message_id_waits_and_is_not_lost(world: World, post: Post) -> None:
    post.work(WORKER, START, kept(post, raw()))
    other = kept(post, raw("另一封意见。"))
    assert post.work(WORKER, START, other) is MailState.WAITING
    assert mail_of(world, other).reason is MailReason.SAME_ID


def test_two_who_keep_and_take_it_at_once_make_one_submission(world: World, post: Post) -> None:
    barrier, found, broken = threading.Barrier(2), list[uuid.UUID | None](), list[Exception]()

    def run() -> None:
        try:
            barrier.wait()
            found.append(post.keep(WORKER, START, Arrived(raw(), MailSource.IMAP)))
            with world.database.reading() as session:
                for mail_id in queries.kept(session, 10):
                    post.work(WORKER, START, mail_id)
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    assert len([one for one in found if one]) == 1
    with world.database.reading() as session:
        for mail_id in queries.kept(session, 10):
            post.work(WORKER, START, mail_id)
    assert len(taken(world)) == 1


def test_one_who_settles_a_mail_as_it_was_before_another_did_changes_nothing(world: World, post: Post) -> None:
    mail_id = kept(post, raw())
    before = mail_of(world, mail_id)
    post.work(WORKER, START, mail_id)
    settled = mail_of(world, mail_id)
    stale = Settled(MailEvent.IGNORE, MailReason.AUTOMATIC_REPLY)
    with pytest.raises(Conflict, match="changed_meanwhile"), world.database.writing() as session:
        actions.settle(session, WORKER, START, mail_id, before.revision, stale)
    now = mail_of(world, mail_id)
    assert (now.state, now.reason, now.revision) == (MailState.TAKEN, settled.reason, settled.revision)
    with world.database.reading() as session:
        told = session.scalars(select(AuditEntry.action).where(AuditEntry.record_id == str(mail_id)))
        assert sorted(told) == ["mail.kept", "mail.taken"]


def test_nothing_of_a_mail_can_be_read_at_rest_and_erasing_ends_it(world: World, post: Post, tmp_path: Path) -> None:
    mail_id = kept(post, raw())
    post.work(WORKER, START, mail_id)
    mail = mail_of(world, mail_id)
    contents = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert contents
    for secret in (SENDER.encode(), "测试甲".encode()):
        assert all(secret not in content for content in [*contents, mail.summary])
    (row,) = taken(world)
    with world.database.writing() as session:
        assert queries.referred_to(session, [str(mail.blob_key)]) == {mail.blob_key}
        erasure.erase(session, row.id)
        assert queries.referred_to(session, [str(mail.blob_key)]) == set()
    assert post.summary(mail_of(world, mail_id)).subject == ""
    assert post.keep(WORKER, START, Arrived(raw(), MailSource.IMAP)) is None
