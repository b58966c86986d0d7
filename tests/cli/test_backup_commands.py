"""A backup that is taken while people write comes back whole, and nothing that isn't whole comes back."""

import json
import shutil
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from app.backups import stream
from app.backups.making import Keeping, prune
from app.backups.sets import Folder
from app.cli.backups import CONTENTS
from app.kit import migrations
from app.kit.blobs import DiskBlobs
from app.kit.database import Database, Model, make_engine
from app.rights import effects
from app.rights.models import ErasedIdentity
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from app.submissions.models import Submission, SubmissionKey
from app.submissions.receipts import Receipt
from tests.cli.conftest import Outcome, Yanlu
from tests.support import postgres
from tests.support.app import serving, words
from tests.support.journey import START, StoppedClock, World, identity, submit

KEYS = stream.new_pair()
SAID = "建议每个街道的助餐点都公开后厨。"
OF_EXPORTS = {("export_pieces", "sha256")}
NO_CONTENT = {
    ("audit_segments", "sha256"),
    ("archives", "sha256"),
    ("bundles", "sha256"),
    ("report_editions", "sha256"),
}
"""SHA-256 of what isn't kept in the place for files."""


@dataclass(frozen=True)
class House:
    """An installation whose settings the commands read, and where its backups go."""

    world: World
    folder: Path
    key: Path
    blobs: DiskBlobs

    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and path.name != ".lock")

    def part(self, name: str, id: str | None = None) -> Path:
        sets = sorted((self.folder / "sets").iterdir())
        return next(path for path in sets if id in (None, path.name)) / name


