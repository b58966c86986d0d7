"""Running commands inside the test's process, with a folder of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.main import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Yanlu = Callable[..., Outcome]


@pytest.fixture
def var_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the settings of this test name; it doesn't exist yet."""
    monkeypatch.setenv("YANLU_VAR_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def yanlu(var_dir: Path, capsys: pytest.CaptureFixture[str]) -> Yanlu:
    """Runs one command; what it raises beyond what is expected fails the test."""

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = run(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
