"""With a late code the closed form opens once; without one, or with a wrong one, it stays closed and says the same."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations import changing, late_codes, late_entry
from app.consultations.models import LateCode
from app.permissions import Role
from app.submissions.models import LateSubmission, Submission
from app.web.services import WRONG_CODES, WRONG_CODES_WITHIN
from tests.support.app import ENTRY, SECRETS, errors_of, hidden, press, serving, signed_in, words
from tests.support.journey import SLUG, START, StoppedClock, World

FORM = f"/consultations/{SLUG}/comment"
DESK = f"/staff/consultations/{SLUG}/late-codes"
CODES = late_entry.LateCodes(SECRETS.signing)
AFTER = START + timedelta(days=31)
UNTIL = AFTER + timedelta(days=3)
REASON = "住院，出院后才看到公告。"
NO_SUCH_CODE = "0000-0000-0000-0000"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(AFTER)


@pytest.fixture
def browser(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as client:
        yield client


@pytest.fixture
def code(world: World) -> str:
    with world.database.writing() as session:
        return late_codes.issue_code(session, world.staff.manager, AFTER, CODES, SLUG, REASON, UNTIL).code


def opened(browser: TestClient, code: str) -> str:
    """The form's page, opened by the code."""
    answer = browser.post(f"{FORM}/late", data={"late_code": code})
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def stored(world: World) -> list[Submission]:
    with world.database.reading() as session:
        return list(session.scalars(select(Submission)))


def test_the_closed_page_asks_for_a_code_and_nothing_else_does(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    assert "我有逾期提交码" in browser.get(FORM).text
    with world.database.writing() as session:
        changing.withdraw(session, world.staff.manager, AFTER, SLUG, world.consultation.revision, "文本有误。")
    assert "我有逾期提交码" not in browser.get(FORM).text


def test_who_has_a_code_sends_one_comment_that_is_marked_late(world: World, browser: TestClient, code: str) -> None:
    page = opened(browser, code.lower())
    assert "该意见将标注为逾期提交" in page
    answer = browser.post(FORM, data=hidden(page) | ENTRY)
    assert answer.status_code == 303
    (submission,) = stored(world)
    assert submission.received_at == AFTER
    assert submission.receipt_number in answer.headers["location"]
    with world.database.reading() as session:
        assert session.scalars(select(LateSubmission.submission_id)).one() == submission.id
    desk = signed_in(browser, Role.SCREENER).get(f"/staff/submissions/{submission.id}").text
    assert "逾期凭码提交" in desk
    assert "测试manager" in desk
    assert REASON in desk


def test_after_a_mistake_the_form_still_opens_by_the_code(world: World, browser: TestClient, code: str) -> None:
    page = opened(browser, code)
    again = browser.post(FORM, data=hidden(page) | ENTRY | {"title": ""})
    assert again.status_code == 422
    assert errors_of(again.text).keys() == {"title"}
    assert browser.post(FORM, data=hidden(again.text) | ENTRY).status_code == 303
    assert len(stored(world)) == 1


def test_the_code_is_in_no_page_and_no_address(
    browser: TestClient, code: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = opened(browser, code)
        again = browser.post(FORM, data=hidden(page) | ENTRY | {"title": ""})
        answer = browser.post(FORM, data=hidden(again.text) | ENTRY)
    assert code not in page + again.text + str(answer.headers)
    assert code not in caplog.text + "".join(capfd.readouterr())


def test_the_used_form_sent_again_gets_the_same_receipt(browser: TestClient, code: str) -> None:
    fields = hidden(opened(browser, code)) | ENTRY
    first = browser.post(FORM, data=fields)
    assert browser.post(FORM, data=fields).headers["location"] == first.headers["location"]


def test_who_is_second_gets_clear_words_and_their_text_back(world: World, browser: TestClient, code: str) -> None:
    first, second = hidden(opened(browser, code)), hidden(opened(browser, code))
    assert browser.post(FORM, data=first | ENTRY).status_code == 303
    refused = browser.post(FORM, data=second | ENTRY)
    assert refused.status_code == 409
    assert "逾期提交码已被使用" in words(refused.text)
    assert ENTRY["comment"] in refused.text
    assert len(stored(world)) == 1


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1)])
def test_a_code_that_expires_while_one_writes_gives_the_text_back(
    world: World, browser: TestClient, clock: StoppedClock, code: str, later: timedelta
) -> None:
    fields = hidden(opened(browser, code)) | ENTRY
    clock.at = UNTIL + later
    refused = browser.post(FORM, data=fields)
    assert refused.status_code == 410
    assert "已过期" in errors_of(refused.text)["late_code"]
    assert ENTRY["comment"] in refused.text
    assert stored(world) == []


def test_a_pass_of_one_form_opens_no_other(world: World, browser: TestClient, code: str) -> None:
    one, other = hidden(opened(browser, code)), hidden(opened(browser, code))
    mixed = other | {"late_entry": one["late_entry"]}
    assert browser.post(FORM, data=mixed | ENTRY).status_code == 410
    assert stored(world) == []


