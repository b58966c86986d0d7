"""What is proposed after a department gave a suggestion up, by the rule alone."""

from hypothesis import given
from hypothesis import strategies as st

from app.assignments.proposals import GivenUp, ProposedDepartment, propose_again

DRAFTING = ("drafting", "省民政厅")
FIRST = (
    ProposedDepartment("a", "甲", True, "named_as_lead", False),
    ProposedDepartment("b", "乙", False, "named_by_clause", False),
    ProposedDepartment(None, "各市政府", False, "standing_scope", True),
)


def lead(rows: tuple[ProposedDepartment, ...]) -> tuple[str | None, str] | None:
    return next(((row.department_id, row.why) for row in rows if row.lead), None)


def test_whom_the_department_suggested_leads() -> None:
    rows = propose_again(FIRST, [GivenUp("a", ("c", "丙"))], {"b"}, DRAFTING)
    assert lead(rows) == ("c", "suggested_on_sending_back")
    assert [(row.department_id, row.why) for row in rows[1:]] == [
        (None, "gave_it_up"),
        (None, "has_it_already"),
        (None, "standing_scope"),
    ]


def test_the_next_of_the_clause_leads_where_nobody_was_suggested() -> None:
    assert lead(propose_again(FIRST, [GivenUp("a")], {"b"}, DRAFTING)) == ("b", "next_named")


def test_who_gave_up_as_cooperating_takes_the_lead_from_nobody() -> None:
    assert lead(propose_again(FIRST, [GivenUp("b")], set(), DRAFTING)) == ("a", "named_as_lead")


def test_a_suggestion_that_leads_back_is_not_followed() -> None:
    given_up = [GivenUp("a", ("b", "乙")), GivenUp("b", ("a", "甲"))]
    assert lead(propose_again(FIRST, given_up, set(), DRAFTING)) == ("drafting", "no_department_left")


def test_where_all_gave_it_up_nobody_is_proposed() -> None:
    gone = [GivenUp(id) for id in ("a", "b", "drafting")]
    assert lead(propose_again(FIRST, gone, set(), DRAFTING)) is None


ids = st.sampled_from(["a", "b", "c", "d", "drafting"])
given_up_lists = st.lists(
    st.builds(GivenUp, ids, st.none() | ids.map(lambda id: (id, f"单位{id}"))), min_size=1, max_size=6
)


@given(given_up_lists, st.sets(ids))
def test_nobody_is_proposed_to_whom_it_was_given_before(given_up: list[GivenUp], holders: set[str]) -> None:
    rows = propose_again(FIRST, given_up, holders, DRAFTING)
    gone = {one.department_id for one in given_up}
    assert sum(row.lead for row in rows) <= 1
    assert not {row.department_id for row in rows} & gone
    assert not {row.department_id for row in rows if not row.lead} & holders
    named = [row.name for row in rows]
    assert len(named) == len(set(named))
