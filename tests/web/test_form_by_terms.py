"""The comment form and its privacy notice over HTTP: they ask, and tell of, what the consultation's terms say."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import product
from typing import Any

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations.models import ConsultationTerms
from app.consultations.terms import DisplayTerms, FormTerms
from app.submissions.fields import CHECKS
from app.submissions.lifecycle import DisplayState
from app.submissions.models import DisplayedComment, Submission, SubmitterIdentity
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.submitter import Guardian, Identity, Organisation
from tests.support.app import ENTRY, errors_of, hidden, serving, words
from tests.support.journey import SLUG, StoppedClock, World
from tests.support.numbers import credit_code, resident_number

FORM = f"/consultations/{SLUG}/comment"
NOTICE = f"/consultations/{SLUG}/privacy"
COMMENTS = f"/consultations/{SLUG}/comments"
ALL_TERMS = [
    FormTerms(asks_id_number=number, asks_email=email, takes_organisations=organisations)
    for number, email, organisations in product((True, False), repeat=3)
]
AS_ORGANISATION = {
    "submitter": "organisation",
    "organisation_name": "沈阳示例餐饮有限公司",
    "credit_code": credit_code("9121010000000000A"),
    "organisation_type": "enterprise",
    "contact_name": "测试乙",
}
CHILD = ENTRY | {"id_number": resident_number(date(2020, 6, 1)), "occupation": "学生"}
GUARDIAN = {
    "guardian_name": "测试丙",
    "guardian_relation": "parent",
    "guardian_phone": "13900000008",
    "guardian_consent": "yes",
}
SAID = {"title", "comment", "consent"}


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


def decide(world: World, form: FormTerms, display: DisplayTerms = DisplayTerms()) -> None:
    terms = asdict(form) | asdict(display) | {"checks_answers": False}
    with world.database.writing() as session:
        session.merge(ConsultationTerms(consultation_id=world.consultation.id, **terms))


def send(browser: TestClient, **entered: str) -> Any:
    return browser.post(FORM, data=hidden(browser.get(FORM).text) | ENTRY | entered)


def stored(world: World) -> tuple[Submission, Identity]:
    with world.database.reading() as session:
        row = session.scalars(select(Submission)).one()
        return row, world.vault.open(session.get_one(SubmitterIdentity, row.id))


def controls(page: str) -> set[str]:
    """The names of what a form page asks about its sender."""
    named = lxml.html.fromstring(page).xpath("//main//*[@name and not(@type='hidden')]/@name")
    return {name for name in named if name in CHECKS or name == "id_number"} - SAID


def told(page: str) -> set[str]:
    return set(lxml.html.fromstring(page).xpath("//*[@data-field]/@data-field"))


@pytest.mark.parametrize("terms", ALL_TERMS, ids=str)
def test_the_notice_names_exactly_what_the_form_asks(browser: TestClient, world: World, terms: FormTerms) -> None:
    """A guardian's fields come on the form only where a child writes; the notice tells of them before."""
    decide(world, terms)
    asked = controls(browser.get(FORM).text)
    if terms.asks_id_number:
        asked |= controls(send(browser, **CHILD).text) - {"guardian_consent"}
    assert told(browser.get(NOTICE).text) == asked
    assert ("id_number" in asked, "email" in asked) == (terms.asks_id_number, terms.asks_email)
    assert ("credit_code" in asked) is terms.takes_organisations


@pytest.mark.parametrize("terms", ALL_TERMS, ids=str)
def test_the_consent_names_exactly_what_the_form_asks(browser: TestClient, world: World, terms: FormTerms) -> None:
    decide(world, terms)
    root = lxml.html.fromstring(browser.get(FORM).text)
    consent = root.xpath("//label[@for='consent']")[0].text_content()
    for field in controls(browser.get(FORM).text):
        assert root.xpath(f"//label[@for='{field}']")[0].text_content() in consent
    assert ("身份证" in consent, "邮箱" in consent) == (terms.asks_id_number, terms.asks_email)


def test_without_number_and_address_neither_is_asked_nor_stored(browser: TestClient, world: World) -> None:
    decide(world, FormTerms(asks_id_number=False, asks_email=False))
    assert send(browser).status_code == 303
    assert stored(world)[1] == Identity(ENTRY["name"], None, ENTRY["phone"], None)


def test_an_organisation_comments_under_its_own_name(browser: TestClient, world: World) -> None:
    decide(world, FormTerms(takes_organisations=True))
    assert send(browser, **AS_ORGANISATION, name="", id_number="", occupation="").status_code == 303
    row, who = stored(world)
    assert (row.submitter_kind, row.organisation_type) == (SubmitterKind.ORGANISATION, OrganisationType.ENTERPRISE)
    assert row.occupation == ""
    organisation = Organisation(AS_ORGANISATION["organisation_name"], AS_ORGANISATION["credit_code"])
    assert who == Identity("测试乙", None, ENTRY["phone"], ENTRY["email"], organisation)
    public = words(browser.get(COMMENTS).text)
    assert AS_ORGANISATION["organisation_name"] in public
    assert AS_ORGANISATION["credit_code"] not in public
    assert "测试乙" not in public


