"""A department's office over HTTP: where its people land, what is theirs alone, and the way to an answer."""

import io
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from starlette.testclient import TestClient

from app.assignments.lifecycle import AssignmentState
from app.assignments.models import Assignment
from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Answer
from app.exports.models import Export
from app.offices import actions as offices
from app.offices.columns import HEADING_ROW, SHEET, Column
from app.permissions import MATRIX, Permission, Role
from tests.support import files, journey
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import DRAFTING, PASSWORD, SLUG, START, StoppedClock, World
from tests.web.test_staff_access import ROUTES

OTHER = "health"
OFFICE = (Role.OFFICER, Role.OFFICE_HEAD)
OFFICE_ROUTES = [(method, path) for method, path, _ in ROUTES if path.startswith("/office")]
DESK_ROUTES = [
    (method, path, permission)
    for method, path, permission in ROUTES
    if path.startswith("/staff") and permission is not Permission.USE_OWN_SESSION
]


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World, tmp_path: Path) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock(), files_url=tmp_path.as_uri()) as client:
        yield client


@pytest.fixture
def assignment(world: World) -> uuid.UUID:
    return journey.assignment(world)


def others_template(world: World) -> uuid.UUID:
    with world.database.writing() as session:
        other = journey.colleague(session, "other-head", Role.OFFICE_HEAD, OTHER)
        wording = offices.Wording("模板", DispositionKind.ADOPTED, "已写入。", "")
        return offices.keep_template(session, other, START, wording)


def state(world: World, id: uuid.UUID) -> AssignmentState:
    with world.database.reading() as session:
        return session.get_one(Assignment, id).state


def answer_of(world: World, id: uuid.UUID) -> Answer | None:
    with world.database.reading() as session:
        return session.get(Answer, id)


def two_steps(world: World) -> None:
    with world.database.writing() as session:
        offices.set_two_step(session, world.staff.office_head, START, True)


def give(browser: TestClient, id: uuid.UUID, step: str, **typed: str) -> Any:
    return press(browser, f"/office/assignments/{id}/answer", "/answer", step=step, **({"kind": "adopted"} | typed))


@pytest.mark.parametrize("role", OFFICE)
def test_a_departments_people_land_in_their_office_and_others_on_the_desk(browser: TestClient, role: Role) -> None:
    signed_in(browser, role)
    assert browser.get("/office").status_code == 200
    assert "辽宁省民政厅" in browser.get("/office").text
    for username, place in ((role.value, "/office"), ("editor", "/staff")):
        browser.cookies.clear()
        page = browser.get("/staff/sign-in").text
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        sent = {"csrf_token": token, "username": username, "password": PASSWORD}
        assert browser.post("/staff/sign-in", data=sent).headers["location"] == place


def test_there_are_routes_of_both_sides() -> None:
    assert len(OFFICE_ROUTES) > 15
    assert len(DESK_ROUTES) > 50


@pytest.mark.parametrize("role", OFFICE)
def test_an_office_sees_nothing_of_the_desk(browser: TestClient, assignment: uuid.UUID, role: Role) -> None:
    signed_in(browser, role)
    token = press_token(browser)
    for method, path, _ in DESK_ROUTES:
        address = path.replace("{slug}", journey.SLUG).replace("{id}", str(assignment))
        answer = browser.request(method, re.sub(r"\{\w+\}", str(assignment), address), data=data(method, token))
        assert answer.status_code in (403, 404), f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.APPROVER, Role.ADMINISTRATOR])
def test_the_desk_sees_nothing_of_an_office(browser: TestClient, assignment: uuid.UUID, role: Role) -> None:
    signed_in(browser, role)
    token = press_token(browser)
    for method, path in OFFICE_ROUTES:
        answer = browser.request(method, re.sub(r"\{\w+\}", str(assignment), path), data=data(method, token))
        assert answer.status_code in (403, 404), f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize("role", OFFICE)
def test_another_departments_things_are_answered_as_if_they_did_not_exist(
    browser: TestClient, world: World, role: Role
) -> None:
    """Every address with an id, with one that is another department's and with one that is nobody's: the same."""
    theirs, template = journey.assignment(world, department=OTHER), others_template(world)
    signed_in(browser, role)
    token = press_token(browser)
    for method, path in OFFICE_ROUTES:
        if "{id}" not in path or (path.endswith("/files") and method == "POST"):
            continue
        theirs_is = template if "templates" in path else theirs
        found = [_asked(browser, method, path, id, token) for id in (theirs_is, uuid.UUID(int=7))]
        assert found[0] == found[1], f"{method} {path}: {found}"
        assert found[0][0] in (400, 403, 404, 422), f"{method} {path}"
    assert state(world, theirs) is AssignmentState.DELIVERED
    assert browser.get(f"/office/together?assignment={theirs}").status_code == 404
    listed = words(browser.get("/office").text)
    assert "助餐点周末照常开放" not in listed


