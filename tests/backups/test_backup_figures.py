"""Who watches `/metrics` sees how old the last good backup is, and that there is none."""

from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from app.backups.sets import MANIFEST, Manifest, newest_backup
from tests.support.app import serving
from tests.support.journey import StoppedClock
from tests.support.worlds import World

MADE = ("2026-05-01T02:00:00+00:00", "2026-05-02T02:00:00+00:00")


def keep(folder: Path, number: int) -> None:
    place = folder / "sets" / f"2026050{number}"
    place.mkdir(parents=True)
    (place / MANIFEST).write_text(Manifest(place.name, MADE[number], "1", "r", {}).to_json(), encoding="utf-8")


def test_the_newest_whole_set_counts(tmp_path: Path) -> None:
    assert newest_backup(None) is None
    assert newest_backup(tmp_path / "not there") is None
    keep(tmp_path, 1)
    keep(tmp_path, 0)
    assert newest_backup(tmp_path) == datetime(2026, 5, 2, 2, tzinfo=UTC)
    (tmp_path / "sets" / "20260502").mkdir()
    assert newest_backup(tmp_path) == datetime(2026, 5, 2, 2, tzinfo=UTC), "one without a manifest is none"


def test_a_damaged_newest_set_is_not_told_as_a_backup(tmp_path: Path) -> None:
    keep(tmp_path, 0)
    keep(tmp_path, 1)
    (tmp_path / "sets" / "20260501" / MANIFEST).write_text("{", encoding="utf-8")
    assert newest_backup(tmp_path) is None


def test_the_figures_tell_it(world: World, tmp_path: Path) -> None:
    with serving(world.database, StoppedClock(), metrics_networks=["127.0.0.0/8"], backups=tmp_path) as client:
        pass
    with TestClient(client.app, client=("127.0.0.1", 1)) as inside:
        assert "yanlu_backup_timestamp_seconds 0.0" in inside.get("/metrics").text
        keep(tmp_path, 1)
        said = dict(line.split(" ", 1) for line in inside.get("/metrics").text.splitlines() if line[0] != "#")
    assert float(said["yanlu_backup_timestamp_seconds"]) == datetime(2026, 5, 2, 2, tzinfo=UTC).timestamp()
    assert float(said["yanlu_archive_timestamp_seconds"]) == 0
