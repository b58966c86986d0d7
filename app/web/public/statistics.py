"""What came in, in figures: after the closing, before it only where the consultation decided so."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.disclosure import OVER, Disclosed, disclosed
from app.consultations.lifecycle import DisplayRegime, Phase
from app.consultations.models import Consultation
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.publication import queries as publication
from app.reporting import counting
from app.reporting.counting import Totals
from app.reporting.suppression import LEAST
from app.submissions import queries as submissions
from app.submissions.fields import OCCUPATIONS
from app.web import labels, words
from app.web.i18n import gettext as _
from app.web.public import charts, views
from app.web.public.charts import BarChart, ColumnChart
from app.web.public.clause_places import clause_words
from app.web.templating import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Occupations:
    """Persons by occupation; `few` is the sum of the `others`, which are not told apart."""

    chart: BarChart
    others: tuple[str, ...]
    few: int


@dataclass(frozen=True)
class Statistics:
    """`occupations` is None until it is over: figures that grow with each comment would tell its author's."""

    totals: Totals
    days: ColumnChart
    clauses: BarChart
    channels: BarChart
    occupations: Occupations | None
    least: int = LEAST


@router.get("/consultations/{slug}/statistics", name="statistics")
def statistics(request: Request, slug: str, session: ReadSession, now: Now) -> Response:
    """Raises NotFound (`not_disclosed_yet`) while it isn't for everybody."""
    row = consultations.public_consultation(session, slug)
    terms, phase = consultations.display_terms(session, row.id), consultations.phase(row, now)
    if Disclosed.STATISTICS not in disclosed(terms, phase):
        raise NotFound("not_disclosed_yet")
    counted = _statistics(session, row, phase, now)
    context = {
        "c": views.card(row, now, counted.totals.submissions, None, terms),
        "s": counted,
        "is_over": phase in OVER,
        "changes_released": publication.are_changes_released(session, row.id),
        "instant": row.display_regime is DisplayRegime.INSTANT,
    }
    return page(request, "public/statistics.html", context)


def _statistics(session: Session, row: Consultation, phase: Phase, now: Now) -> Statistics:
    channels = counting.by_channel(session, row.id)
    return Statistics(
        totals=counting.totals(session, row.id),
        days=charts.column_chart(counting.by_day(session, row, now), words.day),
        clauses=charts.bar_chart(_by_clause(session, row)),
        channels=charts.bar_chart({labels.label(channel): number for channel, number in channels.items()}),
        occupations=_occupations(session, row) if phase in OVER else None,
    )


def _by_clause(session: Session, row: Consultation) -> dict[str, int]:
    """In the order of the draft, those that somebody wrote about, and last the draft as a whole."""
    counts = submissions.clause_counts(session, row.id)
    names = clause_words(session, row, counts)
    found = {name: counts[clause_id] for clause_id, name in names.items()}
    return found | {_("The draft as a whole"): counting.without_clause(session, row.id)}


def _occupations(session: Session, row: Consultation) -> Occupations:
    table = counting.persons_by_occupation(session, row)
    shown = {name: table.shown[name] for name in OCCUPATIONS if table.shown.get(name)}
    others = tuple(name for name in OCCUPATIONS if name in table.hidden)
    drawn = shown | ({_("Others together"): table.hidden_sum} if others else {})
    return Occupations(charts.bar_chart(drawn), others, table.hidden_sum)
