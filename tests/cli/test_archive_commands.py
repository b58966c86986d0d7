"""`yanlu archive`: from the order to the package that an archivist checks without a database."""

import json
import struct
import subprocess
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

from app.backups import stream
from app.records.models import Conclusion
from app.records.stages import ConclusionKind
from app.worker import exporting
from tests.cli.conftest import Yanlu
from tests.support.exporting import clerk
from tests.support.journey import SLUG, START, RunningClock, World, submit


@pytest.fixture
def house(sqlite_world: World, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in {
        "ENVIRONMENT": "test",
        "DATABASE_URL": str(sqlite_world.database.engine.url),
        "SECRET_KEY": "r" * 32,
        "DATA_KEYS": f"test:{b64encode(b's' * 32).decode()}",
        "INDEX_KEY": "i" * 32,
    }.items():
        monkeypatch.setenv(f"YANLU_{name}", value)
    return sqlite_world


def alter_a_part(package: Path) -> None:
    """One bit of the largest part's content: a ZIP's own headers hold dates and the like that say nothing of it."""
    with zipfile.ZipFile(package) as file:
        part = max(file.infolist(), key=lambda one: one.compress_size)
    data = bytearray(package.read_bytes())
    lengths = struct.unpack_from("<HH", data, part.header_offset + 26)
    data[part.header_offset + 30 + sum(lengths) + part.compress_size // 2] ^= 1
    package.write_bytes(data)


def test_an_archivist_gets_a_package_that_checks_and_an_altered_one_doesnt(
    yanlu: Yanlu, house: World, var_dir: Path, tmp_path: Path
) -> None:
    submit(house, person=1)
    order = ("archive", "make", SLUG, "--file-number", "WS·2026-30-001", "--retention", "thirty_years")
    assert yanlu(*order).err == "yanlu: only a concluded consultation goes to the archive\n"
    with house.database.writing() as session:
        session.add(
            Conclusion(
                consultation_id=house.consultation.id,
                kind=ConclusionKind.COMPLETED,
                note="",
                concluded_by="tests",
                concluded_at=START,
            )
        )
    number = yanlu(*order).out.strip()
    assert exporting.write_once(house.database, RunningClock(), clerk(house, var_dir))
    package = tmp_path / "package.zip"
    saved = yanlu("archive", "save", number, "--to", str(package))
    assert saved.code == 0, saved.err
    told = json.loads(yanlu("archive", "verify", str(package), "--json").out)
    assert (told["whole"], told["Retention-Period"]) == (True, "30年")
    summed = subprocess.run(["sha256sum", package], capture_output=True, text=True, check=True).stdout.split()[0]
    assert saved.out.split()[0] == told["sha256"] == summed
    alter_a_part(package)
    refused = yanlu("archive", "verify", str(package))
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.count("\n") == 1


def test_contacts_open_with_the_archives_key_and_their_own_number_alone(yanlu: Yanlu, tmp_path: Path) -> None:
    pair = stream.new_pair()
    (tmp_path / "key").write_text(pair.private)
    sealed = b"".join(stream.pieces([b"a,b\n"], stream.read_key(pair.public), "archive|DC1"))
    (tmp_path / "contacts.sealed").write_bytes(sealed)
    command = ("archive", "contacts", str(tmp_path / "contacts.sealed"), "--key", str(tmp_path / "key"))
    assert yanlu(*command, "--number", "DC2", "--to", str(tmp_path / "other.csv")).code == 1
    assert not (tmp_path / "other.csv").exists()
    assert yanlu(*command, "--number", "DC1", "--to", str(tmp_path / "a.csv")).code == 0
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\n"
