"""The lines of 意见汇总表: what the public said and what other organs said, under the same columns."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.documents.queries import clauses_by_id
from app.kit.paging import Key
from app.papers import own_words
from app.papers.own_words import Kept
from app.papers.words import ADOPTIONS, UNHANDLED, WHOLE_DRAFT, clause_words, outcome_words
from app.reporting.result_rows import ResultRow
from app.soundings import queries as soundings
from app.soundings.lifecycle import Disagreement, SoundingState
from app.soundings.models import Sounding
from app.soundings.queries import SummaryRow

HEADINGS = ("序号", "提出单位或个人", "条目", "原意见", "采纳情况", "理由", "修改后文字")
AT_ONCE = 200
_DISPUTES = {Disagreement.REMAINS: "仍有分歧", Disagreement.SETTLED: "经协调达成一致"}


class Line(NamedTuple):
    """One row of the table, in the order of HEADINGS."""

    number: int
    proposer: str
    clause: str
    opinion: str
    outcome: str
    reason: str
    amended: str


def of_public(session: Session, rows: Iterable[ResultRow], kept: Kept) -> Iterator[Line]:
    """One for each row. Where `kept` asks for it the senders' own words, masked, stand below the edited ones."""
    waiting = iter(rows)
    while chunk := list(islice(waiting, AT_ONCE)):
        said = own_words.of_suggestions(session, kept, chunk)
        yield from (_of_row(row, said.get(row.suggestion_id, ())) for row in chunk)


def of_organs(session: Session, letters: Iterable[Sounding]) -> Iterator[Line]:
    """Every opinion that stands, letter by letter, in the order of the organs."""
    number = 0
    for letter in letters:
        after: tuple[int, int] | None = (0, 0)
        while after is not None:
            found, after = soundings.summary(session, letter.id, after, AT_ONCE)
            clauses = _clauses(session, found)
            for row in found:
                number += 1
                yield _of_organ(number, row, clauses)


def sent_letters(session: Session, consultation_id: uuid.UUID) -> list[Sounding]:
    """Those that went out, the oldest first."""
    found: list[Sounding] = []
    before: Key | None = None
    while True:
        page = soundings.letters(session, consultation_id, before, AT_ONCE)
        found += [letter for letter in page.items if letter.state is not SoundingState.DRAFTED]
        if not page.next_cursor:
            return found[::-1]
        last = page.items[-1]
        before = Key(last.created_at, last.id)


def proposers(row: ResultRow) -> str:
    """Organisations by name, persons masked; how many submissions where these are more than are named."""
    names = "、".join(row.proposers)
    if not names:
        return f"{row.submissions}份意见"
    return f"{names}等（{row.submissions}份）" if row.submissions > len(row.proposers) else names


def clause_of(row: ResultRow) -> str:
    return clause_words(row.clause_number, row.clause_heading, row.clause_label)


def _of_row(row: ResultRow, own: Sequence[str]) -> Line:
    merged = f"（含合并的相同意见{row.merged}条）" if row.merged else ""
    said = [row.text + merged, *(f"原文：{words}" for words in own)]
    return Line(
        number=row.number,
        proposer=proposers(row),
        clause=clause_of(row),
        opinion="\n".join(said),
        outcome=outcome_words(row.disposition),
        reason=row.reason if row.disposition else "",
        amended="\n".join(row.amended),
    )


def _of_organ(number: int, row: SummaryRow, clauses: Mapping[uuid.UUID, str]) -> Line:
    opinion = row.opinion
    proposed = f"建议修改为：{opinion.proposed}" if opinion.proposed else ""
    dispute = "：".join(filter(None, (_DISPUTES.get(opinion.disagreement), opinion.coordination)))
    return Line(
        number=number,
        proposer=row.organ.name,
        clause=clauses[opinion.clause_id] if opinion.clause_id else WHOLE_DRAFT,
        opinion="\n".join(filter(None, (opinion.words, proposed))),
        outcome=ADOPTIONS[opinion.adoption] if opinion.adoption else UNHANDLED,
        reason="\n".join(filter(None, (opinion.reason, dispute))),
        amended="",
    )


def _clauses(session: Session, rows: Sequence[SummaryRow]) -> dict[uuid.UUID, str]:
    wanted = {row.opinion.clause_id for row in rows if row.opinion.clause_id}
    found = clauses_by_id(session, wanted) if wanted else []
    return {clause.id: clause_words(clause.number, clause.heading, clause.label) for clause in found}
