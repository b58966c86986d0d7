"""The import line is held by import-linter: a planted mistake breaks the contract that it offends."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.parts import ROOT

LINT = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_line_is_kept(copy: Path) -> None:
    done = _lint(copy)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("kit/planted.py", "import app.submissions", "app.kit is not allowed to import app.submissions"),
        ("departments/planted.py", "import app.documents", "app.departments is not allowed to import app.documents"),
        ("screening/planted.py", "import app.assignments", "app.screening is not allowed to import app.assignments"),
        ("submissions/planted.py", "import app.web", "app.submissions is not allowed to import app.web"),
        ("web/planted.py", "import app.api", "app.web is not allowed to import app.api"),
        ("api/planted.py", "import app.web", "app.api is not allowed to import app.web"),
        ("documents/planted.py", "import app.accounts", "app.documents is not allowed to import app.accounts"),
        ("jobs/planted.py", "import app.audit", "app.jobs is not allowed to import app.audit"),
        ("planted/__init__.py", "", "The following modules are not listed as layers:\n\n- app.planted"),
        ("screening/planted.py", "import app.config", "Illegal imports of protected package app.config"),
        ("submissions/planted.py", "import starlette.requests", "Illegal imports of protected package starlette"),
        ("screening/planted.py", "import fastapi", "Illegal imports of protected package fastapi"),
        ("web/planted.py", "import typer", "Illegal imports of protected package typer"),
        ("kit/planted.py", "from rich import print", "Illegal imports of protected package rich"),
    ],
)
def test_a_mistake_breaks_it(copy: Path, module: str, line: str, broken: str) -> None:
    planted = copy / "app" / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{line}\n")
    done = _lint(copy)
    assert done.returncode == 1
    assert broken in done.stdout
