"""The page for newcomers names what is there."""

import re
import tomllib

from tests.support.parts import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:app|docs|tests)/[^`]*|pyproject\.toml)`", PAGE))
    assert len(named) > 25
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_function_that_it_names_beside_a_file_is_there() -> None:
    named = re.findall(r"`(\w+)` (?:in|of)\s+`(app/[^`]*)`", PAGE)
    assert len(named) >= 4
    assert [name for name, path in named if not re.search(rf"\b{name}\b", (ROOT / path).read_text())] == []


def test_the_first_page_leads_to_every_other_one() -> None:
    shown = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    pages = [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))]
    assert len(pages) > 60
    assert [page for page in pages if f"({page})" not in shown] == []


def test_it_shows_the_packages_in_the_order_of_the_import_line() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (line,) = [contract["layers"] for contract in contracts if contract["id"] == "line"]
    layers = [" | ".join(re.findall(r"(?<![(\w])\w+(?!\))\b", layer)) for layer in line]
    shown = PAGE.split("```")[1].splitlines()
    drawn = [re.split(r"\s{2,}", row)[0] for row in shown if row]
    assert drawn == [layer for layer in layers if layer]


def test_it_is_short_enough_to_be_read() -> None:
    assert len(PAGE.splitlines()) <= 150
