"""How printed names are found in the directory, with certainty and reason."""

from datetime import date

import pytest

from app.departments.directory import (
    Certainty,
    Directory,
    DirectoryEntry,
    Level,
    Relationship,
    Why,
    load_seed,
    read_rows,
)


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
    assert (province.id, province.relationship) == ("financial-supervision-former", Relationship.SUBORDINATE)
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
    assert all(entry.valid_from is None and entry.valid_until is None for entry in load_seed())


def test_every_short_name_of_the_seed_finds_its_own_entry(directory: Directory) -> None:
    for entry in directory.entries:
        for form in (entry.name, *entry.aliases):
            match = directory.lookup(form)
            assert match.department == entry.department, form


def test_the_directory_knows_its_province(directory: Directory) -> None:
    assert directory.region == "辽宁"
    assert Directory([]).region is None


def test_rows_are_checked_when_they_are_read() -> None:
    row = {
        "id": "x", "name": "某局", "aliases": "", "level": "province", "relationship": "subordinate",
        "valid_from": "2023-05-18", "valid_until": "",
    }  # fmt: skip
    assert read_rows([row]) == (
        DirectoryEntry("x", "某局", (), Level.PROVINCE, Relationship.SUBORDINATE, date(2023, 5, 18), None),
    )
    for wrong in ({"level": "planet"}, {"relationship": "cousin"}, {"valid_until": "soon"}):
        with pytest.raises(ValueError, match=r".+"):
            read_rows([row | wrong])


def test_the_longest_form_wins(directory: Directory) -> None:
    text = "人民银行辽宁省分行省数据局（省营商局、省委宣传部"
    first = directory.longest_prefix(text)
    assert text[:first] == "人民银行辽宁省分行"
    second = directory.longest_prefix(text, first)
    assert text[first : first + second] == "省数据局（省营商局"
    assert directory.longest_prefix("没有这样的名字") == 0
