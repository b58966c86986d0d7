"""A draft as a plain text file, made from the stored text: clause by clause, with the departments that each names."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.consultations import queries as consultations
from app.consultations.lifecycle import Phase
from app.consultations.models import Consultation
from app.documents import queries as documents
from app.documents.queries import NamedUnit, ReadClause
from app.kit.errors import NotFound
from app.kit.http import Now, ReadSession
from app.web import words
from app.web.i18n import gettext as _
from app.web.public.views import clause_name
from app.web.services import Svc
from app.web.templating import address

router = APIRouter(include_in_schema=False)


@router.get("/consultations/{slug}/versions/{number}/text", name="draft_text")
def draft_text(request: Request, slug: str, number: int, services: Svc, session: ReadSession, now: Now) -> Response:
    """Any text that was put out for comment, the present one too.

    UTF-8 with its mark and CRLF, so that the oldest editors of Windows open it as it is.
    """
    row = consultations.public_consultation(session, slug)
    put_out = documents.version_numbers(session, consultations.versions_put_out(session, row))
    version_id = next((version for version, known in put_out.items() if known == number), None)
    if version_id is None:
        raise NotFound("no_such_version")
    origin = services.settings.public_url.removesuffix(services.settings.base_path)
    lines = [
        row.title,
        _("Version %(number)s") % {"number": number},
        *_state(row, consultations.phase(row, now)),
        origin + address(request, "consultation", slug=slug),
        "",
        *as_lines(documents.clauses_of(session, version_id)),
    ]
    name = quote(f"{row.title}-{number}.txt", safe="")
    return Response(
        "\r\n".join(lines).encode("utf-8-sig"),
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=\"{slug}-{number}.txt\"; filename*=UTF-8''{name}"},
    )


def as_lines(clauses: Iterable[ReadClause]) -> Iterator[str]:
    """Each clause under its name and label, an empty line after it."""
    for clause in clauses:
        is_run_in = bool(clause.heading) and clause.text.startswith(clause.heading)
        yield clause.number if is_run_in else clause_name(clause.number, clause.heading)
        yield from (line.strip() for line in clause.text.splitlines() if line.strip())
        if clause.units:
            yield _("Responsible departments") + _(": ") + _("; ").join(map(_unit, clause.units))
        yield ""


def _unit(unit: NamedUnit) -> str:
    roles = {"lead": _("Lead"), "cooperating": _("Cooperating"), "participant": _("With")}
    return f"{roles[unit.role]} {unit.name}" if unit.role in roles else unit.name


def _state(row: Consultation, phase: Phase) -> list[str]:
    if phase is Phase.WITHDRAWN:
        return [_("This draft has been withdrawn.")]
    said = {
        Phase.COMING: _("Opens %(when)s") % {"when": words.instant(row.opens_at)},
        Phase.SUSPENDED: _("Comments are suspended"),
        Phase.CLOSED: _("Closed %(when)s") % {"when": words.instant(row.closes_at)},
    }
    return [said.get(phase, _("Closes %(when)s") % {"when": words.instant(row.closes_at)})]
