"""The staff pages of the directory: list, edit, end, reinstate, import a table, decide about unknown names."""

from collections.abc import Iterator

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.departments import proposing, queries
from app.departments.lifecycle import DepartmentState, ProposalState
from app.departments.tabular import COLUMNS, read_entries, write_table
from app.departments.units import DirectoryEntry, Level, Relationship
from app.exports.models import Export
from app.permissions import Role
from tests.support.app import hidden, press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import START, StoppedClock, World

LIST = "/staff/departments"
NAMES = "/staff/departments/names"
IMPORT = "/staff/departments/import"
HEADER = ",".join(COLUMNS[:5])


def one(id: str) -> str:
    return f"/staff/department/{id}"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield signed_in(client, Role.MANAGER)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


def entry(world: World, id: str) -> DirectoryEntry:
    with world.database.reading() as session:
        return queries.entry(session, queries.find(session, id))


def propose(world: World, *names: str) -> None:
    with world.database.writing() as session:
        for name in names:
            proposing.propose_name(session, world.staff.manager, START, name, "document_version 1")


def waiting(world: World, state: ProposalState = ProposalState.OPEN) -> list[str]:
    with world.database.reading() as session:
        return [row.written for row in queries.proposals(session, state, None, 50).items]


def typed(page: str) -> dict[str, str]:
    """What the form of a department holds, as a browser would send it again."""
    (form,) = lxml.html.fromstring(page).xpath("//form[.//input[@name='name']]")
    return {name: value or "" for name, value in form.fields.items()}


def names_in(page: str) -> list[str]:
    return [cell.text_content().strip() for cell in lxml.html.fromstring(page).xpath("//tbody/tr/th")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MANAGER])
def test_only_a_manager_gets_there(browser: TestClient, role: Role) -> None:
    signed_in(browser, role)
    pages = (LIST, LIST + "/new", IMPORT, NAMES, one("justice"))
    assert {browser.get(path).status_code for path in pages} == {403}
    assert browser.post(LIST + "/export", data=hidden(browser.get("/staff/account").text)).status_code == 403
    assert 'href="/staff/departments"' not in browser.get("/staff", follow_redirects=True).text


def test_the_list_is_found_among_what_is_administered_and_narrowed_down(browser: TestClient) -> None:
    assert 'href="/staff/settings"' in browser.get("/staff/consultations").text
    assert f'href="{LIST}"' in browser.get("/staff/settings").text
    assert len(names_in(browser.get(LIST).text)) == 74
    assert names_in(browser.get(LIST, params={"words": "银保监", "state": "retired"}).text) == [
        "中国银行保险监督管理委员会辽宁监管局",
        "中国银行保险监督管理委员会大连监管局",
    ]
    assert "没有符合条件的单位" in browser.get(LIST, params={"words": "没有", "level": "nonsense"}).text


def test_the_list_marks_who_is_never_assigned_and_who_is_asked_by_letter(browser: TestClient) -> None:
    standing = browser.get(LIST, params={"level": "standing_scope"}).text
    assert standing.count("不单独交办") == 4
    assert "函商" in browser.get(LIST, params={"words": "税务局"}).text
    assert "不再交办" in browser.get(LIST, params={"words": "扶贫"}).text


def test_a_long_list_goes_on_at_the_next_page(browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 40)
    first = browser.get(LIST)
    (following,) = lxml.html.fromstring(first.text).xpath("//a[@rel='next']/@href")
    assert len(names_in(first.text)) + len(names_in(browser.get(following).text)) == 74


def test_a_department_is_edited_and_its_history_tells_how(browser: TestClient, world: World) -> None:
    fields = typed(browser.get(one("justice")).text)
    assert fields["aliases"].split() == ["省司法厅", "司法厅"]
    answer = browser.post(
        one("justice") + "/edit", data=fields | {"aliases": "省司法厅\n 省司法局 \n", "source": "测试"}
    )
    assert answer.status_code == 303
    assert entry(world, "justice").aliases == ("省司法厅", "省司法局")
    assert "其他写法: 省司法厅|司法厅 → 省司法厅|省司法局" in words(browser.get(one("justice")).text)
    assert browser.post(one("justice") + "/edit", data=fields).status_code == 409


def test_a_refused_edit_names_who_has_the_name_and_gives_back_what_was_typed(browser: TestClient, world: World) -> None:
    fields = typed(browser.get(one("justice")).text)
    answer = browser.post(
        one("justice") + "/edit", data=fields | {"aliases": "省司法厅\n省民政厅", "source": "测试来源"}
    )
    assert answer.status_code == 409
    assert "“省民政厅”已是“辽宁省民政厅”的名称。" in words(answer.text)
    assert typed(answer.text)["source"] == "测试来源"
    assert entry(world, "justice").source is None
    answer = browser.post(one("justice") + "/edit", data=fields | {"valid_from": "gestern"})
    assert (answer.status_code, "“gestern”不是" in words(answer.text)) == (422, True)


