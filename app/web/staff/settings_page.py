"""One page from which everything leads on that can be set: lists, wordings, rules, people, by what each may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.kit.http import ReadSession
from app.permissions import Actor, Permission
from app.web.i18n import N_
from app.web.i18n import gettext as _
from app.web.staff.access import allowed
from app.web.templating import address, page

MOST_CONSULTATIONS = 50
OwnSession = Annotated[Actor, allowed(Permission.USE_OWN_SESSION)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Entry:
    """A page that something is set on: its route, the permission that the route asks for, and what it is for."""

    route: str
    permission: Permission
    words: str
    what: str


@dataclass(frozen=True)
class Link:
    words: str
    what: str
    url: str


@dataclass(frozen=True)
class OneConsultation:
    title: str
    links: Sequence[Link]


P = Permission
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        N_("Wordings and rules of the work"),
        (
            Entry(
                "staff_reasons",
                P.WRITE_REASONS,
                N_("Prepared reasons"),
                N_("What screeners choose from when they close a comment."),
            ),
            Entry(
                "staff_paper_templates",
                P.WRITE_PAPER_TEMPLATES,
                N_("Texts of papers"),
                N_("By which the papers are made that go with a draft into review."),
            ),
            Entry(
                "staff_coding_rules",
                P.WRITE_CODING_RULES,
                N_("Coding rules"),
                N_("How comments are sorted, in versions."),
            ),
            Entry(
                "staff_rules", P.EDIT_COLUMN_RULES, N_("Column rules"), N_("What stands on the page of every draft.")
            ),
        ),
    ),
    (
        N_("Lists of words and days"),
        (
            Entry(
                "staff_guard_words",
                P.EDIT_COLUMN_RULES,
                N_("Words for which a comment waits"),
                N_("A comment with one of them is looked at before it is displayed."),
            ),
            Entry(
                "staff_watched_words",
                P.EDIT_COLUMN_RULES,
                N_("Words to watch"),
                N_("Looked for in notice, draft and explanation before a consultation is opened."),
            ),
            Entry(
                "staff_calendar",
                P.MANAGE_CONSULTATIONS,
                N_("Working days"),
                N_("Holidays and shifted working days of each year."),
            ),
        ),
    ),
    (
        N_("Departments, accounts and records"),
        (
            Entry(
                "staff_departments",
                P.MANAGE_DEPARTMENTS,
                N_("Departments"),
                N_("The directory, its other names and its changes."),
            ),
            Entry(
                "staff_accounts",
                P.VIEW_ACCOUNTS,
                N_("Accounts"),
                N_("Who may sign in, with which roles; programs of departments."),
            ),
            Entry("staff_audit", P.VIEW_AUDIT, N_("Audit log"), N_("Who did what, when, and from where.")),
            Entry(
                "staff_incidents",
                P.INVESTIGATE_INCIDENTS,
                N_("Incidents"),
                N_("What an incident reached; stopping exports and keys."),
            ),
        ),
    ),
)
OF_ONE: tuple[tuple[str, str, Permission, str], ...] = (
    ("staff_terms", "slug", P.MANAGE_CONSULTATIONS, N_("Form and display")),
    ("staff_reasons", "consultation", P.WRITE_REASONS, N_("Prepared reasons")),
    ("staff_coding_rules", "consultation", P.WRITE_CODING_RULES, N_("Coding rules")),
    ("staff_second_looks", "consultation", P.MANAGE_CONSULTATIONS, N_("Share of second looks")),
    ("staff_rules", "consultation", P.EDIT_COLUMN_RULES, N_("Column rules")),
)
"""Route, the name by which it takes a consultation, the permission that changing something there needs, words."""


@router.get("/staff/settings", name="staff_settings")
def settings(request: Request, actor: OwnSession, session: ReadSession) -> Response:
    """Only what the reader may open; nothing for those who may set nothing."""
    found = [
        (_(words), [_link(request, entry) for entry in entries if actor.may(entry.permission)])
        for words, entries in GROUPS
    ]
    context = {
        "groups": [(words, links) for words, links in found if links],
        "consultations": _consultations(request, session, actor),
    }
    return page(request, "staff/settings.html", context)


def _link(request: Request, entry: Entry) -> Link:
    return Link(_(entry.words), _(entry.what), address(request, entry.route))


def _consultations(request: Request, session: Session, actor: Actor) -> list[OneConsultation]:
    """The newest of those that the reader sees, one query."""
    ways = [one for one in OF_ONE if actor.may(one[2])]
    rows = consultations.all_consultations(session)[:MOST_CONSULTATIONS] if ways else []
    return [
        OneConsultation(
            row.title,
            [Link(_(words), "", address(request, route, **{name: row.slug})) for route, name, _p, words in ways],
        )
        for row in rows
    ]
