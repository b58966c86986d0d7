"""Ways out: a mail server, or a folder for demonstrations and tests.

What goes wrong is told as a kind and a number. A server's own words are dropped: they repeat the recipient's address.
"""

import contextlib
import os
import re
import smtplib
import ssl
import tempfile
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Protocol

ENHANCED_CODE = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")


class NotDelivered(Exception):
    """`error` is safe to keep and to log."""

    def __init__(self, error: str) -> None:
        self.error = error[:80]
        super().__init__(self.error)


class Refused(NotDelivered):
    """This message to this recipient is refused for good."""


class Busy(NotDelivered):
    """This message to this recipient may go out later (greylisting, a full mailbox)."""


class Unreachable(NotDelivered):
    """Nothing goes out at present: nobody answers, or the server doesn't let this installation in."""


class Channel(Protocol):
    """Sends one message at a time."""

    def send(self, message: EmailMessage) -> None:
        """Whoever is next on the way has accepted the message when this returns. Raises NotDelivered."""

    def close(self) -> None:
        """Ends what is held open between messages; sending opens it again."""


class Encryption(StrEnum):
    """STARTTLS is demanded where it is chosen, never tried and left out."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """Where to hand mail in. `ca_file` replaces the machine's own list of certificate authorities."""

    host: str
    port: int
    encryption: Encryption
    user: str
    password: str = field(repr=False)
    timeout: float
    ca_file: Path | None = None


class SmtpChannel:
    """A mail server by SMTP (RFC 5321); one connection serves many messages."""

    def __init__(self, server: MailServer, own_name: str) -> None:
        self._server = server
        self._own_name = own_name
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        try:
            connection = self._connected()
        except Exception as error:
            raise Unreachable(_told(error).error) from None
        try:
            connection.send_message(message)
        except Exception as error:
            self._drop()
            raise _told(error) from None

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._connection.quit()
        self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        """The open connection, or a new one where a server ended the old one meanwhile."""
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server, own = self._server, self._own_name
        if server.encryption is Encryption.TLS:
            return self._let_in(
                smtplib.SMTP_SSL(server.host, server.port, own, timeout=server.timeout, context=self._tls())
            )
        return self._let_in(smtplib.SMTP(server.host, server.port, own, timeout=server.timeout))

    def _let_in(self, connection: smtplib.SMTP) -> smtplib.SMTP:
        server = self._server
        try:
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=self._tls())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file)


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _told(error: Exception) -> NotDelivered:
    """The kind and number of a failure; 5xx about recipient or message is for good (RFC 5321 §4.2.1), else not yet."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return _by_code("recipient", code, words)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code("message", error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        # The sender, the sign-in or the greeting: nothing that concerns this recipient.
        return Unreachable(f"{type(error).__name__} {_numbers(error.smtp_code, error.smtp_error)}")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # An address in Chinese characters before the @, and a server that knows none (RFC 6531).
        return Refused(type(error).__name__)
    if isinstance(error, smtplib.SMTPException | OSError):
        return Unreachable(type(error).__name__)
    return Refused(type(error).__name__)


def _by_code(what: str, code: int, words: bytes | str) -> NotDelivered:
    kind = Refused if 500 <= code < 600 else Busy
    return kind(f"{what} {_numbers(code, words)}")


def _numbers(code: int, words: bytes | str) -> str:
    found = ENHANCED_CODE.search(words.encode(errors="replace") if isinstance(words, str) else words)
    return f"{code} {found.group().decode()}" if found else str(code)


class FolderChannel:
    """Writes each message as an `.eml` file that only this user may read; the same message again replaces it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self._folder, prefix=".mail-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.as_bytes())
            Path(aside).replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise Unreachable(type(error).__name__) from None

    def close(self) -> None:
        """Nothing is held open."""
