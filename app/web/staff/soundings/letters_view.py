"""What the pages of letters show: lists with their counts, and one letter with its organs."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars.working_days import DayCount
from app.consultations.models import Consultation
from app.departments import queries as departments
from app.documents import versions
from app.kit.clock import beijing_day
from app.permissions import Actor, Permission
from app.soundings import queries, totals
from app.soundings.lifecycle import LIFECYCLE, EarlierKind, SoundingEvent, SoundingState, Standing, standing
from app.soundings.models import SoundedOrgan, Sounding
from app.soundings.totals import Totals
from app.web.staff import history
from app.web.staff.soundings import earlier_view

ORGANS_SHOWN = 100


@dataclass(frozen=True)
class LetterRow:
    """A letter in a list."""

    id: uuid.UUID
    title: str
    document_number: str | None
    consultation: str
    slug: str
    state: SoundingState
    issued_on: date | None
    due_on: date
    totals: Totals


@dataclass(frozen=True)
class OrganRow:
    """An organ in its letter. `is_late`: it replied after the due day; `opinions` counts those that stand."""

    id: uuid.UUID
    place: int
    name: str
    in_directory: bool
    standing: Standing
    replied_on: date | None
    is_late: bool
    document_number: str | None
    opinions: int
    reminders: int
    revision: int


def rows(session: Session, letters: Sequence[Sounding], now: datetime) -> list[LetterRow]:
    """Three queries, whatever their number."""
    wanted = {letter.consultation_id for letter in letters}
    found = session.execute(
        select(Consultation.id, Consultation.title, Consultation.slug).where(Consultation.id.in_(wanted))
    )
    about = {row.id: row for row in found}
    counts = totals.of_letters(session, [letter.id for letter in letters], beijing_day(now))
    return [
        LetterRow(
            id=letter.id,
            title=letter.title,
            document_number=letter.document_number,
            consultation=about[letter.consultation_id].title,
            slug=about[letter.consultation_id].slug,
            state=letter.state,
            issued_on=letter.issued_on,
            due_on=letter.due_on,
            totals=counts[letter.id],
        )
        for letter in letters
    ]


def texts(session: Session, row: Consultation) -> list[tuple[str, int]]:
    """Id and number of each stored text of the consultation's draft, the newest first."""
    present = versions.version(session, row.version_id)
    return [(str(each.id), each.number) for each in reversed(versions.versions_of(session, present.document_id))]


def one(session: Session, actor: Actor, letter: Sounding, now: datetime, after: int) -> dict[str, Any]:
    """A letter's own page."""
    today = beijing_day(now)
    shown, following = queries.organs(session, letter.id, after, ORGANS_SHOWN)
    consultation = session.get_one(Consultation, letter.consultation_id)
    manages = actor.may_within(Permission.MANAGE_SOUNDINGS, letter.consultation_id)
    may = {event.value: manages and LIFECYCLE.allows(letter.state, event) for event in SoundingEvent}
    return {
        "letter": letter,
        "consultation": consultation,
        "version": versions.version(session, letter.version_id).number,
        "totals": totals.of_letters(session, [letter.id], today)[letter.id],
        "organs": organ_rows(session, letter, shown, today),
        "following": following,
        "may": may,
        "days": _days(session, letter, today),
        "is_over": today > letter.due_on,
        "choices": _choices(session, letter) if may[SoundingEvent.INVITE.value] else [],
        "earlier": earlier_view.of_record(session, EarlierKind.LETTER, letter.id),
        "history": history.of_record(session, "sounding", letter.id),
    }


def organ_rows(session: Session, letter: Sounding, organs: Sequence[SoundedOrgan], today: date) -> list[OrganRow]:
    """Two queries, whatever their number."""
    ids = [organ.id for organ in organs]
    opinions = queries.numbers_of_opinions(session, ids)
    reminded = Counter(reminder.organ_id for reminder in queries.reminders(session, ids))
    return [
        OrganRow(
            id=organ.id,
            place=organ.place,
            name=organ.name,
            in_directory=organ.department_id is not None,
            standing=standing(letter.state, organ.state, letter.due_on, letter.silence_counts, today),
            replied_on=organ.replied_on,
            is_late=organ.replied_on is not None and organ.replied_on > letter.due_on,
            document_number=organ.document_number,
            opinions=opinions.get(organ.id, 0),
            reminders=reminded[organ.id],
            revision=organ.revision,
        )
        for organ in organs
    ]


def by_standing(rows: Sequence[OrganRow]) -> list[tuple[Standing, list[OrganRow]]]:
    """Organs by how they stand, those that replied first; without standings that no organ has."""
    found = [(each, [row for row in rows if row.standing is each]) for each in reversed(Standing)]
    return [(each, these) for each, these in found if these]


def _days(session: Session, letter: Sounding, today: date) -> dict[str, DayCount | None]:
    """Days from issue to the due day and, while replies are awaited, from today."""
    calendar = calendars.calendar(session)
    waits = letter.state is SoundingState.SENT and today <= letter.due_on
    return {
        "whole": calendar.count(letter.issued_on, letter.due_on) if letter.issued_on else None,
        "left": calendar.count(today, letter.due_on) if waits else None,
    }


def _choices(session: Session, letter: Sounding) -> list[tuple[str, str]]:
    invited = queries.invited_departments(session, letter.id)
    return [(row.id, row.name) for row in departments.active(session) if row.id not in invited]
