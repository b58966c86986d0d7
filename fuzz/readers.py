"""The readers of foreign bytes, each with what it may refuse with, a few good inputs, and how an input grows."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from app.api import json_text
from app.captcha.challenge import Challenges
from app.departments.tabular import COLUMNS, read_table
from app.kit.crypto import Unreadable
from app.kit.errors import DomainError, Unprocessable
from app.kit.forms import BadForm, parse_form
from app.kit.identifiers import read_base32
from app.kit.multipart import BodyTooLarge, Bounds, MultipartBody, label_of
from app.kit.paging import BadCursor, read_cursor
from app.mail.reading import parse as parse_mail
from app.offices.filled import read_filled
from app.submissions import batches, fields, file_examination, identity, organisation, phone, public_numbers, receipts
from app.transparency import receipt_files
from app.web.choices import SIZE
from app.web.compression import accepts_gzip
from app.web.i18n import preferred

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
PIECE = 7
"""Bytes of each piece that a multipart body arrives in: short, so that every border falls somewhere."""
BOUNDS = Bounds(file_bytes=4096, field_bytes=4096, parts=20, repeatable=frozenset({"clause"}), all_files_bytes=8192)
BODY = b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nyes\r\n--b\r\nContent-Disposition: form-data; '
BODY += b'name="files"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nwords\r\n--b--\r\n'
MAIL = (
    b"From: A <a@example.com>\r\nSubject: =?utf-8?b?5oSP6KeB?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;"
)
MAIL += b' boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain; charset=gb18030\r\n\r\nwords\r\n--x\r\nContent-Type: '
MAIL += b"text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n--x--\r\n"
BATCH = "comment,channel,name,id_number,mobile\n第二条太窄,来信,张三,11010519491231002X,13800138000\n"
UNITS = ",".join(COLUMNS) + "\nu1,Office of A,a|b,municipal,bureau,,,,,,,\n"


@dataclass(frozen=True)
class Reader:
    """`read` answers or raises one of `refusals`; `grown(n)` is an input that is about n times as long as grown(1)."""

    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: Sequence[bytes]
    grown: Callable[[int], bytes]
    longest: int = 2048


def _text(data: bytes) -> str:
    """Any text, unpaired surrogates among them, as a header or a field may hold it."""
    return data.decode("utf-8", "surrogatepass") if _is_utf8(data) else data.decode("latin-1")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _multipart(data: bytes) -> object:
    body = MultipartBody("multipart/form-data; boundary=b", BOUNDS)
    for start in range(0, len(data), PIECE):
        body.feed(data[start : start + PIECE])
    return body.finish()


def _multipart_head(data: bytes) -> object:
    return MultipartBody(data.decode("latin-1"), BOUNDS), label_of(_text(data))


def _batch(data: bytes) -> object:
    return list(batches.checked(batches.read_rows(data.decode("utf-8", "replace")), AT))


def _table(data: bytes) -> object:
    return read_table(data.decode("utf-8", "replace"))


def _numbers(data: bytes) -> object:
    typed = _text(data)
    return receipts.read_number(typed), read_base32(typed), public_numbers.read(typed)


def _fields(data: bytes) -> object:
    typed = _text(data)
    checks = (fields.check_title, fields.check_comment, fields.check_email, fields.check_occupation)
    others = (phone.check_phone, identity.check_name, organisation.check_credit_code)
    return [check(typed) for check in (*checks, *others)], identity.check_id_number(typed, AT.date())


def _headers(data: bytes) -> object:
    line = data.decode("latin-1")
    scope = {"type": "http", "headers": [(b"cookie", data)], "query_string": data}
    return preferred(line), accepts_gzip(line), SIZE.remembered(scope), SIZE.asked(scope)


def _kind(data: bytes) -> object:
    """The part of the examination that looks at bytes in this process; the rest is done apart."""
    return file_examination._kind_of(data)


def _workbook() -> bytes:
    from openpyxl import Workbook

    kept = io.BytesIO()
    Workbook().save(kept)
    return kept.getvalue()


def readers() -> Mapping[str, Reader]:
    """By name. Made when asked for, since some seeds have to be minted."""
    challenges = Challenges(b"a key for the fuzzing of this day only")
    token = challenges.mint(AT, "form", 0).encode()
    cursor = b"AAYM5CRNAAAAAAAAAAAAAAAAAAAAAAAA"
    plain: dict[str, Any] = {
        "form": Reader(
            lambda data: parse_form(data, frozenset({"clause"})),
            (BadForm,),
            (b"a=1&clause=2&clause=3", b"text=%E6%84%8F+%2B", b"a=%"),
            lambda size: b"text=" + b"%E6%84%8Fa+" * 500 * size,
        ),
        "multipart": Reader(
            _multipart, (BadForm, BodyTooLarge), (BODY, BODY[:60]), lambda size: BODY[:54] + b"--b\r" * 200 * size
        ),
        "multipart-head": Reader(
            _multipart_head,
            (BadForm,),
            (b"multipart/form-data; boundary=b", b"form-data; name=\"a\"; filename*=utf-8''a%20b"),
            lambda size: b"multipart/form-data; " + b'a="\\";' * 300 * size,
        ),
        "captcha-token": Reader(
            lambda data: challenges.read(_text(data), AT), (Unreadable,), (token,), lambda size: token * 10 * size
        ),
        "cursor": Reader(
            lambda data: read_cursor(_text(data)), (BadCursor,), (cursor,), lambda size: cursor * 50 * size
        ),
        "mail": Reader(
            parse_mail,
            (),
            (MAIL,),
            lambda size: MAIL.replace(b"words\r\n", b"> quoted =?utf-8?q?=3D?=\r\n" * 200 * size),
            4096,
        ),
        "batch": Reader(
            _batch,
            (Unprocessable,),
            (BATCH.encode(),),
            lambda size: (BATCH + (BATCH.split("\n")[1] + "\n") * 10 * size).encode(),
        ),
        "directory": Reader(
            _table,
            (Unprocessable,),
            (UNITS.encode(),),
            lambda size: (UNITS + (UNITS.split("\n")[1] + "\n") * 20 * size).encode(),
        ),
        "workbook": Reader(
            read_filled, (Unprocessable,), (_workbook(),), lambda size: b"PK\x03\x04" + b"PK\x01\x02" * 500 * size, 8192
        ),
        "numbers": Reader(
            _numbers, (), (b"2026 0001 2345", "３F7K-29QX".encode()), lambda size: "３F7K ".encode() * 200 * size
        ),
        "fields": Reader(
            _fields,
            (),
            (b"11010519491231002X", b"024-12345678", b"a.b@example.com", "张·三".encode()),
            lambda size: "张 ·".encode() * 100 * size,
        ),
        "headers": Reader(
            _headers,
            (),
            (b"en-GB,zh;q=0.8", b"gzip;q=0, br", b"yanlu_size=large; a=b", b"size=large"),
            lambda size: b'yanlu_size="a\\073b"; gzip;q=0.0,' * 50 * size,
        ),
        "file-kind": Reader(
            _kind,
            (file_examination.FileRefused,),
            (b"%PDF-1.4 %%EOF", b"\xff\xd8\xff\xff\xd9", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n"),
            lambda size: b"%PDF-" + b"PK\x05\x06" * 300 * size,
        ),
        "json": Reader(
            json_text.parse,
            (DomainError,),
            (b'{"a": [1, "\\ud83d\\ude00"]}',),
            lambda size: b"[" + b'{"a":1},' * 200 * size,
        ),
        "receipt-file": Reader(
            receipt_files.read,
            (receipt_files.BadFile,),
            (b'{"format": "yanlu-receipt-1", "entries": [{}], "key": ""}',),
            lambda size: b'{"format": ' + b"[0," * 100 * size,
        ),
    }
    return MappingProxyType(plain)
