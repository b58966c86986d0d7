"""What the page of a draft's versions shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.consultations.models import Consultation
from app.documents import versions
from app.documents.versions import Compared, Version
from app.permissions import Actor, Permission
from app.publication import queries as publication
from app.publication.models import ComparisonRelease
from app.web.comparison_view import changes_view
from app.web.staff import history


@dataclass(frozen=True)
class ReleaseView:
    """A release as staff see it; `withdrawn_at` is set where it no longer stands."""

    reference: str
    confirmed_on: date
    confirmed_by: str
    released_by: str
    released_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    reason: str | None
    draft: Version
    final: Version


def context(
    session: Session, actor: Actor, consultation: Consultation, pair: tuple[str, str], show: str
) -> dict[str, object]:
    """`pair` are the numbers that the address asks for, empty where it asks for none."""
    current = versions.version(session, consultation.version_id)
    known = versions.versions_of(session, current.document_id)
    draft, final = _chosen(session, known, current, pair)
    compared = versions.comparison_of(session, draft.id, final.id) if draft and final else None
    release = publication.release_of(session, consultation.id)
    return {
        "consultation": consultation,
        "versions": known,
        "current": current,
        "draft": draft,
        "final": final,
        "compared": compared,
        "changes": changes_view(compared.rows, show) if compared and compared.rows is not None else None,
        "release": _release_view(session, release) if release else None,
        "may": _may(actor, compared, release),
        "history": history.of_record(session, "consultation", consultation.id),
        "error": None,
    }


def _chosen(
    session: Session, known: Sequence[Version], current: Version, pair: tuple[str, str]
) -> tuple[Version | None, Version | None]:
    """The two that are asked for; else those compared last; else the draft out for comment and the newest version."""
    draft, final = (next((one for one in known if str(one.number) == number), None) for number in pair)
    if draft and final:
        return draft, final
    last = versions.latest_comparison(session, current.document_id)
    if last is not None:
        return last.draft, last.final
    return (current, known[-1]) if known[-1].number > current.number else (None, None)


def _may(actor: Actor, compared: Compared | None, release: ComparisonRelease | None) -> dict[str, bool]:
    manages, publishes = actor.may(Permission.MANAGE_CONSULTATIONS), actor.may(Permission.PUBLISH)
    stands = release is not None and release.withdrawn_at is None
    ready = compared is not None and compared.rows is not None
    return {
        "add": manages,
        "compare": manages,
        "release": publishes and ready and not stands,
        "withdraw": publishes and stands,
    }


def _release_view(session: Session, release: ComparisonRelease) -> ReleaseView:
    names = accounts.names_of(session, [release.released_by, release.withdrawn_by or ""])
    draft, final = publication.released_pair(session, release)
    return ReleaseView(
        reference=release.reference,
        confirmed_on=release.confirmed_on,
        confirmed_by=release.confirmed_by,
        released_by=names.get(release.released_by, release.released_by),
        released_at=release.released_at,
        withdrawn_by=names.get(release.withdrawn_by or "", release.withdrawn_by),
        withdrawn_at=release.withdrawn_at,
        reason=release.withdrawal_reason,
        draft=draft,
        final=final,
    )
