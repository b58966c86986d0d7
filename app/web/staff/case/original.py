"""The sender's own words, passage by passage, and which of them are in a suggestion already."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.text_difference import Piece
from app.screening import queries as screening
from app.screening.passages import Span, passages
from app.submissions import queries as submissions
from app.web.said import changes_of, clause_texts
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class Sentence:
    """A passage that can be gathered; proposed wording has its difference to the clause in `changes`."""

    start: int
    end: int
    text: str
    covered: bool
    changes: Sequence[Piece] = ()


def context(case: Case) -> dict[str, object]:
    cut = _sentences(case)
    return {"sentences": cut, "uncovered": sum(not sentence.covered for sentence in cut)}


def _sentences(case: Case) -> list[Sentence]:
    comment, submission_id = case.submission.comment, case.submission.id
    gathered = screening.gathered_spans(case.session, submission_id)
    places = submissions.clause_places(case.session, submission_id)
    texts = clause_texts(case.session, [place.clause_id for place in places])
    wordings = {place.wording.start: texts[place.clause_id].text for place in places if place.wording}
    return [
        _sentence(span, comment[span.start : span.end], gathered, wordings.get(span.start))
        for span in passages(comment, places)
    ]


def _sentence(span: Span, text: str, gathered: list[Span], clause: str | None) -> Sentence:
    changes = changes_of(clause, text) if clause is not None else ()
    return Sentence(span.start, span.end, text, _is_covered(span, gathered), changes)


def _is_covered(span: Span, gathered: list[Span]) -> bool:
    return any(span.overlaps(other) for other in gathered)
