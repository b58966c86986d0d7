"""Parts of the suite that need more than Python: skipped where that is missing, with one line that says how to get it.

`YANLU_TEST_NO_SKIPS=1` makes a run with any skipped test fail. `YANLU_TEST_CHROMIUM` and `YANLU_TEST_SHARED` name
another browser and another background folder.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]
NO_SKIPS = "YANLU_TEST_NO_SKIPS"


def chromium() -> str | None:
    """The browser's executable; None without one."""
    return shutil.which(os.environ.get("YANLU_TEST_CHROMIUM", "/usr/bin/chromium")) or (
        None if "YANLU_TEST_CHROMIUM" in os.environ else shutil.which("chromium")
    )


def shared() -> Path:
    """The background folder, whether it is there or not."""
    return Path(os.environ.get("YANLU_TEST_SHARED", ROOT.parent / "shared"))


def _no_chromium() -> str | None:
    return None if chromium() else "no Chromium: apt-get install chromium fonts-noto-cjk"


def _no_shared() -> str | None:
    return None if shared().is_dir() else "no ../shared: put the background folder beside the project"


MISSING: dict[str, Callable[[], str | None]] = {
    "postgres": postgres.missing,
    "browser": _no_chromium,
    "shared": _no_shared,
}
"""Mark of a part → why it can't run here and how to change that; None where it can."""

NEEDS = {
    "postgres_url": "postgres",
    "postgres_databases": "postgres",
    "chromium_path": "browser",
    "shared_dir": "shared",
}
"""Fixture → mark of the part that a test with it belongs to."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in NEEDS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(NEEDS[fixture])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in MISSING.items():
        if item.get_closest_marker(mark) and (reason := missing()):
            # From this one line for all tests, so that pytest's summary folds a part's skips into one line.
            pytest.skip(f"{mark}: {reason}")


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.getplugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter else 0


def _refused(config: pytest.Config) -> bool:
    return os.environ.get(NO_SKIPS) == "1" and _skipped(config) > 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _refused(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _refused(config):
        terminalreporter.write_line(f"{_skipped(config)} skipped, and {NO_SKIPS} is set: the run fails", red=True)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's executable. What a page is expected to show may take its time on a busy machine."""
    path = chromium()
    assert path
    expect.set_options(timeout=30_000)
    return path


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The background folder beside the project."""
    return shared()
