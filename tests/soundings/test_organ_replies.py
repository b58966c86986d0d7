"""Replies, opinions and what is made of them: corrections keep what was there, and of two at once one wins."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from app.audit import queries as audit
from app.kit.errors import Conflict, DomainError, InvalidTransition, Unprocessable
from app.soundings import actions, handling, queries, replying, totals
from app.soundings.lifecycle import Adoption, Disagreement, DisputeEvent, EarlierKind, OrganState
from app.soundings.models import OrganOpinion, SoundedOrgan, Sounding
from app.soundings.replying import Reply, Wording
from app.soundings.totals import Totals
from app.submissions.attachments import NewFile
from app.submissions.file_kinds import FileKind, ScanState
from tests.support import sounding
from tests.support.journey import START, World
from tests.support.sounding import DUE, TODAY

LATER = START + timedelta(days=3)
FIRST, SECOND = Wording("第三条的经费保障表述建议核实。", "经费由本级财政统筹安排。"), Wording("附件格式请规范。")


def scan(key: str = "a" * 64, state: ScanState = ScanState.CLEAN) -> NewFile:
    return NewFile("复函.pdf", key, 1200, FileKind.PDF, state, START)


def revision(session: Session, id: uuid.UUID) -> int:
    return session.get_one(SoundedOrgan, id).revision


def refused(world: World, act: Callable[[Session], object]) -> str:
    with pytest.raises(DomainError) as problem, world.database.writing() as session:
        act(session)
    return problem.value.code


def test_a_reply_is_entered_and_a_correction_keeps_the_earlier_one(world: World) -> None:
    manager = world.staff.manager
    organ = sounding.organs(world, sounding.sent(world))[0]
    first = Reply(False, TODAY, "财函〔2026〕3号", "测试甲", scan())
    with world.database.writing() as session:
        replying.enter_reply(session, manager, START, organ, 1, first)
    with world.database.writing() as session:
        second = Reply(True, TODAY, "财函〔2026〕4号", "测试乙", scan("b" * 64))
        replying.enter_reply(session, manager, LATER, organ, revision(session, organ), second, "登记有误。")
    with world.database.reading() as session:
        row = queries.organ(session, organ)
        (before,) = queries.earlier_versions(session, EarlierKind.REPLY, organ)
        entries = [entry.action for entry in audit.of_record(session, "sounded_organ", organ)]
        kept = queries.referred_to(session, ["a" * 64, "b" * 64, "c" * 64])
    assert (row.state, row.document_number, row.signer) == (OrganState.WITH_OPINIONS, "财函〔2026〕4号", "测试乙")
    assert before.reason == "登记有误。"
    assert before.content["state"] == OrganState.NO_OPINIONS
    assert before.content["document_number"] == "财函〔2026〕3号"
    assert before.content["file_id"] != str(row.file_id)
    assert entries == ["organ_reply.entered", "organ_reply.corrected"]
    assert kept == {"a" * 64, "b" * 64}, "the scan of the earlier version is kept too"


def test_of_two_who_enter_the_same_reply_at_once_one_wins(world: World) -> None:
    organ = sounding.organs(world, sounding.sent(world))[0]
    both = Barrier(2)

    def enter(number: str) -> str:
        both.wait(timeout=30)
        try:
            with world.database.writing() as session:
                reply = Reply(False, TODAY, number)
                replying.enter_reply(session, world.staff.manager, START, organ, 1, reply)
        except Conflict as problem:
            return problem.code
        return number

    with ThreadPoolExecutor(2) as pool:
        came = sorted(pool.map(enter, ("1号", "2号")))
    with world.database.reading() as session:
        stands = queries.organ(session, organ).document_number
        assert queries.earlier_versions(session, EarlierKind.REPLY, organ) == []
    assert came == [str(stands), "changed_meanwhile"]


def test_opinions_go_with_a_reply_with_opinions_alone(world: World) -> None:
    manager = world.staff.manager
    letter = sounding.sent(world)
    silent, organ = sounding.organs(world, letter)
    sounding.replied(world, silent)
    assert refused(world, lambda s: replying.enter_opinion(s, manager, START, silent, FIRST)) == "no_opinions_replied"
    sounding.replied(world, organ, [FIRST])

    def take_back(session: Session) -> None:
        replying.enter_reply(session, manager, START, organ, revision(session, organ), Reply(False, TODAY), "误登。")

    assert refused(world, take_back) == "opinions_standing"
    (opinion,) = sounding.opinions_of(world, organ)
    with world.database.writing() as session:
        replying.withdraw_opinion(session, manager, START, opinion, 1, "误登。")
    with world.database.writing() as session:
        take_back(session)
    with world.database.reading() as session:
        assert queries.organ(session, organ).state is OrganState.NO_OPINIONS
        assert totals.of_letters(session, [letter], TODAY)[letter].opinions == 0


def test_what_is_wrong_with_a_reply_is_said(world: World) -> None:
    manager, letter = world.staff.manager, sounding.sent(world)
    organ = sounding.organs(world, letter)[0]

    def reply(given: Reply, reason: str = "") -> str:
        def act(session: Session) -> None:
            replying.enter_reply(session, manager, START, organ, revision(session, organ), given, reason)

        return refused(world, act)

    assert reply(Reply(False, TODAY + timedelta(days=1))) == "reply_day_wrong"
    assert reply(Reply(False, TODAY - timedelta(days=1))) == "reply_day_wrong"
    assert reply(Reply(False, None)) == "reply_day_wrong"
    assert reply(Reply(False, TODAY, "号" * 81)) == "name_too_long"
    sounding.replied(world, organ)
    assert reply(Reply(True, TODAY)) == "reason_required"
    with world.database.writing() as session:
        actions.close(session, manager, START, letter, session.get_one(Sounding, letter).revision)
    assert reply(Reply(True, TODAY), "逾期复函。") == InvalidTransition.code


def test_an_opinion_is_dealt_with_and_a_correction_takes_that_off(world: World) -> None:
    manager = world.staff.manager
    organ = sounding.organs(world, sounding.sent(world))[0]
    sounding.replied(world, organ, [FIRST])
    (id,) = sounding.opinions_of(world, organ)

    def handle(session: Session, adoption: Adoption, reason: str) -> None:
        handling.handle(session, manager, START, id, session.get_one(OrganOpinion, id).revision, adoption, reason)

    def dispute(session: Session, event: DisputeEvent, words: str = "") -> None:
        handling.dispute(session, manager, START, id, session.get_one(OrganOpinion, id).revision, event, words)

    assert refused(world, lambda s: dispute(s, DisputeEvent.UPHOLD)) == "nothing_to_dispute"
    assert refused(world, lambda s: handle(s, Adoption.NOT_ADOPTED, " ")) == "handling_reason_required"
    for act in (
        lambda s: handle(s, Adoption.ADOPTED, ""),
        lambda s: handle(s, Adoption.NOT_ADOPTED, "上位法已有规定。"),
        lambda s: dispute(s, DisputeEvent.UPHOLD, "该单位坚持原意见。"),
    ):
        with world.database.writing() as session:
            act(session)
    assert refused(world, lambda s: dispute(s, DisputeEvent.SETTLE)) == "coordination_required"
    with world.database.writing() as session:
        dispute(session, DisputeEvent.SETTLE, "会议协调后同意修改表述。")
    with world.database.reading() as session:
        row = queries.opinion(session, id)
        assert (row.adoption, row.disagreement) == (Adoption.NOT_ADOPTED, Disagreement.SETTLED)
    with world.database.writing() as session:
        revision = session.get_one(OrganOpinion, id).revision
        replying.correct_opinion(session, manager, LATER, id, revision, SECOND, "录入有误。")
    with world.database.reading() as session:
        row = queries.opinion(session, id)
        newest, *others = queries.earlier_versions(session, EarlierKind.OPINION, id)
    assert (row.words, row.adoption, row.coordination, row.disagreement) == (
        SECOND.words,
        None,
        None,
        Disagreement.NONE,
    )
    assert newest.content["words"] == FIRST.words
    assert newest.content["coordination"] == "会议协调后同意修改表述。"
    assert [one.content["adoption"] for one in others] == [Adoption.NOT_ADOPTED, Adoption.ADOPTED]


def test_an_opinion_is_about_a_clause_of_the_letters_own_text(world: World) -> None:
    organ = sounding.organs(world, sounding.sent(world))[0]
    clause = world.clauses[0].id
    sounding.replied(world, organ, [Wording("条文建议修改。", "", clause)])
    strange = Wording("条文建议修改。", "", uuid.UUID(int=7))
    manager = world.staff.manager
    assert refused(world, lambda s: replying.enter_opinion(s, manager, START, organ, strange)) == "no_such_clause"
    with world.database.reading() as session:
        (row,), _ = queries.opinions(session, organ, 0, 5)
    assert row.clause_id == clause


def test_who_has_replied_is_not_reminded(world: World) -> None:
    manager = world.staff.manager
    first, second = sounding.organs(world, sounding.sent(world))
    sounding.replied(world, first)
    remind = replying.remind
    assert refused(world, lambda s: remind(s, manager, START, first, TODAY, "", "")) == "replied_already"
    assert refused(world, lambda s: remind(s, manager, START, second, None, "", "")) == "reminder_day_wrong"
    with world.database.writing() as session:
        remind(session, manager, START, second, TODAY, "辽民函〔2026〕15号", "电话已联系。")
    with world.database.reading() as session:
        (row,) = queries.reminders(session, [first, second])
    assert (row.organ_id, row.document_number) == (second, "辽民函〔2026〕15号")


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.INFECTED, ScanState.LOST])
def test_nobody_gets_a_scan_that_is_not_known_to_be_harmless(world: World, state: ScanState) -> None:
    manager = world.staff.manager
    organ = sounding.organs(world, sounding.sent(world))[0]
    with world.database.writing() as session:
        replying.enter_reply(session, manager, START, organ, 1, Reply(False, TODAY, file=scan(state=state)))
    with world.database.reading() as session:
        file = queries.organ(session, organ).file_id
    assert file is not None
    with pytest.raises(Conflict), world.database.writing() as session:
        replying.open_scan(session, manager, START, file)


@pytest.mark.parametrize("silence", [False, True])
def test_counts_balance_and_silence_counts_only_where_the_letter_says_so(world: World, silence: bool) -> None:
    letter = sounding.sent(world, ["甲", "乙", "丙", "丁"], silence=silence)
    without, some, *_ = sounding.organs(world, letter)
    sounding.replied(world, without)
    sounding.replied(world, some, [FIRST, SECOND, Wording("三"), Wording("四"), Wording("五")])
    adopted, partly, rejected, _, gone = sounding.opinions_of(world, some)
    sounding.handled(world, adopted, Adoption.ADOPTED)
    sounding.handled(world, partly, Adoption.PARTLY_ADOPTED, "部分内容另行规定。")
    sounding.handled(world, rejected, Adoption.NOT_ADOPTED, "上位法已有规定。")
    with world.database.writing() as session:
        replying.withdraw_opinion(session, world.staff.manager, START, gone, 1, "误登。")
        handling.dispute(session, world.staff.manager, START, rejected, 2, DisputeEvent.UPHOLD, "")
    sounding.drafted(world, ["戊"])
    with world.database.reading() as session:
        in_time = totals.of_letters(session, [letter], DUE)[letter]
        late = totals.of_letters(session, [letter], DUE + timedelta(days=1))[letter]
        together = totals.of_consultation(session, world.consultation.id, DUE)
    said = Totals(
        invited=4,
        waiting=2,
        without_opinions=1,
        with_opinions=1,
        opinions=4,
        adopted=1,
        partly_adopted=1,
        not_adopted=1,
        unhandled=1,
        disputed=1,
    )
    assert in_time == said == together, "a letter that nobody has got yet counts in no total"
    assert (late.waiting, late.overdue, late.taken_as_none) == ((0, 0, 2) if silence else (0, 2, 0))
    assert late.without_opinions == 1


def test_too_long_words_are_refused(world: World) -> None:
    organ = sounding.organs(world, sounding.sent(world))[0]
    with pytest.raises(Unprocessable), world.database.writing() as session:
        sounding.enter(session, world.staff.manager, organ, [Wording("字" * 5001)])