def _asked(browser: TestClient, method: str, path: str, id: uuid.UUID, token: dict[str, str]) -> tuple[int, str]:
    address = path.replace("{id}", str(id)).replace("{file_id}", str(uuid.UUID(int=8)))
    answer = browser.request(method, address, data=data(method, token))
    return answer.status_code, words(answer.text).replace(str(id), "")


def press_token(browser: TestClient) -> dict[str, str]:
    page = browser.get("/staff/account").text
    return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]}


def data(method: str, token: dict[str, str]) -> dict[str, str] | None:
    return (
        token | {"revision": "1", "edition": "1", "reason": "不归我们管。", "kind": "adopted"}
        if method == "POST"
        else None
    )


def test_from_the_list_to_an_answer(browser: TestClient, world: World, assignment: uuid.UUID) -> None:
    signed_in(browser, Role.OFFICER)
    listed = words(browser.get("/office").text)
    assert "助餐点周末照常开放" in listed
    assert "个工作日" in listed
    page = f"/office/assignments/{assignment}"
    assert press(browser, page, "/acknowledge").status_code == 303
    assert press(browser, page, "/notes", text="已请后勤处核实。").status_code == 303
    shown = words(browser.get(page).text)
    for said in ("已签收", "已请后勤处核实。", "建议助餐点周末也开放。"):
        assert said in shown
    assert give(browser, assignment, "draft", reason="已写入第一条。", approver="测试审批人").status_code == 303
    kept = answer_of(world, assignment)
    assert kept is not None
    assert (kept.draft, kept.approver) == (True, "测试审批人")
    assert "已写入第一条。" in browser.get(f"{page}/answer").text, "the draft stands in the form again"
    assert give(browser, assignment, "final", reason="已写入第一条。", citizen_words="谢谢您。").status_code == 303
    assert state(world, assignment) is AssignmentState.ANSWERED
    assert "助餐点周末照常开放" in words(browser.get("/office?view=answered").text)
    assert browser.get(f"{page}/answer").status_code == 409


def test_what_is_refused_is_said_above_the_form_that_keeps_what_was_typed(
    browser: TestClient, world: World, assignment: uuid.UUID
) -> None:
    signed_in(browser, Role.OFFICER)
    refused = give(browser, assignment, "final", kind="not_adopted", approver="测试审批人")
    assert refused.status_code == 422
    assert "测试审批人" in refused.text
    assert state(world, assignment) is AssignmentState.DELIVERED


def test_in_two_steps_an_officer_drafts_and_the_head_makes_final(
    browser: TestClient, world: World, assignment: uuid.UUID
) -> None:
    two_steps(world)
    signed_in(browser, Role.OFFICER)
    assert 'value="final"' not in browser.get(f"/office/assignments/{assignment}/answer").text
    assert give(browser, assignment, "final", reason="已写入。").status_code == 403
    assert give(browser, assignment, "draft", reason="已写入。").status_code == 303
    signed_in(browser, Role.OFFICE_HEAD)
    assert give(browser, assignment, "final", reason="已写入。").status_code == 303
    assert state(world, assignment) is AssignmentState.ANSWERED


def test_where_the_office_wants_it_a_final_answer_says_who_approved_it(
    browser: TestClient, world: World, assignment: uuid.UUID
) -> None:
    signed_in(browser, Role.OFFICE_HEAD)
    assert press(browser, "/office/settings", "/office/settings", steps="one", signed="yes").status_code == 303
    refused = give(browser, assignment, "final", reason="已写入。", approver="王某")
    assert refused.status_code == 422
    assert "王某" in refused.text
    assert give(browser, assignment, "draft", reason="已写入。").status_code == 303
    whole = {"approver": "王某", "dated_on": START.date().isoformat(), "document_number": "民函〔2026〕12号"}
    assert give(browser, assignment, "final", reason="已写入。", **whole).status_code == 303
    assert state(world, assignment) is AssignmentState.ANSWERED


