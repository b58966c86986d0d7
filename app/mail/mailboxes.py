"""The mailbox that comments are sent to, by IMAP (RFC 3501): read without marking, marked only when told to.

What goes wrong is told by its kind alone: a server's own words may hold addresses.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from app.mail.lifecycle import MailReason
from app.mail.reading import LARGEST_MAIL

KEYWORD = "YanluKept"
"""The flag of a mail that is kept here; other programs leave it alone, and it isn't that of a mail that was read."""
MARK, DELETE = "mark", "delete"
MOST_AT_ONCE = 200
"""Mails of one round; the next one goes on."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DATE = re.compile(rb'INTERNALDATE "([^"]{10,40})"')
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Scheme(StrEnum):
    """IMAP without encryption is for a server on this machine alone."""

    TLS = "imaps"
    STARTTLS = "imap+starttls"
    PLAIN = "imap"


PORTS = {Scheme.TLS: 993, Scheme.STARTTLS: 143, Scheme.PLAIN: 143}


class MailboxGone(Exception):
    """Nobody answers, or the server doesn't let this installation in; `error` is safe to log."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Address:
    """Where a mailbox is, and what is done to a mail in it once it is kept here: MARK, DELETE, or a folder's name."""

    scheme: Scheme
    host: str
    port: int
    user: str
    folder: str
    password: str = field(repr=False)
    done: str
    timeout: float
    ca_file: Path | None = None


@dataclass(frozen=True)
class Letter:
    """A mail of the mailbox. One beyond LARGEST_MAIL comes as its head alone, with that `problem`."""

    uid: str
    raw: bytes = field(repr=False)
    received_at: datetime | None
    problem: MailReason | None = None


def address_of(url: str, password: str, done: str, timeout: float, ca_file: Path | None) -> Address:
    """`imaps://user@host:port/FOLDER` (RFC 5092), with %40 for an @ in the user's name.

    Raises ValueError with one line that says what to change.
    """
    parts = urlsplit(url)
    if parts.scheme not in set(Scheme):
        raise ValueError("YANLU_INBOX must be like imaps://yijian%40example.cn@imap.example.cn/INBOX")
    scheme = Scheme(parts.scheme)
    if not (parts.hostname and parts.username) or parts.password:
        raise ValueError("YANLU_INBOX must name a user and a host; the password is YANLU_INBOX_PASSWORD")
    if scheme is Scheme.PLAIN and parts.hostname not in _LOOPBACK:
        raise ValueError("YANLU_INBOX with imap:// is refused except on this machine: the password would be readable")
    if not password:
        raise ValueError("YANLU_INBOX_PASSWORD is missing")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    port = parts.port or PORTS[scheme]
    return Address(scheme, parts.hostname, port, unquote(parts.username), folder, password, done, timeout, ca_file)


