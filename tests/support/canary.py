"""Looking for known personal data in whatever bytes there are, however they are written."""

import base64
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

WIDE = {ord(one): ord(one) + 0xFEE0 for one in map(chr, range(0x21, 0x7F))}
"""Half-width to full-width. Source: Unicode, Halfwidth and Fullwidth Forms."""
STREAM = re.compile(rb"stream\r?\n")


def full_width(value: str) -> str:
    return value.translate(WIDE)


def in_groups(value: str, sizes: Sequence[int], between: str) -> str:
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    return between.join(value[end - size : end] for end, size in zip(ends, sizes, strict=True))


def written(value: str) -> set[str]:
    """How people and programs write it: in both widths and cases, telephone and ID number also in groups."""
    forms = {value, value.lower(), value.upper(), full_width(value)}
    sizes = {11: (3, 4, 4), 18: (6, 8, 4)}.get(len(value)) if value[:10].isdigit() else None
    return forms | ({in_groups(value, sizes, between) for between in " -"} if sizes else set())


def encoded(value: str) -> Iterator[bytes]:
    """As it is in four character sets, backwards, in addresses, hex, JSON and HTML escapes, and base64 wherever in a
    text it stands."""
    raw = value.encode()
    yield from (raw, value[::-1].encode(), *(value.encode(name) for name in ("utf-16-le", "utf-16-be", "gb18030")))
    yield from (raw.hex().encode(), raw.hex().upper().encode(), quote(value, safe="").encode())
    yield "".join(f"%{byte:02X}" for byte in raw).encode()
    yield from (json.dumps(value)[1:-1].encode(), "".join(f"\\u{ord(one):04x}" for one in value).encode())
    yield "".join(f"&#{ord(one)};" for one in value).encode()
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        for ahead in range(3):
            # The characters at both ends depend on what stands beside it.
            yield code(bytes(ahead) + raw)[4 if ahead else 0 : -4]


class Canaries:
    """Values that must stand nowhere."""

    def __init__(self, values: Iterable[str]) -> None:
        self._sought = {
            needle: value for value in values for form in written(value) for needle in encoded(form) if len(needle) > 5
        }

    def needles(self, value: str) -> list[bytes]:
        return [needle for needle, meant in self._sought.items() if meant == value]

    def found(self, *haystacks: bytes | str) -> set[str]:
        """Those that stand in one of them, or in what is packed in it."""
        return {
            value
            for haystack in haystacks
            for data in unpacked(haystack.encode() if isinstance(haystack, str) else haystack)
            for needle, value in self._sought.items()
            if needle in data
        }


def unpacked(data: bytes) -> Iterator[bytes]:
    """The data, and as far as it is a gzip file, a ZIP with members or a PDF with streams, what these hold."""
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(data))
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from unpacked(packed.read(name))
    elif data.startswith(b"%PDF"):
        for at in STREAM.finditer(data):
            try:
                yield zlib.decompressobj().decompress(data[at.end() :])
            except zlib.error:
                continue  # a stream that isn't deflated stands in the file as it is
