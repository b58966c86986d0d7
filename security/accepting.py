"""Findings against what was accepted with a reason. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """What a scanner told: its rule, the file relative to the project, the line."""

    rule: str
    path: str
    line: int
    told: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule} {self.told}".rstrip()


def sift(found: Sequence[Finding], accepted: Sequence[Mapping[str, str]]) -> tuple[list[str], int]:
    """What nobody accepted and every acceptance that is without a reason or stale; and how many were accepted."""
    problems = [f"accepted without a reason: {entry}" for entry in accepted if not entry.get("reason", "").strip()]
    kept = 0
    used: set[int] = set()
    for finding in sorted(found):
        by = [number for number, entry in enumerate(accepted) if _covers(entry, finding)]
        used.update(by)
        kept += bool(by)
        if not by:
            problems.append(str(finding))
    stale = [entry for number, entry in enumerate(accepted) if number not in used]
    problems += [f"accepted, and no longer told: {entry['rule']} {entry['prefix']}" for entry in stale]
    return problems, kept


def _covers(entry: Mapping[str, str], finding: Finding) -> bool:
    return entry["rule"] == finding.rule and finding.path.startswith(entry["prefix"])
