"""Plain forms of a rush need no thread; whatever might wait gets one, and all are stored alike."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.submissions.lifecycle import HoldReason
from app.submissions.models import Submission
from app.web.public import commenting, straight
from tests.support.app import ENTRY, hidden, serving
from tests.support.journey import SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was handed to a thread."""
    handed: list[str] = []
    usual = commenting.run_in_threadpool

    async def noted(work: Callable[..., Any], *given: Any) -> Any:
        handed.append(work.__name__)
        return await usual(work, *given)

    monkeypatch.setattr(commenting, "run_in_threadpool", noted)
    return handed


def sent(browser: TestClient, **entered: str) -> int:
    status: int = browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | entered).status_code
    return status


def stored(world: World) -> int:
    with world.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Submission)) or 0


def test_the_first_of_each_second_reads_in_a_thread_and_the_others_need_none(
    browser: TestClient, world: World, clock: StoppedClock, in_threads: list[str]
) -> None:
    assert [sent(browser, title=title) for title in "甲乙丙"] == [303] * 3
    assert in_threads == ["_judged"]
    clock.at += timedelta(seconds=1)
    assert [sent(browser, title=title) for title in "丁戊"] == [303] * 2
    assert in_threads == ["_judged"] * 2
    assert stored(world) == 5


@pytest.mark.parametrize(
    ("entered", "answered"),
    [({"comment": "长" * (straight.SHORT + 1)}, 303), ({"name": ""}, 422), ({"step": "add_clause"}, 422)],
)
def test_what_takes_its_time_or_is_not_right_gets_a_thread(
    browser: TestClient, in_threads: list[str], entered: dict[str, str], answered: int
) -> None:
    sent(browser)
    in_threads.clear()
    assert sent(browser, **entered) == answered
    assert in_threads == ["_judged"]


class Checker:
    def check(self, title: str, comment: str) -> HoldReason | None:
        return None


def test_an_installations_own_checker_is_asked_in_a_thread(
    browser: TestClient, in_threads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(browser)
    in_threads.clear()
    monkeypatch.setattr(browser.app.state.services.guard, "_checker", Checker())  # type: ignore[attr-defined]
    assert sent(browser) == 303
    assert in_threads == ["_judged"]
