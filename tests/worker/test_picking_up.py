"""The mailbox: each mail is durable here before it is touched there, and whatever is cut off is done again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.config import ConfigurationError
from app.mail import queries
from app.mail.lifecycle import MailReason, MailSource, MailState
from app.mail.mailboxes import KEYWORD, Address, MailboxGone, Scheme, address_of, signed_in
from app.mail.models import Mail
from app.mail.taking import WORKER, Arrived, Post
from app.submissions.models import Submission
from app.worker.picking_up import mailbox_of, pick_up, sort_kept
from tests.deliveries.test_channels import certificate, served
from tests.support.app import settings
from tests.support.imap_server import PASSWORD, FakeMailbox, imap_server
from tests.support.journey import START, StoppedClock, World
from tests.support.mails import post_office, raw

CLOCK = StoppedClock()
__all__ = ["certificate"]


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def post(world: World, tmp_path: Path) -> Post:
    return post_office(world, tmp_path / "files")


@pytest.fixture
def server() -> Iterator[FakeMailbox]:
    with imap_server() as mailbox:
        mailbox.put(raw(), raw("建议增加菜品。", message_id="<2@example.com>"))
        yield mailbox


def address(server: FakeMailbox, done: str = "mark") -> Address:
    return address_of(server.address, PASSWORD, done, 10, None)


def mails(world: World) -> list[Mail]:
    with world.database.reading() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


def submissions(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_mails_are_kept_marked_and_taken_in_once(world: World, post: Post, server: FakeMailbox) -> None:
    assert pick_up(post, address(server), CLOCK) == 2
    assert all(KEYWORD in one.flags for one in server.folders["INBOX"])
    assert pick_up(post, address(server), CLOCK) == 0
    assert sort_kept(world.database, post, CLOCK) == 2
    assert sort_kept(world.database, post, CLOCK) == 0
    assert submissions(world) == 2


def test_the_mailbox_says_when_it_came_and_not_the_sender(world: World, post: Post, server: FakeMailbox) -> None:
    server.folders["INBOX"][0].date = " 1-May-2020 09:00:00 +0800"
    pick_up(post, address(server), CLOCK)
    sort_kept(world.database, post, CLOCK)
    first = mails(world)[0]
    assert (first.state, first.reason) == (MailState.WAITING, MailReason.TOO_EARLY)


def test_nothing_is_deleted_or_marked_as_read_unless_the_settings_say_so(
    world: World, post: Post, server: FakeMailbox
) -> None:
    server.folders["INBOX"][0].flags = set()
    server.folders["INBOX"][1].flags = {"\\Deleted"}
    pick_up(post, address(server), CLOCK)
    assert server.folders["INBOX"][0].flags == {KEYWORD}
    assert len(server.folders["INBOX"]) == 2
    assert not any("EXPUNGE" in said or "SEEN" in said.upper() for said in server.said)


def test_kept_mails_are_moved_to_a_folder_that_is_made_for_them(world: World, post: Post, server: FakeMailbox) -> None:
    assert pick_up(post, address(server, "Yanlu"), CLOCK) == 2
    assert (len(server.folders["INBOX"]), len(server.folders["Yanlu"])) == (0, 2)


def test_deleting_touches_no_other_mail(world: World, post: Post, server: FakeMailbox) -> None:
    server.put(raw("另一封。"))
    server.folders["INBOX"][2].flags = {"\\Deleted"}
    assert pick_up(post, address(server, "delete"), CLOCK) == 2
    assert [one.uid for one in server.folders["INBOX"]] == [3]


@pytest.mark.parametrize("dies_at", ["SEARCH", "INTERNALDATE", "BODY.PEEK", "STORE"])
def test_a_connection_that_ends_between_any_two_steps_loses_and_doubles_nothing(
    world: World, post: Post, server: FakeMailbox, dies_at: str
) -> None:
    server.dies_at = dies_at
    for _ in range(2):
        with pytest.raises(MailboxGone):
            pick_up(post, address(server), CLOCK)
    server.dies_at = ""
    pick_up(post, address(server), CLOCK)
    assert len(mails(world)) == 2
    assert sort_kept(world.database, post, CLOCK) == 2
    assert submissions(world) == 2


def test_killed_after_keeping_and_before_marking_it_is_only_marked(
    world: World, post: Post, server: FakeMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def dies(*_given: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr("app.mail.mailboxes.Mailbox.put_away", dies)
        with pytest.raises(KilledError):
            pick_up(post, address(server), CLOCK)
    assert len(mails(world)) == 1
    assert not any(KEYWORD in one.flags for one in server.folders["INBOX"])
    assert pick_up(post, address(server), CLOCK) == 1
    assert len(mails(world)) == 2


def test_by_file_and_by_mailbox_it_is_one(world: World, post: Post, server: FakeMailbox) -> None:
    assert post.keep(WORKER, START, Arrived(raw(), MailSource.FILE)) is not None
    assert pick_up(post, address(server), CLOCK) == 1


def test_what_is_too_large_leaves_its_head_here_and_itself_there(world: World, post: Post, server: FakeMailbox) -> None:
    server.claimed_size = 10**9
    assert pick_up(post, address(server, "delete"), CLOCK) == 2
    sort_kept(world.database, post, CLOCK)
    assert {mail.reason for mail in mails(world)} == {MailReason.TOO_LARGE}
    assert len(server.folders["INBOX"]) == 2
    assert pick_up(post, address(server, "delete"), CLOCK) == 0


def test_one_mail_that_cannot_be_sorted_keeps_no_other_waiting(
    world: World, post: Post, server: FakeMailbox, tmp_path: Path
) -> None:
    pick_up(post, address(server), CLOCK)
    key = str(mails(world)[0].blob_key)
    next(path for path in (tmp_path / "files").rglob("*") if path.name == key[2:]).unlink()
    assert sort_kept(world.database, post, CLOCK) == 1
    with world.database.reading() as session:
        assert len(queries.kept(session, 10)) == 1


@pytest.mark.parametrize(
    ("capabilities", "flags", "done"),
    [("IMAP4rev1", "\\Seen", "mark"), ("IMAP4rev1", "\\*", "Yanlu"), ("IMAP4rev1", "\\*", "delete")],
)
def test_a_server_that_cannot_put_mails_away_is_told_of_before_anything_is_read(
    post: Post, server: FakeMailbox, capabilities: str, flags: str, done: str
) -> None:
    server.capabilities, server.permanent_flags = capabilities, flags
    with pytest.raises(MailboxGone):
        pick_up(post, address(server, done), CLOCK)
    assert not any("FETCH" in said for said in server.said)


def test_a_wrong_password_and_a_folder_that_is_none_are_told_by_their_kind(server: FakeMailbox) -> None:
    for wrong in (replace(address(server), password="no"), replace(address(server), folder="Elsewhere")):
        with pytest.raises(MailboxGone) as told, signed_in(wrong):
            pass
        assert "yijian" not in told.value.error


def test_over_tls_a_known_certificate_is_demanded(post: Post, server: FakeMailbox, certificate: Path) -> None:
    server.certificate = served(certificate)
    secure = replace(address(server), scheme=Scheme.TLS, ca_file=certificate)
    with pytest.raises(MailboxGone, match="SSLCertVerificationError"):
        pick_up(post, replace(secure, ca_file=None), CLOCK)
    assert not server.said
    assert pick_up(post, secure, CLOCK) == 2


def test_encryption_is_demanded_except_on_this_machine() -> None:
    assert mailbox_of(settings()) is None
    good = mailbox_of(settings(inbox="imaps://a%40b.cn@imap.example.cn/Comments%20in", inbox_password="x"))
    assert good is not None
    assert (good.host, good.port, good.user, good.folder) == ("imap.example.cn", 993, "a@b.cn", "Comments in")
    for wrong in ("imap://a@imap.example.cn", "imaps://imap.example.cn", "https://a@b", "imaps://a:p@b.cn"):
        with pytest.raises(ConfigurationError):
            mailbox_of(settings(inbox=wrong, inbox_password="x"))
    with pytest.raises(ConfigurationError):
        mailbox_of(settings(inbox="imaps://a@b.cn"))
