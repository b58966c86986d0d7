"""`make fuzz [ARGS="--seconds 600 --only mail"]`: every reader of foreign bytes, and the results into docs/security.md.

Guided by coverage where `.venv-fuzz` has atheris, by hypothesis elsewhere; the table says which. Ends with 1 when a
reader raised what it must not raise or took steps beyond proportion, or when a planted fault was not found.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fuzz import planted
from fuzz.chance import tried
from fuzz.growing import grows_too_much
from fuzz.readers import Reader, readers
from security import page
from security.outcome import ROOT, machine

SECONDS, CONTROL_SECONDS = 60, 30
GUIDED = ROOT / ".venv-fuzz" / "bin" / "python"
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
RAISED = re.compile(r"^(\w[\w.]*(?:Error|Exception|Refused|Problem)\b.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Told:
    """Of one reader: `fault` is empty where nothing was wrong."""

    name: str
    inputs: int
    fault: str
    growth: str = ""

    def row(self, method: str) -> str:
        found = "; ".join(part for part in (self.fault, self.growth and f"steps {self.growth}") if part) or "no fault"
        return f"| {self.name} | {method} | {self.inputs:,} | {found.replace('|', '/')} |"


def has_atheris() -> bool:
    asked = [str(GUIDED), "-c", "import atheris"]
    return GUIDED.is_file() and subprocess.run(asked, capture_output=True, check=False).returncode == 0


def by_coverage(name: str, seconds: int) -> Told:
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    with tempfile.TemporaryDirectory() as folder:
        words = [str(GUIDED), "-m", "fuzz.guided", name, str(seconds), folder]
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={"PYTHONPATH": ":".join(paths), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        kept = [path.read_bytes() for path in sorted(Path(folder).iterdir()) if path.is_file()]
    said = done.stdout + done.stderr
    number = EXECUTED.search(said)
    raised = RAISED.findall(said)
    fault = "" if done.returncode == 0 else f"{raised[-1] if raised else said[-300:]} for {kept[:1]!r:.200}"
    return Told(name, int(number[1]) if number else 0, " ".join(fault.split()))


def by_chance(name: str, reader: Reader, seconds: float) -> Told:
    try:
        return Told(name, tried(reader, seconds), "")
    except Exception as error:
        told = f"{type(error).__name__}: {error}; {getattr(error, '__notes__', '')!r:.200}"
        return Told(name, 0, " ".join(told.split()))


def controls(guided: bool) -> Iterator[str]:
    """What was planted and not found."""
    for name, reader in planted.FOUND_BY_CHANCE.items():
        if not (by_coverage(name, CONTROL_SECONDS) if guided else by_chance(name, reader, CONTROL_SECONDS)).fault:
            yield name
    for name in planted.FOUND_BY_COVERAGE if guided else ():
        if not by_coverage(name, CONTROL_SECONDS).fault:
            yield name
    if not grows_too_much(planted.GROWS):
        yield "planted: squared"


def table(told: Sequence[Told], missed: Sequence[str], guided: bool, seconds: int) -> str:
    method = "coverage (atheris)" if guided else "chance (hypothesis)"
    number = len(planted.FOUND_BY_CHANCE) + len(planted.FOUND_BY_COVERAGE) * guided + 1
    found = f"Planted faults: {number}, of them found: {number - len(missed)}."
    head = [
        f"{datetime.now(UTC):%Y-%m-%d}, {seconds} s for each reader; {machine()}. {found}",
        "",
        "| Reader | Guided by | Inputs | Result |",
        "|---|---|---:|---|",
    ]
    return "\n".join([*head, *(one.row(method) for one in told)])


def main() -> int:
    known = readers()
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each reader")
    parser.add_argument("--only", action="append", choices=list(known), help="this reader alone; writes no page")
    asked = parser.parse_args()
    guided = has_atheris()
    if not guided:
        print("atheris is not there (make fuzz tries to install it): by chance, with hypothesis", flush=True)  # noqa: T201
    missed, told = list(controls(guided)), []
    for name in missed:
        print(f"planted and not found: {name}", flush=True)  # noqa: T201
    for name in asked.only or known:
        found = by_coverage(name, asked.seconds) if guided else by_chance(name, known[name], asked.seconds)
        told.append(Told(name, found.inputs, found.fault, grows_too_much(known[name])))
        print(told[-1].row("coverage" if guided else "chance"), flush=True)  # noqa: T201 - a command's own answer
    if not asked.only:
        page.write("fuzzing", table(told, missed, guided, asked.seconds))
    return 1 if missed or any(one.fault or one.growth for one in told) else 0


if __name__ == "__main__":
    sys.exit(main())
