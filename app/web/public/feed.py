"""What is public of the comments on a consultation as an Atom feed (RFC 4287), newest first."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.consultations import queries as consultations
from app.consultations.disclosure import Disclosed
from app.consultations.models import Consultation
from app.kit.clock import beijing_day
from app.kit.crypto import content_hash
from app.kit.http import Now, ReadSession
from app.kit.paging import read_cursor
from app.web.i18n import gettext as _
from app.web.public import opinions
from app.web.public.opinions import PublicItem
from app.web.public.published_files import in_beijing, refuse_undisclosed, whole_address
from app.web.services import Services, Svc
from app.web.templating import Pages

ENTRIES = 50
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (§2.2)."""

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Entry:
    """RFC 4287 §4.1.2. `author` is a covered name, or says that none is shown."""

    id: str
    title: str
    author: str
    updated: str
    text: str
    clauses: list[str]
    address: str


@router.get("/consultations/{slug}/comments.atom", name="comments_feed")
def feed(request: Request, slug: str, services: Svc, session: ReadSession, now: Now, before: str = "") -> Response:
    """ENTRIES of them; older ones by the link `next` (RFC 5005 §3). Raises NotFound while it isn't for everybody."""
    refuse_undisclosed(session, slug, now, Disclosed.FEED)
    row = consultations.public_consultation(session, slug)
    items, following = opinions.public_page(session, row, read_cursor(before), ENTRIES)
    here = whole_address(request, services, "comments_feed", slug=slug, before=before)
    older = whole_address(request, services, "comments_feed", slug=slug, before=following) if following else None
    listing = whole_address(request, services, "comments", slug=slug)
    context = {
        "id": _tag(services, row, "comments"),
        "title": _plain(_("Public comments: %(title)s") % {"title": row.title}),
        "subtitle": _("These are the public's own words. They are not the views of this site."),
        "updated": in_beijing(max((item.at for item in items), default=row.opens_at)),
        "here": here,
        "older": older,
        "listing": listing,
        "entries": [_entry(request, services, row, item, listing) for item in items],
    }
    pages: Pages = request.app.state.pages
    content = pages.environment.get_template("public/comments.atom").render(context)
    return Response(content, media_type="application/atom+xml; charset=utf-8")


def _entry(request: Request, services: Services, row: Consultation, item: PublicItem, listing: str) -> Entry:
    """A published suggestion has no number and no address of its own; what tells it from others are its words."""
    name = item.number or content_hash(in_beijing(item.at), item.text)[:32]
    own = whole_address(request, services, "opinion", slug=row.slug, number=item.number) if item.number else listing
    return Entry(
        id=_tag(services, row, f"comments/{name}"),
        title=_plain(item.title or _("Suggestion")),
        author=_plain(item.author or _("Name not shown")),
        updated=in_beijing(item.at),
        text=_plain(item.text),
        clauses=[_plain(clause) for clause in item.clauses],
        address=own,
    )


def _tag(services: Services, row: Consultation, what: str) -> str:
    """A name for good (RFC 4151), whatever addresses become: this site's, of the day on which the window opened."""
    authority = urlsplit(services.settings.public_url).hostname or "localhost"
    return f"tag:{authority},{beijing_day(row.opens_at).isoformat()}:{row.slug}/{what}"


def _plain(text: str) -> str:
    return NOT_IN_XML.sub("", text)
