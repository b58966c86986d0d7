"""What waits now, by stage and age, each with the list that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import Request

from app.assignments.lifecycle import AssignmentState
from app.consultations.models import Consultation
from app.desk.views import View
from app.dispositions.lifecycle import DispositionState
from app.figures.buckets import AGES
from app.figures.measures import Stage
from app.figures.queries import Waits
from app.web import figure_words
from app.web.i18n import gettext as _
from app.web.public.charts import BarChart, bar_chart
from app.web.templating import address

VIEWS: Mapping[Stage, View] = {
    Stage.TO_SCREEN: View.RECEIVED,
    Stage.TO_GATHER: View.TO_GATHER,
    Stage.EDITING: View.EDITING,
    Stage.RETURNED: View.RETURNED,
    Stage.AWAITING_APPROVAL: View.AWAITING_APPROVAL,
    Stage.TO_ASSIGN: View.TO_ASSIGN,
    Stage.SENT_BACK: View.SENT_BACK,
}
ON_BOARD: Mapping[Stage, AssignmentState] = {
    Stage.DELIVERED: AssignmentState.DELIVERED,
    Stage.ACKNOWLEDGED: AssignmentState.ACKNOWLEDGED,
    Stage.IN_PROGRESS: AssignmentState.IN_PROGRESS,
}
OUTCOMES: Mapping[Stage, DispositionState] = {
    Stage.TO_CONFIRM: DispositionState.ANSWERED,
    Stage.TO_RELEASE: DispositionState.CONFIRMED,
    Stage.IN_RELEASE: DispositionState.SUBMITTED,
}


@dataclass(frozen=True)
class StageRow:
    """One stage: how many wait in each class of age, and in all; `url` is the list of them."""

    name: str
    ages: Sequence[int]
    number: int
    url: str


@dataclass(frozen=True)
class WaitingView:
    """`ages` are the classes in words; `sums` and `number` are of all stages."""

    ages: Sequence[str]
    stages: Sequence[StageRow]
    sums: Sequence[int]
    number: int
    by_stage: BarChart
    by_age: BarChart


def view(request: Request, found: Sequence[Waits], chosen: Consultation | None) -> WaitingView:
    counts: dict[tuple[Stage, int], int] = {}
    for one in found:
        counts[one.stage, one.age] = counts.get((one.stage, one.age), 0) + one.n
    rows = [_row(request, stage, counts, chosen) for stage in Stage]
    sums = [sum(row.ages[place] for row in rows) for place in range(len(AGES))]
    names = age_names()
    return WaitingView(
        ages=names,
        stages=rows,
        sums=sums,
        number=sum(sums),
        by_stage=bar_chart({row.name: row.number for row in rows}),
        by_age=bar_chart(dict(zip(names, sums, strict=True))),
    )


def age_names() -> list[str]:
    return [figure_words.age(least, following) for least, following in pairwise([*AGES, None]) if least is not None]


def _row(
    request: Request, stage: Stage, counts: Mapping[tuple[Stage, int], int], chosen: Consultation | None
) -> StageRow:
    ages = [counts.get((stage, age), 0) for age in AGES]
    return StageRow(_(figure_words.STAGES[stage]), ages, sum(ages), _list_of(request, stage, chosen))


def _list_of(request: Request, stage: Stage, chosen: Consultation | None) -> str:
    if stage in VIEWS:
        narrowed = {"consultation": chosen.slug} if chosen else {}
        return address(request, "queue", view=VIEWS[stage].value, **narrowed)
    if stage in ON_BOARD:
        return board(request, chosen, stage=ON_BOARD[stage].value)
    if chosen is None:
        return address(request, "staff_all_outcomes")
    return address(request, "staff_outcomes", slug=chosen.slug, state=OUTCOMES[stage].value)


def board(request: Request, chosen: Consultation | None, **narrowed: str) -> str:
    """The board of what departments have, narrowed to the consultation and what is given."""
    return address(request, "staff_assignments", **({"consultation": str(chosen.id)} if chosen else {}), **narrowed)
