"""How printed names are found in the directory, with certainty and reason."""

import pytest

from app.departments.directory import (
    Certainty,
    Directory,
    DirectoryEntry,
    Level,
    Relationship,
    Why,
    load_seed,
)
from app.departments.lifecycle import DepartmentState
from app.departments.units import FormerName, Succession
from app.kit.errors import Unprocessable


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(load_seed())


@pytest.mark.parametrize(
    ("written", "department", "name", "certainty", "why"),
    [
        ("辽宁省民政厅", "civil-affairs", "辽宁省民政厅", Certainty.CERTAIN, Why.EXACT_NAME),
        ("省民政厅", "civil-affairs", "省民政厅", Certainty.CERTAIN, Why.ALIAS),
        ("省 民政 厅", "civil-affairs", "省 民政 厅", Certainty.CERTAIN, Why.ALIAS),
        ("民政厅", "civil-affairs", "省民政厅", Certainty.PROBABLE, Why.RESTORED_PROVINCE),
        ("省数据局(省营商局)", "data-and-business-environment", "省数据局(省营商局)", Certainty.CERTAIN, Why.ALIAS),
        ("省数据局(省营商局", "data-and-business-environment", "省数据局(省营商局)", Certainty.CERTAIN, Why.ALIAS),
        ("省发展与改革委员会", None, "省发展与改革委员会", Certainty.UNKNOWN, Why.NOT_IN_DIRECTORY),
        ("省民族宗教事务委员会", "ethnic-and-religious-affairs", "省民族宗教委", Certainty.PROBABLE, Why.EXPANSION),
        ("省发展改委", "development-and-reform", "省发展改革委", Certainty.PROBABLE, Why.LOST_CHARACTER),
        ("省邮政管理局", None, "省邮政管理局", Certainty.UNKNOWN, Why.NOT_IN_DIRECTORY),
        ("", None, "", Certainty.UNKNOWN, Why.NOT_IN_DIRECTORY),
    ],
)
def test_a_name_is_found_with_its_certainty_and_reason(
    directory: Directory, written: str, department: str | None, name: str, certainty: Certainty, why: Why
) -> None:
    match = directory.lookup(written)
    assert (match.department.id if match.department else None) == department
    assert (match.name, match.certainty, match.why) == (name, certainty, why)


def test_the_provinces_finance_office_is_not_the_central_regulators_branch(directory: Directory) -> None:
    province = directory.lookup("省金融监管局").department
    branch = directory.lookup("辽宁金融监管局").department
    assert province is not None
    assert branch is not None
    assert (province.id, province.relationship) == ("local-finance", Relationship.SUBORDINATE)
    assert (branch.id, branch.relationship) == ("financial-regulation-liaoning", Relationship.NOT_SUBORDINATE)


@pytest.mark.parametrize(
    "written", ["各市政府", "各市人民政府", "各市、县（市、区）政府", "各有关部门", "各市、县市、区政府"]
)
def test_collective_units_are_in_it_and_never_assignable(directory: Directory, written: str) -> None:
    department = directory.lookup(written).department
    assert department is not None
    assert not department.assignable


@pytest.mark.parametrize("written", ["省民政厅", "民政厅", "各市政府", "省委组织部", "省税务局"])
def test_relative_names_of_another_governments_document_match_nothing(directory: Directory, written: str) -> None:
    match = directory.lookup(written, local=False)
    assert (match.department, match.why) == (None, Why.OTHER_JURISDICTION)


def test_absolute_names_match_in_any_document(directory: Directory) -> None:
    found = directory.lookup("国家税务总局辽宁省税务局", local=False).department
    assert found is not None
    assert found.id == "taxation"


def test_the_seed_has_unique_ids_names_and_forms() -> None:
    entries = load_seed()
    assert len({entry.id for entry in entries}) == len({entry.name for entry in entries}) == len(entries)
    forms = [form for entry in entries for form in (entry.name, *entry.aliases)]
    assert len(forms) == len(set(forms))
    assert all(entry.aliases for entry in entries)


def test_dates_are_empty_unless_sourced() -> None:
    for entry in load_seed():
        days = (entry.valid_from, entry.valid_until, *(taker.since for taker in entry.successors))
        assert entry.source or not any(days), entry.id


