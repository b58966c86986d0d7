"""What editors and approvers do with passages, suggestions and themes, over HTTP and without a script."""

import uuid
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select

from app.permissions import Role
from app.screening import editing, suggestion_queries, theme_proposals, theming
from app.screening.editing import Wording
from app.screening.lifecycle import SuggestionState
from app.screening.models import Coverage, Suggestion, Theme, ThemeGroup
from app.screening.passages import Span, sentences
from app.screening.theme_proposals import Grouped, Placed
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.counting import statements
from tests.support.journey import COMMENT, SLUG, START, StoppedClock, World

FIRST, SECOND = sentences(COMMENT)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


def made(world: World, *people: int, text: str = "周末开放。", theme: str = "") -> uuid.UUID:
    first, *others = [journey.accepted_submission(world, person=person) for person in people]
    with world.database.writing() as session:
        wording = Wording(text, theme, None)
        suggestion = editing.gather(session, world.staff.editor, START, first, [FIRST], wording)
        for other in others:
            editing.gather_into(session, world.staff.editor, START, other, [FIRST], suggestion.id)
        return suggestion.id


def to_approve(world: World, *people: int) -> uuid.UUID:
    suggestion_id = made(world, *people)
    with world.database.writing() as session:
        revision = session.get_one(Suggestion, suggestion_id).revision
        editing.submit_for_approval(session, world.staff.editor, START, suggestion_id, revision)
    return suggestion_id


def path(suggestion_id: object, tail: str = "") -> str:
    return f"/staff/suggestions/{suggestion_id}{tail}"


def row(world: World, suggestion_id: uuid.UUID) -> Suggestion:
    with world.database.reading() as session:
        return session.get_one(Suggestion, suggestion_id)


def tinted(page: str) -> list[str]:
    root: Any = lxml.html.fromstring(page)
    return [mark.text_content() for mark in root.xpath("//*[contains(@class, 'original')]//mark")]


def test_any_words_can_be_gathered_and_are_tinted_exactly(world: World) -> None:
    comment = "𠮷野家旁😀建议设点，周末也开。谢谢。"
    submission_id = journey.accepted_submission(world, comment=comment)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        page = f"/staff/submissions/{submission_id}"
        start, end = comment.index("建议"), comment.index("，")
        answer = press(browser, page, "/gather", passage=f"{start}-{end}", text="设点。", theme="", clause="")
        assert answer.status_code == 303
        shown = browser.get(page).text
    assert tinted(shown) == ["建议设点"]
    assert "还有2句没有归入建议" in words(shown)
    assert "部分内容已归入意见要点" in words(shown)


def test_words_in_two_passages_are_told(world: World) -> None:
    submission_id = journey.accepted_submission(world)
    with world.database.writing() as session:
        for span in (FIRST, Span(2, 6)):
            editing.gather(session, world.staff.editor, START, submission_id, [span], Wording("周末。", "", None))
    with serving(world.database, StoppedClock()) as browser:
        shown = signed_in(browser, Role.EDITOR).get(f"/staff/submissions/{submission_id}").text
    assert tinted(shown) == [COMMENT[0:2], COMMENT[2:6], COMMENT[6 : FIRST.end]]
    assert "部分内容归入了多处" in words(shown)


def test_passages_are_added_to_a_suggestion_that_was_searched_for(world: World) -> None:
    suggestion_id, _ = made(world, 1), made(world, 2, text="张贴菜单。")
    submission_id = journey.accepted_submission(world, person=3)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        chosen = press(browser, f"/staff/submissions/{submission_id}", "/gather", passage="0-5")
        assert chosen.status_code == 422  # the other button of the same form needs no words
        fields = {"passage": f"0-{FIRST.end}", "csrf_token": _token(browser, submission_id)}
        chosen = browser.post(f"/staff/submissions/{submission_id}/join", data=fields)
        assert chosen.status_code == 303
        found = browser.get(chosen.headers["location"] + "&words=周末").text
        assert COMMENT[: FIRST.end] in words(found)
        assert "张贴菜单" not in words(found)
        into = lxml.html.fromstring(found).xpath("//button[@name='suggestion']/@value")
        assert into == [str(suggestion_id)]
        assert press(browser, chosen.headers["location"], "/gather", passage=f"0-{FIRST.end}", suggestion=into[0])
    assert row(world, suggestion_id).distinct_persons == 2


