"""The commands themselves, ended by SIGKILL: what they had stored stays, and the same command goes on from there."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from sqlalchemy import select

from app.bundles.exporting import export
from app.bundles.house import House
from app.bundles.importing import AT_ONCE
from app.submissions.models import Submission
from tests.support.bundling import OUTSIDE, Sides
from tests.support.journey import START, submit

NUMBER = 2 * AT_ONCE + 30
AT_RECORD = 2 * AT_ONCE + 7
KILLED = f"""
import os, signal
from app.bundles import importing
from app.cli.main import run

apply, done = importing.apply, iter(range({NUMBER}))

def killed(*given):
    if next(done) == {AT_RECORD}:
        os.kill(os.getpid(), signal.SIGKILL)
    apply(*given)

importing.apply = killed
run()
"""


@pytest.fixture
def inner(sides: Sides, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sides:
    """The settings are those of the inner side, and its keys those of `tests.support.bundling`."""
    for name, value in {
        "ENVIRONMENT": "test",
        "NETWORK": "inner",
        "BUNDLE_PEER": OUTSIDE.public.text,
        "DATABASE_URL": sides.inner.database.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": "i" * 32,
        "DATA_KEYS": f"test:{b64encode(b's' * 32).decode()}",
        "INDEX_KEY": "i" * 32,
        "VAR_DIR": str(tmp_path / "var"),
    }.items():
        monkeypatch.setenv(f"YANLU_{name}", value)
    return sides


def numbers(house: House) -> list[str]:
    with house.database.reading() as session:
        return sorted(session.scalars(select(Submission.receipt_number)))


def command(*program: str, path: Path) -> "subprocess.CompletedProcess[str]":
    arguments = [sys.executable, *program, "bundle", "import", str(path)]
    return subprocess.run(arguments, env=dict(os.environ), capture_output=True, text=True, timeout=120, check=False)


def test_an_import_ended_by_sigkill_goes_on_where_its_last_transaction_ended(inner: Sides) -> None:
    inner.goes_out()
    outside = inner.outside
    for person in range(NUMBER):
        submit(outside, person=person, comment=f"第{person}条建议，周末开放。")
    [path] = export(inner.outer, inner.between, START)
    ended = command("-c", KILLED, path=path)
    assert ended.returncode == -9, ended.stderr
    assert len(numbers(inner.inner)) == 2 * AT_ONCE
    again = command("-m", "app.cli", path=path)
    assert (again.returncode, f"gone on from {2 * AT_ONCE}" in again.stdout) == (0, True), again.stderr
    assert numbers(inner.inner) == numbers(inner.outer)
    assert len(numbers(inner.inner)) == NUMBER
