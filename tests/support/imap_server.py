"""A mailbox of the tests' own on the loopback: as much of IMAP as a pick-up speaks, and as broken as told."""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PATIENCE = 20
PASSWORD = "a password for tests"


@dataclass
class Stored:
    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=lambda: {"\\Seen"})
    date: str = "11-May-2026 09:00:00 +0800"


@dataclass
class FakeMailbox:
    """`dies_at` names the command at which the connection is dropped; `said` holds every command that came."""

    port: int = 0
    folders: dict[str, list[Stored]] = field(default_factory=lambda: {"INBOX": []})
    capabilities: str = "IMAP4rev1 ID UIDPLUS MOVE"
    permanent_flags: str = "\\Seen \\Deleted \\*"
    dies_at: str = ""
    claimed_size: int | None = None
    said: list[str] = field(default_factory=list)
    certificate: ssl.SSLContext | None = None

    def put(self, *mails: bytes) -> None:
        inbox = self.folders["INBOX"]
        inbox += [Stored(len(inbox) + place, raw) for place, raw in enumerate(mails, 1)]

    def wrapped(self, connection: socket.socket) -> socket.socket:
        """Under TLS from the first byte, where it has a certificate."""
        return self.certificate.wrap_socket(connection, server_side=True) if self.certificate else connection

    @property
    def address(self) -> str:
        return f"imap://yijian%40example.cn@127.0.0.1:{self.port}/INBOX"


class _Dropped(Exception):
    pass


class _Session:
    def __init__(self, mailbox: FakeMailbox, connection: socket.socket) -> None:
        self._mailbox = mailbox
        self._connection = connection
        self._folder = ""

    def run(self) -> None:
        self._send(f"* OK [CAPABILITY {self._mailbox.capabilities}] ready")
        with suppress(_Dropped, OSError), self._connection.makefile("rb") as lines:
            while line := lines.readline():
                tag, _space, rest = line.decode().strip().partition(" ")
                self._mailbox.said.append(rest if not rest.startswith("LOGIN") else "LOGIN")
                if self._mailbox.dies_at and self._mailbox.dies_at in rest:
                    raise _Dropped
                self._answer(tag, rest)

    def _answer(self, tag: str, rest: str) -> None:
        words = rest.removeprefix("UID ").split()
        verdict = getattr(self, f"_{words[0].lower()}")(words[1:], rest)
        self._send(f"{tag} {verdict or 'OK done'}")
        if words[0] == "LOGOUT":
            raise _Dropped

    def _capability(self, _words: list[str], _rest: str) -> None:
        self._send(f"* CAPABILITY {self._mailbox.capabilities}")

    def _login(self, _words: list[str], rest: str) -> str | None:
        return None if f'"{PASSWORD}"' in rest else "NO wrong"

    def _id(self, _words: list[str], _rest: str) -> None:
        self._send('* ID ("name" "fake")')

    def _select(self, words: list[str], _rest: str) -> str | None:
        self._folder = words[0].strip('"')
        if self._folder not in self._mailbox.folders:
            return "NO none"
        self._send(f"* {len(self._here)} EXISTS")
        self._send(f"* OK [PERMANENTFLAGS ({self._mailbox.permanent_flags})] kept")
        return "OK [READ-WRITE] done"

    def _list(self, words: list[str], _rest: str) -> None:
        for name in self._mailbox.folders:
            if words[-1].strip('"') == name:
                self._send(f'* LIST () "/" "{name}"')

    def _create(self, words: list[str], _rest: str) -> None:
        self._mailbox.folders[words[0].strip('"')] = []

    def _search(self, _words: list[str], rest: str) -> None:
        keyword = re.search(r"UNKEYWORD (\w+)", rest)
        assert keyword
        found = [str(one.uid) for one in self._here if not one.flags & {keyword[1], "\\Deleted"}]
        self._send(f"* SEARCH {' '.join(found)}".rstrip())

    def _fetch(self, words: list[str], rest: str) -> None:
        one = self._one(words[0])
        if one is None:
            return
        if "BODY.PEEK" not in rest:
            size = self._mailbox.claimed_size or len(one.raw)
            self._send(f'* 1 FETCH (UID {one.uid} RFC822.SIZE {size} INTERNALDATE "{one.date}")')
            return
        raw = one.raw if "HEADER" not in rest else one.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        name = "BODY[HEADER]" if "HEADER" in rest else "BODY[]"
        self._connection.sendall(f"* 1 FETCH (UID {one.uid} {name} {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _store(self, words: list[str], rest: str) -> None:
        one = self._one(words[0])
        assert one
        one.flags |= set(re.findall(r"[\\\w]+", rest.rpartition("(")[2]))

    def _move(self, words: list[str], _rest: str) -> None:
        one = self._one(words[0])
        assert one
        self._mailbox.folders[words[1].strip('"')].append(one)
        self._here.remove(one)

    def _expunge(self, words: list[str], _rest: str) -> None:
        gone = [one for one in self._here if "\\Deleted" in one.flags and (not words or str(one.uid) in words)]
        for one in gone:
            self._here.remove(one)

    def _logout(self, _words: list[str], _rest: str) -> None:
        self._send("* BYE")

    @property
    def _here(self) -> list[Stored]:
        return self._mailbox.folders[self._folder]

    def _one(self, uid: str) -> Stored | None:
        return next((one for one in self._here if str(one.uid) == uid), None)

    def _send(self, line: str) -> None:
        self._connection.sendall(line.encode() + b"\r\n")


def _serve(listener: socket.socket, mailbox: FakeMailbox) -> None:
    with suppress(OSError):
        while True:
            connection, _peer = listener.accept()
            _speak(mailbox, connection)


def _speak(mailbox: FakeMailbox, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.settimeout(PATIENCE)
        with mailbox.wrapped(connection) as spoken:
            _Session(mailbox, spoken).run()


@contextmanager
def imap_server() -> Iterator[FakeMailbox]:
    """Serves one connection after the other, until the block is left."""
    listener = socket.create_server(("127.0.0.1", 0))
    mailbox = FakeMailbox(port=listener.getsockname()[1])

    thread = threading.Thread(target=_serve, args=(listener, mailbox), daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=PATIENCE)