@pytest.mark.parametrize("kind", ["unknown", "used", "revoked", "expired", "of another", "empty"])
def test_every_code_that_opens_nothing_is_answered_alike(
    world: World, browser: TestClient, clock: StoppedClock, code: str, kind: str
) -> None:
    unknown = browser.post(f"{FORM}/late", data={"late_code": NO_SUCH_CODE})
    with world.database.writing() as session:
        row = session.scalars(select(LateCode)).one()
        if kind == "used":
            row.used_at = AFTER
        elif kind == "revoked":
            row.revoked_at = AFTER
        elif kind == "expired":
            row.valid_until = AFTER
        elif kind == "of another":
            row.code_hash = CODES.hash_code(row.id, code)
    typed = {"unknown": NO_SUCH_CODE, "empty": ""}.get(kind, code)
    refused = browser.post(f"{FORM}/late", data={"late_code": typed})
    assert (refused.status_code, refused.text) == (unknown.status_code, unknown.text)
    assert refused.status_code == 422
    assert errors_of(refused.text).keys() == {"late_code"}
    assert typed == "" or typed not in refused.text


def test_wrong_codes_are_limited_and_the_limit_passes(browser: TestClient, clock: StoppedClock, code: str) -> None:
    for _ in range(WRONG_CODES):
        assert browser.post(f"{FORM}/late", data={"late_code": NO_SUCH_CODE}).status_code == 422
    limited = browser.post(f"{FORM}/late", data={"late_code": code})
    assert limited.status_code == 429
    assert "十分钟" in errors_of(limited.text)["late_code"]
    clock.at += WRONG_CODES_WITHIN
    opened(browser, code)


def test_an_open_form_needs_no_code(world: World, browser: TestClient, clock: StoppedClock) -> None:
    clock.at = START
    answer = browser.post(f"{FORM}/late", data={"late_code": NO_SUCH_CODE})
    assert (answer.status_code, answer.headers["location"]) == (303, FORM)


def test_a_manager_issues_a_code_that_is_shown_once_and_only_there(
    world: World, browser: TestClient, clock: StoppedClock
) -> None:
    signed_in(browser, Role.MANAGER)
    answer = press(browser, DESK, "late-codes", reason=REASON, valid_until="2026-06-13")
    assert answer.status_code == 303
    page = browser.get(DESK)
    (shown,) = lxml.html.fromstring(page.text).xpath("//strong/code")
    code = shown.text_content().replace(" ", "")
    assert len(code) == 16
    assert page.headers["cache-control"] == "no-store"
    assert not lxml.html.fromstring(browser.get(DESK).text).xpath("//strong/code")
    assert REASON in page.text
    assert "2026年6月13日 24:00" in words(page.text)
    clock.at = AFTER + timedelta(days=1)
    assert "该意见将标注为逾期提交" in opened(browser, code)


def test_the_freshly_issued_code_shows_to_nobody_else(browser: TestClient, world: World) -> None:
    signed_in(browser, Role.MANAGER)
    press(browser, DESK, "late-codes", reason=REASON, valid_until="2026-06-13")
    kept = browser.cookies.get("yanlu_late_code")
    assert kept
    with world.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE staff_users SET username = 'somebody' WHERE username = 'manager'")
        session.connection().exec_driver_sql("UPDATE staff_users SET username = 'manager' WHERE username = 'publisher'")
        session.connection().exec_driver_sql("UPDATE staff_roles SET role = 'manager' WHERE role = 'publisher'")
    signed_in(browser, Role.MANAGER)
    browser.cookies.set("yanlu_late_code", kept, path=DESK)
    assert not lxml.html.fromstring(browser.get(DESK).text).xpath("//strong/code")


def test_a_code_is_revoked_on_the_desk(browser: TestClient, code: str) -> None:
    signed_in(browser, Role.MANAGER)
    assert press(browser, DESK, "/revoke").status_code == 303
    assert "已作废" in browser.get(DESK).text
    assert browser.post(f"{FORM}/late", data={"late_code": code}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": "", "valid_until": "2026-06-13"}, 422),
        ({"reason": REASON, "valid_until": "soon"}, 422),
        ({"reason": REASON, "valid_until": "9999-12-31"}, 422),
        ({"reason": REASON, "valid_until": "2026-06-01"}, 422),
        ({"reason": REASON}, 422),
    ],
)
def test_what_can_not_be_issued_is_told(browser: TestClient, fields: dict[str, str], status: int) -> None:
    signed_in(browser, Role.MANAGER)
    assert press(browser, DESK, "late-codes", **fields).status_code == status


def test_before_the_end_no_code_can_be_issued(browser: TestClient, clock: StoppedClock) -> None:
    clock.at = START
    signed_in(browser, Role.MANAGER)
    page = browser.get(DESK).text
    assert "征求意见结束后方可发放" in page
    assert not lxml.html.fromstring(page).xpath("//form[contains(@action, 'late-codes')]")
