"""How a clause is called to the public, and where it is since, where the text was replaced or adopted."""

import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.documents import versions
from app.documents.models import VersionRole
from app.documents.reanchoring import Fate
from app.documents.versions import Sure, Version, Whereabouts
from app.publication import queries as publication
from app.web.i18n import gettext as _
from app.web.public.views import clause_name


def clause_words(session: Session, consultation: Consultation, clause_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Each clause by its name, in the order of its document; one of an earlier text with that text's number.

    What is since is told of the text that is out for comment now and of one that was released, and only where it is
    likely or a person decided it.
    """
    named = versions.named_clauses(session, clause_ids)
    released = publication.released_text(session, consultation.id)
    told_of = {consultation.version_id} | ({released.id} if released else set())
    places = versions.whereabouts(session, [clause.id for clause, _version in named])
    return {
        clause.id: _words(
            clause_name(clause.number, clause.heading),
            version if version.id != consultation.version_id else None,
            [place for place in places[clause.id] if place.later.id in told_of and place.sure is not Sure.DOUBTFUL],
        )
        for clause, version in named
    }


def _words(name: str, earlier: Version | None, places: list[Whereabouts]) -> str:
    notes = [_("version %(number)s") % {"number": earlier.number}] if earlier else []
    notes += [words for words in map(_since, places) if words]
    if not notes:
        return name
    return _("%(clause)s (%(notes)s)") % {"clause": name, "notes": _("; ").join(notes)}


def _since(place: Whereabouts) -> str:
    """Empty where nothing is to be said: the clause stands where it stood, in the same words."""
    final = place.later.role is VersionRole.FINAL
    text = _("the final text") if final else _("version %(number)s") % {"number": place.later.number}
    if place.now is None:
        return _("not in %(text)s") % {"text": text}
    name = clause_name(place.now.number, place.now.heading)
    if name != clause_name(place.clause.number, place.clause.heading):
        return _("in %(text)s: %(clause)s") % {"text": text, "clause": name}
    return _("with other words in %(text)s") % {"text": text} if place.fate is Fate.CHANGED else ""
