"""The disposition report of a consultation: what it counts, whom it names, and that an edition never changes."""

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.dispositions import actions as dispositions
from app.dispositions.kinds import DispositionKind
from app.dispositions.models import Disposition
from app.kit.errors import Conflict, Unprocessable
from app.publication import actions as publication
from app.reporting import actions, queries, written
from app.reporting.compiling import compile_report
from app.reporting.models import ReportEdition
from app.reporting.report import DispositionReport, PointLine, ReportRow, SubmissionLine, imbalances
from app.reporting.written import EditionHead
from app.screening import editing, regrouping
from app.screening.lifecycle import SuggestionState
from app.screening.models import Suggestion
from app.screening.passages import sentences
from app.submissions.lifecycle import DisplayState, SubmissionState
from app.submissions.models import DisplayedComment, Submission
from tests.support import deciding, journey, outcomes
from tests.support.counting import statements
from tests.support.journey import COMMENT, START, World
from tests.support.refusals import refused
from tests.support.worlds import screened


def compiled(world: World) -> DispositionReport:
    with world.database.reading() as session:
        return compile_report(session, session.get_one(Consultation, world.consultation.id), world.vault)


def concluded(world: World, note: str = "") -> ReportEdition:
    at, where = world.consultation.closes_at, world.consultation.id
    with world.database.writing() as session:
        return actions.conclude(session, world.staff.manager, at, where, note, world.vault)


def once_more(world: World, reason: str) -> ReportEdition:
    at, where = world.consultation.closes_at, world.consultation.id
    with world.database.writing() as session:
        return actions.publish_edition(session, world.staff.publisher, at, where, reason, world.vault)


def kept(world: World, number: int) -> tuple[ReportEdition, list[ReportRow]]:
    with world.database.reading() as session:
        where = world.consultation.id
        return queries.edition(session, where, number), list(queries.rows(session, where, number))


def closed(world: World, person: int, how: str) -> None:
    number = journey.submit(world, person=person).number
    with world.database.writing() as session:
        row = session.scalars(select(Submission).where(Submission.receipt_number == number)).one()
        screener = world.staff.screener
        if how == "out_of_scope":
            deciding.close_as_out_of_scope(session, screener, START, row.id, row.revision, "与草案无关。")
        elif how == "duplicate":
            first = session.scalars(select(Submission).order_by(Submission.received_at, Submission.id)).first()
            assert first is not None
            words = "与另一份相同。"
            deciding.close_as_duplicate(session, screener, START, row.id, row.revision, first.receipt_number, words)
        else:
            row.state = SubmissionState(how)


def merged_suggestion(world: World) -> uuid.UUID:
    """An approved suggestion into which another one was merged."""
    made = []
    for person in (11, 12):
        submission_id = journey.accepted_submission(world, person=person)
        with world.database.writing() as session:
            wording = editing.Wording(f"第{person}人的意见。", "助餐服务", None)
            one = editing.gather(session, world.staff.editor, START, submission_id, sentences(COMMENT), wording)
            session.flush()
            made.append((one.id, one.revision))
    with world.database.writing() as session:
        target = regrouping.merge(session, world.staff.editor, START, made[0], made[1])
        session.flush()
        editing.submit_for_approval(session, world.staff.editor, START, target.id, target.revision)
        session.flush()
        editing.approve(session, world.staff.approver, START, target.id, target.revision)
        return target.id


def test_each_submission_and_each_suggestion_is_counted_once(world: World) -> None:
    clause = world.clauses[1]
    adopted = journey.approved_suggestion(world, text="周末开放。", people=(1, 2), clause=clause)
    noted = merged_suggestion(world)
    for person, how in enumerate(("out_of_scope", "duplicate", "withdrawn", "referred", "unsuitable", "discarded"), 20):
        closed(world, person, how)
    outcomes.answered(world, adopted)
    outcomes.answered(world, noted, DispositionKind.NOTED, "留作参考。")
    outcomes.told(world, [adopted, noted])
    report = compiled(world)
    figures = report.figures
    assert imbalances(report) == []
    assert (figures.submissions, figures.persons, figures.suggestions_made, figures.suggestions) == (9, 9, 3, 2)
    assert {line.value: n for line, n in figures.lines.items() if n} == {
        "gathered": 4,
        "duplicate": 1,
        "out_of_scope": 1,
        "unsuitable": 1,
        "referred": 1,
        "withdrawn": 1,
    }
    assert {line.value: n for line, n in figures.points.items() if n} == {"adopted": 1, "noted": 1, "merged": 1}
    assert [(one.label, one.suggestions, one.taken_up) for one in figures.clauses] == [(clause.label, 1, 1), ("", 1, 0)]
    first, second = report.rows
    assert (first.text, first.submissions, first.persons, first.merged) == ("周末开放。", 2, 2, 0)
    assert (second.disposition, second.reason, second.merged) == (DispositionKind.NOTED, "留作参考。", 1)


def test_every_state_of_submissions_and_suggestions_balances(world: World) -> None:
    for person, state in enumerate([*SubmissionState, *SubmissionState], 30):
        closed(world, person, state.value if state is not SubmissionState.DUPLICATE else "unsuitable")
    journey.approved_suggestion(world, people=(1,))
    report = compiled(world)
    assert imbalances(report) == []
    assert report.figures.points[PointLine.OPEN] == 1
    assert report.figures.lines[SubmissionLine.TO_GATHER] == 2


