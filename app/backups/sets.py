"""A folder of backups: `sets/ID/` with the parts of each, and `blobs/ab/abcd…` that sets share.

A set is there with all its parts or not at all. `manifest.json` can be read by everybody; `facts` is sealed and says
the same again and more, so that a manifest that somebody altered is noticed.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.backups.refusals import BackupRefused
from app.backups.stream import Written

FORMAT = "yanlu backup 1"
STORE, KEYS, BLOBS, FACTS = "store", "keys", "blobs.txt", "facts"
MANIFEST = "manifest.json"
AT_ONCE = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What everybody may know of a set. `made_at` in RFC 3339; `recipient` names the key that opens it."""

    id: str
    made_at: str
    version: str
    recipient: str
    parts: Mapping[str, Written]

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def newest_backup(path: Path | None) -> datetime | None:
    """When the last good backup in a folder was made; None where there is none, or none that can be read."""
    if path is None:
        return None
    folder = Folder(path)
    try:
        return next((folder.manifest(id).at for id in reversed(folder.ids())), None)
    except (BackupRefused, OSError):
        return None


class Folder:
    """Where backups are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ids(self) -> list[str]:
        """Of the whole sets, the oldest first."""
        return sorted(found.parent.name for found in self.path.glob(f"sets/[0-9]*/{MANIFEST}"))

    def set_path(self, id: str) -> Path:
        return self.path / "sets" / id

    def blob_path(self, key: str) -> Path:
        return self.path / "blobs" / key[:2] / key

    def blob_keys(self, id: str) -> Iterator[str]:
        """The contents that the set refers to. Raises OSError."""
        with (self.set_path(id) / BLOBS).open(encoding="ascii") as lines:
            yield from (line.strip() for line in lines)

    def manifest(self, id: str) -> Manifest:
        """Raises BackupRefused."""
        path = self.set_path(id) / MANIFEST
        try:
            said = json.loads(path.read_bytes())
            return _manifest(said)
        except FileNotFoundError:
            raise BackupRefused(f"there is no backup {id} in {self.path}") from None
        except (ValueError, KeyError, TypeError) as error:
            raise BackupRefused(f"{path} is damaged or not of this format; take another backup") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One backup at a time; what an earlier one left half done is removed. Raises BackupRefused."""
        (self.path / "sets").mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRefused(f"another backup into {self.path} is under way") from None
            for half in self.path.glob("sets/.*.part"):
                shutil.rmtree(half)
            yield


def new_id(at: datetime) -> str:
    """Sorts by its time."""
    return f"{at:%Y%m%dT%H%M%S.%f}Z-{os.urandom(3).hex()}"


def label(id: str, part: str) -> str:
    """Under which a part is sealed, so that none can stand for another."""
    return f"{id}|{part}"


def blob_label(key: str) -> str:
    return f"blob|{key}"


def written(path: Path) -> Written:
    """What a file that is there comes to."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(AT_ONCE):
            digest.update(piece)
            size += len(piece)
    return Written(size, digest.hexdigest())


def flush(path: Path) -> None:
    """Makes a file's or folder's last change durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _manifest(said: Any) -> Manifest:
    if said.pop("format") != FORMAT:
        raise ValueError("another format")
    parts = {name: Written(**part) for name, part in said.pop("parts").items()}
    made = Manifest(**said, parts=parts)
    if not all(isinstance(text, str) for text in (made.id, made.made_at, made.version, made.recipient)):
        raise ValueError("no text")
    _ = made.at
    return made
