"""Which changes a suggestion is proposed for: the rule of app/amendments/scoring.py."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.amendments.changes import Change, change_id, changes_of
from app.amendments.lifecycle import LIFECYCLE, Because, LinkEvent, LinkState
from app.amendments.scoring import BY_CLAUSE, MOST, MOST_WORDS, Scorer
from app.documents.compared import kept_form, read
from app.documents.comparison import compare_clauses
from app.documents.extracted import Clause
from app.documents.matching.synonyms import Concept, Synonyms

NOTHING = Synonyms(())
DRAFT = {
    "一": "开放时间。助餐点每天开放。",
    "二": "送餐。对行动不便的老年人提供送餐。",
    "三": "后厨公开。后厨应当接受查看。",
    "四": "收费。费用由各方分担。（责任单位：省财政厅）",
    "五": "附则。自印发之日起施行。",
}
FINAL = DRAFT | {
    "一": "开放时间。助餐点每天开放，节假日不休息。",
    "二": "送餐。对行动不便的老年人提供送餐，配备保温餐具。",
    "四": "收费。费用由各方分担，经济困难的老年人减半。（责任单位：省财政厅、省税务局）",
    "六": "培训。志愿服务人员应当接受急救培训。",
}


def clauses(texts: dict[str, str]) -> list[Clause]:
    return [Clause(label, label, text.split("。")[0], 1, None, text, ()) for label, text in texts.items()]


def changes(draft: dict[str, str] = DRAFT, final: dict[str, str] = FINAL) -> tuple[Change, ...]:
    return changes_of(read(kept_form(compare_clauses(clauses(draft), clauses(final)))))


def proposed(text: str, *labels: str, synonyms: Synonyms = NOTHING) -> list[tuple[str, Because]]:
    found = Scorer(changes(), synonyms).proposals(text, [change_id(label, label) for label in labels])
    return [(one.change.final_label, one.because) for one in found]


def test_only_what_changed_can_be_linked() -> None:
    assert [(one.draft_label, one.final_label) for one in changes()] == [
        ("一", "一"),
        ("二", "二"),
        ("四", "四"),
        ("", "六"),
    ]


def test_a_clause_that_went_has_no_wording() -> None:
    (change,) = changes(DRAFT, {label: text for label, text in DRAFT.items() if label != "三"})
    assert (change.draft_label, change.final_label, change.text, change.marked.body) == ("三", "", "", "")
    (found,) = Scorer([change], NOTHING).proposals("此处不必规定。", [change.id])
    assert (found.because, found.score, found.words) == (Because.SAME_CLAUSE, BY_CLAUSE, ())


def test_a_general_suggestion_is_led_by_its_words_alone() -> None:
    assert proposed("建议节假日不休息。") == [("一", Because.WORDS)]
    assert proposed("希望对志愿者做急救培训。") == [("六", Because.WORDS)]


def test_words_that_stood_in_the_draft_are_not_enough() -> None:
    assert proposed("建议对行动不便的老年人提供送餐。") == []


def test_the_clause_leads_to_its_change_without_any_words() -> None:
    assert proposed("请再想一想。", "二") == [("二", Because.SAME_CLAUSE)]


def test_clause_and_words_together_come_before_either_alone() -> None:
    both = Scorer(changes(), NOTHING).proposals("请配备保温餐具。", [change_id("二", "二")])
    assert both[0].because is Because.CLAUSE_AND_WORDS
    assert both[0].score > Scorer(changes(), NOTHING).proposals("请配备保温餐具。")[0].score - 1e-9
    assert both[0].words == ("配备保温餐具",)


def test_much_more_words_come_before_the_clause() -> None:
    assert proposed("志愿服务人员应当接受急救培训。", "二")[0] == ("六", Because.WORDS)


def test_units_of_a_note_are_no_words_of_the_change() -> None:
    assert proposed("请省税务局也参加。") == []


def test_peoples_words_find_the_policys() -> None:
    table = Synonyms([Concept("meals", "poor", ("没钱", "吃不起"), ("经济困难",))])
    assert proposed("有的老人吃不起。", synonyms=NOTHING) == []
    found = Scorer(changes(), table).proposals("有的老人吃不起。")
    assert [(one.change.final_label, one.words) for one in found] == [("四", ("经济困难",))]


TEXTS = st.text(st.sampled_from("助餐点每天开放节假日不休息送餐配备保温具培训急救，。建议"), max_size=60)


@given(TEXTS, st.sets(st.sampled_from("一二四六")))
def test_the_rule_holds_for_any_words(text: str, labels: set[str]) -> None:
    known = changes()
    leads = {one.id for one in known if one.final_label in labels}
    scorer = Scorer(known, NOTHING)
    found = scorer.proposals(text, leads)
    assert found == Scorer(known, NOTHING).proposals(text, sorted(leads))
    assert len(found) <= MOST
    assert len({one.change.id for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert 0 <= one.score <= 1
        assert len(one.words) <= MOST_WORDS
        assert all(word in one.change.marked.body for word in one.words)
        assert (one.because is Because.WORDS) == (one.change.id not in leads)
        assert one.words or one.because is Because.SAME_CLAUSE
    assert len({one.change.id for one in found} & leads) == min(len(leads), MOST) or len(found) == MOST


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_changes_name_tells_its_two_sides_apart(draft: str, final: str) -> None:
    assert len(change_id(draft, final)) == 32
    assert (change_id(draft, final) == change_id(final, draft)) == (draft == final)


@pytest.mark.parametrize("state", list(LinkState))
def test_nothing_becomes_public_but_by_a_persons_word(state: LinkState) -> None:
    into = {event for (before, event), after in LIFECYCLE.transitions.items() if after is LinkState.CONFIRMED}
    assert into == {LinkEvent.CONFIRM}
    refusable = LIFECYCLE.allows(state, LinkEvent.REFUSE)
    assert refusable == (state is LinkState.PROPOSED)
