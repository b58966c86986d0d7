"""ffuf: names of files that are often forgotten, at the service and at the planted app that forgot one."""

import json
import tempfile
from pathlib import Path

from security.instance import Target
from security.outcome import Outcome, run

NAMES = Path(__file__).parent / "planted" / "names.txt"
OURS_TO_SHOW = ("metrics",)
"""Answers loopback alone, by a setting; a test holds it shut for everybody else."""


def ffuf(service: Target, planted: Target) -> Outcome:
    seen = _ffuf(planted)
    told = [name for name in _ffuf(service) if name not in OURS_TO_SHOW]
    problems = [f"answers: /{name}" for name in told]
    if ".git/HEAD" not in seen:
        problems.append("planted and not seen: /.git/HEAD")
    names = len(NAMES.read_text(encoding="utf-8").split())
    version = run(["ffuf", "-V"], 60).out.strip().rpartition(" ")[2]
    control = f"1 planted, {int('.git/HEAD' in seen)} seen"
    return Outcome("ffuf", version, f"{names} names of forgotten files", control, problems, len(OURS_TO_SHOW))


def _ffuf(target: Target) -> list[str]:
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        words = ["ffuf", "-u", f"{target.url}/FUZZ", "-w", NAMES, "-mc", "all", "-fc", "404,405", "-t", "2", "-s"]
        said = run([*words, "-of", "json", "-o", report.name], 60)
        text = Path(report.name).read_text(encoding="utf-8")
    if not text:
        return [f"ffuf said nothing: {said.out[-200:]}"]
    return sorted(one["input"]["FUZZ"] for one in json.loads(text)["results"])
