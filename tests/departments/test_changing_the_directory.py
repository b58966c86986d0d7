"""Adding, editing, retiring, merging and reinstating departments, on both stores."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.departments import actions, queries
from app.departments.actions import Card, Ending
from app.departments.directory import Certainty, Why, load_seed
from app.departments.lifecycle import DepartmentState
from app.departments.units import DirectoryEntry, FormerName, Level, Relationship, Succession
from app.kit.database import Database
from app.kit.errors import Conflict, DomainError, Forbidden, InvalidTransition, NotFound, Unprocessable
from app.permissions import Actor, ActorKind, Role, of_roles
from tests.support.racing import written_at_once

AT = datetime(2026, 5, 11, 1, 30, tzinfo=UTC)
MANAGER = Actor(ActorKind.STAFF, "manager", of_roles([Role.MANAGER]))
SCREENER = Actor(ActorKind.STAFF, "screener", of_roles([Role.SCREENER]))
CARD = Card(
    name="辽宁省新设局",
    aliases=("省新设局", "新设局"),
    level=Level.PROVINCE,
    relationship=Relationship.SUBORDINATE,
    valid_from=date(2026, 1, 1),
    former_names=(FormerName("辽宁省旧设局", None, date(2025, 12, 31)),),
    source="测试",
)
CLAIMED = "department_alias_claimed"
ENDING = Ending("机构改革", date(2026, 3, 1))


@pytest.fixture
def store(database: Database) -> Database:
    with database.writing() as session:
        actions.add_departments(session, MANAGER, AT, load_seed())
    return database


def entry(database: Database, department_id: str) -> DirectoryEntry:
    with database.reading() as session:
        return queries.entry(session, queries.find(session, department_id))


def did(database: Database, department_id: str) -> list[tuple[str, dict[str, Any]]]:
    with database.reading() as session:
        return [(row.action, row.detail) for row in audit.of_record(session, "department", department_id)]


def acting(database: Database, act: Callable[[Session], Any]) -> None:
    with database.writing() as session:
        act(session)


def add(card: Card = CARD, id: str = "new-bureau") -> Callable[[Session], Any]:
    return lambda session: actions.add(session, MANAGER, AT, id, card)


def edit(id: str, revision: int, card: Card) -> Callable[[Session], Any]:
    return lambda session: actions.edit(session, MANAGER, AT, id, revision, card)


def retire(id: str, revision: int = 1, *successors: str, ending: Ending = ENDING) -> Callable[[Session], Any]:
    return lambda session: actions.retire(session, MANAGER, AT, id, revision, ending, successors)


def merge(id: str, into: str, revision: int = 1) -> Callable[[Session], Any]:
    return lambda session: actions.merge(session, MANAGER, AT, id, revision, ENDING, into)


def reinstate(id: str, reason: str, revision: int = 1) -> Callable[[Session], Any]:
    return lambda session: actions.reinstate(session, MANAGER, AT, id, revision, reason)


def test_the_seed_comes_out_of_the_store_as_it_went_in(store: Database) -> None:
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


def test_a_department_is_added_at_the_end_with_all_that_is_known_of_it(store: Database) -> None:
    acting(store, add())
    with store.reading() as session:
        *_, last = queries.entries(session)
        found = queries.directory(session).lookup("省旧设局")
    assert actions.card_of(last) == CARD
    assert (last.id, last.state) == ("new-bureau", DepartmentState.ACTIVE)
    assert (found.certainty, found.why) == (Certainty.PROBABLE, Why.FORMER_NAME)
    assert did(store, "new-bureau") == [("department.added", {"name": "辽宁省新设局"})]


def test_an_empty_directory_takes_its_first_department(database: Database) -> None:
    acting(database, add())
    assert actions.card_of(entry(database, "new-bureau")) == CARD


@pytest.mark.parametrize(
    ("id", "changed", "error", "code", "details"),
    [
        ("civil-affairs", {}, Conflict, "department_id_taken", {"id": "civil-affairs"}),
        ("New", {}, Unprocessable, "department_id_form", {"written": "New"}),
        ("", {}, Unprocessable, "department_id_form", {"written": ""}),
        ("x", {"name": "辽宁省民政厅"}, Conflict, "department_name_taken", {"by": "辽宁省民政厅"}),
        ("x", {"name": "辽宁省　民政厅"}, Unprocessable, "department_name_form", {}),
        ("x", {"name": "辽宁省 民政厅"}, Conflict, "department_name_taken", {"by": "辽宁省民政厅"}),
        ("x", {"name": "省民政厅"}, Conflict, "department_name_taken", {"by": "辽宁省民政厅"}),
        ("x", {"aliases": ("省数据局(省营商局)",)}, Conflict, CLAIMED, {"written": "省数据局(省营商局)"}),
        ("x", {"aliases": ("辽宁省民政厅",)}, Conflict, CLAIMED, {"by": "辽宁省民政厅"}),
        ("x", {"aliases": ("辽宁省地方金融监督管理局",)}, Conflict, CLAIMED, {"by": "辽宁省金融监督管理局"}),
        ("x", {"former_names": (FormerName("省民政厅"),)}, Conflict, CLAIMED, {"by": "辽宁省民政厅"}),
        ("x", {"aliases": ("省甲局", "省 甲局")}, Unprocessable, "department_name_repeated", {"written": "省 甲局"}),
        ("x", {"aliases": ("辽宁省新设局",)}, Unprocessable, "department_name_repeated", {}),
        ("x", {"name": " "}, Unprocessable, "department_name_form", {}),
        ("x", {"name": "甲|乙"}, Unprocessable, "department_name_form", {}),
        ("x", {"name": "甲\x07乙"}, Unprocessable, "department_name_form", {}),
        ("x", {"name": "甲" * 121}, Unprocessable, "department_name_too_long", {"limit": 120}),
        ("x", {"valid_until": date(2025, 1, 1)}, Unprocessable, "days_order", {}),
        ("x", {"source": "长" * 301}, Unprocessable, "words_too_long", {"field": "source"}),
    ],
)  # fmt: skip
def test_what_no_department_can_be_is_refused_and_nothing_is_kept(
    store: Database, id: str, changed: dict[str, Any], error: type[DomainError], code: str, details: dict[str, Any]
) -> None:
    with pytest.raises(error) as refused:
        acting(store, add(replace(CARD, **changed), id))
    assert refused.value.code == code
    assert details.items() <= refused.value.details.items()
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


def test_an_edit_tells_what_changed_and_raises_the_revision_even_when_only_names_change(store: Database) -> None:
    before = entry(store, "justice")
    acting(store, edit("justice", 1, replace(actions.card_of(before), aliases=("省司法厅",))))
    assert entry(store, "justice") == replace(before, aliases=("省司法厅",))
    assert did(store, "justice") == [("department.edited", {"changes": ["aliases: 省司法厅|司法厅 → 省司法厅"]})]
    with pytest.raises(Conflict, match="changed_meanwhile"):
        acting(store, edit("justice", 1, actions.card_of(before)))


def test_an_edit_that_changes_nothing_leaves_the_revision(store: Database) -> None:
    card = actions.card_of(entry(store, "justice"))
    acting(store, edit("justice", 1, card))
    acting(store, edit("justice", 1, card))


def test_an_edit_may_not_take_another_units_name(store: Database) -> None:
    card = replace(actions.card_of(entry(store, "justice")), aliases=("省司法厅", "教育厅"))
    with pytest.raises(Conflict, match="department_alias_claimed") as refused:
        acting(store, edit("justice", 1, card))
    assert refused.value.details == {"written": "教育厅", "by": "辽宁省教育厅"}


def test_a_retired_department_leads_to_its_successor_and_can_be_reinstated(store: Database) -> None:
    before = entry(store, "sports")
    acting(store, retire("sports", 1, "culture-and-tourism"))
    after = entry(store, "sports")
    assert (after.state, after.ended_reason, after.valid_until) == (DepartmentState.RETIRED, "机构改革", ENDING.on)
    assert after.successors == (Succession("culture-and-tourism", ENDING.on),)
    with store.reading() as session:
        found = queries.directory(session).lookup("省体育局")
        assert found.department is not None
        assert (found.department.id, found.certainty, found.why) == (
            "culture-and-tourism",
            Certainty.PROBABLE,
            Why.SUCCESSOR,
        )
        assert "sports" not in {row.id for row in queries.assignable(session)}
        assert [one.id for one in queries.predecessors_of(session, "culture-and-tourism")] == ["sports"]
        assert [one.id for one in queries.successors_of(session, "sports")] == ["culture-and-tourism"]
    acting(store, reinstate("sports", "改革未实施", 2))
    assert entry(store, "sports") == before
    assert [action for action, _ in did(store, "sports")] == ["department.retired", "department.reinstated"]
    assert did(store, "sports")[0][1]["reason"] == "机构改革"


def test_a_department_may_end_without_a_successor_or_with_several(store: Database) -> None:
    acting(store, retire("sports"))
    acting(store, retire("audit", 1, "finance", "statistics"))
    assert entry(store, "sports").successors == ()
    assert [taker.successor_id for taker in entry(store, "audit").successors] == ["finance", "statistics"]


def test_a_merged_department_leads_to_the_other_with_all_its_names(store: Database) -> None:
    acting(store, merge("ageing-office", "civil-affairs"))
    with store.reading() as session:
        successors = queries.directory(session).successors
    assert successors["省老龄办"] == successors["辽宁省老龄工作委员会办公室"] == "辽宁省民政厅"
    assert did(store, "ageing-office")[0][1]["into"] == "civil-affairs"


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        (merge("sports", "sports"), Unprocessable, "department_into_itself"),
        (merge("sports", "rural-revitalisation"), Conflict, "successor_ended"),
        (merge("sports", "nobody"), Unprocessable, "no_such_department"),
        (merge("nobody", "sports"), NotFound, "no_such_department"),
        (merge("sports", "finance", 7), Conflict, "changed_meanwhile"),
        (merge("rural-revitalisation", "finance"), InvalidTransition, "invalid_transition"),
        (retire("rural-revitalisation"), InvalidTransition, "invalid_transition"),
        (retire("sports", 1, "poverty-alleviation"), Conflict, "successor_ended"),
        (retire("sports", ending=Ending(" \n ")), Unprocessable, "reason_required"),
        (retire("sports", ending=Ending("长" * 501)), Unprocessable, "reason_too_long"),
        (reinstate("sports", "x"), InvalidTransition, "invalid_transition"),
        (reinstate("rural-revitalisation", ""), Unprocessable, "reason_required"),
        (lambda session: actions.retire(session, SCREENER, AT, "sports", 1, ENDING), Forbidden, "forbidden"),
        (lambda session: actions.add(session, SCREENER, AT, "new-bureau", CARD), Forbidden, "forbidden"),
    ],
)  # fmt: skip
def test_an_ending_that_makes_no_sense_is_refused(
    store: Database, act: Callable[[Session], Any], error: type[DomainError], code: str
) -> None:
    with pytest.raises(error) as refused:
        acting(store, act)
    assert refused.value.code == code
    with store.reading() as session:
        assert queries.entries(session) == load_seed()


def test_no_circle_comes_of_merging_back(store: Database) -> None:
    acting(store, merge("sports", "finance"))
    with pytest.raises(Unprocessable, match="succession_ring"):
        acting(store, merge("finance", "sports"))


def test_two_people_who_merge_two_departments_into_each_other_get_one_merger(store: Database) -> None:
    errors = written_at_once(store, [merge("sports", "finance"), merge("finance", "sports")])
    assert [error.code for error in errors if isinstance(error, DomainError)] == ["succession_ring"]
    assert errors.count(None) == 1
    assert sorted(entry(store, id).state for id in ("sports", "finance")) == [
        DepartmentState.ACTIVE,
        DepartmentState.MERGED,
    ]


def test_two_people_who_give_one_name_to_two_departments_get_it_once(store: Database) -> None:
    acts = []
    for id in ("sports", "finance"):
        card = actions.card_of(entry(store, id))
        acts.append(edit(id, 1, replace(card, aliases=(*card.aliases, "省新名局"))))
    errors = written_at_once(store, acts)
    assert [error.code for error in errors if isinstance(error, DomainError)] == ["department_alias_claimed"]
    assert errors.count(None) == 1


def test_two_people_who_edit_the_aliases_of_one_department_get_one_success(store: Database) -> None:
    card = actions.card_of(entry(store, "sports"))
    acts = [edit("sports", 1, replace(card, aliases=(*card.aliases, name))) for name in ("省甲局", "省乙局")]
    errors = written_at_once(store, acts)
    assert [error.code for error in errors if isinstance(error, DomainError)] == ["changed_meanwhile"]
    assert errors.count(None) == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (queries.Filters(words="银保监"), {"banking-and-insurance-liaoning", "banking-and-insurance-dalian"}),
        (queries.Filters(words="地方金融监督"), {"financial-supervision-former"}),
        (queries.Filters(level=Level.STANDING_SCOPE, words="各市"),
         {"city-governments", "city-and-county-governments"}),
        (queries.Filters(state=DepartmentState.RETIRED, relationship=Relationship.SUBORDINATE),
         {"financial-supervision-former", "rural-revitalisation", "poverty-alleviation"}),
        (queries.Filters(words="%"), set()),
    ],
)  # fmt: skip
def test_a_list_is_narrowed_down(store: Database, filters: queries.Filters, expected: set[str]) -> None:
    with store.reading() as session:
        rows, following = queries.search(session, filters, None)
    assert {row.department.id for row in rows} == expected
    assert following is None


def test_a_long_list_comes_in_pages(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 30)
    seen, after = [], None
    with store.reading() as session:
        while True:
            rows, after = queries.search(session, queries.Filters(), after)
            seen += [row.department.id for row in rows]
            if after is None:
                break
    assert seen == [one.id for one in load_seed()]
