"""A message as it goes out: plain text, one recipient, nothing of what was sent in.

RFC 5322 for the whole, RFC 2047 for the Chinese subject, RFC 3676 (format=flowed, DelSp) for lines that any width can
show, RFC 3834 so that no machine answers. A header can't be broken out of: `EmailMessage` refuses line breaks in one.
"""

import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

LINE_COLUMNS = 72
SPECIAL = re.compile(r"[\s\x00-\x20\x7f-\x9f<>()\[\],;:@\"\\]")
WORD = re.compile(r"[\x21-\x7e]+|.[，。；：、！？）》〉」』”’…]*", re.DOTALL)
"""What a line is never broken inside: addresses and numbers, and a character with the stops behind it."""


@dataclass(frozen=True)
class Sender:
    """The name and the address that a message comes from."""

    name: str
    address: str


@dataclass(frozen=True)
class Letter:
    """What a person is told; the text's paragraphs are its lines."""

    subject: str
    text: str


def compose(delivery_id: uuid.UUID, sender: Sender, to: str, letter: Letter, at: datetime) -> EmailMessage:
    """The message, its Message-ID made from the delivery's id, so that a copy can be told from a second message.

    Raises ValueError when the address is none.
    """
    message = EmailMessage(policy=SMTP)
    own, theirs = _parts(sender.address), _parts(to)
    message["From"] = Address(sender.name, *own)
    message["To"] = Address("", *theirs)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{delivery_id}@{own[1]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(flowed(letter.text), cte="base64", params={"format": "flowed", "delsp": "yes"})
    message["Content-Language"] = "zh-CN"
    return message


def _parts(address: str) -> tuple[str, str]:
    """What stands before the @, and the domain in the form that mail servers know (RFC 5890).

    Raises ValueError for what is not exactly one address.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or SPECIAL.search(local) or SPECIAL.search(domain):
        raise ValueError("not an address")
    try:
        return local, domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("not an address") from None


def flowed(text: str) -> str:
    """The paragraphs in lines of at most LINE_COLUMNS columns, as RFC 3676 §4 with DelSp wraps and stuffs them."""
    return "\n".join(line for paragraph in text.splitlines() for line in _lines(paragraph.rstrip())) + "\n"


def _lines(paragraph: str) -> Iterator[str]:
    line = ""
    for word in WORD.findall(paragraph):
        if line and _columns(line + word) > LINE_COLUMNS:
            yield _stuffed(line) + " "
            line = ""
        line += word
    yield _stuffed(line)


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)