def _token(browser: Any, submission_id: uuid.UUID) -> str:
    root = lxml.html.fromstring(browser.get(f"/staff/submissions/{submission_id}").text)
    return str(root.xpath("//input[@name='csrf_token']/@value")[0])


def test_nothing_further_is_declared_with_a_remark_and_taken_back(world: World) -> None:
    suggestion_id = made(world, 1)
    with world.database.reading() as session:
        (held,) = suggestion_queries.held_passages(session, suggestion_id, None, 5).items
    page = f"/staff/submissions/{held.submission.id}"
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        assert str(held.submission.id) in browser.get("/staff/queue?view=to_gather").text
        assert press(browser, page, "/settle", remark=" ").status_code == 422
        assert press(browser, page, "/settle", remark="其余为客套话。").status_code == 303
        assert "其余为客套话。" in words(browser.get(page).text)
        assert str(held.submission.id) not in browser.get("/staff/queue?view=to_gather").text
        assert press(browser, page, "/unsettle").status_code == 303
    with world.database.reading() as session:
        assert session.get_one(Coverage, held.submission.id).is_open is True


def test_a_suggestion_shows_passages_differences_versions_and_remarks(world: World) -> None:
    suggestion_id = to_approve(world, 1)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.APPROVER)
        assert press(browser, path(suggestion_id), "/return", remark="请写明时段。").status_code == 303
        signed_in(browser, Role.EDITOR)
        answer = press(browser, path(suggestion_id), "/edit", text="周末全天开放。", theme="助餐", clause="")
        assert answer.status_code == 303
        assert press(browser, path(suggestion_id), "/submit", answer="已写明全天。").status_code == 303
        shown = browser.get(path(suggestion_id)).text
    text = words(shown)
    for told in ("请写明时段。", "已写明全天。", "首次整理", "与原文的差异"):
        assert told in text
    assert tinted(shown) == [COMMENT[: FIRST.end]]
    inserted = [one.text_content() for one in lxml.html.fromstring(shown).xpath("//ins")]
    assert any("全天" in one for one in inserted)


def test_passages_are_taken_out_and_divided_off(world: World) -> None:
    suggestion_id = made(world, 1, 2, 3)
    with world.database.reading() as session:
        ids = [str(one.id) for one in suggestion_queries.held_passages(session, suggestion_id, None, 5).items]
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        assert press(browser, path(suggestion_id), "/remove", remove=ids[0]).status_code == 303
        divided = press(browser, path(suggestion_id), "/split", held=ids[1], text="另说一点。")
        assert divided.status_code == 303
        assert "另说一点。" in words(browser.get(divided.headers["location"]).text)
    assert row(world, suggestion_id).distinct_persons == 1


def test_a_suggestion_is_merged_into_one_that_was_searched_for(world: World) -> None:
    kept, other = made(world, 1), made(world, 2, text="周末也开。")
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        found = browser.get(path(other, "/merge")).text
        (form,) = lxml.html.fromstring(found).xpath("//form[@method='post'][contains(@action, '/merge')]")
        (into,) = form.xpath(".//button[@name='into']/@value")
        answer = browser.post(form.get("action"), data=dict(form.form_values()) | {"into": into})
        assert answer.headers["location"] == path(kept)
        shown = browser.get(path(other)).text
    assert row(world, other).state is SuggestionState.MERGED
    assert path(kept) in shown
    assert "已合并" in words(shown)


def test_who_edits_an_older_state_keeps_their_words_and_sees_what_changed(world: World) -> None:
    suggestion_id = made(world, 1)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        form = lxml.html.fromstring(browser.get(path(suggestion_id)).text).xpath("//form[contains(@action, '/edit')]")
        fields = dict(form[0].form_values())
        press(browser, path(suggestion_id), "/edit", text="周末半天开放。", theme="", clause="")
        answer = browser.post(path(suggestion_id, "/edit"), data=fields | {"text": "周末全天开放。"})
        assert answer.status_code == 409
        page = lxml.html.fromstring(answer.text)
        assert page.get_element_by_id("edit-text").text.strip() == "周末全天开放。"
        assert "有其他人修改了这一件" in words(answer.text)
        differing = [one.text_content() for one in page.xpath("//*[@id='unsaved']//ins | //*[@id='unsaved']//del")]
        assert ["半" in differing[0], "全" in differing[1]] == [True, True]
        again = dict(page.xpath("//form[contains(@action, '/edit')]")[0].form_values())
        assert browser.post(path(suggestion_id, "/edit"), data=again).status_code == 303
    assert row(world, suggestion_id).text == "周末全天开放。"


