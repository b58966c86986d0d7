"""What the page of a preparation shows: source and clauses side by side, doubts, progress."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations import preparations
from app.consultations.models import Preparation
from app.consultations.preparation import PreparationState
from app.consultations.preparations import Reviewed
from app.documents.corrections import Origin, Row
from app.documents.doubts import Doubt
from app.documents.extracted import AnnexRow, ImpliedUnit, Unit
from app.documents.source_places import Place
from app.web import doubt_words

PAGE_SIZE = 100
MOST_DOUBTS = 200
"""Listed at the head of the page; the others stand at their clauses."""
SHORT_PASSAGE = 6
"""Lines outside all clauses that are shown without being unfolded."""


@dataclass(frozen=True)
class DoubtView:
    number: int
    words: str
    suggestion: str
    place: str
    looked_at: bool
    key: str | None
    page: int


@dataclass(frozen=True)
class UnitView:
    unit: Unit
    why: str


@dataclass(frozen=True)
class Line:
    """`number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Passage:
    """Lines that belong to no clause."""

    lines: list[Line]

    @property
    def folded(self) -> bool:
        return len(self.lines) > SHORT_PASSAGE


@dataclass(frozen=True)
class ClauseView:
    row: Row
    lines: list[Line]
    units: list[UnitView]
    doubts: list[DoubtView]
    passage: Passage | None = None

    @property
    def text_lines(self) -> list[Line]:
        """Where the clause can be split: its text's lines."""
        return [Line(number, text) for number, text in enumerate((self.row.clause.text or "").split("\n"), 1)]


@dataclass(frozen=True)
class Progress:
    clauses: int
    with_units: int
    doubts: int
    unknown_names: int
    corrected: int


@dataclass(frozen=True)
class PreparationView:
    id: uuid.UUID
    title: str
    state: PreparationState
    revision: int
    remark: str | None
    slug: str | None


@dataclass
class Shown:
    """One page of the preview."""

    clauses: list[ClauseView] = field(default_factory=list)
    after: Passage | None = None
    page: int = 1
    pages: int = 1


def view(preparation: Preparation, slug: str | None) -> PreparationView:
    """`slug` is the consultation's that was made of it."""
    return PreparationView(
        id=preparation.id,
        title=preparation.title,
        state=preparation.state,
        revision=preparation.revision,
        remark=preparation.remark,
        slug=slug,
    )


@dataclass(frozen=True)
class ListedView:
    id: uuid.UUID
    title: str
    state: PreparationState
    prepared_by: str
    changed_at: datetime


def unfinished(session: Session) -> list[ListedView]:
    """What is in progress or waits for a second person, with the names of those who began it."""
    rows = [listed.preparation for listed in preparations.unfinished(session)]
    names = accounts.names_of(session, [row.prepared_by for row in rows])
    return [
        ListedView(row.id, row.title, row.state, names.get(row.prepared_by, row.prepared_by), row.changed_at)
        for row in rows
    ]


def progress(now: Reviewed) -> Progress:
    clauses = now.clauses
    unknown = {unit.name for row in clauses for unit in row.clause.units if unit.department is None}
    return Progress(
        clauses=len(clauses),
        with_units=sum(1 for row in clauses if row.clause.units),
        doubts=len(now.open_doubts()),
        unknown_names=len(unknown),
        corrected=sum(1 for row in now.rows if row.removed or row.origin is not Origin.READ),
    )


def unknown_names(now: Reviewed) -> list[str]:
    """Names that the directory doesn't know, in the order of the clauses."""
    return list(dict.fromkeys(unit.name for row in now.clauses for unit in row.clause.units if unit.department is None))


def doubts(now: Reviewed) -> list[DoubtView]:
    """All doubts, each with the clause that it is about and the page on which that clause stands."""
    by_label: dict[str, str] = {}
    by_number: dict[str, str] = {}
    for place, clause in enumerate(now.read.clauses):
        by_label.setdefault(clause.label, f"c{place}")
        by_number.setdefault(clause.number, f"c{place}")
    pages = {row.key: place // PAGE_SIZE + 1 for place, row in enumerate(now.rows)}
    views = []
    for number, one in enumerate(now.read.doubts):
        key = by_label.get(one.where) or by_number.get(one.where)
        views.append(_doubt(number, one, key, pages.get(key or "", 1), number in now.corrections.looked_at))
    return views


def _doubt(number: int, one: Doubt, key: str | None, page: int, looked_at: bool) -> DoubtView:
    words = doubt_words.doubt(one.what)
    return DoubtView(number, words, one.suggestion, doubt_words.place(one.where), looked_at, key, page)


def shown(now: Reviewed, source: str, page: int) -> Shown:
    """The clauses of one page, each with its lines of the source and the lines before it that belong to none."""
    pages = max((len(now.rows) + PAGE_SIZE - 1) // PAGE_SIZE, 1)
    page = min(max(page, 1), pages)
    rows = now.rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    lines = source.split("\n")
    told = by_clause(doubts(now))
    result = Shown(page=page, pages=pages)
    cursor = _cursor(now, now.rows[: (page - 1) * PAGE_SIZE])
    for row in rows:
        place = now.place(row.key)
        passage = _passage(lines, cursor, place[0]) if place else None
        cursor = max(cursor, place[1] + 1) if place else cursor
        result.clauses.append(clause_view(row, place, lines, told.get(row.key, []), passage))
    result.after = _passage(lines, cursor, len(lines)) if page == pages else None
    return result


def page_of(now: Reviewed, key: str) -> int:
    """The page on which a clause stands."""
    return next((place for place, row in enumerate(now.rows) if row.key == key), 0) // PAGE_SIZE + 1


def lines_of(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]


def _cursor(now: Reviewed, before: Sequence[Row]) -> int:
    return max((place[1] + 1 for row in before if (place := now.place(row.key))), default=0)


def _passage(lines: Sequence[str], start: int, end: int) -> Passage | None:
    kept = [Line(number + 1, lines[number]) for number in range(start, end) if lines[number].strip()]
    return Passage(kept) if kept else None


def clause_view(
    row: Row, place: Place | None, lines: Sequence[str], told: list[DoubtView], passage: Passage | None = None
) -> ClauseView:
    own = [Line(number + 1, lines[number]) for number in range(place[0], place[1] + 1)] if place else []
    return ClauseView(
        row=row,
        lines=[line for line in own if line.text.strip()],
        units=units(row.clause.units),
        doubts=told,
        passage=passage,
    )


def by_clause(views: Iterable[DoubtView]) -> dict[str, list[DoubtView]]:
    """Clause → its doubts; those of the whole document or the notice are left out."""
    found: dict[str, list[DoubtView]] = {}
    for one in views:
        if one.key is not None:
            found.setdefault(one.key, []).append(one)
    return found


def units(found: Iterable[Unit]) -> list[UnitView]:
    return [UnitView(unit, doubt_words.unit_why(unit.why)) for unit in found]


@dataclass(frozen=True)
class ImpliedView:
    unit: UnitView
    place: str
    phrase: str


def implied(found: Iterable[ImpliedUnit]) -> list[ImpliedView]:
    return [ImpliedView(units([one.unit])[0], doubt_words.place(one.stated_in), one.phrase) for one in found]


@dataclass(frozen=True)
class AnnexView:
    row: AnnexRow
    units: list[UnitView]


def annex(found: Iterable[AnnexRow]) -> list[AnnexView]:
    return [AnnexView(row, units(row.units)) for row in found]
