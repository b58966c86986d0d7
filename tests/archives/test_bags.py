"""A package is what RFC 8493 says, any program can check it, and nothing that differs passes."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.archives.bags import BadBag, Checked, Part, check, pieces
from tests.support.journey import START

INFO = {"Source-Organization": "省民政厅", "External-Description": "公开\n征求意见"}
PARTS = {"a.csv": b"1,2\n", "tables/b.jsonl": b"{}\n" * 1000, "files/empty": b""}


def packed(parts: dict[str, bytes] = PARTS) -> bytes:
    return b"".join(pieces("DC1", [Part(name, [data]) for name, data in parts.items()], INFO, START))


def checked(data: bytes) -> Checked:
    return check(io.BytesIO(data))


def test_what_was_packed_is_whole() -> None:
    found = checked(packed())
    assert (found.parts, found.size) == (3, sum(map(len, PARTS.values())))
    assert found.info["Source-Organization"] == "省民政厅"
    assert found.info["External-Description"] == "公开 征求意见"


def test_a_strangers_programs_check_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed())) as archive:
        archive.extractall(tmp_path)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run(
            ["sha256sum", "--check", "--strict", manifest], cwd=tmp_path / "DC1", check=True, capture_output=True
        )


@settings(max_examples=60)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_an_altered_byte_never_changes_what_is_read(place: int, change: int) -> None:
    """In the ZIP's own fields, such as times, it may pass; no part and no tag can be another one."""
    data = bytearray(packed())
    data[place % len(data)] ^= change
    try:
        found = checked(bytes(data))
    except (BadBag, OSError):
        return
    assert found == checked(packed())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("DC1/data/a.csv", b"1,3\n"),
        ("DC1/bag-info.txt", b"Payload-Oxum: 1.1\n"),
        ("DC1/manifest-sha256.txt", b""),
        ("DC1/bagit.txt", b"BagIt-Version: 0.97\n"),
        ("DC1/data/more", b"x"),
        ("elsewhere", b"x"),
    ],
)
def test_a_part_that_was_altered_or_added_is_refused(name: str, content: bytes) -> None:
    parts = {name: content}
    with pytest.raises(BadBag):
        checked(_rebuilt(parts))


@pytest.mark.parametrize("name", ["DC1/data/a.csv", "DC1/bagit.txt", "DC1/tagmanifest-sha256.txt"])
def test_a_part_that_is_missing_is_refused(name: str) -> None:
    with pytest.raises(BadBag):
        checked(_rebuilt({}, without=name))


def test_what_is_no_package_is_refused() -> None:
    for data in (b"", b"PK", packed()[:-30]):
        with pytest.raises(BadBag):
            checked(data)


def _rebuilt(changed: dict[str, bytes], without: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed())) as old, zipfile.ZipFile(made, "w") as new:
        for name in {*old.namelist(), *changed} - {without}:
            new.writestr(name, changed.get(name) or (b"" if name in changed else old.read(name)))
    return made.getvalue()
