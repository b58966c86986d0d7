"""Publishing the disposition report: with the conclusion, and again where something was revised since.

A report whose counts don't balance is never published, nor one of which something is still open.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app import audit
from app.consultations.models import Consultation
from app.kit.errors import Conflict, NotFound
from app.kit.reasons import due
from app.permissions import Actor, Permission, require
from app.records import actions as records
from app.records import queries as conclusions
from app.records.stages import ConclusionKind
from app.reporting import queries, written
from app.reporting.compiling import compile_report
from app.reporting.models import ReportEdition, ReportLine
from app.reporting.report import DispositionReport, ReportRow, imbalances, is_open
from app.reporting.written import EditionHead
from app.submissions.vault import Vault

LINES_AT_ONCE = 500


def conclude(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, note: str, vault: Vault
) -> ReportEdition:
    """Ends the work on a consultation of which everything is answered, with its report as the first edition.

    Raises what `records.conclude` raises, Conflict("report_incomplete") and Conflict("report_unbalanced") with `sums`.
    """
    require(actor, Permission.CONCLUDE)
    records.conclude(session, actor, at, consultation_id, note)
    session.flush()
    edition = _published(session, actor, at, _held(session, consultation_id), "", vault)
    about = ("consultation", consultation_id)
    audit.record(session, actor, at, "report.published", about, edition=edition.number, sha256=edition.sha256)
    return edition


def publish_edition(
    session: Session, actor: Actor, at: datetime, consultation_id: uuid.UUID, reason: str, vault: Vault
) -> ReportEdition:
    """A further edition, for a public reason; earlier ones stay as they are.

    Raises NotFound, Conflict("not_concluded") unless it was concluded with its results, Unprocessable without a
    reason, Conflict("report_unchanged") where the last edition says the same, and as `conclude` does.
    """
    require(actor, Permission.PUBLISH)
    consultation = _held(session, consultation_id)
    require(actor, Permission.PUBLISH, within=consultation_id)
    words = due(reason)
    ended = conclusions.conclusion(session, consultation_id)
    if ended is None or ended.kind is not ConclusionKind.COMPLETED:
        raise Conflict("not_concluded")
    edition = _published(session, actor, at, consultation, words, vault)
    about = ("consultation", consultation_id)
    audit.record(session, actor, at, "report.published", about, edition=edition.number, sha256=edition.sha256)
    return edition


def _held(session: Session, consultation_id: uuid.UUID) -> Consultation:
    """Held until the transaction ends, so that of two editions one comes after the other."""
    found = session.scalar(select(Consultation).where(Consultation.id == consultation_id).with_for_update())
    if found is None:
        raise NotFound("no_such_consultation")
    return found


def _published(
    session: Session, actor: Actor, at: datetime, consultation: Consultation, reason: str, vault: Vault
) -> ReportEdition:
    report = compile_report(session, consultation, vault)
    _refuse_unfit(report)
    last = queries.latest(session, consultation.id)
    if last is not None and _is_same(session, last, report):
        raise Conflict("report_unchanged")
    head = EditionHead(last.number + 1 if last else 1, at, reason)
    edition = ReportEdition(
        consultation_id=consultation.id,
        number=head.number,
        figures=written.figures_as_json(report.figures),
        rows=len(report.rows),
        reason=reason,
        sha256=written.sha256_of(written.json_pieces(head, report.figures, report.rows)),
        published_by=actor.id,
        published_at=at,
    )
    session.add(edition)
    session.flush()
    _keep_lines(session, edition, report.rows)
    return edition


def _refuse_unfit(report: DispositionReport) -> None:
    if is_open(report.figures):
        raise Conflict("report_incomplete")
    wrong = imbalances(report)
    if wrong:
        raise Conflict("report_unbalanced", sums=", ".join(sorted({each.sum.value for each in wrong})))


def _is_same(session: Session, last: ReportEdition, report: DispositionReport) -> bool:
    if written.read_figures(last.figures) != report.figures or last.rows != len(report.rows):
        return False
    kept = queries.rows(session, last.consultation_id, last.number)
    return all(one == other for one, other in zip(kept, report.rows, strict=True))


def _keep_lines(session: Session, edition: ReportEdition, rows: Sequence[ReportRow]) -> None:
    for first in range(0, len(rows), LINES_AT_ONCE):
        lines = [
            {
                "consultation_id": edition.consultation_id,
                "edition": edition.number,
                "number": row.number,
                "content": written.row_as_json(row),
            }
            for row in rows[first : first + LINES_AT_ONCE]
        ]
        session.execute(insert(ReportLine), lines)
