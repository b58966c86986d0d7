"""A project folder on a machine whose Python is a stand-in that only notes what it is called for."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.parts import ROOT

STAND_IN = """#!/bin/bash
[[ $1 == -V ]] && { echo "Python ${FAKE_VERSION:-3.12.1}"; exit; }
[[ $1 == -c && $2 == *version_info* ]] && exit "${FAKE_OLD:-0}"
[[ $1 == -c && $2 == *ensurepip* ]] && exit "${FAKE_NO_VENV:-0}"
echo "$(basename "$0") $*" >>"$CALLS"
[[ $* == *boot.lock* ]] && exit "${FAKE_NO_UV:-0}"
if [[ $* == "-m venv"* ]]; then rm -rf "${@: -1}"; mkdir -p "${@: -1}/bin"; cp "$0" "${@: -1}/bin/python"; fi
exit 0
"""


class Machine:
    """A project folder on a machine with the stand-in as its Python."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.log = folder / "calls"
        self.python = folder / "python3"
        self.python.write_text(STAND_IN)
        self.python.chmod(0o755)
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        shutil.copy(ROOT / "Makefile", self.project)
        shutil.copytree(ROOT / "requirements", self.project / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.project)

    def run(self, kind: str = "runtime", **env: str) -> subprocess.CompletedProcess[str]:
        self.log.write_text("")
        env = {"PATH": os.environ["PATH"], "CALLS": str(self.log), "PYTHON": str(self.python), "INSTALLER": "pip"} | env
        return subprocess.run(
            [self.project / "scripts/environment", kind], env=env, capture_output=True, text=True, check=False
        )

    def installed(self) -> list[str]:
        """What the last run installed, in order."""
        calls = [line.split() for line in self.log.read_text().splitlines()]
        return [" ".join(words[-2:]) for words in calls if "install" in words]

    def made_venv(self) -> bool:
        return "-m venv" in self.log.read_text()
