"""Packages in the BagIt format (RFC 8493, version 1.0) inside a ZIP, written from the first byte to the last and read
back.

One folder: `bagit.txt`, `bag-info.txt`, `manifest-sha256.txt`, `tagmanifest-sha256.txt`, and the parts below `data/`.
`sha256sum -c manifest-sha256.txt` checks it without this program. Memory grows with the number of parts alone.
"""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

AT_ONCE = 256 * 1024
SAFE = re.compile(r"[\w.()-]+(/[\w.()-]+)*")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
TAGS = ("bagit.txt", "bag-info.txt", MANIFEST)


class BadBag(Exception):
    """The file isn't a whole package; the message is one line that says where it differs."""


@dataclass(frozen=True)
class Part:
    """One file of a package; `name` may name folders."""

    name: str
    content: Iterable[bytes]


@dataclass(frozen=True)
class Checked:
    """What a whole package holds: the number of its parts and their bytes, and what bag-info.txt says."""

    parts: int
    size: int
    info: Mapping[str, str]


def pieces(root: str, parts: Iterable[Part], info: Mapping[str, str], at: datetime) -> Iterator[bytes]:
    """The ZIP as it grows; all times in it are `at`. What a part raises ends it."""
    packing = _Packing(root, at)
    for part in parts:
        yield from packing.add(part)
    yield from packing.end(info)


class _Packing:
    """A package while it grows: what was packed and not taken yet, and the checksums so far."""

    def __init__(self, root: str, at: datetime) -> None:
        self._root, self._at, self._sink = root, at, _Sink()
        self._packed = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)  # type: ignore[call-overload]  # it only writes
        self._lines, self._size = list[str](), 0

    def add(self, part: Part) -> Iterator[bytes]:
        digest = hashlib.sha256()
        with self._packed.open(self._entry(f"data/{part.name}"), "w", force_zip64=True) as file:
            for stretch in part.content:
                file.write(stretch)
                digest.update(stretch)
                self._size += len(stretch)
                if len(self._sink.waiting) >= AT_ONCE:
                    yield self._sink.taken()
        self._lines.append(f"{digest.hexdigest()}  data/{part.name}\n")

    def end(self, info: Mapping[str, str]) -> Iterator[bytes]:
        said = {**info, "Payload-Oxum": f"{self._size}.{len(self._lines)}"}
        tags = dict(zip(TAGS, (DECLARATION, _info_lines(said), "".join(self._lines)), strict=True))
        tags[TAG_MANIFEST] = "".join(f"{_sha256(text.encode())}  {name}\n" for name, text in tags.items())
        for name, text in tags.items():
            self._packed.writestr(self._entry(name), text.encode())
        self._packed.close()
        yield self._sink.taken()

    def _entry(self, name: str) -> zipfile.ZipInfo:
        return _entry(f"{self._root}/{name}", self._at)


def check(file: IO[bytes]) -> Checked:
    """Reads every byte back and compares it with both manifests. Raises BadBag, OSError."""
    try:
        with zipfile.ZipFile(file) as packed:
            return _check(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError) as error:
        raise BadBag(f"the package can't be unpacked: {error}") from error


def _check(packed: zipfile.ZipFile) -> Checked:
    names = packed.namelist()
    root = names[0].partition("/")[0] if names else ""
    if len(set(names)) != len(names) or not all(name.startswith(f"{root}/") for name in names):
        raise BadBag("it isn't one folder in which each name stands once")
    there = {name.removeprefix(f"{root}/") for name in names}
    if missing := {*TAGS, TAG_MANIFEST} - there:
        raise BadBag(f"{min(missing)} is missing")
    if packed.read(f"{root}/bagit.txt").decode() != DECLARATION:
        raise BadBag("bagit.txt says something else")
    _compare(packed, root, _listed(packed, root, TAG_MANIFEST), set(TAGS))
    size = _compare(packed, root, _listed(packed, root, MANIFEST), there - {*TAGS, TAG_MANIFEST})
    info = _read_info(packed.read(f"{root}/bag-info.txt").decode())
    number = len(there) - len(TAGS) - 1
    if info.get("Payload-Oxum") != f"{size}.{number}":
        raise BadBag("bag-info.txt tells of another number of bytes or parts")
    return Checked(number, size, info)


def _listed(packed: zipfile.ZipFile, root: str, manifest: str) -> dict[str, str]:
    rows = [line.split("  ", 1) for line in packed.read(f"{root}/{manifest}").decode().splitlines()]
    if any(len(row) != 2 or not SAFE.fullmatch(row[1]) or ".." in row[1] for row in rows):
        raise BadBag(f"{manifest} has a line that is none")
    return {name: said for said, name in rows}


def _compare(packed: zipfile.ZipFile, root: str, listed: Mapping[str, str], there: set[str]) -> int:
    """The bytes of those parts."""
    if other := listed.keys() ^ there:
        raise BadBag(f"{min(other)} is listed and missing, or there and not listed")
    size = 0
    for name, said in listed.items():
        digest = hashlib.sha256()
        with packed.open(f"{root}/{name}") as part:
            while piece := part.read(AT_ONCE):
                digest.update(piece)
                size += len(piece)
        if digest.hexdigest() != said:
            raise BadBag(f"{name} was altered")
    return size


def _info_lines(info: Mapping[str, str]) -> str:
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info.items())


def _read_info(text: str) -> dict[str, str]:
    rows = (line.partition(": ") for line in text.splitlines())
    return {name: value for name, _, value in rows}


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Sink:
    """A file that only takes, and gives what it took away."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        data = bytes(self.waiting)
        self.waiting.clear()
        return data
