"""What one check of `make security` answers, and running a tool within a time limit. Nothing is downloaded."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".venv-security" / "bin"


@dataclass(frozen=True)
class Outcome:
    """`findings` are what nobody accepted; `control` says what was planted and seen. Passed without findings."""

    check: str
    version: str
    looked_at: str
    control: str
    findings: Sequence[str] = ()
    accepted: int = 0

    @property
    def passed(self) -> bool:
        return not self.findings

    def line(self) -> str:
        state = "ok" if self.passed else "FAILED"
        told = f"{state}; {self.looked_at}; accepted {self.accepted}; control: {self.control}"
        return f"{self.check:<9} {told}" + "".join(f"\n          {finding}" for finding in self.findings)


@dataclass(frozen=True)
class Said:
    code: int
    out: str


def machine() -> str:
    """Processors, system and Python, in words."""
    return f"{os.cpu_count()} processors, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def run(words: Sequence[str | Path], seconds: int, folder: Path = ROOT) -> Said:
    """Output of a tool, both streams together; a tool that takes longer is ended, and what it said so far counts."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YANLU_")}
    clean |= {"PYTHONWARNINGS": "ignore", "SEMGREP_SEND_METRICS": "off"}
    try:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder,
            env=clean,
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
        return Said(-1, said.decode(errors="replace") if isinstance(said, bytes) else said)
    except FileNotFoundError:
        return Said(127, f"{words[0]} is missing")
    return Said(done.returncode, done.stdout)
