"""The counts of the disposition report balance, and one that doesn't is found out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.dispositions.kinds import DispositionKind
from app.reporting.report import (
    LINE_OF,
    ClauseFigures,
    DispositionReport,
    Occupations,
    PointLine,
    ReportFigures,
    ReportRow,
    Sum,
    imbalances,
    is_open,
    submission_lines,
)
from app.reporting.written import figures_as_json, read_figures, read_row, row_as_json
from app.submissions.lifecycle import UNCOUNTED, Channel, SubmissionState
from tests.support.journey import START

COUNTED = [state for state in SubmissionState if state not in UNCOUNTED]
LABELS = ("", "一", "二")
made = st.tuples(st.sampled_from(LABELS), st.sampled_from(PointLine))


def row(number: int, label: str, kind: DispositionKind, merged: int) -> ReportRow:
    return ReportRow(number, label, label, "", True, "意见。", merged, 1, 1, ("测*",), kind, "", "省民政厅", ())


def report(
    sent: Sequence[tuple[Channel, SubmissionState]], points: Sequence[tuple[str, PointLine]]
) -> DispositionReport:
    """As it is compiled from so many submissions and suggestions; what was merged went into the first row."""
    told = [(label, DispositionKind(line.value)) for label, line in points if line.value in set(DispositionKind)]
    merged = sum(line is PointLine.MERGED for _label, line in points)
    rows = [row(at, label, kind, merged if at == 1 else 0) for at, (label, kind) in enumerate(told, 1)]
    kept = [(label, line) for label, line in points if line is not PointLine.MERGED]
    states = Counter(state for _channel, state in sent)
    figures = ReportFigures(
        slug="draft",
        title="草案",
        drafting_department="省民政厅",
        opens_at=START,
        closes_at=START,
        submissions=len(sent),
        persons=len(sent),
        organisations=0,
        unnumbered=0,
        lines=submission_lines(states, states[SubmissionState.ACCEPTED], 0),
        channels=dict(Counter(channel for channel, _state in sent)),
        suggestions_made=len(points),
        points={line: sum(one is line for _label, one in points) for line in PointLine},
        clauses=tuple(
            ClauseFigures(label, label, "", 0, dict(Counter(line for one, line in kept if one == label)))
            for label in LABELS
        ),
        occupations=Occupations({}, (), 0),
        note="",
    )
    return DispositionReport(figures, rows)


def test_every_counted_state_has_exactly_one_line() -> None:
    assert set(LINE_OF) == set(COUNTED) - {SubmissionState.ACCEPTED}
    assert len(set(LINE_OF.values())) == len(LINE_OF)


@given(st.dictionaries(st.sampled_from(COUNTED), st.integers(0, 999)), st.data())
def test_every_submission_is_in_one_line(states: dict[SubmissionState, int], data: st.DataObject) -> None:
    accepted = states.get(SubmissionState.ACCEPTED, 0)
    gathered = data.draw(st.integers(0, accepted))
    nothing = data.draw(st.integers(0, accepted - gathered))
    lines = submission_lines(states, gathered, nothing)
    assert sum(lines.values()) == sum(states.values())
    assert min(lines.values()) >= 0


@given(
    st.lists(st.tuples(st.sampled_from(Channel), st.sampled_from(COUNTED))),
    st.lists(made),
)
def test_what_is_counted_balances(
    sent: list[tuple[Channel, SubmissionState]], points: list[tuple[str, PointLine]]
) -> None:
    compiled = report(sent, points)
    # Something has to have been told for what was merged into it to be told of.
    if compiled.rows or not compiled.figures.points[PointLine.MERGED]:
        assert imbalances(compiled) == []
    assert read_figures(figures_as_json(compiled.figures)) == compiled.figures
    assert [read_row(row_as_json(one)) for one in compiled.rows] == list(compiled.rows)
    waits = any(line is PointLine.OPEN for _label, line in points)
    assert is_open(compiled.figures) == (waits or any(state is SubmissionState.RECEIVED for _channel, state in sent))


@given(
    st.lists(st.tuples(st.sampled_from(Channel), st.sampled_from(COUNTED)), min_size=1),
    st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(DispositionKind)), min_size=1),
    st.sampled_from([-1, 1]),
)
def test_one_more_or_less_anywhere_is_found_out(
    sent: list[tuple[Channel, SubmissionState]], told: list[tuple[str, DispositionKind]], off: int
) -> None:
    right = report(sent, [(label, PointLine(kind.value)) for label, kind in told])
    figures = right.figures
    line, channel, point = next(iter(figures.lines)), next(iter(figures.channels)), PointLine(told[0][1].value)
    wrong = {
        Sum.LINES: replace(figures, lines={**figures.lines, line: figures.lines[line] + off}),
        Sum.CHANNELS: replace(figures, channels={**figures.channels, channel: figures.channels[channel] + off}),
        Sum.POINTS: replace(figures, suggestions_made=figures.suggestions_made + off),
        Sum.ROWS: replace(figures, points={**figures.points, point: figures.points[point] + off}),
        Sum.MERGED_ROWS: replace(figures, points={**figures.points, PointLine.MERGED: off}),
        Sum.CLAUSES: replace(figures, clauses=figures.clauses[:0]),
    }
    for kind, one in wrong.items():
        assert kind in {each.sum for each in imbalances(DispositionReport(one, right.rows))}
    fewer = DispositionReport(figures, right.rows[1:])
    assert Sum.ROWS in {each.sum for each in imbalances(fewer)}
