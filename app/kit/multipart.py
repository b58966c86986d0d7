"""Reading `multipart/form-data` bodies strictly (RFC 7578), piece by piece, never holding more than the bounds allow.

As with the other forms nothing is repaired: text that is not UTF-8, a field that comes twice, a transfer encoding and a
body that ends in the middle are refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.kit.errors import DomainError
from app.kit.forms import BadForm, Form

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
"""RFC 2046 §5.1.1."""
_LONGEST_NAME = 100
_LONGEST_LABEL = 200
_ESCAPED_IN_NAMES = (("%0D", "\r"), ("%0A", "\n"), ("%22", '"'))
"""What browsers put for these three in the name of a file. Source: WHATWG HTML, multipart/form-data encoding."""


class BodyTooLarge(DomainError):
    """More was sent than the bounds allow; nothing of it has been used."""

    status = 413
    code = "upload_too_large"


@dataclass(frozen=True)
class UploadedFile:
    """A file as it was sent. `name` is a label for people, without a folder and without unseen characters.

    `too_large`: more was sent than the bounds allow; none of it was kept.
    """

    name: str
    content: bytes = field(repr=False)
    too_large: bool = False


@dataclass(frozen=True)
class Bounds:
    """Bytes of one file, bytes of all text fields together, how many parts there may be, and which fields come twice.

    `all_files_bytes` bounds what is kept of all files together. Where it is set, a file beyond either bound is read
    over and told as too large, so that the person's words aren't refused with it; elsewhere it ends the reading.
    """

    file_bytes: int
    field_bytes: int
    parts: int
    repeatable: frozenset[str] = frozenset()
    all_files_bytes: int | None = None


@dataclass
class _Part:
    headers: dict[str, str] = field(default_factory=dict)
    name: str = ""
    file_name: str | None = None
    data: bytearray = field(default_factory=bytearray, repr=False)
    too_large: bool = False


class MultipartBody:
    """One body being read: `feed` its pieces, then `finish`. Both raise BadForm and BodyTooLarge."""

    def __init__(self, content_type: str, bounds: Bounds) -> None:
        self._bounds = bounds
        self._values: dict[str, list[str]] = {}
        self._files: dict[str, list[UploadedFile]] = {}
        self._part = _Part()
        self._header, self._value = bytearray(), bytearray()
        self._parts, self._field_bytes, self._files_bytes, self._ended = 0, 0, 0, False
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._on_part_begin,
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }
        self._parser = MultipartParser(_boundary_of(content_type), callbacks)

    def feed(self, piece: bytes) -> None:
        """Reads the next piece; memory never grows beyond the bounds and this piece."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise BadForm from error

    def finish(self) -> tuple[Form, Mapping[str, UploadedFile]]:
        """Text fields, and files by their field; file fields that were left empty are left out."""
        if not self._ended:
            raise BadForm
        return Form(self._values), {name: sent[-1] for name, sent in self._files.items() if sent}

    def files_of(self, name: str) -> list[UploadedFile]:
        """All files of a repeatable field, in order; after `finish`."""
        return list(self._files.get(name, ()))

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > self._bounds.parts:
            raise BadForm("too_many_fields", limit=self._bounds.parts)
        self._part = _Part()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        name = self._header.decode("ascii", "replace").lower()
        if name in self._part.headers or name == "content-transfer-encoding":
            raise BadForm
        self._part.headers[name] = self._value.decode("latin-1")
        self._header, self._value = bytearray(), bytearray()

    def _on_headers_finished(self) -> None:
        kind, options = parse_options_header(self._part.headers.get("content-disposition", ""))
        name = _decoded(options.get(b"name", b""))
        if kind != b"form-data" or not 0 < len(name) <= _LONGEST_NAME:
            raise BadForm
        if name not in self._bounds.repeatable and (name in self._values or name in self._files):
            raise BadForm("repeated_field", field=name[:40])
        self._part.name = name
        if b"filename" in options:
            self._part.file_name = _decoded(options[b"filename"])

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._part.data += data[start:end]
        if self._part.file_name is None:
            self._field_bytes += end - start
            if self._field_bytes > self._bounds.field_bytes:
                raise BodyTooLarge
        else:
            self._bound_file(end - start)

    def _bound_file(self, arrived: int) -> None:
        part, together = self._part, self._bounds.all_files_bytes
        self._files_bytes += arrived
        if together is None and len(part.data) > self._bounds.file_bytes:
            raise BodyTooLarge("file_too_large")
        if together is None:
            return
        if part.too_large or len(part.data) > self._bounds.file_bytes or self._files_bytes > together:
            self._files_bytes -= len(part.data)
            part.data.clear()
            part.too_large = True

    def _on_part_end(self) -> None:
        part = self._part
        if part.file_name is None:
            self._values.setdefault(part.name, []).append(_decoded(bytes(part.data)))
        else:
            sent = self._files.setdefault(part.name, [])
            if part.file_name or part.data:
                sent.append(UploadedFile(label_of(part.file_name), bytes(part.data), part.too_large))
        self._part = _Part()

    def _on_end(self) -> None:
        self._ended = True


def _boundary_of(content_type: str) -> str:
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"").decode("latin-1")
    if not _BOUNDARY.fullmatch(boundary):
        raise BadForm
    return boundary


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadForm("not_utf8") from error
    if "\x00" in text:
        raise BadForm("null_character")
    return text


def label_of(file_name: str) -> str:
    """What people see for a file: the last part of its name, visible characters only, at most 200, never empty."""
    for escape, plain in _ESCAPED_IN_NAMES:
        file_name = file_name.replace(escape, plain)
    last = re.split(r"[/\\]", file_name)[-1]
    seen = "".join(character for character in " ".join(last.split()) if character.isprintable())
    ending = re.search(r"\.\w{1,8}$", seen)
    if len(seen) > _LONGEST_LABEL and ending:
        seen = seen[: _LONGEST_LABEL - len(ending.group())] + ending.group()
    seen = seen[:_LONGEST_LABEL].strip()
    return seen if seen.strip(".") else "file"