def test_a_new_department_is_added(browser: TestClient, world: World) -> None:
    fields = {
        "id": "new-bureau",
        "name": "辽宁省新局",
        "aliases": "省新局",
        "level": "city",
        "relationship": "subordinate",
    }
    answer = press(browser, LIST + "/new", "/departments/new", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, one("new-bureau"))
    assert entry(world, "new-bureau").level is Level.CITY
    again = press(browser, LIST + "/new", "/departments/new", **fields)
    assert (again.status_code, "标识“new-bureau”已由其他单位使用" in again.text) == (409, True)


def test_a_merger_and_its_end(browser: TestClient, world: World) -> None:
    answer = press(browser, one("sports"), "/merge", into="省财政厅", on="2026-03-01", reason="机构改革")
    assert answer.status_code == 303
    assert entry(world, "sports").state is DepartmentState.MERGED
    page = words(browser.get(one("sports")).text)
    assert "已并入其他单位" in page
    assert "辽宁省财政厅 自2026年3月1日起" in page
    assert "辽宁省体育局" in words(browser.get(one("finance")).text)
    press(browser, one("sports"), "/reinstate", reason="更正")
    assert entry(world, "sports").state is DepartmentState.ACTIVE


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ("辽宁省体育局", "单位不能由其自身承接"),
        ("省扶贫办", "名录中没有该单位：省扶贫办"),
        ("poverty-alleviation", "“辽宁省扶贫开发领导小组办公室”已经终止"),
        ("某某局", "名录中没有该单位：某某局"),
        (" ", "名录中没有该单位"),
    ],
)
def test_a_merger_that_makes_no_sense_says_why(browser: TestClient, world: World, into: str, said: str) -> None:
    answer = press(browser, one("sports"), "/merge", into=into, reason="机构改革")
    assert answer.status_code in (409, 422)
    assert said in words(answer.text)
    assert entry(world, "sports").state is DepartmentState.ACTIVE


def test_a_department_is_retired_with_those_who_took_over(browser: TestClient, world: World) -> None:
    assert press(browser, one("audit"), "/retire", reason=" ").status_code == 422
    assert press(browser, one("audit"), "/retire", reason="改革", successors="省财政厅\n省统计局").status_code == 303
    assert [taker.successor_id for taker in entry(world, "audit").successors] == ["finance", "statistics"]


def test_an_unknown_id_is_no_page(browser: TestClient) -> None:
    assert browser.get(one("nobody")).status_code == 404


def test_the_export_is_a_table_that_spreadsheets_open(browser: TestClient, world: World) -> None:
    answer = press(browser, LIST, "/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="departments-20260511.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfid,")
    with world.database.reading() as session:
        assert read_entries(answer.text) == queries.entries(session)
        (noted,) = session.scalars(select(Export))
        assert (noted.what, noted.number) == ("departments", len(queries.entries(session)))


def sent(browser: TestClient, *, file: bytes | None = None, table: str = "") -> TestClient:
    page = lxml.html.fromstring(browser.get(IMPORT).text)
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    files = {"file": ("departments.csv", file if file is not None else b"", "text/csv")} if file is not None else {}
    parts = {"csrf_token": (None, token), "table": (None, table)} | files
    return browser.post(IMPORT, files=parts)


def confirmed(browser: TestClient, preview: str) -> TestClient:
    (form,) = lxml.html.fromstring(preview).xpath("//form[contains(@action, 'confirm')]")
    return browser.post(form.action, data=dict(form.fields))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_previewed_and_stored_by_a_second_click(browser: TestClient, world: World, encoding: str) -> None:
    table = (
        f"{HEADER}\nnew-bureau,辽宁省新局,,province,subordinate\njustice,辽宁省司法厅,省司法厅,province,subordinate\n"
    )
    preview = sent(browser, file=table.encode(encoding))
    told = words(preview.text)
    assert preview.status_code == 200
    assert "将新增 1将变更 1不变 0有误 0" in told
    assert "其他写法 省司法厅|司法厅 → 省司法厅" in told
    assert entry(world, "justice").aliases == ("省司法厅", "司法厅")
    assert confirmed(browser, preview.text).status_code == 303
    assert entry(world, "justice").aliases == ("省司法厅",)
    assert entry(world, "new-bureau").name == "辽宁省新局"
    assert confirmed(browser, preview.text).status_code == 409, "the directory isn't what was previewed any more"


def test_a_table_with_a_refused_row_can_not_be_confirmed(browser: TestClient) -> None:
    table = f"{HEADER}\nnew-bureau,辽宁省新局,,province,subordinate\nx,省某局,省民政厅,province,subordinate\n"
    preview = sent(browser, table=table)
    assert preview.status_code == 422
    assert "confirm" not in preview.text
    assert "3 x 省某局 有误 “省民政厅”已是“辽宁省民政厅”的名称。" in words(preview.text)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "请选择文件，或粘贴表格内容"),
        ("编号,名称\n".encode(), "表头缺少：id, name, aliases, level, relationship；多余：编号, 名称。"),
        (f'{HEADER}\n"x'.encode(), "第2行不是规范的CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03\x04\x05", ""),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(browser: TestClient, file: bytes, said: str) -> None:
    answer = sent(browser, file=file)
    assert answer.status_code == 422
    assert said in words(answer.text)


