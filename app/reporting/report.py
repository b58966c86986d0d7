"""The disposition report (意见办理情况报告) as one value, and whether its counts balance. Pure.

Two numbers are told apart everywhere: submissions (份), what people sent, and suggestions (条), the points in it. Each
submission and each suggestion is in exactly one line of its table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.dispositions.kinds import DispositionKind
from app.submissions.lifecycle import Channel, SubmissionState


class SubmissionLine(StrEnum):
    """What became of a submission. GATHERED: suggestions were made of it; NOTHING_TO_GATHER: it was accepted, and read
    as holding no point. TO_GATHER and TO_SCREEN are still open."""

    GATHERED = "gathered"
    NOTHING_TO_GATHER = "nothing_to_gather"
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"
    UNSUITABLE = "unsuitable"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"
    TO_GATHER = "to_gather"
    TO_SCREEN = "to_screen"


class PointLine(StrEnum):
    """What became of a suggestion: its disposition as it was told; MERGED into another; OPEN while none was told."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    ALREADY_PROVIDED = "already_provided"
    NOTED = "noted"
    OUT_OF_SCOPE = "out_of_scope"
    MERGED = "merged"
    OPEN = "open"


LINE_OF: Mapping[SubmissionState, SubmissionLine] = {
    SubmissionState.RECEIVED: SubmissionLine.TO_SCREEN,
    SubmissionState.OUT_OF_SCOPE: SubmissionLine.OUT_OF_SCOPE,
    SubmissionState.DUPLICATE: SubmissionLine.DUPLICATE,
    SubmissionState.UNSUITABLE: SubmissionLine.UNSUITABLE,
    SubmissionState.WITHDRAWN: SubmissionLine.WITHDRAWN,
    SubmissionState.REFERRED: SubmissionLine.REFERRED,
}
"""Where a submission is counted by its state; accepted ones are told apart by what was gathered of them."""
STILL_OPEN = (SubmissionLine.TO_GATHER, SubmissionLine.TO_SCREEN)
TAKEN_UP = (PointLine.ADOPTED, PointLine.PARTLY_ADOPTED)
"""采纳情况 counts what was adopted wholly or in part together, and each on its own line."""


@dataclass(frozen=True)
class ClauseFigures:
    """One clause; its words are empty for the draft as a whole. `submissions` counts those that chose it, be it among
    others; `points` the suggestions on it, each once, without merged ones."""

    label: str
    number: str
    heading: str
    submissions: int
    points: Mapping[PointLine, int]

    @property
    def suggestions(self) -> int:
        return sum(self.points.values())

    @property
    def taken_up(self) -> int:
        return sum(self.points.get(line, 0) for line in TAKEN_UP)


@dataclass(frozen=True)
class Occupations:
    """Persons by occupation, as far as they may be told; `hidden_sum` are those of the `hidden` ones together."""

    shown: Mapping[str, int]
    hidden: tuple[str, ...]
    hidden_sum: int


@dataclass(frozen=True)
class ReportFigures:
    """`persons` and `organisations` each count a number or code once; `unnumbered` are submissions without either.

    `lines` and `channels` each hold every submission once, `points` every suggestion that was ever made. No figure
    holds an occupation together with a clause.
    """

    slug: str
    title: str
    drafting_department: str
    opens_at: datetime
    closes_at: datetime
    submissions: int
    persons: int
    organisations: int
    unnumbered: int
    lines: Mapping[SubmissionLine, int]
    channels: Mapping[Channel, int]
    suggestions_made: int
    points: Mapping[PointLine, int]
    clauses: tuple[ClauseFigures, ...]
    occupations: Occupations
    note: str

    @property
    def suggestions(self) -> int:
        """What is left when merged ones count with those that they were merged into."""
        return self.suggestions_made - self.points.get(PointLine.MERGED, 0)

    @property
    def taken_up(self) -> int:
        return sum(self.points.get(line, 0) for line in TAKEN_UP)


