"""What the overview shows; every figure comes from counts that the store keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.desk import ageing, deadlines, workload
from app.desk import queries as desk
from app.desk.deadlines import DueDay
from app.desk.filters import Filters
from app.desk.reader import Reader
from app.desk.views import OF_SUBMISSIONS, View
from app.desk.workload import Day, Progress
from app.kit.clock import beijing_day
from app.kit.errors import NotFound
from app.screening import second_looks
from app.screening.second_looks import Rate
from app.web import labels
from app.web.i18n import gettext as _
from app.web.i18n import ngettext
from app.web.public.charts import BarChart, ColumnChart, bar_chart, column_chart
from app.web.staff.desk import reading, views
from app.web.staff.desk.visit import Visit

STAGES = (
    View.RECEIVED,
    View.TO_GATHER,
    View.EDITING,
    View.RETURNED,
    View.AWAITING_APPROVAL,
    View.TO_ASSIGN,
    View.SENT_BACK,
    View.HANDED_OVER,
)
"""What is still under way, in the order of the work."""


@dataclass(frozen=True)
class StageView:
    """One stage: how many stand in it, and for how many days the oldest has been there, None where there is none.

    A submission counts from its receipt, a suggestion from when it was made.
    """

    view: View
    name: str
    is_submissions: bool
    number: int | None
    days: int | None


@dataclass(frozen=True)
class Differing:
    """How often second looks differed: of all, in hundredths, and for each kind of decision of which that is told."""

    looked_at: int
    percent: int | None
    kinds: BarChart


@dataclass(frozen=True)
class OverviewView:
    """`today` and the charts tell of days in Beijing."""

    consultation: Consultation
    progress: Progress
    today: Day
    overdue: int
    received: ColumnChart
    decided: ColumnChart
    stages: BarChart
    ages: BarChart
    waiting: Sequence[StageView]
    oldest: BarChart
    due: Sequence[DueDay]
    due_week: int
    due_days: ColumnChart
    differing: Differing


def context(visit: Visit, slug: str) -> dict[str, object]:
    """Of the consultation that is asked for, or of the newest. Raises NotFound."""
    every = consultations.all_consultations(visit.session)
    chosen = _chosen(visit.session, every, slug)
    shown = _view(visit, chosen) if chosen else None
    return {"consultations": every, "o": shown, "fewest_looks": second_looks.FEWEST_TOLD}


def _chosen(session: Session, every: Sequence[Consultation], slug: str) -> Consultation | None:
    if not slug:
        return every[0] if every else None
    found = consultations.find(session, slug)
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _view(visit: Visit, consultation: Consultation) -> OverviewView:
    session = visit.session
    progress = workload.progress(session, consultation, visit.now)
    reader = reading.reader(visit.services, visit.actor, visit.now)
    narrowed = Filters(consultation=consultation.id)
    counts = desk.counts(session, narrowed, reader)
    ages = ageing.ages(session, consultation.id, beijing_day(visit.now))
    waiting = [_stage(session, stage, narrowed, reader, counts.get(stage)) for stage in STAGES]
    due = deadlines.this_week(session, consultation.id, visit.now, reader.screening_days)
    return OverviewView(
        consultation=consultation,
        progress=progress,
        today=progress.days[-1],
        overdue=counts.get(View.OVERDUE, 0),
        received=column_chart({day.day: day.received for day in progress.days}, _short_day),
        decided=column_chart({day.day: day.decided for day in progress.days}, _short_day),
        stages=bar_chart({_(views.WORDS[stage]): counts[stage] for stage in STAGES if stage in counts}),
        ages=bar_chart(_named(ages)),
        waiting=waiting,
        oldest=bar_chart({stage.name: stage.days for stage in waiting if stage.days is not None}),
        due=due,
        due_week=sum(day.both for day in due),
        due_days=column_chart({day.day: day.both for day in due}, _short_day),
        differing=_differing(second_looks.rates(session, consultation.id)),
    )


def _stage(session: Session, view: View, narrowed: Filters, reader: Reader, number: int | None) -> StageView:
    since = desk.oldest(session, view, narrowed, reader)
    return StageView(view, _(views.WORDS[view]), view in OF_SUBMISSIONS, number, _days(since, reader.at))


def _days(since: datetime | None, at: datetime) -> int | None:
    return None if since is None else (at - since).days


def _differing(rates: Sequence[Rate]) -> Differing:
    looked_at = sum(rate.looked_at for rate in rates)
    whole = second_looks.percent(looked_at, sum(rate.differed for rate in rates))
    told = {_kind(rate): rate.percent for rate in rates if rate.percent is not None}
    return Differing(looked_at, whole, bar_chart(told))


def _kind(rate: Rate) -> str:
    kind = labels.label(rate.decision)
    return f"{kind} · {labels.label(rate.unsuitable_class)}" if rate.unsuitable_class else kind


def _named(waiting: Mapping[int, int]) -> dict[str, int]:
    bounds = [*waiting, None]
    return {_age(least, bounds[place + 1]): number for place, (least, number) in enumerate(waiting.items())}


def _age(least: int, end: int | None) -> str:
    if end is None:
        return ngettext("%(number)d day or more", "%(number)d days or more", least) % {"number": least}
    if end - least == 1:
        return _("today") if least == 0 else ngettext("%(number)d day", "%(number)d days", least) % {"number": least}
    return _("%(least)d to %(most)d days") % {"least": least, "most": end - 1}


def _short_day(day: date) -> str:
    return f"{day:%m-%d}"
