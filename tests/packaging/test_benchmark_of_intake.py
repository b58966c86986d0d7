"""The arithmetic of `make bench` and the page that it writes; nothing is measured here."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.captcha.challenge import Challenges
from app.kit.forms import parse_form
from app.submissions.fields import Entry, check_entry
from benchmarks import intake_page as pages
from benchmarks.intake_page import Run, Sample
from benchmarks.posting import Door, Poster, Target, address, id_number
from tests.support.app import SECRETS
from tests.support.journey import START

TARGET = Target("parking", uuid.UUID(int=1), uuid.UUID(int=2))


def _run() -> Run:
    rates = {
        "postgresql, 1 worker": (900.0, 1100.0),
        "postgresql, 2 workers": (800.0, 700.0),
        "nothing stored, 1 worker": (1200.0, 1000.0),
        pages.PGBENCH: (2000.0, 4000.0),
        pages.DJANGO: (100.0, 70.0),
    }
    samples = [
        Sample(measure, number, rate, 10, 40, 500, 50, int(rate), 3)
        for measure, both in rates.items()
        for number, rate in enumerate(both)
    ]
    return Run(about=["A machine."], samples=samples, parts={"a step": 12.3})


def test_ratios_are_of_the_same_round_and_of_the_better_number_of_workers() -> None:
    found = {goal.name.partition(" ÷ ")[2] or goal.name: goal for goal in pages.goals(_run())}
    assert found["pgbench's single-row commits/s"].found == pytest.approx((900 / 2000 + 1100 / 4000) / 2)
    assert found["pgbench's single-row commits/s"].spread == pytest.approx((0.275, 0.45))
    assert found["the same handler that stores nothing"].found == pytest.approx((900 / 1200 + 1.1) / 2)
    assert found["a Django ModelForm"].found == pytest.approx(9.0)


def test_a_missed_goal_stands_as_missed_and_what_was_not_measured_is_not_called_reached(tmp_path: Path) -> None:
    pages.write(_run(), "2026-01-01", tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    said = {line.split(" | ")[0].removeprefix("| "): line for line in page.splitlines() if line.startswith("| ")}
    assert "**missed**, above the floor" in said["accepted/s ÷ pgbench's single-row commits/s"]
    assert "reached" in said["processor of app and database for each accepted, µs"]
    assert "not measured here" in said["form pages, views/s"]
    assert "2026-01-01" in page
    assert max(map(len, page.splitlines())) < 200


def test_an_accepted_comment_is_taken_apart_by_what_was_measured(tmp_path: Path) -> None:
    run = _run()
    run.samples = [replace(one, app_us=300.0) if one.measure in pages.UNSTORED else one for one in run.samples]
    run.parts = {"reading": 30.0, "the same otherwise": 1000.0, "judging": 70.0}
    pages.write(run, "2026-01-01", tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    rows = [row for row in page.partition("taken apart")[2].splitlines() if row.startswith("| ")]
    assert [row.split(" | ")[1].rstrip(" |") for row in rows[1:]] == ["300", "100", "200", "200", "50"]


def test_what_the_floor_would_leave_for_a_comment_stands_beside_what_one_takes(tmp_path: Path) -> None:
    pages.write(replace(_run(), processors=2), "2026-01-01", tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    # Two processors have two million microseconds a second, and 0.3 of 3,000 commits are 900.
    assert "leaves each comment 2,222 µs" in page
    assert "takes 50 µs for" in page
    assert "500 µs before it stores anything" in page


@pytest.mark.parametrize("door", Door)
def test_each_post_is_a_right_form_of_its_own(door: Door) -> None:
    now = datetime(2026, 5, 11, 9, tzinfo=UTC)
    posts = list(Poster(SECRETS, TARGET, door).posts(990, 30, now))
    forms = [parse_form(post.body) for post in posts]
    assert all(isinstance(check_entry(form, START.date()), Entry) for form in forms)
    for name in ("submission_token", "captcha_token", "id_number", "comment", "email"):
        assert len({form[name] for form in forms}) == len(posts)
    challenge = Challenges(SECRETS.signing).read(forms[0]["captcha_token"], now)
    assert (now - challenge.begun_at).total_seconds() >= 3


def test_numbers_and_networks_do_not_repeat_within_a_measure() -> None:
    assert len({id_number(number) for number in range(0, 18_000_000, 1999)}) == len(range(0, 18_000_000, 1999))
    assert len({address(number).rpartition(".")[0] for number in range(20_000)}) > 19_500