@dataclass(frozen=True)
class ReportRow:
    """One suggestion as the public may read it. Where it isn't `shown`, because nobody decided to publish its words,
    it has its clause, counts and disposition and none of the words."""

    number: int
    clause_label: str
    clause_number: str
    clause_heading: str
    shown: bool
    text: str
    merged: int
    submissions: int
    persons: int
    proposers: tuple[str, ...]
    disposition: DispositionKind
    reason: str
    department: str
    amended: tuple[str, ...]


@dataclass(frozen=True)
class DispositionReport:
    """What page and files are made of, and nothing else is."""

    figures: ReportFigures
    rows: Sequence[ReportRow] = field(repr=False)


class Sum(StrEnum):
    """A sum that has to come out."""

    LINES = "lines"
    CHANNELS = "channels"
    POINTS = "points"
    CLAUSES = "clauses"
    ROWS = "rows"
    MERGED_ROWS = "merged_rows"


@dataclass(frozen=True)
class Imbalance:
    """`expected` is the whole, `found` the sum of its parts."""

    sum: Sum
    expected: int
    found: int


def submission_lines(
    states: Mapping[SubmissionState, int], gathered: int, nothing_to_gather: int
) -> dict[SubmissionLine, int]:
    """Each counted submission in one line, in order; of the accepted ones what is neither is still to be gathered.

    Raises KeyError for a state that has no line.
    """
    found = dict.fromkeys(SubmissionLine, 0)
    for state, number in states.items():
        if state is not SubmissionState.ACCEPTED:
            found[LINE_OF[state]] += number
    found[SubmissionLine.GATHERED] = gathered
    found[SubmissionLine.NOTHING_TO_GATHER] = nothing_to_gather
    found[SubmissionLine.TO_GATHER] = states.get(SubmissionState.ACCEPTED, 0) - gathered - nothing_to_gather
    return found


def is_open(figures: ReportFigures) -> bool:
    """Whether something isn't answered yet: fit for a preview, never for publication."""
    return bool(figures.points.get(PointLine.OPEN, 0) or any(figures.lines.get(line, 0) for line in STILL_OPEN))


def imbalances(report: DispositionReport) -> list[Imbalance]:
    """Every sum that doesn't come out; empty for a report that balances."""
    sums = (*_sums(report.figures), *_sums_of_rows(report.figures, report.rows))
    return [each for each in sums if each.expected != each.found]


def imbalances_of(figures: ReportFigures) -> list[Imbalance]:
    """As far as the figures alone tell, without looking at the rows."""
    return [each for each in _sums(figures) if each.expected != each.found]


def _sums(figures: ReportFigures) -> Iterator[Imbalance]:
    yield Imbalance(Sum.LINES, figures.submissions, _whole(figures.lines))
    yield Imbalance(Sum.CHANNELS, figures.submissions, _whole(figures.channels))
    yield Imbalance(Sum.POINTS, figures.suggestions_made, _whole(figures.points))
    for line in PointLine:
        if line is not PointLine.MERGED:
            held = sum(clause.points.get(line, 0) for clause in figures.clauses)
            yield Imbalance(Sum.CLAUSES, figures.points.get(line, 0), held)


def _sums_of_rows(figures: ReportFigures, rows: Sequence[ReportRow]) -> Iterator[Imbalance]:
    for kind in DispositionKind:
        of_kind = sum(row.disposition is kind for row in rows)
        yield Imbalance(Sum.ROWS, figures.points.get(PointLine(kind.value), 0), of_kind)
    if not figures.points.get(PointLine.OPEN, 0):
        yield Imbalance(Sum.MERGED_ROWS, figures.points.get(PointLine.MERGED, 0), sum(row.merged for row in rows))


def _whole(parts: Mapping[SubmissionLine, int] | Mapping[Channel, int] | Mapping[PointLine, int]) -> int:
    """A part below nothing can't be made good by another one."""
    return sum(parts.values()) if all(number >= 0 for number in parts.values()) else -1
