"""The staff page on which a consultation's form and display are decided, and what screeners see of senders."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import lxml.html
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.consultations import queries
from app.consultations.models import Consultation
from app.consultations.terms import FormTerms
from app.permissions import Role
from app.submissions.models import Submission
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.submitter import Guardian, Organisation
from tests.support import journey
from tests.support.app import press, serving, signed_in, words
from tests.support.journey import SLUG, START, StoppedClock, World
from tests.support.numbers import credit_code

PAGE = f"/staff/consultations/{SLUG}/terms"


@pytest.fixture
def browser(world: World) -> Iterator[TestClient]:
    with serving(world.database, StoppedClock()) as client:
        yield client


@pytest.fixture
def manager(browser: TestClient) -> TestClient:
    return signed_in(browser, Role.MANAGER)


def not_begun(world: World) -> None:
    with world.database.writing() as session:
        row = session.get_one(Consultation, world.consultation.id)
        row.opens_at = START + timedelta(days=1)


def form_terms(world: World) -> FormTerms:
    with world.database.reading() as session:
        return queries.form_terms(session, world.consultation.id)


def test_before_the_window_every_switch_can_be_set(manager: TestClient, world: World) -> None:
    not_begun(world)
    answer = press(manager, PAGE, "/terms", asks_email="yes", takes_organisations="yes", keeps_days="180")
    assert answer.status_code == 303
    expected = FormTerms(asks_id_number=False, takes_organisations=True, checks_answers=False, keeps_days=180)
    assert form_terms(world) == expected
    overview = words(manager.get(answer.headers["location"]).text)
    assert "表单与展示设置" in overview


def test_once_it_runs_what_is_asked_is_shown_fixed_and_stays(manager: TestClient, world: World) -> None:
    before = form_terms(world)
    page = lxml.html.fromstring(manager.get(PAGE).text)
    fixed = {box.get("name") for box in page.xpath("//input[@type='checkbox'][@disabled]")}
    assert fixed == {"asks_id_number", "asks_email", "takes_organisations"}
    assert press(manager, PAGE, "/terms", takes_files="yes", keeps_days="30").status_code == 303
    assert form_terms(world) == replace(before, takes_files=True, checks_answers=False, keeps_days=30)


@pytest.mark.parametrize(
    ("days", "status"), [("366", 409), ("0", 422), ("", 422), ("ten", 422), ("９", 422), ("9" * 400, 422)]
)
def test_what_cannot_be_promised_is_refused_with_what_was_entered(
    manager: TestClient, world: World, days: str, status: int
) -> None:
    before = form_terms(world)
    answer = press(manager, PAGE, "/terms", takes_files="yes", keeps_days=days)
    assert answer.status_code == status
    page = lxml.html.fromstring(answer.text)
    assert page.xpath("//*[@role='alert']")
    assert page.get_element_by_id("takes_files").get("checked") is not None
    assert form_terms(world) == before


def test_only_managers_decide(browser: TestClient) -> None:
    assert signed_in(browser, Role.SCREENER).get(PAGE).status_code == 403
    assert signed_in(browser, Role.MANAGER).get("/staff/consultations/unknown/terms").status_code == 404


def submission_page(browser: TestClient, world: World) -> str:
    with world.database.reading() as session:
        row = session.scalars(select(Submission)).one()
    return words(signed_in(browser, Role.SCREENER).get(f"/staff/submissions/{row.id}").text)


def test_a_screener_sees_the_kind_of_an_organisation_and_not_who_it_is(browser: TestClient, world: World) -> None:
    code = credit_code("9121010000000000A")
    who = replace(journey.identity(3), id_number=None, organisation=Organisation("沈阳示例餐饮有限公司", code))
    journey.submit(world, who=who)
    with world.database.writing() as session:
        row = session.scalars(select(Submission)).one()
        row.submitter_kind, row.organisation_type = SubmitterKind.ORGANISATION, OrganisationType.ENTERPRISE
    page = submission_page(browser, world)
    assert "单位（企业）" in page
    for secret in (code, who.name, who.phone):
        assert secret not in page


def test_a_screener_sees_that_a_guardian_consented(browser: TestClient, world: World) -> None:
    journey.submit(world, who=replace(journey.identity(3), guardian=Guardian("测试丙", "parent", "13900000008")))
    page = submission_page(browser, world)
    assert "监护人已同意" in page
    assert "测试丙" not in page