def test_every_written_form_of_the_seed_finds_its_own_entry_or_the_one_that_took_over(directory: Directory) -> None:
    for entry in directory.entries:
        for form in entry.written_forms:
            match = directory.lookup(form)
            assert match.department is not None, form
            if entry.state is DepartmentState.ACTIVE:
                assert match.department == entry.department, form
            else:
                assert (match.certainty, match.why) == (Certainty.PROBABLE, Why.SUCCESSOR), form
                assert match.department.name == directory.successors[form]


def test_the_directory_knows_its_province(directory: Directory) -> None:
    assert directory.region == "辽宁"
    assert Directory([]).region is None


def test_the_longest_form_wins(directory: Directory) -> None:
    text = "人民银行辽宁省分行省数据局（省营商局、省委宣传部"
    first = directory.longest_prefix(text)
    assert text[:first] == "人民银行辽宁省分行"
    second = directory.longest_prefix(text, first)
    assert text[first : first + second] == "省数据局（省营商局"
    assert directory.longest_prefix("没有这样的名字") == 0


def entry(id: str, *aliases: str, to: tuple[str, ...] = (), former: tuple[str, ...] = ()) -> DirectoryEntry:
    return DirectoryEntry(
        id,
        f"辽宁省{id}厅",
        aliases,
        Level.PROVINCE,
        Relationship.SUBORDINATE,
        state=DepartmentState.RETIRED if to else DepartmentState.ACTIVE,
        ended_reason="机构改革" if to else None,
        successors=tuple(map(Succession, to)),
        former_names=tuple(map(FormerName, former)),
    )


def test_the_name_of_a_body_that_ended_leads_to_the_one_that_took_over_and_says_so() -> None:
    directory = Directory([entry("甲", "省甲厅", to=("乙",)), entry("乙", "省乙厅", to=("丙",)), entry("丙", "省丙厅")])
    for written in ("省甲厅", "甲厅", "辽宁省甲厅", "省 甲厅"):
        match = directory.lookup(written)
        assert match.department is not None
        assert (match.department.id, match.certainty, match.why) == ("丙", Certainty.PROBABLE, Why.SUCCESSOR)
        assert match.name.replace(" ", "") in ("省甲厅", "辽宁省甲厅"), "the document's own word stays"
    assert directory.successors == dict.fromkeys(("辽宁省甲厅", "省甲厅", "辽宁省乙厅", "省乙厅"), "辽宁省丙厅")
    assert directory.successor_ids == {"甲": "丙", "乙": "丙"}


@pytest.mark.parametrize("to", [("乙", "丙"), ("无",)], ids=["two took over", "who took over is not there"])
def test_a_body_that_ended_without_one_successor_is_found_and_never_assignable(to: tuple[str, ...]) -> None:
    directory = Directory([entry("甲", "省甲厅", to=to), entry("乙"), entry("丙")])
    match = directory.lookup("省甲厅")
    assert match.department is not None
    assert (match.department.id, match.certainty, match.why) == ("甲", Certainty.PROBABLE, Why.ENDED)
    assert not match.department.assignable
    assert dict(directory.successors) == {}


def test_a_ring_of_successors_ends() -> None:
    directory = Directory([entry("甲", "省甲厅", to=("乙",)), entry("乙", to=("甲",)), entry("丙", to=("甲",))])
    assert dict(directory.successor_ids) == {}
    assert directory.lookup("省甲厅").why is Why.ENDED


def test_a_former_name_leads_to_the_body_that_had_it_and_says_so() -> None:
    directory = Directory([entry("甲", "省甲厅", former=("辽宁省老甲厅", "省老老甲厅"))])
    for written in ("辽宁省老甲厅", "省老甲厅", "省老老甲厅"):
        match = directory.lookup(written)
        assert match.department is not None
        assert (match.department.id, match.certainty, match.why) == ("甲", Certainty.PROBABLE, Why.FORMER_NAME)
    assert directory.successors == {"辽宁省老甲厅": "辽宁省甲厅", "省老老甲厅": "辽宁省甲厅"}
    assert directory.longest_prefix("省老甲厅、") == 4


def test_who_acts_on_a_department_names_the_one_that_exists(directory: Directory) -> None:
    for text in ("civil-affairs", "省民政厅", "民政厅"):
        named = directory.named(text)
        assert named is not None
        assert named.id == "civil-affairs"
    ended = directory.named("poverty-alleviation")
    assert ended is not None
    assert not ended.assignable
    assert directory.named("某某局") is None
    with pytest.raises(Unprocessable) as refused:
        directory.named("省扶贫办")
    assert refused.value.details == {"department": "省扶贫办", "by": "辽宁省农业农村厅"}
