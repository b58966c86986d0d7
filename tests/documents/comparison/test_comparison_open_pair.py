"""The open draft and its final text, against the map that a careful reader made."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.departments.directory import Directory, load_seed
from app.documents.comparison import Comparison, compare, to_json
from app.documents.extraction import extract

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def key(shared_dir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared_dir / "gold" / "draft_final_map.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def comparison(shared_dir: Path) -> Comparison:
    directory = Directory(load_seed())
    names = ("001_71da066cfbebc1b6", "000_05f18a2fc9945433")
    texts = [(shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    return compare(extract(texts[0], directory), extract(texts[1], directory))


@pytest.fixture(scope="module")
def rows(comparison: Comparison) -> dict[str, dict[str, Any]]:
    return {row["draft_number"]: row for row in to_json(comparison)["clauses"]}


def test_the_totals_agree(key: dict[str, Any], comparison: Comparison) -> None:
    rows = to_json(comparison)["clauses"]
    assert len(rows) == key["summary"]["draft_clauses"]
    assert [row["relation"] for row in rows].count("kept") == key["summary"]["kept_one_to_one"]
    changed = [row for row in rows if row["unit_changes"]["added"] or row["unit_changes"]["removed"]]
    assert len(changed) == 14


def test_every_clause_agrees(key: dict[str, Any], rows: dict[str, dict[str, Any]]) -> None:
    for expected in key["map"]:
        row = rows[expected["draft_number"]]
        merged = expected.get("merged_into")
        assert row["final_label"] == (merged["label"] if merged else expected["final_label"])
        assert row["relation"] == ("merged" if merged else expected["relation"])
        assert row["heading_changed"] == expected.get("heading_changed")
        for kind in ("added", "removed"):
            assert sorted(row["unit_changes"][kind]) == sorted(expected["unit_changes"][kind]), expected["draft_number"]
        assert _pairs(row["unit_changes"]["renamed"]) == _pairs(expected["unit_changes"]["renamed"])


def _pairs(renames: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(rename["draft"], rename["final"]) for rename in renames}


def test_the_sentence_of_the_dropped_clause_is_quoted(key: dict[str, Any], comparison: Comparison) -> None:
    expected = [entry["merged_into"]["sentence"] for entry in key["map"] if "merged_into" in entry]
    assert [sentence for row in comparison.rows for sentence in row.sentences] == expected


def test_the_parts_outside_the_clauses_are_kept(comparison: Comparison) -> None:
    assert [row.relation.value for row in comparison.framing] == ["kept"] * 8