def test_a_wrong_code_leaves_the_organisations_entries_and_choice_on_the_form(
    browser: TestClient, world: World
) -> None:
    decide(world, FormTerms(takes_organisations=True))
    answer = send(browser, **AS_ORGANISATION | {"credit_code": AS_ORGANISATION["credit_code"][:-1]})
    page = answer.text
    assert list(errors_of(page)) == ["credit_code"]
    root = lxml.html.fromstring(page)
    assert root.get_element_by_id("submitter-organisation").get("checked") is not None
    assert root.get_element_by_id("organisation_name").get("value") == AS_ORGANISATION["organisation_name"]
    assert root.xpath("//select[@id='organisation_type']/option[@selected]/@value") == ["enterprise"]


def test_organisations_are_not_offered_where_they_are_not_taken(browser: TestClient, world: World) -> None:
    assert 'name="submitter"' not in browser.get(FORM).text
    assert send(browser, **AS_ORGANISATION).status_code == 303
    assert stored(world)[0].submitter_kind is SubmitterKind.INDIVIDUAL


def test_a_child_needs_a_guardian_whose_consent_is_not_ticked(browser: TestClient, world: World) -> None:
    page = send(browser, **CHILD).text
    assert list(errors_of(page)) == ["guardian_name"]
    assert lxml.html.fromstring(page).get_element_by_id("guardian_consent").get("checked") is None
    assert CHILD["id_number"] not in page


def test_a_childs_comment_is_taken_with_a_guardian_and_never_displayed(browser: TestClient, world: World) -> None:
    page = send(browser, **CHILD).text
    again = browser.post(FORM, data=hidden(page) | CHILD | {"id_number": ""} | GUARDIAN)
    assert again.status_code == 303
    row, who = stored(world)
    assert who.guardian == Guardian("测试丙", "parent", "13900000008")
    assert CHILD["comment"] not in words(browser.get(COMMENTS).text)
    with world.database.reading() as session:
        shown = session.get(DisplayedComment, row.id)
        assert shown is not None
        assert (shown.state, shown.held_for) == (DisplayState.WAITING, ["under_14"])


def test_a_mistyped_number_keeps_the_guardians_entries(browser: TestClient) -> None:
    page = send(browser, **CHILD | GUARDIAN | {"id_number": CHILD["id_number"][:-1]}).text
    root = lxml.html.fromstring(page)
    assert root.get_element_by_id("guardian_name").get("value") == GUARDIAN["guardian_name"]


def test_every_control_has_a_label_and_says_why_it_is_asked(browser: TestClient, world: World) -> None:
    decide(world, FormTerms(takes_organisations=True))
    page = send(browser, **CHILD).text
    root = lxml.html.fromstring(page)
    for field in controls(page) - {"guardian_consent"}:
        assert root.xpath(f"//label[@for='{field}']")[0].text_content().strip()
        hint = root.get_element_by_id(f"{field}-hint").text_content()
        assert len(hint) > 8
        described = root.get_element_by_id(field).get("aria-describedby", "")
        assert f"{field}-hint" in described.split()
    assert not root.xpath("//@placeholder")


@pytest.mark.parametrize(
    ("field", "token"),
    [
        ("name", "name"),
        ("phone", "tel"),
        ("email", "email"),
        ("organisation_name", "organization"),
        ("contact_name", "name"),
        ("id_number", "off"),
    ],
)
def test_browsers_are_told_what_to_fill_in(browser: TestClient, world: World, field: str, token: str) -> None:
    decide(world, FormTerms(takes_organisations=True))
    control = lxml.html.fromstring(browser.get(FORM).text).get_element_by_id(field)
    assert control.get("autocomplete") == token


def test_the_notice_tells_how_long_and_what_is_displayed(browser: TestClient, world: World) -> None:
    decide(world, FormTerms(keeps_days=730, asks_id_number=False), DisplayTerms(shows_names=False))
    notice = words(browser.get(NOTICE).text)
    assert "730" in notice
    assert "不显示姓名" in notice
    assert "未满14周岁" in notice
    assert browser.get("/consultations/unknown/privacy").status_code == 404


@pytest.mark.parametrize("page", [FORM, NOTICE])
def test_form_and_notice_say_alike_what_becomes_public(browser: TestClient, world: World, page: str) -> None:
    decide(world, FormTerms(takes_organisations=True))
    said = words(browser.get(page).text)
    assert "提交后即时展示" in said
    assert "单位名称完整显示" in said
    decide(world, FormTerms(), DisplayTerms(shows_names=False, reviews_first=True))
    said = words(browser.get(page).text)
    assert "经工作人员审看后公开展示" in said
    assert "不显示姓名" in said
    assert "提交后即时展示" not in said
