"""A crash of any command leaves nothing of its memory, and nobody of the same account reads it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PR_GET_DUMPABLE = 3
COMMAND = "from app.cli.main import run; run(['serve', '--help'])"
SERVING = "from app.main import create; create()"
TOLD = "import ctypes, resource; print(resource.getrlimit(resource.RLIMIT_CORE), "
TOLD += f"ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}, 0, 0, 0, 0))"
ALLOWED = "import resource; most = resource.getrlimit(resource.RLIMIT_CORE)[1]; "
ALLOWED += "resource.setrlimit(resource.RLIMIT_CORE, (most, most))"


def last_line(*statements: str, **variables: str) -> str:
    said = subprocess.run(
        [sys.executable, "-c", "; ".join(statements)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **variables},
    )
    return said.stdout.splitlines()[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
@pytest.mark.parametrize("start", [COMMAND, SERVING])
def test_every_command_and_every_server_gives_up_cores_for_good(start: str, tmp_path: Path) -> None:
    variables = {
        "YANLU_ENVIRONMENT": "demonstration",
        "YANLU_VAR_DIR": str(tmp_path),
        "YANLU_DATABASE_URL": f"sqlite:///{tmp_path / 'store.sqlite3'}",
    }
    assert last_line(ALLOWED, TOLD, **variables).endswith(" 1")
    assert last_line(ALLOWED, start, TOLD, **variables) == "(0, 0) 0"
