"""The page on growth says what the kept figures say, and the judging of plans sees a scan."""

from pathlib import Path

import pytest

from benchmarks import queue_page as pages
from benchmarks.plans import postgresql_scans, sqlite_scans
from benchmarks.queue_page import Figure, Room, Run, Scan


def run_of(small: float, large: float) -> Run:
    run = Run([10, 1000], "2026-01-01", "2 processors")
    run.add(Figure("sqlite", 10, "public page", 1.0, small))
    run.add(Figure("sqlite", 1000, "public page", 1.0, large))
    run.add(Room("sqlite", 10, 50_000))
    run.add(Room("sqlite", 1000, 1_040_000))
    return run


@pytest.mark.parametrize(("large", "kept"), [(15.0, True), (15.1, False)])
def test_a_page_may_take_half_as_long_again(large: float, *, kept: bool) -> None:
    (ratio,) = run_of(10.0, large).ratios()
    assert ratio.kept is kept


def test_what_an_empty_store_takes_is_not_counted_for_a_row() -> None:
    assert run_of(1, 1).bytes_each("sqlite") == 1000
    assert run_of(1, 1).bytes_each("postgresql") is None


def test_the_page_names_misses_and_scans() -> None:
    run = run_of(10.0, 20.0)
    run.add(Scan("sqlite", 1000, "public page", ["displayed_comments"]))
    page = "\n".join(pages.lines([run]))
    assert "| sqlite | public page | 1.00 | 2.00 | **missed** |" in page
    assert "reads displayed_comments from end to end" in page
    assert "Measured 2026-01-01. 2 processors." in page


def test_a_new_run_takes_the_place_of_what_was_said_of_its_stores_and_no_more(tmp_path: Path) -> None:
    file, page = tmp_path / "kept.json", tmp_path / "page.md"
    both, other_size = run_of(10.0, 10.0), Run([10, 100], "2025-01-01", "2 processors")
    for size in both.sizes:
        both.add(Figure("postgresql", size, "public page", 1.0, 3.0))
    for size in other_size.sizes:
        other_size.add(Figure("sqlite", size, "public page", 1.0, 3.0))
    new = run_of(10.0, 12.0)
    for run in (both, other_size, new):
        pages.write(run, file, page)
    kept = pages.kept(file)
    assert [(max(run.sizes), run.stores) for run in kept] == [
        (1000, ["postgresql"]),
        (1000, ["sqlite"]),
        (100, ["sqlite"]),
    ]
    assert kept[1] == new
    assert kept[0].rooms == []
    assert "## Up to 1,000 submissions: postgresql" in page.read_text(encoding="utf-8")


def test_the_kept_figures_are_those_of_the_page() -> None:
    assert "\n".join(pages.lines(pages.kept())) + "\n" == pages.PAGE.read_text(encoding="utf-8")


def test_a_scan_is_seen_and_an_index_read_in_order_is_none() -> None:
    scan, ordered = "SCAN submissions", "SCAN submissions USING INDEX ix_submissions_received_at"
    assert list(sqlite_scans([scan, "SEARCH a USING INDEX b (c=?)"], bounded=True)) == ["submissions"]
    assert list(sqlite_scans([ordered], bounded=True)) == []
    assert list(sqlite_scans([ordered], bounded=False)) == ["submissions"]


def test_a_sequential_scan_is_found_under_other_steps() -> None:
    plan = [{"Plan": {"Node Type": "Limit", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "submissions"}]}}]
    assert list(postgresql_scans(plan)) == ["submissions"]
