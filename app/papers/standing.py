"""How far a consultation's opinions are dealt with: what is open, as numbers and in the words of a paper's heading."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.kit.clock import beijing_day
from app.papers.words import instant_words
from app.records import gate
from app.records.gate import Gap, Missing
from app.soundings import totals
from app.soundings.totals import Totals

SETTLED = (Missing.TO_RELEASE, Missing.IN_RELEASE)
"""What was confirmed but not told yet doesn't make an internal paper provisional."""
_BY_SUBMISSION = (Missing.UNSCREENED, Missing.QUARANTINED, Missing.SECOND_LOOK, Missing.TO_GATHER)
_BY_SUGGESTION = (
    Missing.TO_APPROVE,
    Missing.TO_ASSIGN,
    Missing.SENT_BACK,
    Missing.UNANSWERED,
    Missing.TO_CONFIRM,
)


@dataclass(frozen=True)
class Standing:
    """`gaps` are what is missing of the public's opinions before everything is confirmed; `organs` counts those of
    other organs, None where whoever asks may not read them."""

    at: datetime
    gaps: tuple[Gap, ...]
    organs: Totals | None

    @property
    def is_provisional(self) -> bool:
        return bool(self.gaps) or (self.organs is not None and bool(self.organs.unhandled or self.organs.waiting))


def of_consultation(session: Session, consultation: Consultation, at: datetime, *, with_organs: bool) -> Standing:
    """By counters, however much there is."""
    gaps = tuple(gap for gap in gate.gaps(session, consultation, at) if gap.kind not in SETTLED)
    return Standing(at, gaps, _organs(session, consultation.id, beijing_day(at)) if with_organs else None)


def heading(standing: Standing) -> str:
    """The line that a provisional paper carries below its title; empty where everything is confirmed."""
    if not standing.is_provisional:
        return ""
    numbers = {gap.kind: gap.number for gap in standing.gaps}
    open_ones = [words for words in (*_of_public(numbers), *_of_organs(standing.organs)) if words]
    said = "，".join(open_ones)
    return f"（阶段性材料：截至{instant_words(standing.at)}，{said}，所列情况以最终确认为准）"


def _of_public(numbers: Mapping[Missing, int]) -> tuple[str, ...]:
    submissions = sum(numbers.get(kind, 0) for kind in _BY_SUBMISSION)
    suggestions = sum(numbers.get(kind, 0) for kind in _BY_SUGGESTION)
    return (
        "征求意见尚未结束" if Missing.WINDOW in numbers else "",
        "补充提交渠道尚未关闭" if Missing.LATE_CODES in numbers else "",
        f"{submissions}份意见尚未完成筛选整理" if submissions else "",
        f"{suggestions}条意见的办理结果尚未确认" if suggestions else "",
    )


def _of_organs(found: Totals | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return (
        f"{found.waiting}个单位尚未回复" if found.waiting else "",
        f"{found.unhandled}条部门意见尚未处理" if found.unhandled else "",
    )


def _organs(session: Session, consultation_id: uuid.UUID, today: date) -> Totals:
    return totals.of_consultation(session, consultation_id, today)
