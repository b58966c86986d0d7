"""Prepared reasons: checked, versioned, filled in for the person who reads them."""

import uuid
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.identifiers import in_groups
from app.kit.reasons import REASON_LIMIT
from app.screening import prepared, preparing_reasons, queries
from app.screening.deciding import decide, decide_all
from app.screening.decisions import Decision
from app.screening.lifecycle import Pointer, UnsuitableClass
from app.screening.preparing_reasons import Draft
from app.screening.reasons import PLACEHOLDERS, TEXT_LIMIT, Facts, checked, filled
from app.submissions import queries as submissions
from app.submissions.lifecycle import ScreeningEvent
from app.submissions.models import Submission
from tests.support import journey
from tests.support.journey import START, World
from tests.support.racing import written_at_once
from tests.support.refusals import refused

OUT = ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE
DUPLICATE = ScreeningEvent.CLOSE_AS_DUPLICATE
UNSUITABLE = ScreeningEvent.CLOSE_AS_UNSUITABLE
DRAFT = Draft("另一条", "《{consultation}》已收到您的《{title}》（{number}），由{department}起草。", Pointer.HOTLINE)


def sent(world: World, person: int = 0) -> Submission:
    receipt = journey.submit(world, person=person)
    with world.database.reading() as session:
        found = submissions.by_number(session, receipt.number)
    assert found is not None
    return found


def added(
    world: World, draft: Draft = DRAFT, event: ScreeningEvent = OUT, within: uuid.UUID | None = None
) -> uuid.UUID:
    with world.database.writing() as session:
        return preparing_reasons.add_reason(session, world.staff.lead, START, event, within, draft)


def names(world: World, event: ScreeningEvent = OUT) -> list[str]:
    with world.database.reading() as session:
        return [one.name for one in prepared.choices(session, world.consultation.id).get(event, [])]


@pytest.mark.parametrize("one", prepared.houses_own(), ids=lambda one: one.name)
def test_what_the_house_begins_with_is_complete_and_fits(one: prepared.PreparedReason) -> None:
    assert checked(one.text) == one.text
    assert one.decision in preparing_reasons.PREPARED_FOR
    assert (one.pointer is None) or one.decision is OUT
    longest = Facts(*("长" * 200,) * len(PLACEHOLDERS))
    assert len(filled(one.text, longest)) <= REASON_LIMIT


def test_there_is_one_for_each_kind_and_a_pointer_to_each_body_that_takes_what_does_not_belong_here() -> None:
    own = prepared.houses_own()
    assert {one.decision for one in own} == set(preparing_reasons.PREPARED_FOR)
    assert {one.pointer for one in own if one.pointer} == set(Pointer) - {Pointer.EMERGENCY}
    assert len({one.template_id for one in own}) == len(own)


@pytest.mark.parametrize("text", ["{name}", "{}", "{title", "title}", "{{title}}", "{title.__class__}", "{ title }"])
def test_braces_hold_placeholders_and_nothing_else(text: str) -> None:
    with pytest.raises(Unprocessable, match="unknown_placeholder"):
        checked(f"您好，{text}。")


@given(st.text(max_size=400))
def test_whatever_is_written_is_refused_or_can_be_filled_in(text: str) -> None:
    facts = Facts("{title}", "{", "}", "{number}")
    try:
        kept = checked(text)
    except DomainError:
        return
    assert len(filled(kept, facts)) <= REASON_LIMIT


def test_words_of_ones_own_follow_in_a_paragraph_and_both_keep_the_limit() -> None:
    facts = Facts("题", "稿", "号", "局")
    assert filled("关于{title}。", facts, " 另请注意。 ") == "关于题。\n另请注意。"
    with pytest.raises(Unprocessable, match="reason_too_long"):
        filled("词" * TEXT_LIMIT, facts, "字" * (REASON_LIMIT - TEXT_LIMIT))


def test_a_decision_takes_the_prepared_words_and_the_pointer_along(world: World) -> None:
    one, id = sent(world), added(world)
    with world.database.writing() as session:
        given = Decision(OUT, "感谢关注。", prepared=id)
        decide(session, world.staff.screener, START, one.id, one.revision, given)
    with world.database.reading() as session:
        kept = queries.decision_on(session, one.id)
    assert kept is not None
    title, number = world.consultation.title, in_groups(one.receipt_number)
    assert kept.reason is not None
    assert kept.reason.startswith(f"《{title}》已收到您的《{one.title}》（{number}），由")
    assert kept.reason.endswith("起草。\n感谢关注。")
    assert kept.pointer is Pointer.HOTLINE


def test_many_closed_together_each_get_words_of_their_own(world: World) -> None:
    one, other, id = sent(world, 1), sent(world, 2), added(world)
    with world.database.writing() as session:
        chosen = [(one.id, one.revision), (other.id, other.revision + 1), (uuid.uuid4(), 1)]
        decided = decide_all(session, world.staff.screener, START, chosen, Decision(OUT, prepared=id))
    assert decided.done == (one.id,)
    assert decided.refused[0] == (other.id, "changed_meanwhile")
    assert [code for _, code in decided.refused] == ["changed_meanwhile", "no_such_submission"]
    with world.database.reading() as session:
        kept = queries.decision_on(session, one.id)
        assert kept is not None
        assert in_groups(one.receipt_number) in str(kept.reason)
        assert queries.decision_on(session, other.id) is None


