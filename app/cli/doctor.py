"""Looking at an installation before anybody relies on it."""

import sys

import typer
from rich.console import Console
from rich.text import Text

from app.cli.examination import Finding, Level, examine
from app.cli.terminal import print_json, say

STYLES = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "bold red"}


def doctor(as_json: bool = typer.Option(False, "--json", help="Print one JSON object.")) -> None:
    """Check settings, secrets, database, migrations, mail, clock, folders and fonts; exit 1 when something fails."""
    findings = examine()
    if as_json:
        print_json({"findings": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            _print(finding)
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def _print(finding: Finding) -> None:
    mend = f" → {finding.mend}" if finding.mend else ""
    rest = f"  {finding.what}: {finding.found}{mend}"
    if sys.stdout.isatty():
        Console().print(Text.assemble((f"{finding.level:<4}", STYLES[finding.level]), rest), soft_wrap=True)
    else:
        say(f"{finding.level:<4}{rest}")
