"""One suite for every place in which contents are kept."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore, MemoryStore

from app.kit.blobs import BlobStore, DamagedBlob, DiskBlobs, NoSuchBlob, key_of
from app.kit.object_blobs import NoSuchPlace, ObjectBlobs, blobs_at

PLACES: dict[str, Callable[[Path], BlobStore]] = {
    "disk": DiskBlobs,
    "memory": lambda folder: ObjectBlobs(MemoryStore()),
    "memory below a prefix": lambda folder: ObjectBlobs(MemoryStore(), "/comments/files/"),
    "local objects": lambda folder: ObjectBlobs(LocalStore(folder), "files"),
}
TOMORROW = datetime.now(UTC) + timedelta(days=1)
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture(params=PLACES)
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    return PLACES[request.param](tmp_path)


def test_what_was_put_is_there_under_its_hash(blobs: BlobStore) -> None:
    key = blobs.put(b"content")
    assert key == key_of(b"content")
    assert blobs.has(key)
    assert blobs.get(key) == b"content"
    assert blobs.put(b"content") == key
    assert list(blobs.put_before(TOMORROW)) == [key]


def test_what_was_never_put_is_not_there(blobs: BlobStore) -> None:
    key = key_of(b"never put")
    assert not blobs.has(key)
    assert list(blobs.put_before(TOMORROW)) == []
    with pytest.raises(NoSuchBlob):
        blobs.get(key)
    blobs.delete(key)


def test_what_was_deleted_is_gone_and_nothing_else(blobs: BlobStore) -> None:
    first, second = blobs.put(b"first"), blobs.put(b"second")
    blobs.delete(first)
    assert not blobs.has(first)
    assert blobs.get(second) == b"second"
    assert list(blobs.put_before(TOMORROW)) == [second]


def test_only_old_contents_are_told(blobs: BlobStore) -> None:
    blobs.put(b"content")
    assert list(blobs.put_before(YESTERDAY)) == []


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 65, "a" * 63 + "/"])
def test_a_key_is_a_hash_and_never_a_path(blobs: BlobStore, key: str) -> None:
    with pytest.raises(NoSuchBlob):
        blobs.get(key)
    with pytest.raises(NoSuchBlob):
        blobs.delete(key)


def test_a_content_that_was_altered_is_told_from_one_that_was_not(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    key = blobs.put(b"content")
    (tmp_path / key[:2] / key[2:]).write_bytes(b"another")
    with pytest.raises(DamagedBlob):
        blobs.get(key)


def test_putting_again_makes_a_content_young(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    key = blobs.put(b"content")
    long_ago = (YESTERDAY - timedelta(days=1)).timestamp()
    os.utime(tmp_path / key[:2] / key[2:], (long_ago, long_ago))
    assert list(blobs.put_before(YESTERDAY)) == [key]
    blobs.put(b"content")
    assert list(blobs.put_before(YESTERDAY)) == []


def test_halves_that_a_crash_left_are_removed_when_they_are_old(tmp_path: Path) -> None:
    blobs = DiskBlobs(tmp_path)
    key = blobs.put(b"content")
    half = tmp_path / key[:2] / ".half"
    half.write_bytes(b"con")
    assert list(blobs.put_before(YESTERDAY)) == []
    assert half.exists()
    assert list(blobs.put_before(TOMORROW)) == [key]
    assert not half.exists()


def test_files_are_the_service_s_own(tmp_path: Path) -> None:
    key = DiskBlobs(tmp_path / "files").put(b"content")
    path = tmp_path / "files" / key[:2] / key[2:]
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_addresses_name_places(tmp_path: Path) -> None:
    key = blobs_at("", tmp_path / "own", {}).put(b"content")
    assert (tmp_path / "own" / key[:2] / key[2:]).exists()
    blobs_at(f"file://{tmp_path}/a%20b", tmp_path, {}).put(b"content")
    assert (tmp_path / "a b" / key[:2] / key[2:]).exists()
    assert isinstance(blobs_at("s3://bucket/files", tmp_path, {"region": "cn-north-1"}), ObjectBlobs)


@pytest.mark.parametrize("address", ["ftp://host/x", "s3://", "file:relative", "file://host/x", "/folder", "gs://b"])
def test_other_addresses_are_refused_in_one_line(address: str, tmp_path: Path) -> None:
    with pytest.raises(NoSuchPlace, match=r"^YANLU_FILES_URL[^\n]*$"):
        blobs_at(address, tmp_path, {})


def test_s3_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "obstore.store", None)
    with pytest.raises(NoSuchPlace, match=r"yanlu\[s3\]"):
        blobs_at("s3://bucket", tmp_path, {})


def test_an_object_store_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    access = {"endpoint": f"http://127.0.0.1:{port}", "region": "x", "access_key_id": "a", "secret_access_key": "b"}
    blobs = blobs_at("s3://bucket", tmp_path, access)
    for ask in (lambda: blobs.put(b"x"), lambda: blobs.get("a" * 64), lambda: list(blobs.put_before(TOMORROW))):
        with pytest.raises(OSError, match="GenericError"):
            ask()
