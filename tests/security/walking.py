"""Every page that somebody can ask for, with the records that a store holds in the place of its ids."""

import itertools
import string
from collections.abc import Mapping

from fastapi.routing import iter_route_contexts
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assignments.models import Assignment
from app.campaigns.models import Campaign
from app.departments.models import Department
from app.kit.database import Database
from app.screening.models import Suggestion
from app.submissions.models import DisplayedComment, Submission
from app.web.public.routes import router as public
from app.web.staff.routes import router as staff
from tests.support.journey import SLUG

OWN = {
    "/staff/submissions": Submission.id,
    "/staff/suggestions": Suggestion.id,
    "/staff/assignments": Assignment.id,
    "/office/assignments": Assignment.id,
    "/staff/campaigns": Campaign.id,
    "/staff/department/": Department.id,
}
"""Which table an address's id is of; what isn't named here gets an id of nothing."""
NOTHING = "00000000-0000-0000-0000-000000000007"


def pages() -> list[str]:
    """The address of every GET route of both sides, with its placeholders."""
    contexts = itertools.chain(iter_route_contexts(public.routes), iter_route_contexts(staff.routes))
    return sorted({str(context.path) for context in contexts if "GET" in (context.methods or ())})


def addresses(database: Database) -> list[str]:
    """Each page once, with records of the store where there are some."""
    with database.reading() as session:
        return [_filled(path, session) for path in pages()]


def _filled(path: str, session: Session) -> str:
    names = [name for _, name, _, _ in string.Formatter().parse(path) if name]
    known: Mapping[str, str] = {"slug": SLUG, "id": _id(path, session), "number": _number(path, session)}
    known = dict(known) | {"kind": "report_to_senders", "ending": "csv", "language": "en", "change": "close"}
    return path.format(**{name: known.get(name, NOTHING) for name in names})


def _id(path: str, session: Session) -> str:
    column = next((column for begin, column in OWN.items() if path.startswith(begin)), None)
    found = session.scalars(select(column).limit(1)).first() if column is not None else None
    return str(found or NOTHING)


def _number(path: str, session: Session) -> str:
    if "comments/" not in path:
        return "1"
    number = session.scalars(select(DisplayedComment.number).limit(1)).first()
    return f"{number:05d}" if number else "1"