def test_sending_back_leaves_the_inbox_with_its_reason(
    browser: TestClient, world: World, assignment: uuid.UUID
) -> None:
    signed_in(browser, Role.OFFICER)
    page = f"/office/assignments/{assignment}"
    assert press(browser, page, "/send-back", reason="职责在卫健部门。", department=OTHER).status_code == 303
    assert state(world, assignment) is AssignmentState.SENT_BACK
    assert "职责在卫健部门。" in words(browser.get(page).text)
    assert "助餐点周末照常开放" not in words(browser.get("/office").text)


def test_one_answer_for_several_is_looked_over_and_then_given_to_each(browser: TestClient, world: World) -> None:
    ids = [journey.assignment(world, person=number) for number in (1, 2, 3)]
    signed_in(browser, Role.OFFICER)
    chosen = "/office/together?" + "&".join(f"assignment={id}" for id in ids)
    typed = {"kind": "adopted", "reason": "已写入第一条。", "step": "final"}
    look = together(browser, chosen, typed, [str(id) for id in ids])
    assert "3件" in words(look.text)
    assert all(state(world, id) is AssignmentState.DELIVERED for id in ids), "nothing has happened yet"
    with world.database.writing() as session:
        dispositions.answer(session, world.staff.office_head, START, ids[1], DispositionKind.NOTED, "另有考虑。", True)
    pairs = re.findall(r'name="assignment" value="([^"]+)"', look.text)
    done = together(browser, chosen, typed | {"look": "over"}, pairs)
    told = words(done.text)
    assert "已答复2件" in told
    assert "未办成 1" in told
    assert [state(world, id).value for id in ids] == ["answered", "delivered", "answered"]


def together(browser: TestClient, chosen: str, typed: dict[str, str], ids: list[str]) -> Any:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(chosen).text)[0]
    return browser.post("/office/together", data=typed | {"csrf_token": token, "assignment": ids})


def test_a_workbook_goes_out_is_filled_looked_through_and_carried_out_once(browser: TestClient, world: World) -> None:
    ids = [journey.assignment(world, person=number) for number in (1, 2, 3)]
    signed_in(browser, Role.OFFICER)
    taken = press(browser, "/office/workbook", "/office/workbook/file", consultation=SLUG)
    assert taken.headers["content-disposition"].startswith("attachment;")
    book = load_workbook(io.BytesIO(taken.content))
    with world.database.reading() as session:
        assert session.scalars(select(Export.number).where(Export.what == "assignments")).all() == [3]
    sheet = book[SHEET]
    for place, kind in enumerate(("采纳", "未采纳"), 1):
        sheet.cell(HEADING_ROW + place, Column.DISPOSITION + 1).value = kind
    target = io.BytesIO()
    book.save(target)
    sent = browser.post(
        "/office/workbook", data=press_token(browser), files={"file": ("办理清单.xlsx", target.getvalue())}
    )
    assert sent.status_code == 303
    looked = sent.headers["location"]
    told = words(browser.get(looked).text)
    assert "1行可以提交" in told
    assert "该办理结果须写明理由。" in told
    assert all(state(world, id) is AssignmentState.DELIVERED for id in ids), "nothing has happened yet"
    done = press(browser, looked, looked, step="final")
    assert "已答复1件" in words(done.text)
    assert [state(world, id).value for id in ids].count("answered") == 1
    assert browser.post(looked, data=press_token(browser)).status_code == 409, "it can't be carried out twice"


def test_anything_but_a_workbook_is_refused_in_one_line(browser: TestClient) -> None:
    signed_in(browser, Role.OFFICER)
    for content in (b"", b"PK\x03\x04junk", "序号,结果".encode()):
        sent = browser.post("/office/workbook", data=press_token(browser), files={"file": ("x.xlsx", content)})
        assert sent.status_code == 422


def test_templates_are_the_departments_own_and_fill_the_form(
    browser: TestClient, world: World, assignment: uuid.UUID
) -> None:
    others = others_template(world)
    signed_in(browser, Role.OFFICER)
    typed = {"name": "已写入", "kind": "partly_adopted", "reason": "已写入【条款】。", "citizen_words": ""}
    assert press(browser, "/office/templates/new", "/office/templates", **typed).status_code == 303
    listed = browser.get("/office/templates").text
    (own,) = set(re.findall(r"/office/templates/([0-9a-f-]{36})", listed))
    assert "已写入【条款】。" in browser.get(f"/office/assignments/{assignment}/answer?template={own}").text
    assert browser.get(f"/office/assignments/{assignment}/answer?template={others}").status_code == 404
    assert press(browser, "/office/templates", "/withdraw").status_code == 303
    assert own not in browser.get("/office/templates").text


