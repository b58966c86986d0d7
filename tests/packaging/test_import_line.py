"""The import line is held by import-linter: a planted mistake breaks the contract that it offends."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.parts import ROOT

MISTAKES = {
    ("kit", "app.submissions"): "app.kit is not allowed to import app.submissions",
    ("departments", "app.documents"): "app.departments is not allowed to import app.documents",
    ("screening", "app.assignments"): "app.screening is not allowed to import app.assignments",
    ("submissions", "app.web"): "app.submissions is not allowed to import app.web",
    ("dispositions", "app.tables"): "app.dispositions is not allowed to import app.tables",
    ("web", "app.api"): "app.web is not allowed to import app.api",
    ("api", "app.web"): "app.api is not allowed to import app.web",
    ("cli", "app.worker"): "app.cli is not allowed to import app.worker",
    ("worker", "app.main"): "app.worker is not allowed to import app.main",
    ("documents", "app.accounts"): "app.documents is not allowed to import app.accounts",
    ("jobs", "app.audit"): "app.jobs is not allowed to import app.audit",
    ("screening", "app.config"): "app.screening.planted_app_config -> app.config",
    ("submissions", "starlette.requests"): "app.submissions.planted_starlette_requests -> starlette",
    ("screening", "fastapi"): "app.screening.planted_fastapi -> fastapi",
    ("web", "typer"): "app.web.planted_typer -> typer",
    ("kit", "rich.table"): "app.kit.planted_rich_table -> rich",
}
"""(package, what a module in it imports) → how the linter says so."""


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([lint, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy of the package with all the mistakes in it."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "app/planted").mkdir()
    (folder / "app/planted/__init__.py").touch()
    for package, imported in MISTAKES:
        planted = folder / "app" / package / f"planted_{imported.replace('.', '_')}.py"
        planted.write_text(f"import {imported}\n")
    done = _lint(folder)
    assert done.returncode == 1
    return done.stdout


def test_the_line_is_kept() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(("package", "imported"), MISTAKES)
def test_a_mistake_is_seen(told: str, package: str, imported: str) -> None:
    assert MISTAKES[package, imported] in told


def test_a_package_without_a_place_in_the_line_is_seen(told: str) -> None:
    assert "The following modules are not listed as layers:\n\n- app.planted" in told
