"""The code by bandit and by semgrep with the project's own rules; each tried on planted lines in the same run."""

import json
import tempfile
import tomllib
from pathlib import Path

from security.accepting import Finding, sift
from security.outcome import ROOT, TOOLS, Outcome, run

HERE = Path(__file__).parent
LEFT_OUT = ("B101", "B105", "B106", "B107")
"""Assertions state types here; "password" in a name of ours is a field's name, and secrets are looked for by a test."""
LOOKED_AT = ("app", "templates", "migrations")
SECONDS = 400


def _planted() -> dict[str, dict[str, str]]:
    return tomllib.loads((HERE / "planted" / "lines.toml").read_text(encoding="utf-8"))


def accepted(tool: str) -> list[dict[str, str]]:
    kept: list[dict[str, str]] = tomllib.loads((HERE / "accepted.toml").read_text(encoding="utf-8")).get(tool, [])
    return kept


def _version(tool: str) -> str:
    words = run([TOOLS / tool, "--version"], SECONDS).out.split()
    return next((word for word in words if word[:1].isdigit()), "missing")


def bandit() -> Outcome:
    """Every finding of any severity but those of LEFT_OUT is mended or accepted."""
    found = _bandit(ROOT, "app")
    problems, kept = sift(found, accepted("bandit"))
    planted = _planted()["bandit"]
    with tempfile.TemporaryDirectory() as folder:
        for rule, code in planted.items():
            Path(folder, f"{rule}.py").write_text(code, encoding="utf-8")
        seen = {finding.rule for finding in _bandit(Path(folder), ".")}
    problems += [f"planted and not seen: {rule}" for rule in planted if rule not in seen]
    control = f"{len(planted)} planted, {len(seen & planted.keys())} seen"
    return Outcome("bandit", _version("bandit"), "app", control, problems, kept)


def _bandit(folder: Path, target: str) -> list[Finding]:
    said = run([TOOLS / "bandit", "-q", "-r", target, "-f", "json", "-s", ",".join(LEFT_OUT)], SECONDS, folder)
    start = said.out.find("{")
    if start < 0:
        return [Finding("bandit", target, 0, said.out[-200:] or "said nothing")]
    results = json.loads(said.out[start:])["results"]
    return [Finding(one["test_id"], one["filename"].removeprefix("./"), one["line_number"]) for one in results]


def semgrep() -> Outcome:
    """No finding but accepted ones; each rule sees its planted line, and none is without one."""
    found, partly = _semgrep(ROOT, *LOOKED_AT)
    problems, kept = sift(found, accepted("semgrep"))
    planted = _planted()
    rules = {**planted["sources"], **planted["templates"]}
    with tempfile.TemporaryDirectory() as folder:
        for rule, line in rules.items():
            ending = "html" if rule in planted["templates"] else "py"
            Path(folder, f"{rule}.{ending}").write_text(line + "\n", encoding="utf-8")
        told, _ = _semgrep(Path(folder), ".")
    seen = {finding.rule for finding in told if Path(finding.path).stem == finding.rule}
    problems += [f"planted and not seen: {rule}" for rule in rules if rule not in seen]
    problems += [f"a rule without a planted line: {rule}" for rule in sorted(_rules() - rules.keys())]
    looked_at = f"{', '.join(LOOKED_AT)} ({partly} files read in part)"
    return Outcome("semgrep", _version("semgrep"), looked_at, f"{len(rules)} planted, {len(seen)} seen", problems, kept)


def _rules() -> set[str]:
    marker = "- id: "
    lines = [line.strip() for path in (HERE / "rules").glob("*.yml") for line in path.read_text().splitlines()]
    return {line.removeprefix(marker) for line in lines if line.startswith(marker)}


def _semgrep(folder: Path, *targets: str) -> tuple[list[Finding], int]:
    quiet = ["--metrics", "off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json"]
    with tempfile.NamedTemporaryFile(suffix=".json") as answer:
        words = [TOOLS / "semgrep", "scan", "--config", HERE / "rules", *quiet, "--output", answer.name, *targets]
        said = run(words, SECONDS, folder)
        text = Path(answer.name).read_text(encoding="utf-8")
    if not text:
        return [Finding("semgrep", ".", 0, said.out[-300:])], 0
    report = json.loads(text)
    broken = [Finding("semgrep", "rules", 0, one["message"]) for one in report["errors"] if one["level"] == "error"]
    partly = {one.get("path") for one in report["errors"] if one["level"] != "error"}
    return broken + [
        Finding(one["check_id"].rpartition(".")[2], one["path"].removeprefix("./"), one["start"]["line"])
        for one in report["results"]
    ], len(partly)
