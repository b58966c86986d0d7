"""Who was asked in writing and said nothing to put into a table: named below it, each as it stands."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.kit.clock import beijing_day
from app.soundings import queries
from app.soundings.actions import MOST_ORGANS
from app.soundings.lifecycle import Standing, standing
from app.soundings.models import Sounding

NOBODY_ASKED = "本系统没有登记书面征求部门意见的情况。"
SAID = {
    Standing.WITH_OPINIONS: "提出意见",
    Standing.NO_OPINIONS: "回复无意见",
    Standing.TAKEN_AS_NONE: "逾期未回复，按征求意见函视为无意见",
    Standing.OVERDUE: "逾期未回复",
    Standing.WAITING: "尚未回复",
}


def in_words(session: Session, letters: Iterable[Sounding], at: datetime) -> list[str]:
    """One line for each letter: how many organs were asked, and which stand how. One query for each letter."""
    return [_of_letter(session, letter, at) for letter in letters] or [NOBODY_ASKED]


def _of_letter(session: Session, letter: Sounding, at: datetime) -> str:
    organs = queries.organs(session, letter.id, 0, MOST_ORGANS)[0]
    names: dict[Standing, list[str]] = {}
    for organ in organs:
        stands = standing(letter.state, organ.state, letter.due_on, letter.silence_counts, beijing_day(at))
        names.setdefault(stands, []).append(organ.name)
    known = [(words, names[kind]) for kind, words in SAID.items() if kind in names]
    groups = [f"{words}{len(these)}个（{'、'.join(these)}）" for words, these in known]
    number = f"（{letter.document_number}）" if letter.document_number else ""
    return f"《{letter.title}》{number}征求{len(organs)}个单位意见：{'；'.join(groups)}。"
