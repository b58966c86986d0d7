"""What the public wrote: the list of one consultation, and each opinion at an address of its own."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from app.consultations import queries as consultations
from app.consultations.lifecycle import DisplayRegime
from app.consultations.models import Consultation
from app.dispositions.kinds import DispositionKind
from app.documents import queries as documents
from app.documents.queries import ReadClause
from app.documents.text_difference import Piece
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.kit.paging import Key, Page, read_cursor
from app.publication import queries as publication
from app.publication.queries import PublicSuggestion
from app.submissions import displayed, guarding, public_numbers
from app.submissions import queries as submissions
from app.submissions.file_queries import public_files
from app.submissions.lifecycle import DisplayState, EndedClass
from app.submissions.models import DisplayedComment
from app.web.file_words import size_words
from app.web.public import views
from app.web.public.clause_places import clause_words
from app.web.said import changes_of
from app.web.templating import address, page

PAGE_SIZE = 20
ADDRESS = "/consultations/{slug}/comments"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PublicItem:
    """One entry of the public list. Occupation is never here: with clause and place it identifies people.

    `number` is the public number, "" for what has no address of its own. `proposals` counts the clauses for which
    other wording is proposed.
    """

    author: str
    at: datetime
    title: str
    text: str
    clauses: list[str]
    outcomes: list[DispositionKind]
    number: str = ""
    proposals: int = 0


@dataclass(frozen=True)
class Proposal:
    """Wording proposed for a clause, as a difference to the text that the clause had."""

    clause: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class ReleasedFile:
    """A file of an opinion that somebody decided to make public."""

    id: uuid.UUID
    name: str
    size: str


@dataclass(frozen=True)
class Asked:
    """What the reader looks for: a clause by its label, words."""

    clause: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.clause or self.words)


@dataclass(frozen=True)
class Listed:
    """One page of the list; the addresses of its neighbours are None at its ends."""

    items: list[PublicItem]
    newer_url: str | None
    older_url: str | None
    looked_until: datetime | None = None


@router.get(ADDRESS, name="comments")
def comments(
    request: Request,
    slug: str,
    session: ReadSession,
    now: Now,
    before: str = "",
    after: str = "",
    clause: str = "",
    q: str = "",
) -> HTMLResponse:
    row = consultations.public_consultation(session, slug)
    instant = row.display_regime is DisplayRegime.INSTANT
    clauses = [known for known in documents.clauses_of(session, row.version_id) if known.text] if instant else []
    asked = Asked(clause if clause in {known.label for known in clauses} else "", q.strip()[: displayed.WORDS_LIMIT])
    if instant:
        chosen = next((known.id for known in clauses if known.label == asked.clause), None)
        listed = _displayed(request, session, row, asked, chosen, read_cursor(before), read_cursor(after))
        withdrawn = displayed.count_taken_down(session, row.id)
    else:
        listed = _published(request, session, row, read_cursor(before))
        withdrawn = publication.count_retracted(session, row.id)
    context = {
        "c": views.card(row, now, 0, None, consultations.display_terms(session, row.id)),
        "listed": listed,
        "asked": asked,
        "words_limit": displayed.WORDS_LIMIT,
        "clauses": [(known.label, views.clause_name(known.number, known.heading)) for known in clauses],
        "reviewed_first": instant and guarding.rules(session, row.id).reviews_first,
        "withdrawn": withdrawn,
        "changes_released": publication.are_changes_released(session, row.id),
    }
    return page(request, "public/comments.html", context)


@router.get(ADDRESS + "/{number}", name="opinion")
def opinion(request: Request, slug: str, number: str, session: ReadSession, now: Now) -> Response:
    """One opinion; where it was taken down, that it was, when and for what class of reason (410)."""
    row = consultations.public_consultation(session, slug)
    found = displayed.with_number(session, row.id, public_numbers.read(number))
    written = public_numbers.written(found.number)
    if number != written:
        return RedirectResponse(address(request, "opinion", slug=slug, number=written), status_code=303)
    context: dict[str, object] = {"c": views.card(row, now, 0), "number": written}
    if found.state is DisplayState.TAKEN_DOWN:
        why = found.taken_down_class or EndedClass.OTHER
        context |= {"gone": why, "gone_at": found.taken_down_at}
        return page(request, "public/opinion.html", context, 410)
    if found.state is not DisplayState.DISPLAYED or row.display_regime is not DisplayRegime.INSTANT:
        raise NotFound("no_such_opinion")
    (item,) = _items(session, row, [found])
    files = public_files(session, row.id, [found.submission_id])[found.submission_id]
    context |= {"item": item, "proposals": _proposals(session, row, found), "gone": None}
    context["files"] = [ReleasedFile(file.id, file.name, size_words(file.released_size or file.size)) for file in files]
    return page(request, "public/opinion.html", context)


def _displayed(
    request: Request,
    session: Session,
    row: Consultation,
    asked: Asked,
    clause_id: uuid.UUID | None,
    before: Key | None,
    after: Key | None,
) -> Listed:
    """The instant regime: what came in, masked."""
    shown = displayed.displayed_page(
        session, row.id, clause_id=clause_id, words=asked.words, before=before, after=after, limit=PAGE_SIZE
    )
    return Listed(
        _items(session, row, shown.items),
        _url(request, row, asked, after=shown.previous_cursor),
        _url(request, row, asked, before=shown.next_cursor),
        shown.looked_until,
    )


def _url(request: Request, row: Consultation, asked: Asked, **place: str | None) -> str | None:
    if not any(place.values()):
        return None
    return address(request, "comments", slug=row.slug, clause=asked.clause, q=asked.words, **place)


def _items(session: Session, row: Consultation, shown: Sequence[DisplayedComment]) -> list[PublicItem]:
    ids = [item.submission_id for item in shown]
    chosen = submissions.clause_ids(session, ids)
    names = clause_words(session, row, [one for many in chosen.values() for one in many])
    outcomes = publication.outcome_kinds(session, ids)
    shows_names = consultations.display_terms(session, row.id).shows_names
    return [
        PublicItem(
            author=item.masked_name if shows_names else "",
            at=item.displayed_at,
            title=item.title,
            text=item.text,
            clauses=[names[clause_id] for clause_id in names if clause_id in chosen[item.submission_id]],
            outcomes=outcomes.get(item.submission_id, []),
            number=public_numbers.written(item.number) if item.number else "",
            proposals=len(item.wordings or ()),
        )
        for item in shown
    ]


def _proposals(session: Session, row: Consultation, found: DisplayedComment) -> list[Proposal]:
    places = {uuid.UUID(place["clause_id"]): place for place in found.wordings or ()}
    clauses: Sequence[ReadClause] = documents.clauses_by_id(session, list(places))
    names = clause_words(session, row, places)
    return [
        Proposal(names[clause.id], changes_of(clause.text, found.text[place["start"] : place["end"]]))
        for clause in clauses
        for place in [places[clause.id]]
    ]


def _published(request: Request, session: Session, row: Consultation, before: Key | None) -> Listed:
    """The screened regime: only what somebody decided to publish, in its edited words and without a name."""
    shown: Page[PublicSuggestion] = publication.published_page(session, row.id, before, PAGE_SIZE)
    items = _suggestions(session, row, shown.items)
    return Listed(items, None, _url(request, row, Asked("", ""), before=shown.next_cursor))


def _suggestions(session: Session, row: Consultation, shown: Sequence[PublicSuggestion]) -> list[PublicItem]:
    names = clause_words(session, row, [item.clause_id for item in shown if item.clause_id])
    return [
        PublicItem(
            author="",
            at=item.published_at,
            title="",
            text=item.text,
            clauses=[names[item.clause_id]] if item.clause_id else [],
            outcomes=[item.disposition] if item.disposition else [],
        )
        for item in shown
    ]


def public_page(
    session: Session, row: Consultation, before: Key | None, limit: int
) -> tuple[list[PublicItem], str | None]:
    """What the list shows under either regime, newest first, and the cursor of what follows: for feed and downloads."""
    if row.display_regime is DisplayRegime.INSTANT:
        shown = displayed.displayed_page(session, row.id, before=before, limit=limit)
        return _items(session, row, shown.items), shown.next_cursor
    published = publication.published_page(session, row.id, before, limit)
    return _suggestions(session, row, published.items), published.next_cursor
