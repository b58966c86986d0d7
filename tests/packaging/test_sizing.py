"""What docs/scaling.md reckons follows from what was measured, and what wasn't measured isn't reckoned."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import intake_page, scaling
from benchmarks.intake_page import Run, Sample
from benchmarks.sizing import Assumed, Measured, Need, needs, peak

ASSUMED = Assumed()
SEEN = Measured(cores=2, accepted=1000, app_us=400, store_us=100, views=4000, worker_mib=150, row_bytes=3500)


def of(total: int, seen: Measured = SEEN, assumed: Assumed = ASSUMED) -> dict[str, Need]:
    return {need.name: need for need in needs(total, seen, assumed)}


def test_a_million_by_hand() -> None:
    """100,000 in the last hour are 27.8 a second, three times that in its busiest minute."""
    found = of(1_000_000)
    assert peak(1_000_000, ASSUMED) == pytest.approx(83.33, abs=0.01)
    assert found["processors for the app"].value == pytest.approx(83.33 * 400e-6 / 0.5, rel=1e-3)
    assert found["machines like the measured one, app and database together"].value == 2
    assert found["the store"].value == pytest.approx(5.0)
    assert found["a backup"].value == pytest.approx(5e9 / 50e6 / 3600)
    assert found["commits, at least"].value == pytest.approx(83.33 / 256, rel=1e-3)
    assert found["processors for these"].value == pytest.approx(83.33 * 20 / 2000 / 0.5, rel=1e-3)
    assert found["entries of the log in the busiest minute"].value == pytest.approx(5000)


def test_twenty_million_need_more_than_two_machines() -> None:
    assert of(20_000_000)["machines like the measured one, app and database together"].value == 4


@given(st.integers(1, 10**9), st.floats(0.01, 1), st.floats(1, 100))
def test_more_comments_never_need_less(total: int, share: float, burst: float) -> None:
    assumed = Assumed(last_hour=share, last_minute=burst)
    fewer, more = of(total, assumed=assumed), of(total * 2, assumed=assumed)
    assert all((fewer[name].value or 0) <= (more[name].value or 0) for name in fewer)


def test_what_was_not_measured_is_not_reckoned() -> None:
    found = of(1_000_000, Measured())
    assert found["to be accepted in the busiest minute"].value is not None
    for name in ("processors for the app", "processes of the service", "the store", "a backup", "memory of these"):
        assert found[name].value is None


def test_figures_come_from_the_kept_runs(tmp_path: Path) -> None:
    name = intake_page.POSTGRESQL[1]
    samples = [Sample(name, number, rate, 10, 40, 300, 50) for number, rate in enumerate((900.0, 1000.0, 1300.0))]
    run = Run(["4 processors, 8 GB of memory."], samples, memory_mib=120.5)
    intake_page.write(run, "2026-01-02", tmp_path / "benchmarks.md")
    kept = intake_page.kept(tmp_path / "benchmarks.json")
    assert kept == intake_page.Kept("2026-01-02", run)
    found = scaling.measured(kept, [])
    assert found == Measured(4, 1000, 300, 50, None, 120.5, None)
    page = "\n".join(scaling.lines(tmp_path))
    assert "2026-01-02 by `make bench`. 4 processors" in page
    assert "not measured yet (`make bench-queue`)" in page
    assert "| comments accepted on PostgreSQL | 1,000 /s |" in page
    assert page.index("Calculated, not measured") > page.index("1,000 /s")