class Mailbox:
    """One sign-in to one folder; no other is looked into."""

    def __init__(self, box: BaseMailBox, done: str) -> None:
        self._box = box
        self._done = done

    def waiting(self) -> list[str]:
        """The mails that nobody has kept here yet, the oldest first; read ones too."""
        return self._box.uids(f"UNKEYWORD {KEYWORD} UNDELETED", charset=None)[:MOST_AT_ONCE]

    def fetch(self, uid: str) -> Letter | None:
        """The mail as it is, not marked as read. None for one that went away meanwhile."""
        told = _told(self._box, uid, "(RFC822.SIZE INTERNALDATE)")
        size = _SIZE.search(told)
        if size is None:
            return None
        is_too_large = int(size[1]) > LARGEST_MAIL
        raw = _content(self._box, uid, "(BODY.PEEK[HEADER])" if is_too_large else "(BODY.PEEK[])")
        if raw is None:
            return None
        return Letter(uid, raw, _instant(told), MailReason.TOO_LARGE if is_too_large else None)

    def put_away(self, letter: Letter) -> None:
        """After it was kept. What couldn't be kept whole is never deleted."""
        if self._done == MARK or letter.problem is not None:
            self._store(letter.uid, KEYWORD)
        elif self._done == DELETE:
            self._delete(letter.uid)
        else:
            self._box.move(letter.uid, self._done)

    def refuse_unfit(self) -> None:
        """Raises MailboxGone where the server can't do what is to be done with kept mails."""
        capabilities = self._box.client.capabilities
        if self._done not in (MARK, DELETE):
            if "MOVE" not in capabilities:
                raise MailboxGone("the server can't move mails (RFC 6851)")
            if not self._box.folder.exists(self._done):
                self._box.folder.create(self._done)
        elif self._done == DELETE and "UIDPLUS" not in capabilities:
            raise MailboxGone("the server can't delete single mails (RFC 4315)")
        elif self._done == MARK and not self._keeps_marks():
            raise MailboxGone("the server keeps no marks of programs: name a folder in YANLU_INBOX_DONE")

    def _keeps_marks(self) -> bool:
        _kind, said = self._box.client.response("PERMANENTFLAGS")
        flags = b" ".join(one for one in said or [] if isinstance(one, bytes))
        return not flags or b"\\*" in flags or KEYWORD.encode() in flags

    def _store(self, uid: str, flag: str) -> None:
        """Not by the library's own way, which expunges, and with it what others had marked as deleted."""
        kind, _said = self._box.client.uid("STORE", uid, "+FLAGS.SILENT", f"({flag})")
        if kind != "OK":
            raise MailboxGone("STORE")

    def _delete(self, uid: str) -> None:
        self._store(uid, "\\Deleted")
        kind, _said = self._box.client.uid("EXPUNGE", uid)
        if kind != "OK":
            raise MailboxGone("EXPUNGE")


_FAILURES = (OSError, imaplib.IMAP4.error, ImapToolsError, UnicodeError, ValueError)


@contextmanager
def signed_in(address: Address) -> Iterator[Mailbox]:
    """Raises MailboxGone for all that can go wrong between here and the server, in the block too."""
    box: BaseMailBox | None = None
    try:
        box = _connected(address)
        box.login(address.user, address.password, initial_folder=None)
        if "ID" in box.client.capabilities:
            # Some providers refuse every folder to a program that doesn't name itself (RFC 2971).
            box.client.xatom("ID", '("name" "yanlu")')
        box.folder.set(address.folder)
        mailbox = Mailbox(box, address.done)
        mailbox.refuse_unfit()
        yield mailbox
    except _FAILURES as error:
        raise MailboxGone(type(error).__name__) from None
    finally:
        if box is not None:
            _leave(box)


def _connected(address: Address) -> BaseMailBox:
    if address.scheme is Scheme.PLAIN:
        return MailBoxUnencrypted(address.host, address.port, address.timeout)
    tls = ssl.create_default_context(cafile=address.ca_file)
    kind = MailBox if address.scheme is Scheme.TLS else MailBoxStartTls
    return kind(address.host, address.port, address.timeout, ssl_context=tls)


def _leave(box: BaseMailBox) -> None:
    with suppress(*_FAILURES):
        box.logout()
    with suppress(OSError):
        box.client.shutdown()


def _told(box: BaseMailBox, uid: str, wanted: str) -> bytes:
    return b" ".join(part for one in _fetched(box, uid, wanted) for part in (one if isinstance(one, tuple) else (one,)))


def _content(box: BaseMailBox, uid: str, wanted: str) -> bytes | None:
    return next((one[1] for one in _fetched(box, uid, wanted) if isinstance(one, tuple)), None)


def _fetched(box: BaseMailBox, uid: str, wanted: str) -> list[bytes | tuple[bytes, bytes]]:
    kind, said = box.client.uid("FETCH", uid, wanted)
    if kind != "OK":
        raise MailboxGone("FETCH")
    return [one for one in said if one]


def _instant(told: bytes) -> datetime | None:
    found = _DATE.search(told)
    try:
        at = parsedate_to_datetime(found[1].decode("ascii").strip().replace("-", " ", 2)) if found else None
    except (ValueError, TypeError):
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None
