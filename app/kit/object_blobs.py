"""Contents in an object store that speaks S3, through obstore (the extra `s3`); and which place an address names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

from app.kit.blobs import KEY, BlobStore, DiskBlobs, NoSuchBlob, checked, key_of

if TYPE_CHECKING:
    from obstore.store import ObjectStore, S3Config

RETRIES = 2
RETRYING = timedelta(seconds=30)
CONNECTING, ASKING = timedelta(seconds=5), timedelta(seconds=60)


class NoSuchPlace(Exception):
    """The address names no place for contents; the message is one line that says what to change."""


class ObjectBlobs:
    """Below a prefix of one bucket, `ab/cdef…` as on a disk. An object that has been put is durable and whole."""

    def __init__(self, store: "ObjectStore", prefix: str = "") -> None:
        import obstore
        import obstore.exceptions

        self._obstore = obstore
        self._store = store
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def put(self, content: bytes) -> str:
        key = key_of(content)
        with self._reached():
            self._obstore.put(self._store, self._path(key), content)
        return key

    def get(self, key: str) -> bytes:
        path = self._path(key)
        try:
            with self._reached():
                return checked(key, bytes(self._obstore.get(self._store, path).bytes()))
        except FileNotFoundError as error:
            raise NoSuchBlob(key) from error

    def has(self, key: str) -> bool:
        path = self._path(key)
        try:
            with self._reached():
                self._obstore.head(self._store, path)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        path = self._path(key)
        with suppress(FileNotFoundError), self._reached():
            self._obstore.delete(self._store, path)

    def put_before(self, instant: datetime) -> Iterator[str]:
        with self._reached():
            for batch in self._obstore.list(self._store, prefix=self._prefix or None):
                yield from self._old_keys(batch, instant)

    def _old_keys(self, batch: Sequence[Mapping[str, Any]], instant: datetime) -> Iterator[str]:
        for found in batch:
            key = found["path"].removeprefix(self._prefix).replace("/", "")
            if found["last_modified"] < instant and KEY.fullmatch(key):
                yield key

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Whatever the object store answers besides what was asked is a place that can't be reached."""
        try:
            yield
        except self._obstore.exceptions.BaseError as error:
            raise OSError(type(error).__name__) from error

    def _path(self, key: str) -> str:
        if not KEY.fullmatch(key):
            raise NoSuchBlob(key)
        return f"{self._prefix}{key[:2]}/{key[2:]}"


def blobs_at(address: str, folder: Path, access: Mapping[str, str]) -> BlobStore:
    """The place of `file:///…` or `s3://bucket/prefix`; `folder` where the address is empty.

    `access` holds what S3 asks for under obstore's own names (`endpoint`, `region`, `access_key_id`,
    `secret_access_key`); nothing else of the surroundings is used. Raises NoSuchPlace for another address, and for
    s3:// where the extra isn't installed.
    """
    parts = urlsplit(address)
    if not address:
        return DiskBlobs(folder)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return DiskBlobs(Path(unquote(parts.path)))
    if parts.scheme != "s3" or not parts.netloc:
        raise NoSuchPlace("YANLU_FILES_URL must be like file:///folder or s3://bucket/prefix")
    return _in_bucket(parts.netloc, parts.path, access)


def _in_bucket(bucket: str, prefix: str, access: Mapping[str, str]) -> ObjectBlobs:
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise NoSuchPlace("YANLU_FILES_URL=s3://… needs the extra s3: install yanlu[s3]") from error
    said = {name: value for name, value in access.items() if value}
    plain = said.get("endpoint", "").startswith("http://")
    store = S3Store(
        bucket,
        config=cast("S3Config", said | {"virtual_hosted_style_request": False}),
        client_options={"connect_timeout": CONNECTING, "timeout": ASKING, "allow_http": plain},
        retry_config={"max_retries": RETRIES, "retry_timeout": RETRYING},
    )
    return ObjectBlobs(store, prefix)
