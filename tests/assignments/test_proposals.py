"""Which departments are proposed for a clause; pure."""

import pytest

from app.assignments.proposals import ProposedDepartment, propose
from app.documents.queries import NamedUnit

DRAFTING = ("civil-affairs", "省民政厅")


def unit(name: str, role: str = "responsible", *, known: bool = True, standing: bool = False) -> NamedUnit:
    return NamedUnit(name, role, "alias", f"id of {name}" if known else None, standing)


def proposed(name: str, why: str, *, lead: bool = False) -> ProposedDepartment:
    return ProposedDepartment(f"id of {name}", name, lead, why, False)


def test_the_first_named_leads_and_the_others_cooperate() -> None:
    assert propose([unit("甲厅"), unit("乙厅"), unit("丙局")], *DRAFTING) == (
        proposed("甲厅", "named_first", lead=True),
        proposed("乙厅", "named_by_clause"),
        proposed("丙局", "named_by_clause"),
    )


def test_who_is_printed_as_lead_leads_wherever_it_stands() -> None:
    assert propose([unit("甲厅", "cooperating"), unit("乙厅", "lead"), unit("丙局")], *DRAFTING) == (
        proposed("甲厅", "named_by_clause"),
        proposed("乙厅", "named_as_lead", lead=True),
        proposed("丙局", "named_by_clause"),
    )


def test_a_general_opinion_goes_to_the_drafting_department() -> None:
    assert propose(None, *DRAFTING) == (ProposedDepartment(*DRAFTING, True, "general_opinion", False),)


@pytest.mark.parametrize(
    "units",
    [[], [unit("各市政府", standing=True)], [unit("某某办", known=False)]],
    ids=["nobody", "a standing scope", "an unknown name"],
)
def test_a_clause_that_names_nobody_who_can_be_assigned_goes_to_the_drafting_department(
    units: list[NamedUnit],
) -> None:
    first, *shown = propose(units, *DRAFTING)
    assert first == ProposedDepartment(*DRAFTING, True, "no_department_named", False)
    assert [row.name for row in shown] == [unit.name for unit in units]
    assert not any(row.department_id or row.lead for row in shown)


def test_a_standing_scope_and_an_unknown_name_are_shown_with_the_reason_and_never_assigned() -> None:
    units = [unit("各市政府", standing=True), unit("某某办", known=False), unit("甲厅")]
    assert propose(units, *DRAFTING) == (
        proposed("甲厅", "named_first", lead=True),
        ProposedDepartment(None, "各市政府", False, "standing_scope", True),
        ProposedDepartment(None, "某某办", False, "not_recognised", False),
    )


def test_a_standing_scope_that_is_printed_as_lead_does_not_lead() -> None:
    first, shown = propose([unit("各市政府", "lead", standing=True), unit("甲厅")], *DRAFTING)
    assert first == proposed("甲厅", "named_first", lead=True)
    assert not shown.lead


@pytest.mark.parametrize("roles", [("responsible", "responsible"), ("responsible", "lead"), ("lead", "responsible")])
def test_a_department_that_is_named_twice_is_proposed_once(roles: tuple[str, str]) -> None:
    rows = propose([unit("甲厅", roles[0]), unit("乙厅"), unit("甲厅", roles[1])], *DRAFTING)
    assert [(row.name, row.lead) for row in rows] == [("甲厅", True), ("乙厅", False)]


def test_two_written_forms_of_one_department_are_one() -> None:
    forms = [NamedUnit(name, role, "", "x", False) for name, role in (("省甲厅", "responsible"), ("甲厅", "lead"))]
    assert propose(forms, *DRAFTING) == (ProposedDepartment("x", "省甲厅", True, "named_as_lead", False),)


def test_of_two_printed_leads_the_first_leads() -> None:
    rows = propose([unit("甲厅", "lead"), unit("乙厅", "lead")], *DRAFTING)
    assert [row.lead for row in rows] == [True, False]


def test_a_body_that_has_ended_is_shown_with_the_reason_and_never_assigned() -> None:
    ended = NamedUnit("省老厅", "lead", "alias", "old", False, ended=True)
    assert propose([ended, unit("甲厅")], *DRAFTING) == (
        proposed("甲厅", "named_first", lead=True),
        ProposedDepartment(None, "省老厅", False, "ended", False),
    )
    assert propose([ended], *DRAFTING)[0].why == "no_department_named"