def test_approving_leads_to_the_next_one(world: World) -> None:
    first, second = to_approve(world, 1), to_approve(world, 2)
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.APPROVER)
        assert press(browser, path(first), "/approve", then="next").headers["location"] == path(second)
        assert press(browser, path(second), "/approve", then="next").headers["location"] == path(second)


def themed(world: World, size: int) -> None:
    ids = [journey.accepted_submission(world, person=place) for place in range(3)]
    here = world.consultation.id
    with world.database.writing() as session:
        for place in range(size):
            theming.name_theme(session, world.staff.editor, START, here, f"主题{place}")
            placed = [Placed(one, here, None, None, b"\x01") for one in ids] if not place else []
            found = Grouped(here, dict.fromkeys(ids, 0.5), b"\x02", ("菜单", "公布"))
            theme_proposals.keep(session, START, "m", placed, [found])


def test_groups_are_named_dismissed_and_themes_renamed_and_merged(world: World) -> None:
    themed(world, 2)
    page = f"/staff/consultations/{SLUG}/themes"
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, Role.EDITOR)
        assert "菜单、公布" in words(browser.get(page).text)
        assert press(browser, page, "/name", name="菜单公示").status_code == 303
        with world.database.reading() as session:
            group = session.scalars(select(ThemeGroup).where(ThemeGroup.theme_id.is_(None))).one()
            known = {theme.name: str(theme.id) for theme in session.scalars(select(Theme))}
        fields = {"csrf_token": _page_token(browser, page)}
        steps = [
            ("dismiss", {"group": str(group.id)}),
            ("rename", {"theme": known["主题0"], "name": "用餐时段"}),
            ("merge", {"theme": known["主题1"], "into": known["菜单公示"]}),
        ]
        for step, entered in steps:
            assert browser.post(f"{page}/{step}", data=fields | entered).status_code == 303
        shown = words(browser.get(page).text)
    assert "用餐时段" in shown
    assert "菜单公示" in shown
    assert "主题1" not in shown


def _page_token(browser: Any, page: str) -> str:
    return str(lxml.html.fromstring(browser.get(page).text).xpath("//input[@name='csrf_token']/@value")[0])


def test_who_only_screens_reads_the_themes_and_names_none(world: World) -> None:
    themed(world, 1)
    page = f"/staff/consultations/{SLUG}/themes"
    with serving(world.database, StoppedClock()) as browser:
        shown = signed_in(browser, Role.SCREENER).get(page)
        assert shown.status_code == 200
        assert not lxml.html.fromstring(shown.text).xpath("//main//form")
        answer = browser.post(f"{page}/name", data={"name": "我的主题"})
    assert answer.status_code == 403


def cost(world: World, address: str, role: Role = Role.EDITOR) -> int:
    with serving(world.database, StoppedClock()) as browser:
        signed_in(browser, role)
        with statements(world.database) as sent:
            assert browser.get(address).status_code == 200
    return len(sent)


def test_every_page_costs_the_same_with_three_rows_as_with_one(world: World) -> None:
    one, three = made(world, 1, theme="助餐"), made(world, 2, 3, 4, theme="助餐")
    assert cost(world, path(one)) == cost(world, path(three))
    submission_id = journey.accepted_submission(world, person=9)
    lists = [
        f"/staff/submissions/{submission_id}/join?passage=0-5",
        path(one, "/merge"),
        f"/staff/consultations/{SLUG}/themes",
    ]
    before = [cost(world, address) for address in lists]
    made(world, 5, theme="菜单")
    themed(world, 3)
    # The first group and its examples are asked for besides, whatever their number.
    assert [cost(world, address) for address in lists] == before
