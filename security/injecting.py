"""sqlmap against every parameter that anybody can send, and against the planted holes of each kind."""

import re
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from security.addresses import Asked, asked
from security.instance import Target
from security.outcome import Outcome, run

SECONDS = 360
"""For the instance; the planted holes take seconds."""
AT_ONCE = 2
LEVEL, RISK, TECHNIQUE = "1", "1", "BU"
"""Boolean and union. By error there is nothing to find: no page tells an error of the store; by time a machine under
load answers at random."""
PLANTED = (
    Asked("/search?q=east", ("q",)),
    Asked("/places/east*", ("name",)),
    Asked("/look", ("name",), body="name=east"),
)
JUDGED = re.compile(r"^.*\[WARNING\] (?:GET|POST|URI) parameter '.+' does not seem to be injectable$", re.MULTILINE)
HOLE = re.compile(r"^Parameter: (.+)$", re.MULTILINE)
"""What it still holds for a hole after its own check: a page that differs from view to view only seems to be one."""
BETWEEN = "=" * 54


def sqlmap(service: Target, planted: Target) -> Outcome:
    """A finding is a hole, a planted hole that was not seen, or a parameter that was not reached in the time."""
    seen = [one for one in PLANTED if _attacked([one], planted, 60)[0]]
    targets, others = asked(service)
    halves = [targets[start::AT_ONCE] for start in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda half: _attacked(half, service, SECONDS), halves))
    holes = sorted({hole for found, _ in answers for hole in found})
    judged, wanted = sum(number for _, number in answers), sum(len(one.names) for one in targets)
    problems = [f"injectable: {hole}" for hole in holes]
    problems += [f"planted and not seen: {one.path}" for one in PLANTED if one not in seen]
    if judged < wanted and not holes:
        problems.append(f"came to {judged} of {wanted} parameters in {SECONDS} s")
    looked_at = (
        f"{judged} of {wanted} parameters of {len(targets)} pages, forms and paths, each as who may ask; "
        f"level {LEVEL}, risk {RISK}, boolean and union; {others} others are refused unless they are real"
    )
    control = f"{len(PLANTED)} planted, {len(seen)} seen"
    return Outcome("sqlmap", _version(), looked_at, control, problems)


def _version() -> str:
    said = run(["sqlmap", "--version"], 60).out.split()
    return next((word for word in said if re.match(r"\d+\.\d+", word)), "missing")


def _attacked(targets: Sequence[Asked], target: Target, seconds: int) -> tuple[list[str], int]:
    """What it could inject into, and how many parameters it found sound in its time."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "requests.txt")
        listed.write_text(
            f"\n{BETWEEN}\n{BETWEEN}\n".join(["", *(one.told(target.url) for one in targets), ""]), encoding="utf-8"
        )
        words = [
            "sqlmap",
            "-l",
            listed,
            "--batch",
            "--ignore-stdin",
            "--level",
            LEVEL,
            "--risk",
            RISK,
            "--technique",
            TECHNIQUE,
        ]
        words += ["--dbms", "sqlite", "--flush-session", "--output-dir", folder, "--timeout", "20", "--retries", "1"]
        words += ["--param-exclude", "session", "--disable-coloring", "--ignore-code", "*"]
        said = run(words, seconds, Path(folder))
    return sorted({hole.strip() for hole in HOLE.findall(said.out)}), len(JUDGED.findall(said.out))
