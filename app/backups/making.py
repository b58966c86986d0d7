"""Taking a backup: parts sealed as they are read, durable under another name, and only then there."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.backups import stream
from app.backups.sets import (
    BLOBS,
    FACTS,
    KEYS,
    MANIFEST,
    STORE,
    Folder,
    Manifest,
    blob_label,
    flush,
    label,
    new_id,
    written,
)
from app.backups.snapshots import Snapshot, Wanted, snapshot
from app.backups.stream import Written
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob


@dataclass(frozen=True)
class Source:
    """What is backed up: the store at `url`, and the contents that it refers to. `version` is the program's."""

    url: str
    blobs: BlobStore
    wanted: Wanted
    version: str


@dataclass(frozen=True)
class Made:
    """A whole backup. `missing` are contents that the store refers to and that are gone or altered; `new_blobs` of
    the others were not in an earlier set."""

    id: str
    rows: int
    bytes: int
    blobs: int
    new_blobs: int
    missing: tuple[str, ...]


def make(folder: Folder, source: Source, recipient: bytes, at: datetime) -> Made:
    """One consistent state of the store with all that it refers to, sealed for the recipient; durable on return.

    A failure leaves no set. Raises BackupRefused, OSError, DBAPIError.
    """
    id = new_id(at)
    aside = folder.path / "sets" / f".{id}.part"
    aside.mkdir(mode=0o700)
    try:
        made = _fill(_Set(folder, id, aside, recipient, source), at)
        flush(aside)
        aside.rename(folder.set_path(id))
        flush(aside.parent)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return made


@dataclass(frozen=True)
class _Set:
    """A set while it is made."""

    folder: Folder
    id: str
    path: Path
    recipient: bytes
    source: Source

    def part(self, name: str, content: Iterable[bytes]) -> Written:
        return _sealed(self.path / name, content, self.recipient, label(self.id, name))


def _fill(made: _Set, at: datetime) -> Made:
    with snapshot(made.source.url, made.source.wanted) as shot:
        parts = {KEYS: made.part(KEYS, shot.keys())}
        parts[BLOBS], blobs, new_blobs, missing = _blobs(made, shot)
        parts[STORE] = made.part(STORE, shot.store())
        facts = {
            "kind": shot.kind,
            "revision": shot.revision,
            "counts": shot.counts,
            "erased": shot.erased,
            "missing": missing,
        }
    plain = Manifest(made.id, at.isoformat(), made.source.version, stream.fingerprint(made.recipient), parts)
    said = json.dumps(facts | {"manifest": asdict(plain)}).encode()
    parts = parts | {FACTS: made.part(FACTS, [said])}
    whole = Manifest(plain.id, plain.made_at, plain.version, plain.recipient, parts)
    _write(made.path / MANIFEST, whole.to_json().encode())
    size = sum(part.size for part in parts.values())
    return Made(made.id, sum(shot.counts.values()), size, blobs, new_blobs, tuple(missing))


def _blobs(made: _Set, shot: Snapshot) -> tuple[Written, int, int, list[str]]:
    """Each content that isn't in an earlier set is sealed under its own SHA-256; the list of all is a part."""
    number, new, missing, folders = 0, 0, list[str](), set[Path]()
    with (made.path / BLOBS).open("w", encoding="ascii") as lines:
        for key in shot.blobs():
            path = made.folder.blob_path(key)
            is_new = not path.is_file()
            if is_new and not _keep(made, key, path):
                missing.append(key)
                continue
            new += is_new
            number += 1
            folders |= {path.parent, path.parent.parent}
            lines.write(f"{key}\n")
        lines.flush()
        os.fsync(lines.fileno())
    for folder in folders:
        flush(folder)
    return written(made.path / BLOBS), number, new, missing


def _keep(made: _Set, key: str, path: Path) -> bool:
    """Whether the content is there to be kept. Raises OSError."""
    try:
        content = made.source.blobs.get(key)
    except (NoSuchBlob, DamagedBlob):
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.parent / f".{key}.part"
    _sealed(aside, [content], made.recipient, blob_label(key))
    aside.replace(path)
    return True


def _sealed(path: Path, content: Iterable[bytes], recipient: bytes, name: str) -> Written:
    with path.open("wb") as file:
        made = stream.seal(file, content, recipient, name)
        file.flush()
        os.fsync(file.fileno())
    return made


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class Keeping:
    """Which sets stay: the `sets` newest and those younger than `days`; all where both are None. Data keys stay for
    `keys_days`, those of the newest set always."""

    sets: int | None = None
    days: int | None = None
    keys_days: int = 30


def prune(folder: Folder, keeping: Keeping, at: datetime) -> list[str]:
    """Removes the sets that needn't stay, data keys whose time is over, and contents that no set refers to; which sets.

    Raises BackupRefused where a manifest can't be read: nothing is removed then.
    """
    made = {id: folder.manifest(id).at for id in folder.ids()}
    gone = [id for place, id in enumerate(reversed(made)) if place and _may_go(keeping, place, (at - made[id]).days)]
    for id in gone:
        shutil.rmtree(folder.set_path(id))
    stay = [id for id in made if id not in gone]
    for id in stay[:-1]:
        if (at - made[id]).days >= keeping.keys_days:
            (folder.set_path(id) / KEYS).unlink(missing_ok=True)
    if gone:
        _remove_unreferred(folder, stay)
    return gone


def _may_go(keeping: Keeping, place: int, age: int) -> bool:
    if keeping.sets is None and keeping.days is None:
        return False
    kept_by_number = keeping.sets is not None and place < keeping.sets
    return not kept_by_number and not (keeping.days is not None and age < keeping.days)


def _remove_unreferred(folder: Folder, stay: Iterable[str]) -> None:
    referred = {key for id in stay for key in folder.blob_keys(id)}
    for path in _all_blobs(folder):
        if path.name not in referred:
            path.unlink()
            with suppress(OSError):  # another content is in it
                path.parent.rmdir()


def _all_blobs(folder: Folder) -> Iterator[Path]:
    yield from sorted(folder.path.glob("blobs/??/*"))
