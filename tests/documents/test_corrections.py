"""What people correct is laid over what was read: nothing is lost, labels stay unique, everything can be undone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.departments.directory import Directory, load_seed
from app.documents import corrections, stored_corrections
from app.documents.chosen_units import CHOSEN, chosen_units
from app.documents.corrections import Corrections, Origin, Row, Wording, laid_over, standing
from app.documents.extracted import Clause, Unit, from_json, to_json
from app.documents.extraction import extract
from app.documents.unit_names import Role
from app.kit.errors import DomainError, Unprocessable

TEXT = """关于建设街角花园的若干措施

（征求意见稿）

一、总体要求

按照就近、节约的原则建设。

二、主要任务

（一）选点。利用边角地建设花园。（责任单位：省林草局、省住房城乡建设厅）

（二）养护。由街道组织居民认养。
每季度检查一次。（责任单位：省民政厅）

三、保障措施

（一）资金。多渠道筹集。（责任单位：省财政厅）
"""
DIRECTORY = Directory(load_seed())
READ = extract(TEXT, DIRECTORY)
CLAUSES = READ.clauses
NOTHING = Corrections()


def labels(now: Corrections) -> list[str]:
    return [row.clause.label for row in standing(laid_over(CLAUSES, now))]


def clause(now: Corrections, key: str) -> Clause:
    return next(row.clause for row in laid_over(CLAUSES, now) if row.key == key)


def wording(now: Corrections, key: str, **other: object) -> Wording:
    found = clause(now, key)
    return replace(Wording(found.number, found.heading, found.text, found.units), **other)  # type: ignore[arg-type]


def test_without_corrections_everything_is_as_it_was_read() -> None:
    rows = laid_over(CLAUSES, NOTHING)
    assert [row.clause for row in rows] == list(CLAUSES)
    assert {row.origin for row in rows} == {Origin.READ}
    assert labels(NOTHING) == ["一", "二", "二/（一）", "二/（二）", "三", "三/（一）"]


def test_another_number_moves_what_stands_below_it() -> None:
    now = corrections.reworded(CLAUSES, NOTHING, "c1", wording(NOTHING, "c1", number=" 四、"))
    assert labels(now) == ["一", "四", "四/（一）", "四/（二）", "三", "三/（一）"]
    assert [row.origin for row in laid_over(CLAUSES, now)].count(Origin.CORRECTED) == 1
    assert clause(now, "c2").parent == "四"


def test_a_wording_that_is_the_one_that_was_read_is_no_correction() -> None:
    now = corrections.reworded(CLAUSES, NOTHING, "c2", wording(NOTHING, "c2", heading="选址"))
    assert clause(now, "c2").heading == "选址"
    assert corrections.reworded(CLAUSES, now, "c2", wording(NOTHING, "c2")) == NOTHING


def test_the_same_number_twice_gives_two_labels() -> None:
    now = corrections.reworded(CLAUSES, NOTHING, "c3", wording(NOTHING, "c3", number="(一)"))
    assert labels(now) == ["一", "二", "二/（一）", "二/（一）#2", "三", "三/（一）"]


def test_what_is_no_clause_goes_and_what_stood_below_it_stays() -> None:
    now = corrections.removed(CLAUSES, NOTHING, "c4")
    assert labels(now) == ["一", "二", "二/（一）", "二/（二）", "（一）"]
    assert corrections.undone(CLAUSES, now, "c4") == NOTHING


def test_a_clause_is_joined_to_the_one_before_with_its_units() -> None:
    now = corrections.merged(CLAUSES, NOTHING, "c3")
    joined = clause(now, "c2")
    assert labels(now) == ["一", "二", "二/（一）", "三", "三/（一）"]
    assert joined.text is not None
    assert "（二）养护。由街道组织居民认养。" in joined.text
    assert [unit.name for unit in joined.units] == ["省林草局", "省住房城乡建设厅", "省民政厅"]
    assert corrections.undone(CLAUSES, now, "c2") == NOTHING
    assert corrections.undone(CLAUSES, now, "c3") == NOTHING


def test_the_first_clause_can_be_joined_to_nothing() -> None:
    with pytest.raises(Unprocessable) as refused:
        corrections.merged(CLAUSES, NOTHING, "c0")
    assert refused.value.code == "nothing_before_it"


def test_a_clause_is_split_at_a_line_and_the_parts_are_its_text() -> None:
    now = corrections.reworded(CLAUSES, NOTHING, "c3", wording(NOTHING, "c3", text="养护。\n（三）检查。每季度一次。"))
    now = corrections.split(CLAUSES, now, "c3", 2, "（三）")
    assert labels(now) == ["一", "二", "二/（一）", "二/（二）", "二/（三）", "三", "三/（一）"]
    assert clause(now, "c3").text == "养护。"
    assert clause(now, "n1").text == "检查。每季度一次。"
    assert corrections.undone(CLAUSES, now, "n1") == NOTHING
    for line in (0, 1, 3, 99):
        with pytest.raises(Unprocessable):
            corrections.split(CLAUSES, now, "c3", line, "（四）")


def test_a_part_of_a_part_goes_with_the_clause_that_is_undone() -> None:
    now = corrections.reworded(CLAUSES, NOTHING, "c0", wording(NOTHING, "c0", text="甲\n乙\n丙"))
    now = corrections.split(CLAUSES, now, "c0", 2, "1")
    now = corrections.split(CLAUSES, now, "n1", 2, "2")
    assert labels(now)[:3] == ["一", "1", "2"]
    assert corrections.undone(CLAUSES, now, "n2") == NOTHING


def test_clauses_are_added_where_a_person_says() -> None:
    now = corrections.with_added(CLAUSES, NOTHING, "", Wording("前言", "", "说明。"))
    now = corrections.with_added(CLAUSES, now, "c2", Wording("（一）之一", "补植", None))
    now = corrections.with_added(CLAUSES, now, "c4", Wording("0", "", "章下第一条。"))
    assert labels(now) == ["前言", "一", "二", "二/（一）", "二/（一）之一", "二/（二）", "三", "三/0", "三/（一）"]
    assert corrections.removed(CLAUSES, now, "n2").reworded.keys() == {"n1", "n3"}


def test_what_was_put_behind_an_added_clause_stays_when_that_goes() -> None:
    now = corrections.with_added(CLAUSES, NOTHING, "c0", Wording("甲", "", "一。"))
    now = corrections.with_added(CLAUSES, now, "n1", Wording("乙", "", "二。"))
    assert labels(corrections.removed(CLAUSES, now, "n1"))[:2] == ["一", "乙"]


@pytest.mark.parametrize(
    ("number", "code"),
    [("", "number_required"), (" 、", "number_required"), ("一/二", "number_form"), ("x" * 41, "number_form")],
)
def test_a_number_that_is_none_is_refused(number: str, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        corrections.reworded(CLAUSES, NOTHING, "c0", wording(NOTHING, "c0", number=number))
    assert refused.value.code == code


@pytest.mark.parametrize(("typed", "number"), [("(一)", "（一）"), ("1.", "1"), ("第 五 条", "第五条"), ("①", "①")])
def test_a_number_is_kept_as_labels_write_it(typed: str, number: str) -> None:
    assert corrections.normal_number(typed) == number


def test_units_are_looked_up_and_what_was_read_about_them_is_kept() -> None:
    read = clause(NOTHING, "c2").units
    chosen = chosen_units(
        [
            ("省林草局", Role.LEAD),
            ("辽宁省教育厅", Role.PARTICIPANT),
            ("街角花园办", Role.RESPONSIBLE),
            (" ", Role.LEAD),
        ],
        read,
        DIRECTORY,
    )
    assert chosen[0] == replace(read[0], role=Role.LEAD)
    assert (chosen[1].department is not None, chosen[1].why) == (True, CHOSEN)
    assert (chosen[2].department, chosen[2].certainty) == (None, "unknown")
    assert len(chosen) == 3
    assert chosen_units([("省林草局", Role.LEAD), ("省 林草局", Role.RESPONSIBLE)], (), DIRECTORY)[0].role is Role.LEAD


KEYS = st.sampled_from([f"c{place}" for place in range(len(CLAUSES))] + ["n1", "n2", "n3", "c99", "x"])
NUMBERS = st.sampled_from(["一", "（一）", "(二)", "1.", "第一条", "", "a/b", "三"])
UNITS = st.lists(st.sampled_from([unit for clause in CLAUSES for unit in clause.units]), max_size=3).map(tuple)
WORDINGS = st.builds(
    Wording, NUMBERS, st.sampled_from(["", "标题"]), st.sampled_from([None, "甲", "甲\n乙\n丙"]), UNITS
)
STEPS = st.one_of(
    st.tuples(st.just(corrections.reworded), KEYS, WORDINGS),
    st.tuples(st.just(corrections.removed), KEYS),
    st.tuples(st.just(corrections.merged), KEYS),
    st.tuples(st.just(corrections.split), KEYS, st.integers(0, 4), NUMBERS),
    st.tuples(st.just(corrections.with_added), KEYS | st.just(""), WORDINGS),
    st.tuples(st.just(corrections.undone), KEYS),
)


@given(st.lists(STEPS, max_size=8))
def test_whatever_is_done_labels_are_unique_and_it_can_all_be_undone(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    now = NOTHING
    for step, *given_to_it in steps:
        try:
            now = step(CLAUSES, now, *given_to_it)
        except DomainError:
            continue
        found = labels(now)
        assert len(found) == len(set(found))
        kept = {row.clause.label for row in standing(laid_over(CLAUSES, now))}
        assert all(row.clause.parent in kept for row in standing(laid_over(CLAUSES, now)) if row.clause.parent)
        assert stored_corrections.from_json(stored_corrections.to_json(now)) == now
    for row in laid_over(CLAUSES, now):
        if row.key in {other.key for other in laid_over(CLAUSES, now)} and (
            row.removed or row.origin is not Origin.READ
        ):
            now = corrections.undone(CLAUSES, now, row.key)
    assert [row.clause for row in laid_over(CLAUSES, now)] == list(CLAUSES)


def _is_corrected(row: Row) -> bool:
    return row.removed or row.origin is not Origin.READ


def test_an_extraction_is_the_same_after_it_was_stored() -> None:
    assert from_json(to_json(READ)) == READ
    assert isinstance(READ.clauses[2].units[0], Unit)
