"""How staff change a consultation after its opening: entered, looked at, confirmed; the public is told."""

from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from starlette.testclient import TestClient

from app.consultations import changing, queries
from app.consultations.effects import NoteKind
from app.consultations.lifecycle import ConsultationState
from app.consultations.models import Consultation, ConsultationNote
from app.permissions import Role
from tests.support.app import press, serving, signed_in, words
from tests.support.dump import dump
from tests.support.journey import DRAFT, SLUG, START, StoppedClock, World

OWN = f"/staff/consultations/{SLUG}"
PAGE = f"/consultations/{SLUG}"
REASON = "附件一缺页，需要更正。"
SECOND = DRAFT.replace("步行十五分钟", "步行十分钟")
CONTROLS = {"extend": {"day": "2026-06-20"}, "reschedule": {"day": "2026-05-15"}}
DAY = timedelta(days=1)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def manager(world: World, clock: StoppedClock) -> Iterator[TestClient]:
    with serving(world.database, clock) as browser:
        yield signed_in(browser, Role.MANAGER)


def change(name: str) -> str:
    return f"{OWN}/change/{name}"


def row(world: World) -> Consultation:
    with world.database.reading() as session:
        return queries.public_consultation(session, SLUG)


def noted(world: World) -> list[ConsultationNote]:
    with world.database.reading() as session:
        return list(queries.notes(session, row(world).id))


def look(browser: TestClient, name: str, **entered: str) -> str:
    answer = press(browser, change(name), f"/change/{name}", **CONTROLS.get(name, {}) | {"reason": REASON} | entered)
    assert answer.status_code == 200, words(answer.text)
    return str(answer.text)


def confirm(browser: TestClient, page: str) -> int:
    form = lxml.html.fromstring(page).xpath("//form[contains(@action, '/change/')]")[0]
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    button = form.xpath(".//button")[0]
    return browser.post(form.get("action"), data=carried | {button.get("name"): button.get("value")}).status_code


def send_file(browser: TestClient, name: str, content: str) -> str:
    form = lxml.html.fromstring(browser.get(change(name)).text).xpath("//form[contains(@action, '/texts')]")[0]
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    answer = browser.post(
        form.get("action"), data=carried, files={"file": ("second.txt", content.encode(), "text/plain")}
    )
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"])


@pytest.mark.parametrize("name", ["extend", "suspend", "withdraw", "close"])
def test_looking_changes_nothing_and_confirming_does_what_was_shown(
    manager: TestClient, world: World, name: str
) -> None:
    before = dump(world.database)
    page = look(manager, name)
    assert REASON in words(page)
    assert dump(world.database) == before
    assert confirm(manager, page) == 303
    (note,) = noted(world)
    assert note.text == REASON
    assert REASON in words(manager.get(PAGE).text)
    assert REASON in words(manager.get(OWN).text)


def test_the_new_closing_day_ends_at_its_midnight_and_is_shown_before(manager: TestClient, world: World) -> None:
    assert "2026年6月20日 24:00（北京时间）" in words(look(manager, "extend"))
    page = look(manager, "extend", clock="18:00")
    assert "2026年6月20日 18:00（北京时间）" in words(page)
    confirm(manager, page)
    assert row(world).closes_at.isoformat() == "2026-06-20T10:00:00+00:00"


def test_resuming_shows_by_how_much_the_window_grows(manager: TestClient, world: World, clock: StoppedClock) -> None:
    closes_at = row(world).closes_at
    confirm(manager, look(manager, "suspend"))
    clock.at += 2 * DAY + timedelta(hours=1)
    signed_in(manager, Role.MANAGER)
    page = look(manager, "resume")
    assert row(world).state is ConsultationState.SUSPENDED
    confirm(manager, page)
    assert row(world).closes_at == closes_at + 3 * DAY
    assert "2026年6月13日" in words(page)


@pytest.mark.parametrize(
    ("name", "entered", "said"),
    [
        ("extend", {"reason": " "}, "请填写理由"),
        ("extend", {"reason": "字" * 10_000}, "500"),
        ("extend", {"day": "2026-05-20"}, "必须晚于"),
        ("extend", {"day": "2026-02-30"}, "真实的日期"),
        ("extend", {"day": "9999-12-31"}, "真实的日期"),
        ("extend", {"day": ""}, "真实的日期"),
        ("extend", {"clock": "25:00"}, "真实的日期"),
        ("extend", {"clock": "10:00+99:00"}, "真实的日期"),
        ("suspend", {"reason": ""}, "请填写理由"),
    ],
)
def test_what_is_wrong_is_said_on_the_form_and_what_was_typed_is_kept(
    manager: TestClient, world: World, name: str, entered: dict[str, str], said: str
) -> None:
    before = dump(world.database)
    given = CONTROLS.get(name, {}) | {"reason": REASON} | entered
    answer = press(manager, change(name), f"/change/{name}", step="confirm", **given)
    assert answer.status_code == 422
    root = lxml.html.fromstring(answer.text)
    assert said in root.xpath("//*[@role='alert']")[0].text_content()
    assert root.get_element_by_id("reason").text.strip() == given["reason"].strip()
    assert dump(world.database) == before


def test_a_page_that_somebody_else_overtook_is_told_so_and_shows_what_holds_now(
    manager: TestClient, world: World
) -> None:
    page = look(manager, "extend")
    with world.database.writing() as session:
        closes_at = row(world).closes_at + 3 * DAY
        changing.extend(session, world.staff.manager, START, SLUG, row(world).revision, closes_at, "来稿较多。")
    before = dump(world.database)
    assert confirm(manager, page) == 409
    assert dump(world.database) == before