def _house(world: World, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    for name, value in {
        "ENVIRONMENT": "test",
        "DATABASE_URL": world.database.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": "r" * 32,
        "DATA_KEYS": f"test:{b64encode(b's' * 32).decode()}",
        "INDEX_KEY": "i" * 32,
        "BACKUP_KEY": KEYS.public,
        "BACKUPS": str(var_dir.parent / "backups"),
    }.items():
        monkeypatch.setenv(f"YANLU_{name}", value)
    key = var_dir.parent / "private"
    key.write_text(KEYS.private)
    return House(world, var_dir.parent / "backups", key, DiskBlobs(var_dir / "files"))


@pytest.fixture
def house(world: World, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return _house(world, var_dir, monkeypatch)


@pytest.fixture
def small_house(sqlite_world: World, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return _house(sqlite_world, var_dir, monkeypatch)


@pytest.fixture
def empty_url(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A place of the same kind as the house's in which nothing is."""
    if house.world.database.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'restored.sqlite3'}"
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    yield url
    databases.drop(url)


def attached(house: House, content: bytes = b"%PDF-1.4 invented") -> NewFile:
    return NewFile(
        name="a.pdf",
        kind=FileKind.PDF,
        size=len(content),
        sha256=house.blobs.put(content),
        scan=ScanState.CLEAN,
        taken_at=START,
    )


def verify(yanlu: Yanlu, house: House, *more: str) -> Outcome:
    return yanlu("restore", "--from", str(house.folder), "--key", str(house.key), "--verify", *more)


def backed_up(yanlu: Yanlu, *more: str) -> str:
    done = yanlu("backup", "--json", *more)
    assert done.code == 0, done.err
    made: str = json.loads(done.out)["id"]
    return made


def shows(url: str, receipt: Receipt) -> bool:
    database = Database(url)
    with serving(database, StoppedClock()) as browser:
        sent = {"receipt_number": receipt.number, "access_code": receipt.access_code}
        answer = browser.post("/receipts", data=sent)
        return answer.status_code == 200 and SAID in words(answer.text)


def test_what_was_acknowledged_before_a_backup_under_load_is_served_after_the_restore(
    yanlu: Yanlu, house: House, empty_url: str, request: pytest.FixtureRequest
) -> None:
    file = attached(house)
    before = [submit(house.world, person=1, comment=SAID, files=[file])]
    stop, during = threading.Event(), list[Receipt]()

    def send() -> None:
        while not stop.is_set():
            during.append(submit(house.world, person=100 + len(during), comment=SAID))

    sender = threading.Thread(target=send)
    sender.start()
    try:
        while len(during) < 3:
            stop.wait(0.01)
        before += during
        id = backed_up(yanlu)
        at_the_end = len(during)
    finally:
        stop.set()
        sender.join()
    within: list[str] = []
    if make_url(empty_url).get_backend_name() == "postgresql":
        databases: postgres.Databases = request.getfixturevalue("postgres_databases")
        within = ["--in", databases.maintenance]
    proven = verify(yanlu, house, *within)
    assert proven.code == 0, proven.err
    assert f"verified: {id}" in proven.out
    assert "audit chain: whole" in proven.out
    assert "transparency log: whole" in proven.out
    assert "contents: 1" in proven.out
    house.blobs.delete(file.sha256)
    done = yanlu("restore", "--from", str(house.folder), "--key", str(house.key), "--to", empty_url)
    assert done.code == 0, done.err
    database = Database(empty_url)
    with database.reading() as session:
        found = set(session.scalars(select(Submission.receipt_number)))
    database.close()
    assert {receipt.number for receipt in before} <= found
    assert found <= {receipt.number for receipt in before + during[: at_the_end + 1]}
    assert shows(empty_url, before[0])
    assert house.blobs.has(file.sha256)
    assert migrations.serves(empty_url)


def test_nothing_that_a_person_wrote_can_be_read_in_a_backup(yanlu: Yanlu, small_house: House) -> None:
    who = identity(3)
    submit(small_house.world, person=3, comment=SAID, files=[attached(small_house, SAID.encode())])
    backed_up(yanlu)
    together = b"".join(path.read_bytes() for path in small_house.files())
    for known in (SAID, who.name, who.id_number or "", who.phone, "辽宁省民政厅"):
        assert known.encode() not in together
    assert [
        path.name for path in Path(small_house.world.database.engine.url.database or "").parent.glob(".yanlu*")
    ] == []


def test_a_content_that_a_set_has_already_isnt_copied_again(yanlu: Yanlu, small_house: House) -> None:
    submit(small_house.world, person=1, files=[attached(small_house)])
    backed_up(yanlu)
    submit(small_house.world, person=2, files=[attached(small_house), attached(small_house, b"%PDF another")])
    told = json.loads(yanlu("backup", "--json").out)
    assert (told["blobs"], told["new_blobs"]) == (2, 1)
    assert verify(yanlu, small_house).code == 0


@pytest.mark.parametrize("name", ["store", "keys", "facts", "blobs.txt", "manifest.json"])
def test_a_flipped_byte_or_a_cut_tail_in_any_part_is_refused(yanlu: Yanlu, small_house: House, name: str) -> None:
    submit(small_house.world, person=1, files=[attached(small_house)])
    id = backed_up(yanlu)
    path = small_house.part(name, id)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for damaged in (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], whole[:-1]):
        path.write_bytes(damaged)
        refused = verify(yanlu, small_house)
        assert (refused.code, refused.out) == (1, ""), name
        assert refused.err.startswith("yanlu: ")
        assert refused.err.count("\n") == 1
    path.write_bytes(whole)
    assert verify(yanlu, small_house).code == 0


def test_a_damaged_or_missing_content_is_refused_and_named(yanlu: Yanlu, small_house: House) -> None:
    file = attached(small_house)
    submit(small_house.world, person=1, files=[file])
    backed_up(yanlu)
    (path,) = (small_house.folder / "blobs").rglob(file.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert f"the content {file.sha256} is damaged" in verify(yanlu, small_house).err
    path.unlink()
    assert f"the content {file.sha256} is missing" in verify(yanlu, small_house).err


def test_parts_of_two_backups_cant_be_exchanged(yanlu: Yanlu, small_house: House) -> None:
    """Not even by somebody who writes the checksums of the exchanged part into the manifest."""
    first, second = backed_up(yanlu), backed_up(yanlu)
    shutil.copy(small_house.part("store", first), small_house.part("store", second))
    assert "the part store" in verify(yanlu, small_house).err
    manifest = small_house.part("manifest.json", second)
    said = json.loads(manifest.read_text())
    said["parts"]["store"] = json.loads(small_house.part("manifest.json", first).read_text())["parts"]["store"]
    manifest.write_text(json.dumps(said))
    assert "is not the one that was sealed with it" in verify(yanlu, small_house).err
    assert verify(yanlu, small_house, "--set", first).code == 0


def test_another_key_is_told_as_such(yanlu: Yanlu, small_house: House, tmp_path: Path) -> None:
    backed_up(yanlu)
    made = yanlu("backup-key", "--to", str(tmp_path / "other"))
    assert (tmp_path / "other").stat().st_mode & 0o077 == 0
    assert stream.public_of(stream.read_key((tmp_path / "other").read_text())) == stream.read_key(made.out)
    refused = yanlu("restore", "--from", str(small_house.folder), "--key", str(tmp_path / "other"), "--verify")
    assert (refused.code, refused.out) == (1, "")
    assert "was sealed for the key" in refused.err


def test_a_restore_overwrites_nothing(yanlu: Yanlu, house: House) -> None:
    backed_up(yanlu)
    url = house.world.database.engine.url.render_as_string(hide_password=False)
    refused = yanlu("restore", "--from", str(house.folder), "--key", str(house.key), "--to", url)
    assert (refused.code, refused.out) == (1, "")
    assert "overwrites nothing" in refused.err
    assert house.world.database.ready()


def test_a_failed_backup_leaves_no_set(yanlu: Yanlu, small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(DiskBlobs, "get", broken)
        submit(small_house.world, person=1, files=[attached(small_house)])
        failed = yanlu("backup")
    assert (failed.code, failed.out, failed.err) == (1, "", "yanlu: No space left on device\n")
    assert list((small_house.folder / "sets").iterdir()) == []


def test_who_was_erased_after_a_backup_isnt_revived_by_it(yanlu: Yanlu, small_house: House, tmp_path: Path) -> None:
    receipt = submit(small_house.world, person=1, comment=SAID)
    old = backed_up(yanlu)
    with small_house.world.database.writing() as session:
        submission = session.scalars(select(Submission).where(Submission.receipt_number == receipt.number)).one()
        effects.erase(session, START, small_house.world.vault, submission)
    backed_up(yanlu)
    url = f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    done = yanlu(
        *("restore", "--from", str(small_house.folder), "--key", str(small_house.key), "--set", old, "--to", url)
    )
    assert done.code == 0, done.err
    assert "erased again: 1" in done.out
    database = Database(url)
    with database.reading() as session:
        assert session.scalars(select(ErasedIdentity.submission_id)).all() == [submission.id]
    database.close()


def test_old_backups_go_by_number_and_with_them_what_only_they_referred_to(yanlu: Yanlu, small_house: House) -> None:
    submit(small_house.world, person=1, files=[attached(small_house)])
    first = backed_up(yanlu)
    with small_house.world.database.writing() as session:
        session.execute(text("DELETE FROM submission_files"))
    told = json.loads(yanlu("backup", "--json", "--keep", "1").out)
    assert told["removed"] == [first]
    assert list((small_house.folder / "blobs").rglob(attached(small_house).sha256)) == []
    assert verify(yanlu, small_house).code == 0


def test_data_keys_leave_older_backups_after_their_time_and_those_come_back_without_names(
    yanlu: Yanlu, small_house: House, tmp_path: Path
) -> None:
    submit(small_house.world, person=1, comment=SAID)
    old, new = backed_up(yanlu), backed_up(yanlu)
    folder = Folder(small_house.folder)
    assert prune(folder, Keeping(keys_days=30), folder.manifest(new).at + timedelta(days=29)) == []
    assert small_house.part("keys", old).exists()
    assert prune(folder, Keeping(keys_days=30), folder.manifest(new).at + timedelta(days=31)) == []
    assert (small_house.part("keys", old).exists(), small_house.part("keys", new).exists()) == (False, True)
    for id, keys in ((old, 0), (new, 1)):
        url = f"sqlite:///{tmp_path / id}.sqlite3"
        command = (
            "restore",
            "--from",
            str(small_house.folder),
            "--key",
            str(small_house.key),
            "--set",
            id,
            "--to",
            url,
        )
        assert yanlu(*command).code == 0
        database = Database(url)
        with database.reading() as session:
            assert len(session.scalars(select(SubmissionKey)).all()) == keys
        database.close()


def test_data_keys_stand_in_no_other_part(yanlu: Yanlu, small_house: House) -> None:
    submit(small_house.world, person=1, comment=SAID)
    id = backed_up(yanlu)
    with small_house.world.database.reading() as session:
        (wrapped,) = session.scalars(select(SubmissionKey.wrapped))
    private = stream.read_key(KEYS.private)
    with small_house.part("store", id).open("rb") as file:
        assert wrapped not in b"".join(stream.opened(file, private, f"{id}|store"))


def test_every_column_that_may_name_a_content_is_known() -> None:
    """Whoever adds one decides here whether a backup has to hold what it names."""
    named = {
        (table.name, column.name)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name.endswith(("sha256", "blob_key"))
    }
    assert named == {*CONTENTS, *OF_EXPORTS, *NO_CONTENT}
