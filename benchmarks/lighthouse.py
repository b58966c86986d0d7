"""Asks Lighthouse about the public pages of the demonstration, in both languages, and writes what it says into
docs/accessibility.md.

Run by `make lighthouse`, which installs Lighthouse from lighthouse/package-lock.json. Exits 1 where accessibility is
below 100 or the form page weighs 60 KB or more.
"""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from app.kit.clock import SystemClock
from app.main import build
from tests.support.demonstration import demonstration
from tests.support.live import live
from tests.support.template import sqlite_template

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "accessibility.md"
PROGRAM = ROOT / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
BROWSER = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "chromium"
BEGIN, END = "<!-- made by make lighthouse -->", "<!-- end -->"
CATEGORIES = ("accessibility", "best-practices", "performance")
MOST_BYTES = 60 * 1000
SECONDS = 300


@dataclass(frozen=True)
class Figures:
    """One page's scores, each of 100, and the bytes that it loads on the wire."""

    page: str
    scores: tuple[int, ...]
    weight: int


def addresses(slug: str) -> dict[str, str]:
    draft = f"/consultations/{slug}"
    return {
        "home": "/",
        "all drafts": "/consultations",
        "draft": draft,
        "form": f"{draft}/comment",
        "comments": f"{draft}/comments",
        "receipt look-up": "/receipts",
        "privacy": "/privacy",
        "accessibility statement": "/accessibility",
        "home, 关怀模式": "/?care=on",
        "form, 关怀模式": f"{draft}/comment?care=on",
    }


def ask(url: str, name: str) -> tuple[Figures, str]:
    """What Lighthouse says of one address, with a browser that has nothing of us yet; and its version.

    A busy machine now and then keeps its browser from starting in time: it is asked once more then.
    """
    try:
        said = _asked(url)
    except subprocess.CalledProcessError:
        said = _asked(url)
    result = json.loads(said)
    scores = tuple(round(100 * result["categories"][category]["score"]) for category in CATEGORIES)
    weight = round(result["audits"]["total-byte-weight"]["numericValue"])
    return Figures(name, scores, weight), result["lighthouseVersion"]


def _asked(url: str) -> str:
    flags = "--headless=new --no-sandbox --disable-gpu"
    said = subprocess.run(  # noqa: S603
        [
            PROGRAM,
            url,
            "--quiet",
            "--output=json",
            "--no-enable-error-reporting",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={flags}",
        ],
        env=os.environ | {"CHROME_PATH": BROWSER},
        capture_output=True,
        check=True,
        text=True,
        timeout=SECONDS,
    )
    return said.stdout


def measure() -> tuple[list[Figures], str]:
    """Every page in Chinese and in English."""
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite_template(Path(folder) / "yanlu.sqlite3")
        demo = demonstration(Path(folder), f"sqlite:///{store}", SystemClock())
        found, version = [], ""
        with live(build(demo.settings, demo.secrets, demo.database, SystemClock())) as url:
            for language in ("zh_CN", "en"):
                for name, path in addresses(demo.facts.slug).items():
                    asked = f"{url}{path}{'&' if '?' in path else '?'}lang={language}"
                    figures, version = ask(asked, f"{name} ({language})")
                    sys.stdout.write(f"{figures.page}: {figures.scores} {figures.weight}\n")
                    sys.stdout.flush()
                    found.append(figures)
    return found, version


def table(found: list[Figures], version: str) -> str:
    browser = subprocess.run([BROWSER, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, Lighthouse {version}, {browser.stdout.strip()}.",
        "",
        "| Page | Accessibility | Best practices | Performance | KB on the wire |",
        "|---|---:|---:|---:|---:|",
        *(f"| {one.page} | {' | '.join(map(str, one.scores))} | {one.weight / 1000:.1f} |" for one in found),
    ]
    return "\n".join(lines)


def write(made: str) -> None:
    """Puts the table in place of the one that the page has."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}", "utf-8")


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    found, version = measure()
    write(table(found, version))
    wrong = [one.page for one in found if one.scores[0] < 100]
    heavy = [one.page for one in found if one.page.startswith("form") and one.weight >= MOST_BYTES]
    if wrong or heavy:
        sys.stderr.write(f"accessibility below 100: {wrong or 'none'}; 60 KB or more: {heavy or 'none'}\n")
    return 1 if wrong or heavy else 0


if __name__ == "__main__":
    raise SystemExit(main())
