"""A mail server of the tests' own on the loopback: it keeps what it accepted and behaves as badly as it is told to."""

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

PATIENCE = 20


@dataclass
class Behaviour:
    """Answers by command; whatever isn't here is answered well. An empty answer drops the connection.

    `silent_at` is a command that never gets an answer. `after_data` runs when a message has come in whole and before it
    is acknowledged.
    """

    answers: dict[str, str] = field(default_factory=dict)
    silent_at: str = ""
    extensions: tuple[str, ...] = ("8BITMIME",)
    password: str = ""
    certificate: ssl.SSLContext | None = None
    tls_at_once: bool = False
    after_data: Callable[[], None] = lambda: None


class Dropped(Exception):
    """The server ends the connection without a word."""


@dataclass
class MailServer:
    port: int
    behaviour: Behaviour
    accepted: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    signed_in: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


class _Conversation:
    def __init__(self, server: MailServer, connection: socket.socket) -> None:
        self.server, self.behaviour = server, server.behaviour
        self.is_over_tls = False
        if self.behaviour.tls_at_once:
            self._wrap(connection)
        else:
            self._use(connection)

    def _use(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        self.connection, self.file = connection, connection.makefile("rb")

    def _wrap(self, connection: socket.socket) -> None:
        assert self.behaviour.certificate is not None
        self._use(self.behaviour.certificate.wrap_socket(connection, server_side=True))
        self.is_over_tls = True

    def say(self, answer: str) -> None:
        if not answer:
            raise Dropped
        self.connection.sendall(answer.encode() + b"\r\n")

    def hold(self) -> None:
        try:
            self._talk()
        finally:
            self.file.close()
            self.connection.close()

    def _talk(self) -> None:
        self.say(self.behaviour.answers.get("GREETING", "220 test.example ESMTP"))
        while line := self.file.readline():
            verb = line.decode().strip().partition(" ")[0].upper()
            if verb == self.behaviour.silent_at:
                self.server.released.wait(PATIENCE)
                return
            self.answer(verb, line.decode().strip())
            if verb == "QUIT":
                return

    def answer(self, verb: str, line: str) -> None:
        told = self.behaviour.answers.get(verb)
        if told is not None:
            self.say(told)
        elif verb == "EHLO":
            self.greet()
        elif verb == "STARTTLS":
            self.say("220 go ahead")
            self._wrap(self.connection)
        elif verb == "AUTH":
            self.sign_in(line)
        elif verb == "DATA":
            self.take()
        else:
            if verb == "RCPT":
                self.server.recipients.append(line[len("RCPT TO:") :].strip("<>"))
            self.say("250 fine")

    def greet(self) -> None:
        lines = ["test.example", *self.behaviour.extensions]
        if self.behaviour.certificate and not self.is_over_tls:
            lines.append("STARTTLS")
        if self.behaviour.password:
            lines.append("AUTH PLAIN")
        for place, words in enumerate(lines, 1):
            self.say(f"250{' ' if place == len(lines) else '-'}{words}")

    def sign_in(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
        if password != self.behaviour.password:
            self.say("535 5.7.8 no")
            return
        self.server.signed_in.append(user)
        self.say("235 welcome")

    def take(self) -> None:
        self.say("354 begin")
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "MESSAGE" in self.behaviour.answers:
            self.say(self.behaviour.answers["MESSAGE"])
            return
        message = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.server.accepted.append(message)
        self.behaviour.after_data()
        self.say("250 kept")


@contextmanager
def mail_server(behaviour: Behaviour | None = None) -> Iterator[MailServer]:
    """A listening server; its threads have ended when the block is left."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = MailServer(listener.getsockname()[1], behaviour or Behaviour())
    held: list[tuple[threading.Thread, socket.socket]] = []

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError, Dropped):
            _Conversation(server, connection).hold()

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                server.connections += 1
                thread = threading.Thread(target=serve, args=(connection,))
                held.append((thread, connection))
                thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield server
    finally:
        server.released.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(PATIENCE)
        for thread, connection in held:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)
            assert not thread.is_alive()
