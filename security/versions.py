"""Installed and locked packages against the oldest version without a known hole. Pure but for reading the files."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

from security.outcome import ROOT, Outcome

LIST = Path(__file__).with_name("min_versions.toml")
LOCKS = ("boot", "runtime", "extras", "dev")
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)", re.MULTILINE)
PLANTED = "python-multipart==0.0.9\n"


def minimums() -> list[Mapping[str, object]]:
    kept: list[Mapping[str, object]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    return kept


def normal(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version, without what follows them and without zeros at the end. Raises ValueError.

    A pre-release counts as its release: none is locked here.
    """
    found = re.match(r"v?(?:\d+!)?(\d+(?:\.\d+)*)", version)
    if found is None:
        raise ValueError(f"not a version: {version}")
    numbers = [int(part) for part in found[1].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def too_old(where: str, versions: Sequence[tuple[str, str]], oldest: Sequence[Mapping[str, object]]) -> list[str]:
    """One line for each package that is older than its minimum."""
    least = {normal(str(entry["name"])): entry for entry in oldest}
    return [
        f"{where}: {name} {version} is older than {entry['fixed']} ({', '.join(map(str, _ids(entry)))})"
        for name, version in versions
        if (entry := least.get(normal(name))) and release(version) < release(str(entry["fixed"]))
    ]


def _ids(entry: Mapping[str, object]) -> Sequence[object]:
    ids = entry["ids"]
    return ids if isinstance(ids, list) else []


def pins(lock: str) -> list[tuple[str, str]]:
    return PIN.findall(lock)


def check() -> Outcome:
    oldest = minimums()
    installed = [(one.metadata["Name"], one.version) for one in distributions()]
    problems = too_old("installed", installed, oldest)
    for lock in LOCKS:
        problems += too_old(lock, pins((ROOT / "requirements" / f"{lock}.lock").read_text()), oldest)
    seen = too_old("planted", pins(PLANTED), oldest)
    if not seen:
        problems.append("planted and not seen: python-multipart 0.0.9")
    control = f"1 planted, {len(seen)} seen"
    return Outcome(
        "versions", f"{len(oldest)} minimums", f"{len(installed)} installed, {len(LOCKS)} locks", control, problems
    )
