"""A right form is judged by what was read within the second, and stored only by what holds when it is stored."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.captcha import ledger
from app.captcha.challenge import Challenges
from app.captcha.gate import Gate, Sent
from app.consultations import changing
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.documents.actions import add_version
from app.documents.extraction import extract
from app.documents.models import VersionRole
from app.kit.database import Database
from app.kit.forms import parse_form
from app.submissions.models import Submission
from benchmarks.posting import Poster, Target
from tests.support.app import ENTRY, SECRETS, errors_of, hidden, serving
from tests.support.journey import DRAFT, SLUG, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
REASON = "系统检修。"


@pytest.fixture
def clock(world: World) -> StoppedClock:
    return StoppedClock(world.consultation.closes_at - timedelta(days=3))


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


def blank(browser: TestClient) -> dict[str, str]:
    """A form that is right in every field, not sent."""
    return hidden(browser.get(FORM).text) | ENTRY | {"step": "send"}


def send(browser: TestClient, form: dict[str, str]) -> Any:
    return browser.post(FORM, data=form)


def test_a_sent_comment_is_counted_under_its_route(browser: TestClient) -> None:
    assert send(browser, blank(browser)).status_code == 303
    labels = {"method": "POST", "route": "/consultations/{slug}/comment", "status": "303"}
    assert isinstance(browser.app, FastAPI)
    assert browser.app.state.services.figures.registry.get_sample_value("yanlu_requests_total", labels) == 1


def stored(world: World) -> list[Submission]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission).order_by(Submission.received_at, Submission.id)))


@contextmanager
def asked_outside_intake(database: Database) -> Iterator[list[str]]:
    """The statements that any other thread than the intake's sends to the store."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if threading.current_thread().name != "intake":
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def test_after_the_first_of_its_second_a_post_asks_the_store_nothing_outside_its_group(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    forms = [blank(browser) for _ in range(4)]
    assert send(browser, forms[0]).status_code == 303
    with asked_outside_intake(world.database) as asked:
        assert [send(browser, form).status_code for form in forms[1:3]] == [303, 303]
    assert asked == []
    clock.at += timedelta(seconds=1)
    with asked_outside_intake(world.database) as asked:
        assert send(browser, forms[3]).status_code == 303
    assert asked
    assert len(stored(world)) == 4


def _suspended(session: Session, world: World, row: Consultation, clock: StoppedClock) -> None:
    changing.suspend(session, world.staff.manager, clock.at, SLUG, row.revision, REASON)


def _withdrawn(session: Session, world: World, row: Consultation, clock: StoppedClock) -> None:
    changing.withdraw(session, world.staff.manager, clock.at, SLUG, row.revision, REASON)


def _closed(session: Session, world: World, row: Consultation, clock: StoppedClock) -> None:
    changing.close_consultation(session, world.staff.manager, clock.at, SLUG, row.revision, REASON)


def _corrected(session: Session, world: World, row: Consultation, clock: StoppedClock) -> None:
    manager = world.staff.manager
    draft = versions.version(session, row.version_id)
    text = DRAFT.replace("步行十五分钟", "步行十分钟")
    found = extract(text, departments.directory(session))
    later = add_version(session, manager, clock.at, draft.document_id, "later", text, found, VersionRole.DRAFT)
    changing.correct(session, manager, clock.at, SLUG, row.revision, later.id, "改正文字。", substantive=False)


def _extended(session: Session, world: World, row: Consultation, clock: StoppedClock) -> None:
    closes_at = row.closes_at + timedelta(days=2)
    changing.extend(session, world.staff.manager, clock.at, SLUG, row.revision, closes_at, "来稿较多。")


Change = Callable[[Session, World, Consultation, StoppedClock], None]


def in_another_process(world: World, clock: StoppedClock, change: Change) -> None:
    """Done in the store alone: the process that serves the forms isn't told."""
    with world.database.writing() as session:
        change(session, world, session.get_one(Consultation, world.consultation.id), clock)


@pytest.mark.parametrize(("change", "status"), [(_suspended, 409), (_withdrawn, 410), (_closed, 410)])
def test_what_ends_the_window_counts_at_once_for_forms_of_the_same_second(
    world: World, browser: TestClient, clock: StoppedClock, change: Change, status: int
) -> None:
    first, second = blank(browser), blank(browser)
    assert send(browser, first).status_code == 303
    in_another_process(world, clock, change)
    refused = send(browser, second)
    assert refused.status_code == status
    assert ENTRY["comment"] in refused.text
    assert len(stored(world)) == 1
    assert send(browser, first).status_code == 303


def test_a_comment_on_a_text_that_was_corrected_in_the_same_second_stays_with_the_text_it_was_written_on(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    first, second = blank(browser), blank(browser)
    assert send(browser, first).status_code == 303
    in_another_process(world, clock, _corrected)
    assert send(browser, second).status_code == 303
    assert {one.version_id for one in stored(world)} == {world.consultation.version_id}
    clock.at += timedelta(seconds=1)
    third = blank(browser)
    assert send(browser, third).status_code == 303
    assert [str(one.version_id) for one in stored(world)][-1] == third["version"] != second["version"]


def test_what_arrives_after_the_former_closing_instant_is_taken_where_the_window_was_extended(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    clock.at = world.consultation.closes_at - timedelta(seconds=1)
    first, second = blank(browser), blank(browser)
    assert send(browser, first).status_code == 303
    in_another_process(world, clock, _extended)
    assert send(browser, blank(browser)).status_code == 303
    clock.at = world.consultation.closes_at
    assert send(browser, second).status_code == 303


def test_the_exact_second_of_the_deadline_decides(world: World, browser: TestClient, clock: StoppedClock) -> None:
    clock.at = world.consultation.closes_at - timedelta(microseconds=1)
    first, second, third = blank(browser), blank(browser), blank(browser)
    assert [send(browser, form).status_code for form in (first, second)] == [303, 303]
    clock.at = world.consultation.closes_at
    assert send(browser, third).status_code == 410
    assert len(stored(world)) == 2


def test_the_same_form_gets_its_receipt_and_other_content_is_refused(world: World, browser: TestClient) -> None:
    form = blank(browser)
    taken = send(browser, form)
    again = send(browser, form)
    assert (again.status_code, again.headers["location"]) == (303, taken.headers["location"])
    assert send(browser, form | {"comment": "另一句话。"}).status_code == 409
    assert len(stored(world)) == 1


def test_a_form_with_a_fault_comes_back_as_ever(world: World, browser: TestClient) -> None:
    form = blank(browser)
    assert send(browser, blank(browser)).status_code == 303
    assert list(errors_of(send(browser, form | {"id_number": "1"}).text)) == ["id_number"]
    assert send(browser, form).status_code == 303


@pytest.fixture
def poster(world: World) -> Poster:
    """Forms as a browser with a script sends them."""
    return Poster(SECRETS, Target(SLUG, world.consultation.id, world.consultation.version_id))


@pytest.fixture
def guarded(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    """The service with its captcha on."""
    with serving(world.database, clock, captcha=True) as client:
        yield client


def test_a_used_proof_is_refused_with_a_new_one_and_judged_once(
    world: World, guarded: TestClient, clock: StoppedClock, poster: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Sent] = []
    whole = Gate.judge
    monkeypatch.setattr(Gate, "judge", lambda gate, sent, *rest: judged.append(sent) or whole(gate, sent, *rest))
    first, second = (parse_form(post.body) for post in poster.posts(1, 2, clock.at))
    assert send(guarded, dict(first)).status_code == 303
    challenge = Challenges(SECRETS.signing).read(second["captcha_token"], clock.at)
    with world.database.writing() as session:
        ledger.burn(session, challenge)
    bounced = send(guarded, dict(second))
    assert list(errors_of(bounced.text)) == ["captcha"]
    assert hidden(bounced.text)["captcha_token"] != second["captcha_token"]
    assert send(guarded, dict(first)).status_code == 303
    assert len(judged) == 3
    assert len(stored(world)) == 1


def test_a_wrong_proof_is_judged_once(
    guarded: TestClient, clock: StoppedClock, poster: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Sent] = []
    whole = Gate.judge
    monkeypatch.setattr(Gate, "judge", lambda gate, sent, *rest: judged.append(sent) or whole(gate, sent, *rest))
    form = dict(parse_form(poster.post(3, clock.at).body)) | {"captcha_proof": "0"}
    assert list(errors_of(send(guarded, form).text)) == ["captcha"]
    assert len(judged) == 1
