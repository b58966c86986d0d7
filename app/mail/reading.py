"""A mail from its bytes: who, when, about what, which words and files. Pure, bounded, raises nothing."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from app.mail.automatic import head, machine_made
from app.mail.lifecycle import MailReason
from app.mail.parts import Attachment, Found, look_through
from app.mail.quoting import Own, own_words

LARGEST_MAIL = 30 * 1024 * 1024
"""Bytes; the files of a submission at their largest, as mail carries them."""
LARGEST_HEAD = 256 * 1024
MOST_LINES = 700_000
MOST_BOUNDARIES = 100
MOST_MARKS = 5_000
"""Lines that may begin a part; the parser makes an object of each."""
MOST_ENCLOSED = 20
LONGEST_SUBJECT = 500
_ADDRESS = re.compile(r"[^\s<>\"(),:;\[\]\\]{1,64}@[^\s<>\"(),:;\[\]\\@]{1,190}")


@dataclass(frozen=True)
class ParsedMail:
    """`sender` is an address, empty where there is none. `received_at` is what the last mail server noted, else when
    the sender says to have written it. `machine_made` says why nobody wrote it, `problem` why it can't be read.

    `text` is all of it, `own` what the sender wrote. `subjects` are the mail's and those of mails sent along with it.
    """

    subjects: tuple[str, ...] = ()
    sender: str = ""
    message_id: str = ""
    received_at: datetime | None = None
    written: str = ""
    text: str = field(default="", repr=False)
    own: Own = field(default_factory=Own)
    attachments: tuple[Attachment, ...] = ()
    machine_made: MailReason | None = None
    problem: MailReason | None = None

    @property
    def subject(self) -> str:
        return self.subjects[0] if self.subjects else ""


def parse(raw: bytes) -> ParsedMail:
    """Whatever the bytes are. What is too large or too deeply nested to be read has a `problem`."""
    problem = _refusal(raw)
    try:
        message = message_from_bytes(_head_of(raw) if problem else raw)
        return _parsed(message, problem)
    except Exception:  # RecursionError and whatever else a parser may come to; the mail itself is kept
        return ParsedMail(problem=problem or MailReason.UNREADABLE)


def _refusal(raw: bytes) -> MailReason | None:
    """What would cost too much to read is told before it is."""
    if len(raw) > LARGEST_MAIL:
        return MailReason.TOO_LARGE
    folded = raw.lower()
    too_much = (
        raw.count(b"\n") > MOST_LINES
        or raw.count(b"\n--") > MOST_MARKS
        or folded.count(b"boundary") > MOST_BOUNDARIES
        or folded.count(b"message/rfc822") > MOST_ENCLOSED
        or len(_head_of(raw)) >= LARGEST_HEAD
    )
    return MailReason.UNREADABLE if too_much else None


def _head_of(raw: bytes) -> bytes:
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\r\n\r\n")) if at >= 0]
    return raw[: min([*ends, LARGEST_HEAD])] + b"\n\n"


def _parsed(message: Message, problem: MailReason | None) -> ParsedMail:
    found = look_through(message) if problem is None else Found()
    texts, attachments, subjects = "\n\n".join(found.texts), found.attachments, [head(message, "subject")]
    is_forwarded = bool(found.enclosed) and not own_words(texts).text.strip()
    for enclosed in found.enclosed[:MOST_ENCLOSED]:
        inner = look_through(enclosed)
        subjects.append(head(enclosed, "subject"))
        texts = "\n\n".join([texts, *inner.texts]) if is_forwarded else texts
        attachments = [*attachments, *inner.attachments]
    return ParsedMail(
        subjects=tuple(subject[:LONGEST_SUBJECT] for subject in subjects),
        sender=_address_in(head(message, "from")),
        message_id=head(message, "message-id").strip("<> ")[:500],
        received_at=_received(message),
        written=head(message, "date")[:100],
        text=texts,
        own=own_words(texts),
        attachments=tuple(attachments),
        machine_made=machine_made(message),
        problem=problem,
    )


def _address_in(said: str) -> str:
    """The last address of the header: a name may hold one too."""
    bracketed = re.findall(r"<\s*([^<>]*)\s*>", said)
    found = _ADDRESS.findall(bracketed[-1] if bracketed else said)
    return found[-1] if found else ""


def _received(message: Message) -> datetime | None:
    """The first `Received` is the last server's, our own side's; `Date` is the sender's word and stands in for it."""
    stamps = message.get_all("received") or []
    first = [str(stamps[0]).rpartition(";")[2]] if stamps else []
    for said in (*first, str(message.get("date", ""))):
        found = _instant(said)
        if found is not None:
            return found
    return None


def _instant(said: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(" ".join(said.split()))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return at if 1990 <= at.year <= 2200 else None
