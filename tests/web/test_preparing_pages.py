"""Preparing a consultation over HTTP: send files, look over, correct, choose, hand over, return."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations import preparations, preparing
from app.consultations.models import Consultation, Preparation
from app.consultations.preparation import PreparationState
from app.departments.actions import add_departments
from app.departments.directory import Why, load_seed
from app.departments.models import DepartmentProposal
from app.documents.chosen_units import CHOSEN
from app.documents.doubts import What
from app.documents.unit_names import Role as UnitRole
from app.permissions import Role
from app.web import doubt_words, labels
from app.web.i18n import translations
from app.web.staff import preparation_page
from tests.documents.formats.making import scanned_pdf, word
from tests.support.app import serving, signed_in, words
from tests.support.dump import dump
from tests.support.journey import START, StoppedClock, World
from tests.support.preparing import PAGE, begun, handed_over, now, second_manager
from tests.web.test_staff_access import own_token

NEW = "/staff/consultations/new"


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield signed_in(client, Role.MANAGER)


def upload(browser: TestClient, **files: tuple[str, bytes]) -> Any:
    return browser.post(NEW, data=own_token(browser), files=files)


def path(preparation: Preparation, more: str = "") -> str:
    return f"/staff/preparations/{preparation.id}{more}"


def entered(page: str, key: str) -> dict[str, Any]:
    """Everything that the form of a clause holds, as a browser would send it."""
    form = lxml.html.fromstring(page).xpath(f"//form[contains(@action, '/clauses/{key}')][.//textarea]")[0]
    fields: dict[str, Any] = {}
    for name, value in form.form_values():
        if name in ("unit", "role"):
            fields.setdefault(name, []).append(value)
        else:
            fields[name] = value
    return fields


def test_a_file_becomes_a_preparation(browser: TestClient, world: World) -> None:
    answer = upload(browser, draft=("草案.docx", word(PAGE.split("\n"))), notice=("", b""))
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    shown = words(page)
    assert "草案.docx" in shown
    assert translations("zh_CN").gettext("What was found") in shown
    assert "省住房城乡建设厅" in shown
    assert len(lxml.html.fromstring(page).xpath("//article[contains(@class, 'found')]")) > 20


def test_every_file_that_can_not_be_read_is_told_and_nothing_is_kept(browser: TestClient, world: World) -> None:
    before = dump(world.database)
    answer = upload(browser, draft=("扫描.pdf", scanned_pdf(1)), explanation=("说明.docx", b"\x89PNG\r\n"))
    assert answer.status_code == 422
    told = lxml.html.fromstring(answer.text).xpath("//*[@role='alert']//a/@href")
    assert told == ["#draft", "#explanation"]
    assert "扫描.pdf" in words(answer.text)
    answer = upload(browser, notice=("公告.txt", "公告".encode()))
    assert answer.status_code == 422
    assert dump(world.database) == before


def test_whoever_may_not_manage_sees_nothing_of_it(browser: TestClient, world: World) -> None:
    preparation = begun(world)
    signed_in(browser, Role.EDITOR)
    for more in ("", "/choices", "/checks", "/texts/draft", "/clauses/c0"):
        assert browser.get(path(preparation, more)).status_code == 403
    assert browser.post(NEW, content=b"x").status_code == 403


@pytest.mark.parametrize("more", ["", "/choices", "/checks", "/texts/notice", "/clauses/c0"])
def test_a_preparation_or_clause_that_is_not_there_is_404(browser: TestClient, world: World, more: str) -> None:
    assert browser.get(f"/staff/preparations/{uuid.uuid4()}{more}").status_code == 404
    assert browser.get(path(begun(world), "/clauses/c999")).status_code == 404


def test_what_was_typed_comes_back_when_somebody_else_was_faster(browser: TestClient, world: World) -> None:
    preparation = begun(world)
    fields = entered(browser.get(path(preparation)).text, "c1")
    with world.database.writing() as session:
        preparing.correct(
            session,
            world.staff.manager,
            StoppedClock().now(),
            preparation.id,
            preparation.revision,
            preparing.removal("c0"),
        )
    typed = fields | {"heading": "我填写的标题", "text": "我填写的正文", "unit": ["省教育厅"], "role": ["lead"]}
    answer = browser.post(path(preparation, "/clauses/c1"), data=typed | {"do": "save"})
    assert answer.status_code == 409
    again = entered(answer.text, "c1")
    assert (again["heading"], again["text"].strip()) == ("我填写的标题", "我填写的正文")
    assert again["unit"][0] == "省教育厅"
    assert browser.post(path(preparation, "/clauses/c1"), data=again | {"do": "save"}).status_code == 303
    clause = preparations.clause(now(world.database, preparation.id), "c1").clause
    assert (clause.heading, [(unit.name, unit.role) for unit in clause.units]) == (
        "我填写的标题",
        [("省教育厅", UnitRole.LEAD)],
    )


def test_what_makes_no_clause_comes_back_with_the_reason(browser: TestClient, world: World) -> None:
    preparation = begun(world)
    fields = entered(browser.get(path(preparation)).text, "c1") | {"number": "", "text": "留着的话"}
    answer = browser.post(path(preparation, "/clauses/c1"), data=fields | {"do": "save"})
    assert answer.status_code == 422
    assert translations("zh_CN").gettext("Enter the clause's number.") in words(answer.text)
    assert entered(answer.text, "c1")["text"].strip() == "留着的话"


def test_clauses_are_joined_divided_added_taken_out_and_put_back(browser: TestClient, world: World) -> None:
    preparation = begun(world)

    def press(key: str, do: str, **fields: str) -> list[str]:
        carried = own_token(browser) | {"revision": str(now(world.database, preparation.id).revision), "do": do}
        assert browser.post(path(preparation, f"/clauses/{key}"), data=carried | fields).status_code == 303
        return [row.key for row in preparations.reviewed(now(world.database, preparation.id)).clauses]

    keys = [row.key for row in preparations.reviewed(preparation).clauses]
    assert press("c3", "merge") == [key for key in keys if key != "c3"]
    assert press("c2", "undo") == keys
    assert press("c2", "remove") == [key for key in keys if key != "c2"]
    assert press("c2", "undo") == keys
    assert press("c0", "add", new_number="一之一", new_heading="补充", new_text="一句话。")[1] == "n1"
    assert press("n1", "undo") == keys
    answer = browser.post(path(preparation, "/clauses/c0"), data=own_token(browser) | {"revision": "1", "do": "burn"})
    assert answer.status_code == 400


def test_a_doubt_is_marked_at_its_clause(browser: TestClient, world: World) -> None:
    preparation = begun(
        world, PAGE.replace("（责任单位：省住房城乡建设厅、省公安厅", "（责任单位：省住房城乡建设厅省公安厅")
    )
    page = browser.get(path(preparation)).text
    form = lxml.html.fromstring(page).xpath("//form[contains(@class, 'doubts')]")[0]
    fields = dict(form.form_values())
    answer = browser.post(form.get("action"), data=fields)
    assert answer.status_code == 303
    assert re.search(r"#c\d+$", answer.headers["location"])
    assert int(fields["doubt"]) in preparations.reviewed(now(world.database, preparation.id)).corrections.looked_at
    assert translations("zh_CN").gettext("Looked at:") in words(browser.get(path(preparation)).text)


def test_every_wrong_choice_is_told_at_once_with_what_was_typed(browser: TestClient, world: World) -> None:
    preparation = begun(world)
    form = lxml.html.fromstring(browser.get(path(preparation, "/choices")).text).xpath("//form[@class='choices']")[0]
    fields = dict(form.form_values())
    wrong = fields | {"title": "", "contact_email": "nobody", "closes_at": "yesterday", "slug": world.consultation.slug}
    answer = browser.post(path(preparation, "/choices"), data=wrong)
    assert answer.status_code == 422
    told = lxml.html.fromstring(answer.text).xpath("//*[@role='alert']//a/@href")
    assert told == ["#title", "#closes_at", "#contact_email", "#slug"]
    assert "nobody" in answer.text
    assert browser.post(path(preparation, "/choices"), data=fields | {"title": "新标题"}).status_code == 303
    stale = browser.post(path(preparation, "/choices"), data=fields | {"notice": "后来的公告"})
    assert stale.status_code == 409
    assert "后来的公告" in stale.text


def test_it_is_handed_over_returned_and_handed_over_again(browser: TestClient, world: World) -> None:
    preparation = handed_over(world)
    page = words(browser.get(path(preparation, "/checks")).text)
    assert translations("zh_CN").gettext("You handed it over. A second person opens it.") in page
    carried = own_token(browser) | {"revision": str(preparation.revision), "remark": "电话有误"}
    assert browser.post(path(preparation, "/return"), data=carried).status_code == 303
    page = browser.get(path(preparation)).text
    assert "电话有误" in words(page)
    carried = own_token(browser) | {"revision": str(now(world.database, preparation.id).revision)}
    assert browser.post(path(preparation, "/hand-over"), data=carried).status_code == 303
    assert now(world.database, preparation.id).state is PreparationState.HANDED_OVER


def test_an_unknown_name_is_proposed_and_found_once_the_directory_knows_it(browser: TestClient, world: World) -> None:
    preparation = begun(
        world,
        "关于修路的办法\n一、修好小路。（责任单位：省民政厅、省小路修建中心）\n二、种树。（责任单位：省小路修建中心）",
    )
    assert "省小路修建中心" in words(browser.get(path(preparation)).text)
    carried = own_token(browser) | {"revision": str(preparation.revision)}
    assert browser.post(path(preparation, "/propose"), data=carried).status_code == 303
    with world.database.writing() as session:
        assert [row.written for row in session.scalars(select(DepartmentProposal))] == ["省小路修建中心"]
        entry = replace(load_seed()[0], id="small-roads", name="省小路修建中心", aliases=(), former_names=())
        add_departments(session, world.staff.manager, START, [entry])
    assert browser.post(path(preparation, "/look-up"), data=carried).status_code == 303
    reviewed = preparations.reviewed(now(world.database, preparation.id))
    assert preparation_page.progress(reviewed).unknown_names == 0
    assert [row.clause.units[-1].department for row in reviewed.clauses] == ["small-roads", "small-roads"]


def test_a_preparation_is_listed_until_it_is_discarded(browser: TestClient, world: World) -> None:
    preparation = begun(world)
    assert path(preparation) in browser.get("/staff/consultations").text
    carried = own_token(browser) | {"revision": str(preparation.revision)}
    assert browser.post(path(preparation, "/discard"), data=carried).status_code == 303
    assert path(preparation) not in browser.get("/staff/consultations").text
    assert browser.get(path(preparation)).status_code == 200


def test_a_text_without_clauses_can_be_given_its_first_one(browser: TestClient, world: World) -> None:
    preparation = begun(world, "关于几件小事的说明\n\n没有编号的一段话。")
    assert translations("zh_CN").gettext("Add the first clause") in words(browser.get(path(preparation)).text)
    carried = own_token(browser) | {"revision": str(preparation.revision), "new_number": "一", "new_text": "一段话。"}
    assert browser.post(path(preparation, "/first-clause"), data=carried).status_code == 303
    assert "一段话。" in words(browser.get(path(preparation)).text)


def test_what_stands_in_a_file_is_shown_as_text(browser: TestClient, world: World) -> None:
    preparation = begun(
        world, "关于<script>alert(1)</script>的办法\n一、<svg onload=alert(1)>\n（一）{{ 7321*7717 }}。"
    )
    for more in ("", "/choices", "/texts/draft", "/clauses/c0"):
        page = browser.get(path(preparation, more)).text
        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert "56496157" not in words(page)


def test_a_long_draft_is_shown_a_hundred_clauses_at_a_time(browser: TestClient, world: World) -> None:
    text = "关于很多事情的办法\n" + "\n".join(
        f"第{number}条 把第{number}件事情办好。（责任单位：省民政厅）" for number in range(1, 251)
    )
    preparation = begun(world, text)
    first, third = browser.get(path(preparation)).text, browser.get(path(preparation), params={"part": "3"}).text
    assert (len(found(first)), len(found(third))) == (preparation_page.PAGE_SIZE, 50)
    assert "第250件事情" in words(third)
    assert "第101件事情" not in words(first)
    assert browser.get(path(preparation), params={"part": "99"}).text.count("第250件事情") > 0
    for odd in ("0", "-1", "x", "9" * 30):
        assert browser.get(path(preparation), params={"part": odd}).status_code == 200


def found(page: str) -> list[Any]:
    return list(lxml.html.fromstring(page).xpath("//article[contains(@class, 'found')]"))


def test_everything_that_a_reading_can_say_has_its_words() -> None:
    chinese = translations("zh_CN")
    assert set(doubt_words.DOUBTS) == set(What)
    assert all(what.value == told for what, told in doubt_words.DOUBTS.items())
    assert {why.value for why in Why} | {"restored_national", CHOSEN} == set(doubt_words.UNIT_WHY)
    for told in (*doubt_words.DOUBTS.values(), *doubt_words.UNIT_WHY.values(), *doubt_words.PLACES.values()):
        assert chinese.gettext(told) != told
    assert all(labels.label(role) for role in UnitRole)


def test_the_second_person_sees_that_it_waits_for_them(browser: TestClient, world: World) -> None:
    preparation = handed_over(world)
    with world.database.writing() as session:
        row, other = session.get_one(Preparation, preparation.id), second_manager(world).id
        row.prepared_by = row.handed_over_by = session.get_one(Consultation, row.consultation_id).prepared_by = other
    page = words(browser.get(path(preparation, "/checks")).text)
    assert translations("zh_CN").gettext("It waits for you: look at it, then open it or return it.") in page