def test_ten_thousand_rows_are_previewed(browser: TestClient) -> None:
    many = [
        DirectoryEntry(f"d{n}", f"辽宁省第{n}局", (f"省第{n}局",), Level.PROVINCE, Relationship.SUBORDINATE)
        for n in range(10_000)
    ]
    preview = sent(browser, file=write_table(many).encode())
    assert "另有9700行未显示" in words(preview.text)
    assert "confirm" in preview.text


@pytest.mark.parametrize("word", ["", "x", "eJw=", "ä"])
def test_a_carried_table_that_was_tampered_with_is_refused(browser: TestClient, word: str) -> None:
    preview = sent(browser, table=f"{HEADER}\nnew-bureau,辽宁省新局,,province,subordinate\n")
    (form,) = lxml.html.fromstring(preview.text).xpath("//form[contains(@action, 'confirm')]")
    assert browser.post(form.action, data=dict(form.fields) | {"carried": word}).status_code == 400


def test_an_unknown_name_becomes_another_name(browser: TestClient, world: World) -> None:
    propose(world, "省低空发展局")
    refused = press(browser, NAMES, "/alias", department="某某局")
    assert (refused.status_code, "名录中没有该单位：某某局" in words(refused.text)) == (422, True)
    assert press(browser, NAMES, "/alias", department="省交通运输厅").status_code == 303
    assert waiting(world) == []
    assert entry(world, "transport").aliases[-1] == "省低空发展局"
    assert "辽宁省交通运输厅" in browser.get(NAMES, params={"state": "accepted_as_alias"}).text


def test_an_unknown_name_opens_the_form_of_a_new_department(browser: TestClient, world: World) -> None:
    propose(world, "省低空发展局")
    assert "document_version 1" in browser.get(NAMES).text
    (link,) = lxml.html.fromstring(browser.get(NAMES).text).xpath("//a[contains(@href, 'proposal=')]/@href")
    assert typed(browser.get(link).text)["name"] == "省低空发展局"
    fields = {"id": "low-altitude", "level": "province", "relationship": "subordinate"}
    missing = press(browser, link, "/departments/new", **fields, name="辽宁省低空发展局")
    assert (missing.status_code, "“省低空发展局”必须列入新单位的名称" in words(missing.text)) == (422, True)
    added = press(browser, link, "/departments/new", **fields, name="辽宁省低空发展局", aliases="省低空发展局")
    assert added.status_code == 303
    assert waiting(world, ProposalState.ACCEPTED_AS_NEW) == ["省低空发展局"]


def test_what_is_no_unit_can_be_decided_anew(browser: TestClient, world: World) -> None:
    propose(world, "各相关方面")
    press(browser, NAMES, "/reject")
    assert waiting(world) == []
    press(browser, NAMES + "?state=rejected", "/reconsider")
    assert waiting(world) == ["各相关方面"]


def test_the_queries_of_the_lists_do_not_grow(browser: TestClient, world: World) -> None:
    def asked(path: str, **params: str) -> int:
        with statements(world.database) as sent_statements:
            assert browser.get(path, params=params).status_code == 200
        return len(sent_statements)

    propose(world, "省甲办")
    single = asked(NAMES)
    propose(world, "省乙办", "省丙办")
    assert asked(NAMES) == single
    assert asked(LIST, words="证监局") == asked(LIST, words="辽宁证监局") == asked(LIST)
    before = asked(one("finance"))
    for id in ("audit", "statistics", "sports"):
        press(browser, one(id), "/merge", into="省财政厅", reason="机构改革")
    assert asked(one("finance")) == before


def test_a_name_is_shown_with_the_document_that_used_it(browser: TestClient, world: World) -> None:
    with world.database.writing() as session:
        source = f"document_version {world.consultation.version_id}"
        proposing.propose_name(session, world.staff.manager, START, "省低空发展局", source)
    assert "关于推进社区老年助餐服务的若干措施" in words(browser.get(NAMES).text)
