"""The words of a mail, whatever its charset says of itself. Pure; takes any bytes and raises nothing."""

import binascii
import codecs
import re
from base64 import b64decode
from email.header import Header
from itertools import groupby

_CHINESE = (
    "gb2312",
    "gb_2312-80",
    "csgb2312",
    "euc-cn",
    "gbk",
    "cp936",
    "ms936",
    "windows-936",
    "hz",
    "hz-gb-2312",
    "x-gbk",
)
"""What mailers call GB 18030, of which all of these are parts; a mail labelled so often holds more than the part."""
_TELL_NOTHING = ("", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "utf-8", "utf8")
_ENOUGH = 3
"""Chinese characters of UTF-8 that no text in GB 18030 happens to spell."""
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bBqQ]\?)")
_HEXADECIMAL = re.compile(rb"=([0-9A-Fa-f]{2})")


def decoded(content: bytes, charset: str | None) -> str:
    """The text: as labelled where it fits, else UTF-8, else GB 18030, and what fits nowhere as U+FFFD."""
    label = (charset or "").strip().strip("\"'").lower()
    if label.startswith("hz"):
        hz = _strict(content, "hz")
        if hz is not None:
            return _plain(hz)
    labelled = _charset_of(label, content)
    tried = ("utf-8", "gb18030") if labelled in _TELL_NOTHING else (labelled, "utf-8", "gb18030")
    for candidate in (*_marked(content), *tried):
        found = _strict(content, candidate)
        if found is not None:
            return _plain(found)
    return _plain(_best(content, tried))


def decoded_header(value: object) -> str:
    """A header's words on one line (RFC 2047), encoded words put together before their charset is looked at.

    Many mailers cut a Chinese character in two at the end of an encoded word.
    """
    text = _as_text(value)
    text = _BETWEEN.sub(r"\1", " ".join(text.split()))
    pieces: list[str] = []
    end = 0
    words: list[tuple[int, int, str, bytes]] = [
        (found.start(), found.end(), found[1].partition("*")[0].lower(), _bytes_of(found[2], found[3]))
        for found in _ENCODED_WORD.finditer(text)
    ]
    for _run, together in groupby(enumerate(words), key=lambda item: _run_of(words, item[0])):
        run = [word for _place, word in together]
        pieces.append(text[end : run[0][0]])
        pieces.append(decoded(b"".join(word[3] for word in run), run[0][2]))
        end = run[-1][1]
    return " ".join("".join([*pieces, text[end:]]).split())


def decoded_parameter(value: object) -> str:
    """A parameter such as a file's name, by RFC 2231 or, as most mailers do it, by RFC 2047."""
    if isinstance(value, tuple) and len(value) == 3:
        charset, _language, text = value
        return " ".join(decoded(str(text).encode("latin-1", "replace"), charset).split())
    return decoded_header(value)


def _run_of(words: list[tuple[int, int, str, bytes]], place: int) -> int:
    """The place of the first of the words of one charset that stand without anything between them."""
    while place and words[place - 1][1] == words[place][0] and words[place - 1][2] == words[place][2]:
        place -= 1
    return place


def _charset_of(label: str, content: bytes) -> str:
    """GB 18030 for what claims to be a part of it, unless it can't but be UTF-8."""
    if label not in _CHINESE:
        return label
    otherwise = _strict(content, "utf-8") or ""
    is_utf8 = sum(1 for character in otherwise if "\u4e00" <= character <= "\u9fff") >= _ENOUGH
    return "utf-8" if is_utf8 else "gb18030"


def _as_text(value: object) -> str:
    """A header may hold raw bytes: the parser keeps them as surrogates, or as a Header of an unknown charset."""
    if isinstance(value, Header):
        value = "".join(str(chunk) for chunk, _charset in value._chunks)  # type: ignore[attr-defined]
    text = "" if value is None else str(value)
    raw = text.encode("utf-8", "surrogateescape") if _is_raw(text) else None
    return decoded(raw, None) if raw is not None else text


def _is_raw(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _bytes_of(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        raw = text.replace("_", " ").encode("utf-8", "replace")
        return _HEXADECIMAL.sub(lambda found: bytes([int(found[1], 16)]), raw)
    kept = re.sub(r"[^A-Za-z0-9+/]", "", text)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    try:
        return b64decode(kept + "=" * (-len(kept) % 4))
    except (binascii.Error, ValueError):
        return b""


def _marked(content: bytes) -> tuple[str, ...]:
    if content.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ()


def _strict(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except (UnicodeError, LookupError, ValueError, TypeError, AssertionError):
        return None


def _best(content: bytes, candidates: tuple[str, ...]) -> str:
    """That reading in which the fewest characters are lost."""
    readings = []
    for candidate in candidates:
        try:
            readings.append(content.decode(candidate, "replace"))
        except (UnicodeError, LookupError, ValueError, TypeError, AssertionError):
            continue
    return min(readings, key=lambda text: text.count("\ufffd"))


def _plain(text: str) -> str:
    """Lines that end in a newline, without NUL and loose surrogates."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.encode("utf-8", "ignore").decode("utf-8")