def test_a_published_edition_stays_and_a_further_one_says_why(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world)
    assignment_id = outcomes.answered(world, suggestion_id, DispositionKind.NOT_ADOPTED, "条件不具备。")
    outcomes.told(world, [suggestion_id])
    first = concluded(world, "感谢参与。")
    before = kept(world, 1)[1]
    unchanged = refused(world.database, lambda s: _publish(s, world, "再发一次。"))
    assert (type(unchanged), unchanged.code) == (Conflict, "report_unchanged")
    with world.database.writing() as session:
        current = session.get_one(Disposition, suggestion_id).revision
        dispositions.revise(session, world.staff.manager, outcomes.LATER, suggestion_id, current, "再研究。")
    outcomes.answered_anew(world, assignment_id, DispositionKind.ADOPTED, "")
    outcomes.told(world, [suggestion_id])
    silent = refused(world.database, lambda s: _publish(s, world, "  "))
    assert (type(silent), silent.code) == (Unprocessable, "reason_required")
    second = once_more(world, "一条意见经复核后采纳。")
    assert (second.number, second.reason) == (2, "一条意见经复核后采纳。")
    again, rows = kept(world, 1)
    assert (again.figures, again.sha256, rows) == (first.figures, first.sha256, before)
    assert written.read_figures(again.figures).note == "感谢参与。"
    assert [row.disposition for row in rows] == [DispositionKind.NOT_ADOPTED]
    assert [row.disposition for row in kept(world, 2)[1]] == [DispositionKind.ADOPTED]
    head = EditionHead(1, again.published_at, again.reason)
    assert written.sha256_of(written.json_pieces(head, written.read_figures(again.figures), rows)) == again.sha256


def _publish(session: Session, world: World, reason: str) -> ReportEdition:
    at, where = world.consultation.closes_at, world.consultation.id
    return actions.publish_edition(session, world.staff.publisher, at, where, reason, world.vault)


def test_where_nothing_came_the_report_is_empty_and_published(world: World) -> None:
    edition = concluded(world)
    figures = written.read_figures(edition.figures)
    assert (figures.submissions, figures.suggestions_made, edition.rows) == (0, 0, 0)
    assert kept(world, 1)[1] == []


def test_a_report_that_does_not_balance_is_refused_and_nothing_is_concluded(world: World) -> None:
    outcomes.decided(world, merged_suggestion(world))
    with world.database.writing() as session:
        lost = session.scalars(select(Suggestion).where(Suggestion.state == SuggestionState.MERGED)).one()
        lost.merged_into_id = None
    where, at = world.consultation.id, world.consultation.closes_at
    error = refused(world.database, lambda s: actions.conclude(s, world.staff.manager, at, where, "", world.vault))
    assert (type(error), error.code) == (Conflict, "report_unbalanced")
    assert error.details["sums"] == "merged_rows"


def test_nothing_is_published_before_the_conclusion(world: World) -> None:
    error = refused(world.database, lambda s: _publish(s, world, "提前公布。"))
    assert (type(error), error.code) == (Conflict, "not_concluded")


@pytest.mark.parametrize(("state", "named"), [(DisplayState.DISPLAYED, True), (DisplayState.TAKEN_DOWN, False)])
def test_a_person_is_named_only_where_the_comment_is_displayed(world: World, state: DisplayState, named: bool) -> None:
    suggestion_id = journey.approved_suggestion(world, people=(1,))
    outcomes.decided(world, suggestion_id)
    with world.database.writing() as session:
        session.scalars(select(DisplayedComment)).one().state = state
    (row,) = compiled(world).rows
    assert row.proposers == (("测*乙",) if named else ())


def test_where_names_are_not_shown_nobody_is_named(world: World) -> None:
    outcomes.decided(world, journey.approved_suggestion(world, people=(1,)))
    with world.database.writing() as session:
        journey.decide(session, world.consultation, shows_names=False)
    assert compiled(world).rows[0].proposers == ()


def test_words_are_masked_once_more(world: World) -> None:
    suggestion_id = journey.approved_suggestion(world, text="请联系13912345678改进。", people=(1,))
    outcomes.decided(world, suggestion_id, DispositionKind.NOTED, "已转告来电13912345678的群众。")
    (row,) = compiled(world).rows
    assert "13912345678" not in row.text + row.reason
    assert "***" in row.text


def test_under_the_screened_regime_only_published_words_are_told(world: World) -> None:
    apart = screened(world)
    outcomes.decided(apart, journey.approved_suggestion(apart, people=(1,)), DispositionKind.NOTED, "留作参考。")
    suggestion_id = journey.approved_suggestion(apart, text="公开的一条。", people=(2,))
    outcomes.decided(apart, suggestion_id, DispositionKind.NOTED, "亦留作参考。")
    with apart.database.writing() as session:
        publication.publish(session, apart.staff.publisher, START, suggestion_id, "公开的一条，略有整理。", ())
    hidden, shown = compiled(replace(apart)).rows
    assert (hidden.shown, hidden.text, hidden.reason, hidden.proposers) == (False, "", "", ())
    assert (shown.shown, shown.text, shown.reason) == (True, "公开的一条，略有整理。", "亦留作参考。")
    assert imbalances(compiled(apart)) == []


def test_rows_are_paged_by_key(world: World) -> None:
    for person in (1, 2, 3):
        outcomes.decided(world, journey.approved_suggestion(world, people=(person,), text=f"第{person}条。"))
    concluded(world)
    with world.database.reading() as session:
        where = world.consultation.id
        first, after = queries.page(session, where, 1, 0, 2)
        with statements(world.database) as sent:
            rest, end = queries.page(session, where, 1, after or 0, 2)
    assert ([row.number for row in first], after) == ([1, 2], 2)
    assert ([row.number for row in rest], end, len(sent)) == ([3], None, 1)
