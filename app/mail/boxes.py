"""The mails of files that somebody sends: .eml, or an mbox of many (RFC 4155, its four kinds). Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.kit.errors import Unprocessable

MOST_MAILS = 500
_BEGINS = re.compile(
    rb"^From [^\r\n]*(?:\d{2}:\d{2}|@|MAILER-DAEMON|\?\?\?@\?\?\?|- )[^\r\n]*\r?\n(?=[!-9;-~]+:|\r?\n)", re.MULTILINE
)
"""The line before each mail of an mbox; the header that follows tells it from a sentence that begins so."""
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_MAY_BE_MAIL = re.compile(rb"^[!-9;-~]+[ \t]*:", re.MULTILINE)
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class RawMail:
    """`name` is what people see: that of the file, with the number in it of a mail out of many."""

    name: str
    content: bytes = field(repr=False)


def mails_of(name: str, content: bytes) -> list[RawMail]:
    """Raises Unprocessable: `mail_no_mail` for what is none, `mail_too_many` beyond MOST_MAILS."""
    name = name.encode("utf-8", "replace").decode()
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not content.startswith(b"From "):
        if not _MAY_BE_MAIL.search(content[:_HEAD_BYTES]):
            raise Unprocessable("mail_no_mail", name=name[:80])
        return [RawMail(name, content)]
    found = [RawMail(f"{name} #{place}", one) for place, one in enumerate(_split(content), 1)]
    if not found:
        raise Unprocessable("mail_no_mail", name=name[:80])
    return found


def all_mails(files: Sequence[tuple[str, bytes]]) -> list[RawMail]:
    """As `mails_of`, of several files together."""
    found = [mail for name, content in files for mail in mails_of(name, content)]
    if not found:
        raise Unprocessable("mail_no_mail", name="")
    if len(found) > MOST_MAILS:
        raise Unprocessable("mail_too_many", most=MOST_MAILS)
    return found


def _split(content: bytes) -> Iterator[bytes]:
    begins = [(found.start(), found.end()) for found in _BEGINS.finditer(content)]
    if not begins and content.partition(b"\n")[2]:
        begins = [(0, content.find(b"\n") + 1)]
    for place, (_start, begin) in enumerate(begins[: MOST_MAILS + 1]):
        end = begins[place + 1][0] if place + 1 < len(begins) else len(content)
        yield _QUOTED.sub(rb"\1", content[begin:end]).rstrip(b"\r\n") + b"\n"


def pack(mails: Sequence[RawMail]) -> bytes:
    """All of them in one content, for `unpack`."""
    return b"".join(len(part).to_bytes(4) + part for mail in mails for part in (mail.name.encode(), mail.content))


def unpack(packed: bytes) -> list[RawMail]:
    parts, at = list[bytes](), 0
    while at < len(packed):
        size = int.from_bytes(packed[at : at + 4])
        parts.append(packed[at + 4 : at + 4 + size])
        at += 4 + size
    return [RawMail(parts[place].decode(), parts[place + 1]) for place in range(0, len(parts), 2)]
