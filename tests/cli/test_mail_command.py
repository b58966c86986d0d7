"""`yanlu mail import`: what became of each mail, told to people and to programs, and nothing twice."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.cli.main import run
from app.submissions.models import Submission
from tests.support.journey import StoppedClock, World
from tests.support.mails import raw

UNCLEAR = raw("建议增加菜品。", "意见", message_id="<2@example.com>")


@pytest.fixture
def files(sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("YANLU_DATABASE_URL", sqlite_world.database.engine.url.render_as_string())
    monkeypatch.setenv("YANLU_ENVIRONMENT", "test")
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setattr("app.cli.mail.SystemClock", StoppedClock)
    box = b"".join(b"From a@example.com Mon May 11 09:00:00 2026\n" + one + b"\n" for one in (raw(), UNCLEAR))
    (tmp_path / "one.eml").write_bytes(raw())
    (tmp_path / "box.mbox").write_bytes(box)
    return [str(tmp_path / "one.eml"), str(tmp_path / "box.mbox")]


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert run(["mail", "import", "--json", *arguments]) == 0
    return [one["state"] for one in json.loads(capsys.readouterr().out)["mails"]]


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_each_mail_is_taken_in_once_and_the_rest_is_told(
    files: list[str], sqlite_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(capsys, "--dry-run", *files) == ["taken", "known", "waiting"]
    assert stored(sqlite_world) == 0
    assert told(capsys, *files) == ["taken", "known", "waiting"]
    assert told(capsys, *files) == ["known", "known", "known"]
    assert stored(sqlite_world) == 1


def test_what_is_no_mail_is_one_line(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1")
    assert run(["mail", "import", str(tmp_path / "a.bin")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
