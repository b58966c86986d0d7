"""The extraction of our own sample documents, one in every style that real documents have."""

import pytest
from answers import SAMPLES, Answers, read_answers

from app.departments.directory import Directory, load_seed
from app.documents.extraction import AnnexRow, Clause, Extraction, extract, to_json
from app.documents.reading import read_document
from app.kit.text import squeeze

NAMES = sorted(path.stem for path in SAMPLES.glob("*.key"))


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory(load_seed())


def read(name: str, directory: Directory) -> tuple[Answers, Extraction]:
    text = (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    return read_answers(SAMPLES / f"{name}.key"), extract(text, directory)


def printed_units(item: Clause | AnnexRow) -> list[str]:
    return [unit.name + ("" if unit.role == "responsible" else f":{unit.role}") for unit in item.units]


@pytest.mark.parametrize("name", NAMES)
def test_every_clause_has_its_label_heading_and_units(name: str, directory: Directory) -> None:
    answers, found = read(name, directory)
    assert found.title == answers.title
    assert {clause.label: printed_units(clause) for clause in found.clauses} == answers.units
    assert {clause.label: squeeze(clause.heading) for clause in found.clauses} == answers.headings


@pytest.mark.parametrize("name", NAMES)
def test_annex_rows_and_standing_notes_are_read(name: str, directory: Directory) -> None:
    answers, found = read(name, directory)
    assert {row.no: printed_units(row) for row in found.annex_rows} == answers.rows
    assert sorted({implied.unit.name for implied in found.implied_units}) == sorted(answers.implied)


@pytest.mark.parametrize("name", NAMES)
def test_clauses_form_a_tree_in_printed_order(name: str, directory: Directory) -> None:
    _, found = read(name, directory)
    seen: dict[str, Clause] = {}
    for clause in found.clauses:
        assert clause.label not in seen
        parent = seen[clause.parent] if clause.parent else None
        assert clause.level == (parent.level + 1 if parent else 1)
        seen[clause.label] = clause


@pytest.mark.parametrize("name", NAMES)
def test_no_printed_word_of_the_draft_is_lost(name: str, directory: Directory) -> None:
    """Every clause's text and heading stand in the source as printed."""
    _, found = read(name, directory)
    source = squeeze((SAMPLES / f"{name}.txt").read_text(encoding="utf-8"))
    for clause in found.clauses:
        for line in (clause.text or clause.heading).splitlines():
            assert squeeze(line) in source


def test_the_json_has_exactly_the_keys_of_the_contract(directory: Directory) -> None:
    _, found = read("wrapped_table", directory)
    document = to_json(found)
    assert list(document) == [
        "title", "kind_guess", "issuer", "document_number", "clauses", "implied_units", "annex_rows", "doubts",
    ]  # fmt: skip
    assert set(document["clauses"][0]) == {"label", "number", "heading", "level", "parent", "text", "units"}
    assert set(document["annex_rows"][0]) == {"no", "task", "units", "clause"}
    unit_keys = {"name", "written_as", "role", "department", "certainty", "why"}
    assert set(document["annex_rows"][0]["units"][0]) == unit_keys


def test_a_row_names_the_clause_that_it_restates(directory: Directory) -> None:
    _, found = read("wrapped_table", directory)
    assert [row.clause for row in found.annex_rows] == ["二/（一）", "二/（二）", None]


TABLE = """<h1>松江省小菜园推广任务分解表</h1><table>
<tr><th>序号</th><th>重点任务</th><th>牵头单位</th><th>配合单位</th><th>完成时限</th></tr>
<tr><td colspan="5">一、场地</td></tr>
<tr><td>1</td><td rowspan="2">用好屋顶</td><td>省住房城乡建设厅</td><td>省财政厅、各市政府</td><td>6月底</td></tr>
<tr><td>2</td><td>省农业农村厅<br>省林草局</td><td>—</td><td>持续推进</td></tr></table>"""


def test_a_pages_table_gives_rows_by_its_columns(directory: Directory) -> None:
    found = extract(read_document(TABLE.encode(), "a.html"), directory)
    assert found.title == "松江省小菜园推广任务分解表"
    assert [(row.no, row.task, printed_units(row)) for row in found.annex_rows] == [
        (1, "用好屋顶", ["省住房城乡建设厅:lead", "省财政厅:participant", "各市政府:participant"]),
        (2, "用好屋顶", ["省农业农村厅:lead", "省林草局:lead"]),
    ]


def test_other_governments_units_are_never_taken_for_ours(directory: Directory) -> None:
    """省民政厅 of another province is not the directory's, though it is written alike."""
    text = "浙江省人民政府关于推广共享雨伞的意见\n一、设点。在车站设点。（责任单位：省民政厅、省财政厅、浙江证监局）\n"
    found = extract(text, directory)
    assert [unit.department for unit in found.clauses[0].units] == [None, None, None]
    assert {unit.why for unit in found.clauses[0].units} == {"other_jurisdiction"}


def test_our_own_governments_units_carry_the_directorys_ids(directory: Directory) -> None:
    text = "辽宁省共享雨伞推广方案\n一、设点。在车站设点。（责任单位：省民政厅、财政厅、辽宁证监局、省月球局）\n"
    found = extract(text, directory)
    assert [(unit.name, unit.department) for unit in found.clauses[0].units] == [
        ("省民政厅", "civil-affairs"),
        ("省财政厅", "finance"),
        ("辽宁证监局", "securities-regulation-liaoning"),
        ("省月球局", None),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "没有编号的一句话。", "（", "责任单位：", "）））", "一、", "\t\t\n1\t2"])
def test_odd_texts_give_an_answer_instead_of_an_error(text: str, directory: Directory) -> None:
    assert to_json(extract(text, directory))["annex_rows"] == []


def test_a_text_without_clauses_says_so(directory: Directory) -> None:
    found = extract("今天下雨。", directory)
    assert [doubt.what.name for doubt in found.doubts] == ["NO_CLAUSES"]


def test_an_unknown_name_is_one_question(directory: Directory) -> None:
    text = "辽宁省种花方案\n一、种花。多种。（责任单位：省月球局）\n二、浇花。勤浇。（责任单位：省月球局、省民政厅）\n"
    doubts = extract(text, directory).doubts
    assert [(doubt.where, doubt.what.name, doubt.suggestion) for doubt in doubts] == [
        ("一", "NAME_UNKNOWN", "省月球局")
    ]