def test_no_office_page_is_kept_from_a_departments_own_by_another_department() -> None:
    """Each address of an office names its permission, and none of them is a permission of the desk."""
    asked = {permission for _, path, permission in ROUTES if path.startswith("/office")}
    assert asked <= MATRIX[Role.OFFICE_HEAD]


def test_a_departments_staff_hold_its_roles_alone(browser: TestClient, world: World) -> None:
    """三员分立 holds: who makes the account grants no role; who grants may not mix the desk's with an office's."""
    signed_in(browser, Role.ADMINISTRATOR)
    made = press(
        browser, "/staff/accounts/new", "/staff/accounts", display_name="新人", username="new", department=DRAFTING
    )
    assert made.status_code == 200
    id = re.findall(r"/staff/accounts/([0-9a-f-]{36})", made.text)[0]
    signed_in(browser, Role.SECURITY_ADMINISTRATOR)
    page = browser.get(f"/staff/accounts/{id}").text
    assert set(re.findall(r'<option value="(\w+)"', page)) == {"officer", "office_head", "everywhere"}
    granted = press(browser, f"/staff/accounts/{id}", "/grant", role="screener", scope="everywhere")
    assert granted.status_code == 409
    assert press(browser, f"/staff/accounts/{id}", "/grant", role="officer", scope="everywhere").status_code == 303


def test_the_drafting_departments_head_confirms_what_another_answered(browser: TestClient, world: World) -> None:
    theirs = journey.assignment(world, department=OTHER)
    with world.database.writing() as session:
        journey.colleague(session, "other-officer", Role.OFFICER, OTHER)
    signed_in_as(browser, "other-officer")
    assert give(browser, theirs, "final", reason="已写入第二条。").status_code == 303
    assert browser.get("/office/confirming").status_code == 403, "an officer confirms nothing"
    signed_in(browser, Role.OFFICE_HEAD)
    assert "已写入第二条。" in words(browser.get("/office/confirming").text)
    returned = press(browser, "/office/confirming", "/return", remark="请写明条款。")
    assert returned.status_code == 303
    assert state(world, theirs) is AssignmentState.IN_PROGRESS
    signed_in_as(browser, "other-officer")
    assert "请写明条款。" in words(browser.get(f"/office/assignments/{theirs}").text)
    assert "退回" in words(browser.get("/office?view=returned").text)
    assert give(browser, theirs, "final", reason="已写入第二条第一款。").status_code == 303
    signed_in(browser, Role.OFFICE_HEAD)
    assert press(browser, "/office/confirming", "/confirming/").status_code == 303
    assert state(world, theirs) is AssignmentState.CONFIRMED


def signed_in_as(browser: TestClient, username: str) -> None:
    browser.cookies.clear()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.get("/staff/sign-in").text)[0]
    sent = {"csrf_token": token, "username": username, "password": PASSWORD}
    assert browser.post("/staff/sign-in", data=sent).status_code == 303


def test_files_go_with_an_answer_and_to_nobody_else(browser: TestClient, world: World, assignment: uuid.UUID) -> None:
    signed_in(browser, Role.OFFICER)
    page = f"/office/assignments/{assignment}"
    sent = {"file": ("签批件.png", files.png())}
    assert browser.post(f"{page}/files", data=press_token(browser), files=sent).status_code == 303
    (link,) = set(re.findall(rf"{page}/files/([0-9a-f-]+)", browser.get(page).text))
    taken = browser.get(f"{page}/files/{link}")
    assert taken.status_code == 200
    assert taken.headers["content-disposition"].startswith("attachment;")
    assert browser.post(f"{page}/files", data=press_token(browser), files=sent).status_code == 303
    (other_link,) = set(re.findall(rf"{page}/files/([0-9a-f-]+)", browser.get(page).text)) - {link}
    assert press(browser, page, f"/files/{other_link}/remove").status_code == 303
    assert other_link not in browser.get(page).text
    assert give(browser, assignment, "final", reason="已写入。", scan=link).status_code == 303
    kept = answer_of(world, assignment)
    assert kept is not None
    assert str(kept.scan_id) == link
    junk = {"file": ("x.exe", b"MZ\x90")}
    other = journey.assignment(world, person=4)
    refused = browser.post(f"/office/assignments/{other}/files", data=press_token(browser), files=junk)
    assert refused.status_code == 422
    assert browser.get(f"/office/assignments/{other}/files/{link}").status_code == 404
