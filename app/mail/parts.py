"""The parts of a mail: the text that a person wrote, and the files beside it. Pure, bounded, raises nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from app.documents.formats.refusals import UnreadableFileError
from app.mail.words import decoded, decoded_parameter

DEEPEST = 8
"""Levels of parts within parts that are looked into; what lies deeper stays in the kept mail."""
MOST_PARTS = 200
LARGEST_TEXT = 2 * 1024 * 1024
"""Bytes of one text part that are read."""
LONGEST_NAME = 200


@dataclass(frozen=True)
class Attachment:
    """`is_drawn` tells of a picture that the mail's own page shows, such as a signature's emblem."""

    name: str
    content: bytes = field(repr=False)
    is_drawn: bool = False


@dataclass
class Found:
    """`texts` are those of the mail itself; `enclosed` are mails that were sent along, as they are."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    enclosed: list[Message] = field(default_factory=list)
    parts: int = 0


def look_through(message: Message) -> Found:
    """Of alternatives the plain text where it says anything, else the page's; an enclosed mail isn't opened."""
    found = Found()
    _walk(message, found, 0)
    return found


def _walk(part: Message, found: Found, depth: int) -> None:
    found.parts += 1
    if found.parts > MOST_PARTS or depth > DEEPEST:
        return
    kind = part.get_content_type()
    if kind == "message/rfc822":
        found.enclosed += list(_children(part))
    elif part.is_multipart() and kind == "multipart/alternative":
        _choose(part, found, depth)
    elif part.is_multipart():
        for child in _children(part):
            _walk(child, found, depth + 1)
    elif _is_text(part, kind):
        found.texts.append(_text_of(part, kind))
    elif kind != "message/delivery-status":
        found.attachments.append(Attachment(_name_of(part, kind), _content_of(part), _is_drawn(part)))


def _choose(part: Message, found: Found, depth: int) -> None:
    readings = []
    for child in _children(part):
        inner = Found(parts=found.parts)
        _walk(child, inner, depth + 1)
        found.parts = inner.parts
        readings.append(inner)
    plain = sorted(readings, key=lambda one: not _says_anything(one))
    for place, reading in enumerate(plain):
        found.texts += reading.texts if place == 0 else []
        found.attachments += reading.attachments
        found.enclosed += reading.enclosed


def _says_anything(found: Found) -> bool:
    return any(text.strip() for text in found.texts)


def _children(part: Message) -> Iterator[Message]:
    inside = part.get_payload()
    return iter([child for child in inside if isinstance(child, Message)] if isinstance(inside, list) else [])


def _is_text(part: Message, kind: str) -> bool:
    return kind in ("text/plain", "text/html") and not _name(part) and _disposition(part) != "attachment"


def _text_of(part: Message, kind: str) -> str:
    text = decoded(_content_of(part)[:LARGEST_TEXT], _parameter(part, "charset", "content-type"))
    if kind != "text/html":
        return text
    from app.documents.pages import read_html  # loads a library of four MiB

    try:
        return read_html(text)
    except (UnreadableFileError, RecursionError, ValueError):
        return ""


def _content_of(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except Exception:  # a transfer encoding that is none
        return b""
    return content if isinstance(content, bytes) else b""


def _disposition(part: Message) -> str:
    return str(part.get("content-disposition", "")).partition(";")[0].strip().lower()


def _is_drawn(part: Message) -> bool:
    return (
        part.get("content-id") is not None
        and part.get_content_maintype() == "image"
        and (_disposition(part) != "attachment")
    )


def _name(part: Message) -> str:
    for name, header in (("filename", "content-disposition"), ("name", "content-type")):
        said = _parameter(part, name, header)
        if said:
            return said[:LONGEST_NAME]
    return ""


def _parameter(part: Message, name: str, header: str) -> str:
    """Empty where there is none, or one that can't be read."""
    try:
        said = part.get_param(name, None, header)
    except Exception:  # the parser trips over some that are cut off
        return ""
    return decoded_parameter(said) if said else ""


def _name_of(part: Message, kind: str) -> str:
    return _name(part) or f"file.{kind.rpartition('/')[2][:20]}"