def test_a_decision_together_is_bounded_and_of_something(sqlite_world: World) -> None:
    world = sqlite_world
    accept = Decision(ScreeningEvent.ACCEPT)
    for chosen, code in (([], "nothing_chosen"), ([(uuid.uuid4(), 1)] * 501, "too_many_chosen")):
        error = refused(
            world.database,
            lambda session, chosen=chosen: decide_all(session, world.staff.screener, START, chosen, accept),
        )
        assert error.code == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Decision(ScreeningEvent.RELEASE), "no_decision"),
        (Decision(ScreeningEvent.UNDO), "no_decision"),
        (Decision(UNSUITABLE, "词"), "class_required"),
        (Decision(ScreeningEvent.REFER), "class_required"),
        (Decision(ScreeningEvent.ACCEPT, unsuitable_class=UnsuitableClass.ABUSE), "class_required"),
        (Decision(UNSUITABLE, "词", UnsuitableClass.ABUSE, pointer=Pointer.HOTLINE), "pointer_misplaced"),
        (Decision(OUT), "reason_required"),
        (Decision(OUT, "字" * 501), "reason_too_long"),
    ],
)
def test_a_decision_lacks_nothing_and_holds_nothing_of_another(given: Decision, code: str) -> None:
    with pytest.raises(Unprocessable, match=code):
        given.words()


def test_only_a_reason_for_that_decision_and_consultation_in_force_can_be_used(world: World) -> None:
    one, mine = sent(world), added(world, Draft("只管重复", "已合并。"), DUPLICATE)
    with world.database.writing() as session:
        elsewhere = journey.another_consultation(session, world.staff, slug="second")
        session.flush()
        foreign = preparing_reasons.add_reason(session, world.staff.lead, START, OUT, elsewhere.id, DRAFT)
    retired = added(world)
    with world.database.writing() as session:
        preparing_reasons.retire_reason(session, world.staff.lead, START, retired, 1)
    for id in (mine, foreign, retired, uuid.uuid4()):
        error = refused(
            world.database,
            lambda session, id=id: decide(
                session, world.staff.screener, START, one.id, one.revision, Decision(OUT, prepared=id)
            ),
        )
        assert error.code == "no_such_reason"


def test_put_otherwise_it_holds_in_its_newest_version_and_the_earlier_ones_stay(world: World) -> None:
    first = prepared.houses_own()[0]
    with world.database.writing() as session:
        draft = Draft("改过的", "请拨打12345。", Pointer.HOTLINE)
        preparing_reasons.change_reason(session, world.staff.lead, START, first.template_id, 0, draft)
    assert "改过的" in names(world)
    assert first.name not in names(world)
    with world.database.writing() as session:
        preparing_reasons.retire_reason(session, world.staff.lead, START, first.template_id, 1)
    assert "改过的" not in names(world)
    with world.database.reading() as session:
        versions = prepared.history(session, first.template_id)
    assert [(one.version, one.name, one.retired) for one in versions] == [
        (2, "改过的", True),
        (1, "改过的", False),
        (0, first.name, False),
    ]


def test_those_of_the_consultation_come_first_and_are_nowhere_else(world: World) -> None:
    added(world, Draft("本次专用", "感谢参与。"), OUT, world.consultation.id)
    assert names(world)[0] == "本次专用"
    with world.database.reading() as session:
        assert "本次专用" not in [one.name for one in prepared.choices(session, None)[OUT]]


@pytest.mark.parametrize(
    ("event", "draft", "code"),
    [
        (OUT, Draft(" ", "词。"), "name_required"),
        (OUT, Draft("名" * 61, "词。"), "words_too_long"),
        (OUT, Draft("名", " "), "reason_required"),
        (OUT, Draft("名", "词" * 301), "words_too_long"),
        (OUT, Draft("名", "{姓名}"), "unknown_placeholder"),
        (DUPLICATE, Draft("名", "词。", Pointer.HOTLINE), "pointer_misplaced"),
        (ScreeningEvent.REFER, Draft("名", "词。"), "no_decision"),
        (ScreeningEvent.ACCEPT, Draft("名", "词。"), "no_decision"),
    ],
)
def test_what_is_no_prepared_reason_is_refused(
    sqlite_world: World, event: ScreeningEvent, draft: Draft, code: str
) -> None:
    world = sqlite_world
    act: Callable[[Session], object] = lambda session: preparing_reasons.add_reason(  # noqa: E731
        session, world.staff.lead, START, event, None, draft
    )
    assert refused(world.database, act).code == code


def test_of_two_who_put_it_otherwise_at_once_one_does(world: World) -> None:
    id = added(world)
    errors = written_at_once(
        world.database,
        [
            lambda session, name=name: preparing_reasons.change_reason(
                session, world.staff.lead, START, id, 1, Draft(name, "词。")
            )
            for name in ("甲", "乙")
        ],
    )
    (lost,) = [error for error in errors if error is not None]
    assert isinstance(lost, Conflict)
