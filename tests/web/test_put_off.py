"""A right form that the store has no room for, or whose storing broke off: put off, never lost."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from app.kit.errors import Unavailable
from app.kit.gathering import Busy
from app.submissions.group_intake import GroupIntake
from app.submissions.intake import NewSubmission
from app.submissions.receipts import Receipt
from tests.support.app import ENTRY, hidden, serving, words
from tests.support.journey import SLUG, StoppedClock, World
from tests.support.racing import at_once

FORM = f"/consultations/{SLUG}/comment"


def at_the_door(submission: NewSubmission) -> "Future[Receipt]":
    raise Busy(7)


def in_the_commit(submission: NewSubmission) -> "Future[Receipt]":
    broken: Future[Receipt] = Future()
    broken.set_exception(Unavailable("outcome_unknown"))
    return broken


@pytest.mark.parametrize(("fails", "seconds"), [(at_the_door, "7"), (in_the_commit, "5")])
def test_it_comes_back_whole_and_is_taken_later_even_after_the_window(
    world: World, monkeypatch: pytest.MonkeyPatch, fails: Callable[..., object], seconds: str
) -> None:
    closes = world.consultation.closes_at
    clock = StoppedClock(closes - timedelta(seconds=30))
    with serving(world.database, clock) as client:
        form = hidden(client.get(FORM).text) | ENTRY
        with monkeypatch.context() as patch:
            patch.setattr(GroupIntake, "submit", lambda _, submission: fails(submission))
            put_off = client.post(FORM, data=form)
        assert (put_off.status_code, put_off.headers["retry-after"]) == (503, seconds)
        assert ENTRY["comment"] in put_off.text
        assert "再次提交" in words(put_off.text)
        clock.at = closes + timedelta(seconds=5)
        taken = client.post(FORM, data=hidden(put_off.text) | ENTRY)
        assert taken.status_code == 303
        assert client.post(FORM, data=hidden(put_off.text) | ENTRY).headers["location"] == taken.headers["location"]


def test_fifty_equal_forms_at_once_are_one_and_another_content_is_refused(world: World) -> None:
    clock = StoppedClock(world.consultation.closes_at - timedelta(days=1))
    with serving(world.database, clock) as client:
        form = hidden(client.get(FORM).text) | ENTRY
        other = form | {"title": "另一份意见"}
        answers = at_once([lambda: _sent(client, form)] * 49 + [lambda: _sent(client, other)])
    taken = {place for status, place in answers if status == 303}
    assert len(taken) == 1
    assert sorted(status for status, _ in answers) in ([303] * 49 + [409], [303] + [409] * 49)


def _sent(client: TestClient, form: dict[str, str]) -> tuple[int, str]:
    answer = client.post(FORM, data=form)
    return answer.status_code, answer.headers.get("location", "")
