"""Contents kept apart from the store, each under the SHA-256 of what it is; once put, a content never changes.

What refers to a content is elsewhere. A content is put before the transaction that refers to it, so that no reference
is ever without its content; what was put and never referred to is collected by its age.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

KEY = re.compile(r"[0-9a-f]{64}")


class NoSuchBlob(Exception):
    """Nothing is kept under that key."""


class DamagedBlob(Exception):
    """What is kept under the key is not what was put there."""


class BlobStore(Protocol):
    """Keys are SHA-256 in hex. Each method may raise OSError where the place can't be reached or is full."""

    def put(self, content: bytes) -> str:
        """Keeps the content and answers its key; when it returns, the content is durable and its age begins anew."""

    def get(self, key: str) -> bytes:
        """Raises NoSuchBlob, and DamagedBlob where the content was altered."""

    def has(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """Also where nothing is kept."""

    def put_before(self, instant: datetime) -> Iterator[str]:
        """Keys of contents that were last put before that instant."""


def key_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checked(key: str, content: bytes) -> bytes:
    """The content, if it is the one that belongs to the key. Raises DamagedBlob."""
    if key_of(content) != key:
        raise DamagedBlob(key)
    return content


class DiskBlobs:
    """In a folder of this machine: `ab/cdef…`, readable by the service's own account only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Written aside, flushed to the disk (fsync) and then renamed: a crash leaves the whole content or none."""
        key = key_of(content)
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(aside).unlink()
            raise
        for folder in (path.parent, self._folder):
            _flush_folder(folder)
        return key

    def get(self, key: str) -> bytes:
        try:
            return checked(key, self._path(key).read_bytes())
        except FileNotFoundError as error:
            raise NoSuchBlob(key) from error

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def put_before(self, instant: datetime) -> Iterator[str]:
        """Halves of a content that a crash left behind are removed on the way."""
        for path in sorted(self._folder.glob("??/*")):
            with suppress(FileNotFoundError):
                is_old = datetime.fromtimestamp(path.stat().st_mtime, UTC) < instant
                key = path.parent.name + path.name
                if is_old and KEY.fullmatch(key):
                    yield key
                elif is_old and path.name.startswith("."):
                    path.unlink()

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NoSuchBlob(key)
        return self._folder / key[:2] / key[2:]


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
