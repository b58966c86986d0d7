"""The page of a team's work: who has how much, how it goes on, and the forms that move it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.desk import workload
from app.desk.workload import Load
from app.documents import queries as documents
from app.kit.clock import beijing_day
from app.kit.forms import Form
from app.permissions import Actor, Permission
from app.screening import themes
from app.web.public.views import clause_name

KEPT = ("count", "clause", "theme", "absent", "everywhere")
"""Fields that the page of confirmation sends again, besides the members."""


@dataclass(frozen=True)
class MemberView:
    """`days` is for how long the oldest has waited. `gone`: no longer able to screen, with work left."""

    id: str
    name: str
    waiting: int
    decided_today: int
    oldest: datetime | None
    days: int
    gone: bool


@dataclass(frozen=True)
class Option:
    value: uuid.UUID
    text: str


@dataclass(frozen=True)
class Given:
    name: str
    number: int


def context(session: Session, actor: Actor, now: datetime, consultation: Consultation) -> dict[str, object]:
    loads = {load.staff_id: load for load in workload.loads(session, consultation.id, now)}
    able = {str(person.id): person.display_name for person in accounts.screeners(session)}
    others = names(session, [one for one, load in loads.items() if one and one not in able and load.waiting])
    nobody = loads.get("", Load("", 0, None, 0))
    today = beijing_day(now)
    shown = [_member(one, name, loads.get(one), today) for one, name in able.items()]
    gone = [_member(one, name, loads.get(one), today, gone=True) for one, name in others.items()]
    own = next((member for member in shown if member.id == actor.id), None)
    return {
        "c": consultation,
        "members": [*shown, *gone],
        "able": shown,
        "unclaimed": nobody.waiting,
        "unclaimed_since": nobody.oldest,
        "own": own,
        "progress": workload.progress(session, consultation, now),
        "clauses": _clauses(session, consultation),
        "themes": [Option(theme.id, theme.name) for theme in themes.of_consultation(session, consultation.id)],
        "may_allocate": actor.may(Permission.ALLOCATE_WORK),
        "may_claim": actor.may(Permission.SCREEN),
    }


def names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Staff id → display name, or the id where nobody has it."""
    wanted = [one for one in ids if one]
    found = accounts.names_of(session, wanted)
    return {one: found.get(one, one) for one in wanted}


def confirmation(
    session: Session, title: str, slug: str, act: str, form: Form, given: Mapping[str, int]
) -> dict[str, object]:
    """What would happen, and all that has to be sent again for it; values only, so that it outlives the session."""
    named = names(session, [*given, form.get("absent", "")])
    return {
        "title": title,
        "slug": slug,
        "act": act,
        "given": [Given(named.get(one, one), number) for one, number in given.items()],
        "total": sum(given.values()),
        "absent": named.get(form.get("absent", ""), ""),
        "kept": {name: form[name] for name in KEPT if form.get(name)},
        "chosen": form.all("member"),
    }


def _member(id: str, name: str, load: Load | None, today: date, *, gone: bool = False) -> MemberView:
    if load is None:
        return MemberView(id, name, 0, 0, None, 0, gone)
    days = (today - beijing_day(load.oldest)).days if load.oldest else 0
    return MemberView(id, name, load.waiting, load.decided_today, load.oldest, days, gone)


def _clauses(session: Session, consultation: Consultation) -> Sequence[Option]:
    found = documents.clauses_of(session, consultation.version_id)
    return [Option(clause.id, clause_name(clause.number, clause.heading)) for clause in found if clause.text]
