"""What the overview shows; every figure comes from counts that the store keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.models import Consultation
from app.desk import ageing, workload
from app.desk import queries as desk
from app.desk.filters import Filters
from app.desk.views import View
from app.desk.workload import Day, Progress
from app.kit.clock import beijing_day
from app.kit.errors import NotFound
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


def context(visit: Visit, slug: str) -> dict[str, object]:
    """Of the consultation that is asked for, or of the newest. Raises NotFound."""
    every = consultations.all_consultations(visit.session)
    chosen = _chosen(visit.session, every, slug)
    return {"consultations": every, "o": _view(visit, chosen) if chosen else None}


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
    counts = desk.counts(session, Filters(consultation=consultation.id), reader)
    waiting = ageing.ages(session, consultation.id, beijing_day(visit.now))
    return OverviewView(
        consultation=consultation,
        progress=progress,
        today=progress.days[-1],
        overdue=counts.get(View.OVERDUE, 0),
        received=column_chart({day.day: day.received for day in progress.days}, _short_day),
        decided=column_chart({day.day: day.decided for day in progress.days}, _short_day),
        stages=bar_chart({_(views.WORDS[stage]): counts[stage] for stage in STAGES if stage in counts}),
        ages=bar_chart(_named(waiting)),
    )


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
