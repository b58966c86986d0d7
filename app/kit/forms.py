"""Reading `application/x-www-form-urlencoded` bodies strictly (WHATWG URL standard §5.1, without its leniency).

A lenient parser turns broken bytes into U+FFFD and silently keeps one of two values: a citizen's text would be stored
altered. Here such a body is refused.
"""

from binascii import a2b_qp
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

from app.kit.errors import DomainError

MAX_FIELDS = 200
QUOTED = bytes.maketrans(b"%", b"=")


class BadForm(DomainError):
    """The body is no such form: bad escapes, not UTF-8, a repeated field, or too many fields."""

    code = "bad_form"


class Form(Mapping[str, str]):
    """Field name → value; `all(name)` gives every value of a repeatable field, in order."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))

    def text(self, name: str) -> str:
        """The value without surrounding white space; empty when the field was not sent."""
        return self.get(name, "").strip()


def parse_form(body: bytes, repeatable: frozenset[str] = frozenset()) -> Form:
    """The fields of a body. Raises BadForm, and then nothing of the body has been used."""
    values: dict[str, list[str]] = {}
    pairs = [pair for pair in body.split(b"&") if pair]
    if len(pairs) > MAX_FIELDS:
        raise BadForm("too_many_fields", limit=MAX_FIELDS)
    for pair in pairs:
        name_bytes, _, value_bytes = pair.partition(b"=")
        name, value = _decoded(name_bytes), _decoded(value_bytes)
        if name in values and name not in repeatable:
            raise BadForm("repeated_field", field=name[:40])
        values.setdefault(name, []).append(value)
    return Form(values)


def _decoded(data: bytes) -> str:
    plain = data.replace(b"+", b" ")
    decoded = _unescaped(plain) if b"%" in plain else plain
    # Each escape takes two bytes away; a stray per cent sign that was no escape shows as a difference.
    if len(plain) - len(decoded) != 2 * plain.count(b"%"):
        raise BadForm("bad_escape")
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadForm("not_utf8") from error
    if "\x00" in text:
        raise BadForm("null_character")
    return text


def _unescaped(plain: bytes) -> bytes:
    """As `unquote_to_bytes` where every per cent sign begins an escape; else of another length than if so.

    Quoted-printable (RFC 2045 §6.7) is the same code with another sign, and its decoder doesn't go through Python for
    each byte: a Chinese text is nothing but escapes. Only its line breaks mean something else.
    """
    if b"\n" in plain or b"\r" in plain:
        return unquote_to_bytes(plain)
    return a2b_qp(plain.replace(b"=", b"=3D").translate(QUOTED))
