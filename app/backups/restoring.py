"""Reading a set back: everything is proven before anybody may rely on it, and nothing is overwritten."""

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, make_url, text

from app.backups import postgres, stream
from app.backups.refusals import BackupRefused
from app.backups.sets import BLOBS, FACTS, KEYS, STORE, Folder, Manifest, blob_label, label, written
from app.backups.snapshots import VERSIONS, counts, read_rows
from app.backups.stream import Damaged
from app.kit.blobs import BlobStore
from app.kit.database import changing, make_engine


@dataclass(frozen=True)
class Facts:
    """What a set says of itself, sealed. `erased` are records whose personal data was erased by then."""

    kind: str
    revision: str
    counts: Mapping[str, int]
    erased: Sequence[str]
    missing: Sequence[str]


@dataclass(frozen=True)
class Opened:
    """A set whose manifest is the one that was sealed with it, and whose parts are those of the manifest."""

    folder: Folder
    manifest: Manifest
    facts: Facts
    private: bytes

    @property
    def has_keys(self) -> bool:
        """Whether the data keys are still there: they are kept for a shorter time than the rest."""
        return self._path(KEYS).is_file()

    def part(self, name: str) -> Iterator[bytes]:
        """Raises BackupRefused."""
        with self._path(name).open("rb") as file:
            try:
                yield from stream.opened(file, self.private, label(self.manifest.id, name))
            except Damaged as error:
                raise BackupRefused(f"the part {name} of {self.manifest.id} is damaged: {error}") from error

    def blob(self, key: str) -> bytes:
        """Raises BackupRefused."""
        path = self.folder.blob_path(key)
        try:
            with path.open("rb") as file:
                content = b"".join(stream.opened(file, self.private, blob_label(key)))
        except FileNotFoundError:
            raise BackupRefused(f"the content {key} is missing from the backup") from None
        except Damaged as error:
            raise BackupRefused(f"the content {key} is damaged: {error}") from error
        if hashlib.sha256(content).hexdigest() != key:
            raise BackupRefused(f"the content {key} is another one than it was")
        return content

    def blob_keys(self) -> Iterator[str]:
        return self.folder.blob_keys(self.manifest.id)

    def _path(self, name: str) -> Path:
        return self.folder.set_path(self.manifest.id) / name


def open_set(folder: Folder, private: bytes, id: str | None = None) -> Opened:
    """The newest set, or that one, with the checksum of every part compared. Raises BackupRefused, OSError."""
    ids = folder.ids()
    if not ids:
        raise BackupRefused(f"there is no backup in {folder.path}")
    manifest = folder.manifest(id or ids[-1])
    if manifest.recipient != stream.fingerprint(stream.public_of(private)):
        raise BackupRefused(f"{manifest.id} was sealed for the key {manifest.recipient}, which is not this one")
    bare = Opened(folder, manifest, Facts("", "", {}, (), ()), private)
    said = json.loads(b"".join(bare.part(FACTS)))
    _compare(manifest, said.pop("manifest"))
    opened = Opened(folder, manifest, Facts(**said), private)
    _check_parts(opened)
    return opened


def newer_erasures(opened: Opened) -> set[str]:
    """Records that were erased when a later backup was taken and not yet when this one was. Raises BackupRefused."""
    known = set(opened.facts.erased)
    later = [id for id in opened.folder.ids() if id > opened.manifest.id]
    return {record for id in later for record in _erased(opened, id)} - known


def check_blobs(opened: Opened) -> int:
    """Opens and hashes every content; how many. Raises BackupRefused."""
    return sum(1 for key in opened.blob_keys() if opened.blob(key) is not None)


def put_blobs(opened: Opened, blobs: BlobStore) -> int:
    """Puts every content back; how many. One that is there already stays as it is. Raises BackupRefused, OSError."""
    number = 0
    for number, key in enumerate(opened.blob_keys(), 1):  # noqa: B007
        blobs.put(opened.blob(key))
    return number


@contextmanager
def loaded(opened: Opened, url: str) -> Iterator[None]:
    """Puts the store back to that empty place and proves it; it stands under its name only when the block ends well.

    Raises BackupRefused where something is there already, where the set is of another kind of store, and for whatever
    differs from what was backed up.
    """
    kind = make_url(url).get_backend_name()
    if kind != opened.facts.kind:
        raise BackupRefused(f"{opened.manifest.id} is a backup of {opened.facts.kind}; {kind} can't take it")
    if kind == "sqlite":
        with _loaded_file(opened, Path(make_url(url).database or "")):
            yield
    else:
        _load_postgres(opened, url)
        yield


