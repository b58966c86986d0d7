"""A crash of any command leaves no file of its memory."""

import subprocess
import sys

COMMAND = "from app.cli.main import run; run(['serve', '--help'])"
TOLD = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
ALLOWED = "import resource; most = resource.getrlimit(resource.RLIMIT_CORE)[1]; "
ALLOWED += "resource.setrlimit(resource.RLIMIT_CORE, (most, most))"


def test_every_command_gives_up_cores_for_good() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "; ".join((ALLOWED, COMMAND, TOLD))], capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "(0, 0)"
