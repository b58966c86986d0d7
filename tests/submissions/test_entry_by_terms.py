"""What a form has to hold depends on its consultation's terms, and on who writes."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from app.consultations.terms import FormTerms
from app.submissions.asked import OF_GUARDIAN, RealName, asked_of, every_field, usual_proof
from app.submissions.fields import CHECKS, Entry, check_entry
from app.submissions.guardian import is_under_14
from app.submissions.organisation import OrganisationType, SubmitterKind
from app.submissions.problems import Problem, ProblemCode
from app.submissions.submitter import Guardian, Organisation
from tests.support.numbers import credit_code, resident_number

TODAY = date(2026, 11, 22)
ALL_TERMS = [
    FormTerms(asks_id_number=number, asks_email=email, takes_organisations=organisations)
    for number, email, organisations in product((True, False), repeat=3)
]
WITH_ORGANISATIONS = FormTerms(takes_organisations=True)
SAID = {"title": "关于配送", "comment": "建议写明配送半径。", "consent": "yes"}
PERSON = SAID | {
    "name": "测试甲",
    "id_number": resident_number(date(1950, 1, 1)),
    "occupation": "其他",
    "phone": "13900000007",
    "email": "person7@example.com",
}
ORGANISATION = SAID | {
    "submitter": "organisation",
    "organisation_name": "沈阳示例餐饮有限公司",
    "credit_code": credit_code("9121010000000000A"),
    "organisation_type": "enterprise",
    "contact_name": "测试乙",
    "phone": "024-86001234",
    "email": "office@example.com",
}
GUARDIAN = {
    "guardian_name": "测试丙",
    "guardian_relation": "parent",
    "guardian_phone": "13900000008",
    "guardian_consent": "yes",
}


def accepted(entered: dict[str, str], terms: FormTerms = FormTerms()) -> Entry:
    result = check_entry(entered, TODAY, terms)
    assert isinstance(result, Entry), result
    return result


def refused(entered: dict[str, str], terms: FormTerms = FormTerms(), **given: Any) -> dict[str, ProblemCode]:
    result = check_entry(entered, TODAY, terms, **given)
    assert isinstance(result, dict)
    return {field: problem.code for field, problem in result.items()}


@pytest.mark.parametrize("terms", ALL_TERMS)
def test_an_empty_form_names_exactly_what_is_asked(terms: FormTerms) -> None:
    asked = asked_of(SubmitterKind.INDIVIDUAL, terms, usual_proof(terms))
    assert set(refused({}, terms)) == {"title", *asked, "comment", "consent"}
    organisation = refused({"submitter": "organisation"}, terms)
    assert ("credit_code" in organisation) is terms.takes_organisations
    assert ("email" in organisation) is terms.asks_email


@pytest.mark.parametrize("terms", ALL_TERMS)
def test_what_is_not_asked_is_not_kept_even_where_it_is_sent(terms: FormTerms) -> None:
    who = accepted(PERSON | ORGANISATION | {"submitter": "individual"}, terms).identity
    assert (who.id_number is not None) is terms.asks_id_number
    assert (who.email is not None) is terms.asks_email
    assert who.organisation is None
    assert who.name == PERSON["name"]


def test_an_organisation_has_a_contact_and_neither_occupation_nor_number() -> None:
    entry = accepted(PERSON | ORGANISATION, WITH_ORGANISATIONS)
    assert entry.submitter_kind is SubmitterKind.ORGANISATION
    assert entry.organisation_type is OrganisationType.ENTERPRISE
    assert entry.occupation == ""
    who = entry.identity
    assert who.organisation == Organisation(ORGANISATION["organisation_name"], ORGANISATION["credit_code"])
    assert (who.name, who.id_number, who.phone) == ("测试乙", None, "024-86001234")


def test_an_organisation_is_a_person_where_organisations_are_not_taken() -> None:
    assert accepted(PERSON | ORGANISATION | {"phone": PERSON["phone"]}).submitter_kind is SubmitterKind.INDIVIDUAL


@pytest.mark.parametrize("field", ["organisation_name", "credit_code", "organisation_type", "contact_name"])
def test_each_field_of_an_organisation_is_required(field: str) -> None:
    assert list(refused(ORGANISATION | {field: " "}, WITH_ORGANISATIONS)) == [field]


def test_a_person_who_proves_a_name_otherwise_is_not_asked_for_a_number() -> None:
    without = {name: value for name, value in PERSON.items() if name != "id_number"}
    assert isinstance(check_entry(without, TODAY, FormTerms(), by=RealName.NOT_ASKED), Entry)


BIRTHDAY_14 = date(2012, 11, 22)


@pytest.mark.parametrize(
    ("born", "today", "under"),
    [
        (BIRTHDAY_14, TODAY, True),
        (BIRTHDAY_14 - timedelta(days=1), TODAY, False),
        (BIRTHDAY_14 + timedelta(days=1), TODAY, True),
        (date(2012, 2, 29), date(2026, 2, 28), True),
        (date(2012, 2, 29), date(2026, 3, 1), False),
        (TODAY, TODAY, True),
        (date(1950, 1, 1), TODAY, False),
    ],
)
def test_fourteen_is_reached_on_the_day_after_the_birthday(born: date, today: date, under: bool) -> None:
    assert is_under_14(born, today) is under


CHILD = PERSON | {"id_number": resident_number(date(2015, 6, 1)), "occupation": "学生"}


def test_a_child_is_sent_back_for_a_guardian_once_and_with_one_problem() -> None:
    assert refused(CHILD) == {"guardian_name": ProblemCode.GUARDIAN_NEEDED}


def test_a_guardian_consents_apart_and_is_kept() -> None:
    who = accepted(CHILD | GUARDIAN).identity
    assert who.guardian == Guardian("测试丙", "parent", "13900000008")
    assert who.name == CHILD["name"]


@pytest.mark.parametrize(
    ("field", "entered", "code"),
    [
        ("guardian_name", "", ProblemCode.NAME_REQUIRED),
        ("guardian_name", " 测试 甲", ProblemCode.GUARDIAN_SAME_NAME),
        ("guardian_relation", "neighbour", ProblemCode.GUARDIAN_RELATION_REQUIRED),
        ("guardian_phone", "12345", ProblemCode.PHONE_SERVICE_NUMBER),
        ("guardian_consent", "", ProblemCode.GUARDIAN_CONSENT_REQUIRED),
        ("guardian_consent", "on", ProblemCode.GUARDIAN_CONSENT_REQUIRED),
    ],
)
def test_each_field_of_a_guardian_is_checked(field: str, entered: str, code: ProblemCode) -> None:
    assert refused(CHILD | GUARDIAN | {field: entered}) == {field: code}


def test_a_grown_persons_guardian_is_not_looked_at() -> None:
    assert accepted(PERSON | GUARDIAN).identity.guardian is None


def test_every_code_belongs_to_a_field_that_some_form_has() -> None:
    fields = {name for terms in ALL_TERMS for name in every_field(terms)} | {*SAID, "guardian_consent"}
    entered_by_staff = {"channel", "day", "remark"}
    assert {code.value.split(".")[0] for code in ProblemCode} <= fields | entered_by_staff
    assert set(CHECKS) | {"id_number"} == fields | set(OF_GUARDIAN)


def test_a_problem_holds_nothing_of_a_whole_number() -> None:
    wrong = PERSON["id_number"][:-1] + ("1" if PERSON["id_number"][-1] != "1" else "2")
    (problem,) = check_entry(PERSON | {"id_number": wrong}, TODAY).values()  # type: ignore[union-attr]
    assert problem == Problem(ProblemCode.ID_NUMBER_CHECK)
