"""Where the clause that an opinion was written about is in a later version."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.reanchoring import AnchoredClause, Because, Fate, reanchor

TREES = "增加林荫步道。沿河道和铁路旧线种植乡土乔木，每年新增步道三十公里。"
LIGHTS = "完善夜间照明。更换老化灯具，控制光污染，入夜后保留安全照度。"
PONDS = "养护景观水体。清淤疏浚湖底，投放水生植物净化水质，公布水质检测结果。"


def version(*texts: str, first: int = 1) -> list[AnchoredClause]:
    return [
        AnchoredClause(f"二/{number}", sha256(text.encode()).hexdigest(), text)
        for number, text in enumerate(texts, first)
    ]


def test_the_same_text_under_the_same_label_is_certain() -> None:
    (anchor, _) = reanchor(version(TREES, LIGHTS), version(TREES, PONDS))
    assert (anchor.new_label, anchor.fate, anchor.sureness) == ("二/1", Fate.SAME_TEXT, 1.0)


def test_the_same_text_under_another_label_has_moved() -> None:
    first, second = reanchor(version(TREES, LIGHTS), version(PONDS, TREES, LIGHTS))
    assert [(a.new_label, a.fate, a.why) for a in (first, second)] == [
        ("二/2", Fate.MOVED, Because.ONE_SUCH_TEXT),
        ("二/3", Fate.MOVED, Because.ONE_SUCH_TEXT),
    ]
    assert first.sureness >= 0.9


def test_one_of_several_equal_texts_is_less_sure() -> None:
    found = reanchor(version(TREES, TREES, LIGHTS), version(TREES, TREES, LIGHTS, first=7))
    assert [anchor.new_label for anchor in found] == ["二/7", "二/8", "二/9"]
    assert [anchor.sureness for anchor in found] == [0.5, 0.5, 0.99]
    assert found[0].why is Because.SEVERAL_SUCH_TEXTS


def test_a_reworded_clause_is_changed_and_surer_the_less_was_changed() -> None:
    slightly = LIGHTS.replace("入夜后", "深夜")
    heavily = "完善夜间照明。路灯改用太阳能，老化灯具限期更换。"
    sure = reanchor(version(TREES, LIGHTS), version(TREES, slightly))[1]
    unsure = reanchor(version(TREES, LIGHTS), version(TREES, heavily))[1]
    assert (sure.fate, unsure.fate) == (Fate.CHANGED, Fate.CHANGED)
    assert 1 > sure.sureness > unsure.sureness > 0


def test_a_clause_without_anything_alike_is_gone() -> None:
    anchor = reanchor(version(TREES, LIGHTS), version(TREES))[1]
    assert (anchor.new_label, anchor.fate, anchor.why) == (None, Fate.GONE, Because.NOTHING_ALIKE)
    assert anchor.sureness > 0.5


def test_a_clause_that_was_taken_into_another_leads_there() -> None:
    anchor = reanchor(version(TREES, LIGHTS, PONDS), version(TREES, LIGHTS + PONDS))[2]
    assert (anchor.new_label, anchor.fate, anchor.why) == ("二/2", Fate.CHANGED, Because.TAKEN_INTO_ANOTHER)


def test_a_clause_that_was_split_tells_of_all_its_parts() -> None:
    anchor = reanchor(version(TREES, LIGHTS + PONDS), version(TREES, LIGHTS, PONDS))[1]
    assert {anchor.new_label, *anchor.also_in} == {"二/2", "二/3"}


def test_a_lost_clause_of_which_a_sentence_lives_on_is_gone_and_says_where() -> None:
    anchor = reanchor(version(TREES, LIGHTS, PONDS), version(TREES, LIGHTS + "清淤疏浚湖底。"))[2]
    assert (anchor.fate, anchor.why, anchor.also_in) == (Fate.GONE, Because.SENTENCE_IN_ANOTHER, ("二/2",))


_TEXTS = st.lists(
    st.one_of(st.sampled_from([TREES, LIGHTS, PONDS, LIGHTS + PONDS, ""]), st.text(max_size=20)), max_size=6
)


@settings(max_examples=80)
@given(_TEXTS, _TEXTS)
def test_every_clause_gets_one_answer_that_the_later_version_bears_out(old: list[str], new: list[str]) -> None:
    later = {clause.label: clause for clause in version(*new)}
    for clause, anchor in zip(version(*old), reanchor(version(*old), version(*new)), strict=True):
        assert anchor.old_label == clause.label
        assert 0 <= anchor.sureness <= 1
        assert (anchor.new_label is None) is (anchor.fate is Fate.GONE)
        same = anchor.new_label is not None and later[anchor.new_label].text_hash == clause.text_hash
        assert same is (anchor.fate in (Fate.SAME_TEXT, Fate.MOVED))


@settings(max_examples=40)
@given(_TEXTS)
def test_an_unchanged_version_moves_nothing(texts: list[str]) -> None:
    for anchor in reanchor(version(*texts), version(*texts)):
        assert (anchor.fate, anchor.new_label) == (Fate.SAME_TEXT, anchor.old_label)
        assert anchor.sureness == pytest.approx(1.0)


def test_a_heading_that_stands_nowhere_else_makes_a_moved_and_changed_clause_sure() -> None:
    def clause(number: int, heading: str, text: str) -> AnchoredClause:
        return AnchoredClause(f"二/{number}", sha256(text.encode()).hexdigest(), text, heading)

    heading = "增加林荫步道"
    old = [clause(1, heading, f"{heading}。（责任单位：省林草局）"), clause(2, "完善夜间照明", LIGHTS)]
    new = [clause(4, "养护景观水体", PONDS), clause(5, heading, f"{heading}。（责任单位：省水利厅）")]
    anchor, _ = reanchor(old, new)
    assert (anchor.new_label, anchor.fate, anchor.why) == ("二/5", Fate.CHANGED, Because.SAME_HEADING)
    assert anchor.sureness >= 0.75
