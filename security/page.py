"""The generated parts of docs/security.md: the table of requirements and what the last run of the scanners said."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from security.outcome import ROOT, Outcome, machine

PAGE = ROOT / "docs" / "security.md"
LIST = Path(__file__).with_name("requirements.toml")
STATES = ("met", "partly", "not met")


def requirements() -> Sequence[Mapping[str, Any]]:
    kept: Sequence[Mapping[str, Any]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["requirement"]
    return kept


def table(entries: Sequence[Mapping[str, Any]]) -> str:
    """Markdown, with how many stand in each state above it."""
    counts = {state: sum(entry["state"] == state for entry in entries) for state in STATES}
    told = ", ".join(f"{counts[state]} {state}" for state in STATES)
    lines = [
        f"Of {len(entries)} requirements: {told}.",
        "",
        "| | Requirement | ASVS 5.0 | State | Proved by |",
        "|---:|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, entries)])


def _row(entry: Mapping[str, Any]) -> str:
    proofs = "; ".join(f"`{proof.removeprefix('tests/')}`" for proof in entry.get("tests", ()))
    remark = str(entry.get("remark", ""))
    proved = ". ".join(part for part in (proofs, remark) if part)
    cells = (entry["number"], entry["text"], entry["sources"], f"**{entry['state']}**", proved)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def results(outcomes: Sequence[Outcome], at: datetime, before: str = "") -> str:
    """Markdown, a line for each check with its day; of checks that did not run now, the lines that stood `before`."""
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in before.splitlines() if line.startswith("| ")}
    for one in outcomes:
        result = "no finding" if one.passed else f"{len(one.findings)} findings: " + "; ".join(one.findings)
        cells = (one.check, f"{at:%Y-%m-%d}", one.version, one.looked_at, result, str(one.accepted), one.control)
        rows[one.check] = "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    rows.pop("Check", None)
    head = [f"Last run on {at:%Y-%m-%d}: {machine()}.", ""]
    head += ["| Check | Day | Version | Looked at | Result | Accepted | Control |", "|---|---|---|---|---|---:|---|"]
    return "\n".join([*head, *(rows[name] for name in sorted(rows))])


def put(page: str, part: str, text: str) -> str:
    """The page with that generated part replaced. Raises ValueError where the page has no such part."""
    pattern = re.compile(rf"(<!-- {part} -->\n).*?(\n<!-- end of {part} -->)", re.DOTALL)
    if pattern.search(page) is None:
        raise ValueError(f"{part} has no place in the page")
    return pattern.sub(lambda found: found[1] + text + found[2], page)


def part_of(page: str, part: str) -> str:
    """What stands in that generated part; empty without one."""
    _, _, after = page.partition(f"<!-- {part} -->\n")
    return after.partition(f"\n<!-- end of {part} -->")[0]


def write_results(outcomes: Sequence[Outcome], at: datetime) -> None:
    write("results", results(outcomes, at, part_of(PAGE.read_text(encoding="utf-8"), "results")))


def write(part: str, text: str) -> None:
    PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), part, text), encoding="utf-8")
