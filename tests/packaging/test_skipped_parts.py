"""A machine that lacks a part still runs the rest, hears in one line how to get the part, and CI accepts no gap."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import parts, postgres
from tests.support.parts import ROOT

CASES = """
import pytest

@pytest.mark.parametrize("number", range(5))
@pytest.mark.postgres
def test_store(number): pass

def test_browser(chromium_path): pass

def test_real_page(shared_dir): pass

def test_anywhere(): pass
"""
MARKS = ["-o", "markers=postgres: x\nbrowser: x\nshared: x"]
LACKING = {"YANLU_TEST_POSTGRES_BIN": "/nowhere", "YANLU_TEST_CHROMIUM": "/nowhere", "YANLU_TEST_SHARED": "/nowhere"}


def _run(folder: Path, workers: str = "0", **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_cases.py").write_text(CASES)
    (folder / "pytest.ini").write_text("[pytest]\n")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("YANLU_", "PYTEST_"))}
    call = [sys.executable, "-m", "pytest", "-ra", "-n", workers, "-p", "tests.support.parts", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*call, *MARKS, "--rootdir", folder, folder],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | env,
        capture_output=True,
        text=True,
        check=False,
    )


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1]


def test_what_is_lacking_is_skipped_in_one_line_for_each_part(tmp_path: Path) -> None:
    done = _run(tmp_path, **LACKING)
    told = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    assert done.returncode == 0
    assert len(told) == 3
    assert any("[5]" in line and "apt-get install postgresql" in line for line in told)
    assert any("[1]" in line and "apt-get install chromium" in line for line in told)
    assert any("[1]" in line and "../shared" in line for line in told)
    assert "1 passed, 7 skipped" in _last_line(done)


def test_where_nothing_may_be_skipped_the_run_fails(tmp_path: Path) -> None:
    done = _run(tmp_path, workers="2", YANLU_TEST_NO_SKIPS="1", **LACKING)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "7 skipped, and YANLU_TEST_NO_SKIPS is set" in done.stdout
    assert "1 passed, 7 skipped" in _last_line(done)


def test_where_nothing_is_lacking_nothing_may_be_skipped(tmp_path: Path) -> None:
    there = {
        "YANLU_TEST_CHROMIUM": sys.executable,
        "YANLU_TEST_SHARED": str(tmp_path),
        "YANLU_TEST_POSTGRES_URL": "postgresql://anywhere/postgres",
    }
    done = _run(tmp_path, YANLU_TEST_NO_SKIPS="1", **there)
    assert done.returncode == 0
    assert "8 passed" in _last_line(done)


def test_another_users_server_is_reached_by_the_driver_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANLU_TEST_POSTGRES_URL", "postgresql://user:secret@127.0.0.1:5433/postgres")
    url = postgres.given()
    assert url is not None
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://user:secret@127.0.0.1:5433/postgres"


def test_every_part_says_what_would_bring_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LACKING.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("YANLU_TEST_POSTGRES_URL", raising=False)
    reasons = [missing() for missing in parts.MISSING.values()]
    assert all(reason and "\n" not in reason for reason in reasons)


def test_the_developers_own_settings_are_out_of_reach() -> None:
    code = (
        "import tests.conftest as c, os; c.pytest_configure(None); print(sorted(n for n in os.environ if 'YANLU' in n))"
    )
    env = os.environ | {"YANLU_DATABASE_URL": "postgresql+psycopg://live/live", "YANLU_TEST_SHARED": "/kept"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert "YANLU_DATABASE_URL" not in done.stdout
    assert "YANLU_TEST_SHARED" in done.stdout
