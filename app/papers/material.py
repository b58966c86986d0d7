"""Puts together what templates can name: numbers by the counters, everything else from one pass over the rows."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.departments import queries as departments
from app.dispositions.kinds import DispositionKind
from app.documents.models import Document, DocumentVersion
from app.kit.clock import beijing_day
from app.papers.filling import Material, counted
from app.papers.standing import Standing, heading
from app.papers.tally import Tally
from app.papers.words import by_channel, day_words, instant_words, outcome_words
from app.records import numbers
from app.soundings.totals import Totals

MOMENT = timedelta(microseconds=1)
NOT_READ = "——"
"""In the place of a number of other organs, for whoever may not read what they said."""


def of_tally(session: Session, consultation: Consultation, standing: Standing, tally: Tally) -> Material:
    """Everything, once all rows have passed through `tally`."""
    reasons = tally.reasons()
    public = counted(tally.counts)
    named = {f"{outcome_words(kind)}主要理由": "；".join(reasons.get(kind, ())) for kind in _WITH_REASONS}
    fields = public | named | general(session, consultation, standing)
    return Material(
        fields=fields,
        holds=_holds(fields, standing, tally),
        clauses=tally.clauses,
        counts=tally.counts,
        reasons=reasons,
        opinions=tally.opinions,
    )


def general(session: Session, consultation: Consultation, standing: Standing) -> dict[str, str]:
    """The fields that need no pass over the rows."""
    intake = numbers.of_intake(session, consultation.id)
    return {
        "征集名称": consultation.title,
        "文稿名称": draft_title(session, consultation),
        "起草单位": departments.names(session)[consultation.drafting_department_id],
        "发布单位": consultation.issuing_body,
        "征集开始日期": day_words(beijing_day(consultation.opens_at)),
        "征集截止日期": _last_day(consultation.closes_at),
        "收到份数": str(intake["received"]),
        "受理份数": str(intake["accepted"]),
        "各渠道份数": by_channel(intake["channels"]),
        "生成日期": day_words(beijing_day(standing.at)),
        "生成时间": instant_words(standing.at),
        "阶段性说明": heading(standing),
        **_of_organs(standing.organs),
    }


def draft_title(session: Session, consultation: Consultation) -> str:
    """The draft's own title, without the brackets of a book's: whoever names it sets them."""
    version = session.get_one(DocumentVersion, consultation.version_id)
    title = session.get_one(Document, version.document_id).title.strip()
    return title[1:-1] if title.startswith("《") and title.endswith("》") else title


_WITH_REASONS = (DispositionKind.ADOPTED, DispositionKind.PARTLY_ADOPTED, DispositionKind.NOT_ADOPTED)


def _holds(fields: Mapping[str, str], standing: Standing, tally: Tally) -> frozenset[str]:
    """Nothing of other organs holds, neither so nor otherwise, for whoever may not read what they said."""
    received = fields["收到份数"] != "0"
    so = {
        "有公众意见": tally.rows > 0,
        "未收到公众意见": tally.rows == 0 and not received,
        "无公众意见条目": tally.rows == 0 and received,
        "有未采纳意见": fields["未采纳条数"] != "0",
        "阶段性": standing.is_provisional,
        "全部确认": not standing.is_provisional,
    }
    if standing.organs is not None:
        invited, opinions = standing.organs.invited, standing.organs.opinions
        so |= {
            "已征求部门意见": invited > 0,
            "有部门意见": opinions > 0,
            "部门无意见": invited > 0 and opinions == 0,
            "未征求部门意见": invited == 0,
        }
    return frozenset(name for name, holds in so.items() if holds)


def _of_organs(found: Totals | None) -> dict[str, str]:
    counts = found or Totals()
    replied = counts.with_opinions + counts.without_opinions
    values = {
        "征求部门数": counts.invited,
        "部门回复数": replied,
        "部门无意见数": counts.without_opinions,
        "部门未回复数": counts.invited - replied,
        "部门意见条数": counts.opinions,
        "部门采纳条数": counts.adopted,
        "部门部分采纳条数": counts.partly_adopted,
        "部门未采纳条数": counts.not_adopted,
        "部门未处理条数": counts.unhandled,
        "部门分歧条数": counts.disputed,
    }
    return {name: NOT_READ if found is None else str(number) for name, number in values.items()}


def _last_day(closes_at: datetime) -> str:
    """The last day on which comments were taken: a window ends at midnight, where the next day begins."""
    return day_words(beijing_day(closes_at - MOMENT))