@contextmanager
def _loaded_file(opened: Opened, path: Path) -> Iterator[None]:
    if path.exists():
        raise BackupRefused(f"{path} is there already; a restore overwrites nothing")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for piece in opened.part(STORE):
                file.write(piece)
        _prove(opened, f"sqlite:///{path}")
        yield
    except BaseException:
        for left in (path, *path.parent.glob(f"{path.name}-*")):
            left.unlink(missing_ok=True)
        raise


def _load_postgres(opened: Opened, url: str) -> None:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise BackupRefused("the database has tables already; a restore overwrites nothing")
            server = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
    finally:
        engine.dispose()
    postgres.load(postgres.program("pg_restore", server), url, opened.part(STORE))
    _prove(opened, url)


def _prove(opened: Opened, url: str) -> None:
    engine = make_engine(url)
    try:
        if opened.has_keys:
            _put_keys(opened, engine)
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _refuse_unsound(connection.exec_driver_sql("PRAGMA integrity_check").scalars().all(), ["ok"])
                _refuse_unsound(connection.exec_driver_sql("PRAGMA foreign_key_check").all(), [])
            else:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            revision = connection.scalar(text(f"SELECT version_num FROM {VERSIONS}"))  # noqa: S608
            _refuse_other("revision", opened.facts.revision, revision)
            _refuse_other("number of rows", _expected(opened), counts(connection))
    finally:
        engine.dispose()


def _put_keys(opened: Opened, engine: Engine) -> None:
    with changing(engine) as connection:
        read_rows(KEYS_TABLE, _lines(opened.part(KEYS)), connection)


KEYS_TABLE = "submission_keys"
"""Whose rows go into a part of their own, which is kept for a shorter time."""


def _expected(opened: Opened) -> dict[str, int]:
    told = dict(opened.facts.counts)
    return told if opened.has_keys or KEYS_TABLE not in told else told | {KEYS_TABLE: 0}


def _refuse_unsound(found: Sequence[Any], sound: Sequence[Any]) -> None:
    if list(found) != list(sound):
        raise BackupRefused("the restored database isn't sound: integrity_check or foreign_key_check found something")


def _refuse_other(what: str, told: Any, found: Any) -> None:
    if told != found:
        raise BackupRefused(f"the restored {what} differs: {_difference(told, found)}")


def _difference(told: Any, found: Any) -> str:
    if not isinstance(told, dict):
        return f"{told} was backed up, {found} is there"
    names = [name for name in sorted(told.keys() | found.keys()) if told.get(name) != found.get(name)]
    return ", ".join(f"{name} {told.get(name)}→{found.get(name)}" for name in names[:5])


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting = b""
    for piece in pieces:
        *whole, waiting = (waiting + piece).split(b"\n")
        yield from whole
    if waiting:
        yield waiting


def _compare(manifest: Manifest, sealed: Any) -> None:
    """The sealed twin was written before its own part was known."""
    plain = json.loads(json.dumps(asdict(manifest)))
    plain["parts"].pop(FACTS, None)
    if plain != sealed:
        raise BackupRefused(f"the manifest of {manifest.id} is not the one that was sealed with it")


def _check_parts(opened: Opened) -> None:
    for name, part in opened.manifest.parts.items():
        path = opened.folder.set_path(opened.manifest.id) / name
        if name == KEYS and not path.is_file():
            continue
        try:
            is_same = written(path) == part
        except FileNotFoundError:
            raise BackupRefused(f"the part {name} of {opened.manifest.id} is missing") from None
        if not is_same:
            raise BackupRefused(f"the part {name} of {opened.manifest.id} is damaged: its checksum is another")
    for name in (STORE, BLOBS):
        if name not in opened.manifest.parts:
            raise BackupRefused(f"{opened.manifest.id} has no part {name}")


def _erased(opened: Opened, id: str) -> Sequence[str]:
    later = Opened(opened.folder, opened.folder.manifest(id), opened.facts, opened.private)
    found: Sequence[str] = json.load(io.BytesIO(b"".join(later.part(FACTS))))["erased"]
    return found
