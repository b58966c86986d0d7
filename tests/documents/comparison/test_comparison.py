"""Two versions of invented documents, clause by clause."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.departments.directory import Directory, load_seed
from app.documents.comparison import ClauseComparison, Comparison, Relation, compare, to_json
from app.documents.extraction import Clause, Extraction, Unit, extract
from app.documents.text_difference import Op
from app.documents.unit_names import Role

DIRECTORY = Directory(load_seed())
HEAD = "辽宁省城市公园绿地提升方案\n一、总体要求\n让市民出门见绿。\n二、重点任务\n"
TREES = "增加林荫步道。沿河道和铁路旧线种植乡土乔木，每年新增步道三十公里。"
LIGHTS = "完善夜间照明。更换老化灯具，控制光污染，入夜后保留安全照度。"
TOILETS = "改造公共厕所。增设无障碍厕位和家庭卫生间，冬季不停水不上锁。"
SAND = "建设儿童沙坑。选用水洗海砂，定期翻晒消毒，周边设置洗手池。"
PONDS = "养护景观水体。清淤疏浚湖底，投放水生植物净化水质，公布水质检测结果。"


def read(*clauses: str) -> Extraction:
    numbered = "".join(f"{number}.{text}\n" for number, text in enumerate(clauses, 1))
    return extract(HEAD + numbered, DIRECTORY)


def with_units(text: str, units: str) -> str:
    return f"{text}（责任单位：{units}）"


def compared(draft: tuple[str, ...], final: tuple[str, ...]) -> list[tuple[str | None, str | None, str]]:
    rows = to_json(compare(read(*draft), read(*final)))["clauses"]
    labels = [(row["draft_label"], row["final_label"], row["relation"]) for row in rows]
    return [row for row in labels if row[0] != "一"]


def test_a_clause_that_moved_is_kept_under_its_new_number() -> None:
    found = compared((TREES, LIGHTS, TOILETS), (TOILETS, TREES, LIGHTS))
    assert found == [("二/1", "二/2", "kept"), ("二/2", "二/3", "kept"), ("二/3", "二/1", "kept")]


def test_a_dropped_clause_is_removed_and_an_added_one_is_new_in_its_place() -> None:
    found = compared((TREES, LIGHTS, TOILETS), (TREES, SAND, TOILETS))
    assert found == [
        ("二/1", "二/1", "kept"),
        (None, "二/2", "new"),
        ("二/2", None, "removed"),
        ("二/3", "二/3", "kept"),
    ]


def test_a_reworded_clause_with_another_heading_is_kept_and_the_heading_told() -> None:
    reworded = "优化夜间照明。更换老化灯具和线路，防止光污染，深夜保留安全照度。"
    (row,) = compare(read(LIGHTS, TREES), read(reworded, TREES)).clauses[-2:-1]
    assert (row.relation, row.heading_changed) == (Relation.KEPT, True)


def test_white_space_does_not_change_a_heading() -> None:
    row = compare(read(LIGHTS), read(LIGHTS.replace("完善夜间", "完善 夜间"))).clauses[-1]
    assert row.heading_changed is False


def test_one_clause_that_became_two_is_split() -> None:
    both = LIGHTS + "清淤疏浚湖底，投放水生植物净化水质，公布水质检测结果。"
    assert compared((TREES, both), (TREES, LIGHTS, PONDS)) == [
        ("二/1", "二/1", "kept"),
        ("二/2", "二/2", "split"),
        ("二/2", "二/3", "split"),
    ]


def test_two_clauses_that_became_one_are_merged_and_say_where() -> None:
    both = LIGHTS + "清淤疏浚湖底，投放水生植物净化水质，公布水质检测结果。"
    assert compared((TREES, LIGHTS, PONDS), (TREES, both)) == [
        ("二/1", "二/1", "kept"),
        ("二/2", "二/2", "merged"),
        ("二/3", "二/2", "merged"),
    ]


def test_a_removed_clause_of_which_one_sentence_lives_on_is_merged_while_its_host_stays_kept() -> None:
    host = TOILETS + "清淤疏浚湖底。"
    rows = compare(read(TREES, TOILETS, PONDS), read(TREES, host)).clauses[-2:]
    assert [row.relation for row in rows] == [Relation.KEPT, Relation.MERGED]
    assert rows[1].sentences == ("清淤疏浚湖底。",)
    assert rows[1].final is rows[0].final


def test_units_that_came_and_went_are_told_apart_from_renames() -> None:
    draft = read(with_units(TREES, "省林草局、省外办、省财政厅"))
    final = read(with_units(TREES, "省林草局、省政府外办、省水利厅"))
    changes = to_json(compare(draft, final))["clauses"][-1]["unit_changes"]
    assert changes == {
        "added": ["省水利厅"],
        "removed": ["省财政厅"],
        "renamed": [{"draft": "省外办", "final": "省政府外办"}],
    }


def test_a_merger_loses_only_units_that_its_host_does_not_have_and_adds_none_that_the_host_had() -> None:
    draft = read(with_units(TOILETS, "省住房城乡建设厅、省财政厅"), with_units(PONDS, "省财政厅、省水利厅"))
    final = read(with_units(TOILETS + "清淤疏浚湖底，公布水质检测结果。", "省住房城乡建设厅、省财政厅"))
    row = compare(draft, final).clauses[-1]
    assert row.relation is Relation.MERGED
    assert (row.unit_changes.added, row.unit_changes.removed) == ((), ("省水利厅",))


def test_headings_of_chapters_and_general_parts_stand_outside_the_clauses() -> None:
    found = compare(read(with_units(TREES, "省林草局")), read(with_units(TREES, "省林草局")))
    assert [row.draft.label for row in found.framing if row.draft] == ["一", "二"]
    assert [row["draft_label"] for row in to_json(found)["clauses"]] == ["二/1"]


def test_the_json_form_has_the_agreed_keys() -> None:
    found = to_json(compare(read(TREES, SAND), read(LIGHTS, TREES)))
    assert list(found) == ["clauses"]
    for row in found["clauses"]:
        assert list(row) == [
            *("draft_label", "draft_number", "final_label", "relation"),
            *("heading_changed", "unit_changes", "diff"),
        ]


def clause(
    label: str, heading: str, text: str | None, units: tuple[Unit, ...] = (), parent: str | None = None
) -> Clause:
    return Clause(label, label, heading, 1, parent, text, units)


def document(clauses: list[Clause]) -> Extraction:
    return Extraction(None, None, None, None, tuple(clauses), (), (), ())


_WORDS = st.sampled_from(
    [TREES, LIGHTS, TOILETS, SAND, PONDS, "。", "建设", "步道", "，", ",", "沙坑", "\n", " ", "\U000f0001"]
)
_TEXTS = st.one_of(st.none(), st.lists(_WORDS, max_size=8).map("".join), st.text(max_size=30))
_UNITS = st.sampled_from(["省财政厅", "省水利厅", "各市政府", "各市人民政府", "省外办", "园林中心"]).map(
    lambda name: Unit(name, name, Role.RESPONSIBLE, "x" if name == "省财政厅" else None, "certain", "alias")
)


@st.composite
def _documents(draw: st.DrawFn) -> Extraction:
    labels = draw(st.lists(st.sampled_from("一二三四五六七八九"), unique=True, max_size=7))
    return document(
        [
            clause(
                label,
                draw(st.sampled_from(["", "林荫步道", "夜间照明", "公共厕所"])),
                draw(_TEXTS),
                tuple(draw(st.lists(_UNITS, unique=True, max_size=3))),
                draw(st.sampled_from([None, *labels])),
            )
            for label in labels
        ]
    )


@settings(max_examples=80)
@given(_documents())
def test_a_document_compared_with_itself_is_kept_without_differences(same: Extraction) -> None:
    for row in compare(same, same).rows:
        assert (row.relation, row.heading_changed, row.unit_changes.real) == (Relation.KEPT, False, False)
        assert row.draft is row.final
        assert {piece.op for piece in row.difference} <= {Op.EQUAL}


@settings(max_examples=80)
@given(_documents(), _documents())
def test_the_pieces_of_every_row_give_both_texts_back(draft: Extraction, final: Extraction) -> None:
    for row in compare(draft, final).rows:
        kept = [piece for piece in row.difference if piece.op is not Op.INSERT]
        came = [piece for piece in row.difference if piece.op is not Op.DELETE]
        assert "".join(piece.text for piece in kept) == ((row.draft and row.draft.text) or "")
        assert "".join(piece.text for piece in came) == ((row.final and row.final.text) or "")


_TURNED = {Relation.REMOVED: Relation.NEW, Relation.SPLIT: Relation.MERGED, Relation.KEPT: Relation.KEPT}
_TURNED |= {turned: relation for relation, turned in _TURNED.items()}


def _facts(comparison: Comparison, *, turned: bool) -> set[tuple[object, ...]]:
    return {_fact(row, turned=turned) for row in comparison.rows}


def _fact(row: ClauseComparison, *, turned: bool) -> tuple[object, ...]:
    came, went = row.unit_changes.added, row.unit_changes.removed
    ends = (row.draft and row.draft.label, row.final and row.final.label)
    if not turned:
        return (*ends, row.relation, frozenset(came), frozenset(went), row.heading_changed)
    return (*ends[::-1], _TURNED[row.relation], frozenset(went), frozenset(came), row.heading_changed)


@settings(max_examples=120)
@given(_documents(), _documents())
def test_swapping_the_versions_swaps_everything_that_was_found(draft: Extraction, final: Extraction) -> None:
    assert _facts(compare(draft, final), turned=False) == _facts(compare(final, draft), turned=True)


@settings(max_examples=80)
@given(_documents(), _documents())
def test_every_clause_of_both_versions_is_in_a_row(draft: Extraction, final: Extraction) -> None:
    rows = compare(draft, final).rows
    assert {row.draft.label for row in rows if row.draft} == {each.label for each in draft.clauses}
    assert {row.final.label for row in rows if row.final} == {each.label for each in final.clauses}


@settings(max_examples=40)
@given(st.text(max_size=200), st.lists(st.sampled_from(["一、", "（一）", "1.", "第一条 ", TREES, "\n"]), max_size=20))
def test_no_text_makes_it_fail(noise: str, pieces: list[str]) -> None:
    found = compare(extract(noise, DIRECTORY), extract("".join(pieces) + noise, DIRECTORY))
    assert len(to_json(found)["clauses"]) <= len(found.rows)


@pytest.mark.parametrize("size", [0, 1])
def test_a_version_without_clauses_has_everything_removed(size: int) -> None:
    whole = document([clause(f"{n}", "", TREES) for n in range(size)])
    assert [row.relation for row in compare(whole, document([])).rows] == [Relation.REMOVED] * size