def test_a_corrected_text_is_sent_looked_at_and_put_out(manager: TestClient, world: World) -> None:
    closes_at, first = row(world).closes_at, row(world).version_id
    where = send_file(manager, "correct", SECOND)
    assert row(world).version_id == first
    answer = press(manager, where, "/change/correct", reason="更正步行时间。", version=where.rpartition("=")[2])
    assert "第2版文本" in words(answer.text)
    assert manager.get(f"{PAGE}/versions/2").status_code == 404
    assert confirm(manager, answer.text) == 303
    (note,) = noted(world)
    assert (note.kind, note.version_before, note.version_after) == (NoteKind.CORRECTION, first, row(world).version_id)
    assert row(world).closes_at == closes_at
    assert "步行十分钟" in words(manager.get(PAGE).text)


@pytest.mark.parametrize(
    ("name", "entered", "kind"),
    [("correct", {"substantive": "yes"}, NoteKind.SUBSTANTIVE_CORRECTION), ("replace", {}, NoteKind.REPLACEMENT)],
)
def test_another_meaning_or_another_text_counts_the_window_anew(
    manager: TestClient, world: World, clock: StoppedClock, name: str, entered: dict[str, str], kind: NoteKind
) -> None:
    closes_at = row(world).closes_at
    clock.at = closes_at - DAY
    signed_in(manager, Role.MANAGER)
    version = send_file(manager, name, SECOND).rpartition("=")[2]
    confirm(manager, look(manager, name, version=version, **entered))
    assert [note.kind for note in noted(world)] == [kind]
    assert row(world).closes_at > closes_at + 5 * DAY


@pytest.mark.parametrize(("content", "status"), [("", 422), ("今天天气很好。", 422)])
def test_a_file_without_a_draft_is_refused_and_nothing_is_stored(
    manager: TestClient, world: World, content: str, status: int
) -> None:
    before = dump(world.database)
    form = lxml.html.fromstring(manager.get(change("correct")).text).xpath("//form[contains(@action, '/texts')]")[0]
    carried = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    files = {"file": ("second.txt", content.encode(), "text/plain")}
    assert manager.post(form.get("action"), data=carried, files=files).status_code == status
    assert dump(world.database) == before


def test_a_file_with_nul_characters_is_stored_on_either_store(manager: TestClient, world: World) -> None:
    version = send_file(manager, "correct", SECOND.replace("助餐", "助\0餐")).rpartition("=")[2]
    confirm(manager, look(manager, "correct", version=version))
    assert "社区老年助餐" in words(manager.get(PAGE).text)


def test_a_text_of_another_document_is_refused(manager: TestClient, world: World) -> None:
    send_file(manager, "replace", SECOND)
    own = str(row(world).version_id)
    for version in (own, "00000000-0000-0000-0000-000000000000", ""):
        entered = {"reason": REASON, "version": version, "step": "confirm"}
        assert press(manager, change("replace"), "/change/replace", **entered).status_code == 422
    assert press(manager, change("replace"), "/change/replace", reason=REASON, version="x").status_code == 400
    assert noted(world) == []


def test_the_page_offers_what_is_possible_now(manager: TestClient, world: World, clock: StoppedClock) -> None:
    def offered() -> set[str]:
        links = lxml.html.fromstring(manager.get(OWN).text).xpath("//a[contains(@href, '/change/')]/@href")
        return {link.rpartition("/")[2] for link in links}

    assert offered() == {"extend", "suspend", "correct", "replace", "withdraw", "close"}
    for name in ("resume", "reschedule"):
        assert manager.get(change(name)).status_code == 409
    for name in ("open", "nothing"):
        assert manager.get(change(name)).status_code == 404
    confirm(manager, look(manager, "suspend"))
    assert offered() == {"resume", "correct", "replace", "withdraw"}
    clock.at = row(world).closes_at
    signed_in(manager, Role.MANAGER)
    confirm(manager, look(manager, "resume"))
    clock.at = row(world).closes_at
    signed_in(manager, Role.MANAGER)
    assert offered() == {"withdraw", "close"}
    assert confirm(manager, look(manager, "close")) == 303
    assert offered() == set()
    assert [note.kind for note in noted(world)] == [NoteKind.RESUMPTION, NoteKind.SUSPENSION]


def test_an_opening_that_lies_ahead_is_moved(manager: TestClient, world: World) -> None:
    with world.database.writing() as session:
        queries.public_consultation(session, SLUG).opens_at = START + DAY
    closes_at = row(world).closes_at
    page = look(manager, "reschedule")
    assert "2026年5月14日 24:00（北京时间）" in words(page)
    confirm(manager, page)
    assert row(world).opens_at.isoformat() == "2026-05-14T16:00:00+00:00"
    assert row(world).closes_at == closes_at + 3 * DAY


def test_the_history_names_who_did_it_and_only_to_staff(manager: TestClient, world: World) -> None:
    confirm(manager, look(manager, "suspend"))
    assert "测试manager" in words(manager.get(OWN).text)
    assert "测试manager" not in words(manager.get(PAGE).text)


@pytest.mark.parametrize("role", [Role.SCREENER, Role.EDITOR, Role.APPROVER, Role.PUBLISHER, Role.AUDITOR])
def test_others_may_neither_look_nor_change(world: World, role: Role) -> None:
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, role)
        for address in (OWN, change("withdraw")):
            assert browser.get(address).status_code == 403
        assert browser.post(change("withdraw"), data={"reason": REASON, "step": "confirm"}).status_code == 403
    assert noted(world) == []


def test_an_unknown_consultation_is_not_found(manager: TestClient) -> None:
    for address in ("/staff/consultations/none", "/staff/consultations/none/change/extend"):
        assert manager.get(address).status_code == 404
