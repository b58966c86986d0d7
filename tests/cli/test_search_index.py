"""`yanlu search rebuild`: afterwards everything is found, once."""

from pathlib import Path

import pytest

from app.cli import search
from app.cli.main import run
from app.submissions import searching
from app.submissions.searching import Within
from tests.support import journey
from tests.support.journey import World


def test_everything_is_found_once_after_a_rebuild(
    sqlite_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for person in range(3):
        journey.submit(sqlite_world, person=person, comment=f"第{person}条路灯意见")
    monkeypatch.setattr(search, "BATCH", 2)
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path))
    url = sqlite_world.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("YANLU_DATABASE_URL", url)
    assert (run(["search", "rebuild"]), run(["search", "rebuild"])) == (0, 0)
    assert "3 submissions can be found" in capsys.readouterr().out
    with sqlite_world.database.reading() as session:
        assert len(searching.find(session, "路灯", Within(), None, 10).hits) == 3
