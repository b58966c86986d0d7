"""The sender's own words, passage by passage, and which of them are in a suggestion already."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.text_difference import Piece
from app.screening import queries as screening
from app.screening.coverage import is_covered, stretches
from app.screening.passages import PHRASE, Span, passages, sentences
from app.submissions import queries as submissions
from app.web.said import changes_of, clause_texts
from app.web.staff.case.subject import Case


@dataclass(frozen=True)
class Tint:
    """A run of text that stands in `depth` suggestions' passages; `start` is its place in the comment."""

    start: int
    text: str
    depth: int


@dataclass(frozen=True)
class Phrase:
    """A part of a sentence that can be gathered by itself."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Sentence:
    """A passage that can be gathered; proposed wording has its difference to the clause in `changes`.

    `covered`: everything that it says stands in some suggestion. `phrases` are its parts where it has several.
    """

    start: int
    end: int
    text: str
    covered: bool
    tints: Sequence[Tint]
    phrases: Sequence[Phrase]
    changes: Sequence[Piece] = ()

    @property
    def partly(self) -> bool:
        return not self.covered and any(tint.depth for tint in self.tints)

    @property
    def twice(self) -> bool:
        return any(tint.depth > 1 for tint in self.tints)


def context(case: Case) -> dict[str, object]:
    cut = _sentences(case)
    return {"sentences": cut, "uncovered": sum(not sentence.covered for sentence in cut)}


def _sentences(case: Case) -> list[Sentence]:
    comment, submission_id = case.submission.comment, case.submission.id
    gathered = screening.gathered_spans(case.session, submission_id)
    places = submissions.clause_places(case.session, submission_id)
    texts = clause_texts(case.session, [place.clause_id for place in places])
    wordings = {place.wording.start: texts[place.clause_id].text for place in places if place.wording}
    return [_sentence(comment, span, gathered, wordings.get(span.start)) for span in passages(comment, places)]


def _sentence(comment: str, span: Span, gathered: list[Span], clause: str | None) -> Sentence:
    text = comment[span.start : span.end]
    return Sentence(
        start=span.start,
        end=span.end,
        text=text,
        covered=is_covered(comment, span, gathered),
        tints=[Tint(one.start, comment[one.start : one.end], one.depth) for one in stretches(span, gathered)],
        phrases=_phrases(comment, span) if clause is None else (),
        changes=changes_of(clause, text) if clause is not None else (),
    )


def _phrases(comment: str, span: Span) -> list[Phrase]:
    found = sentences(comment[span.start : span.end], PHRASE)
    places = [Span(span.start + one.start, span.start + one.end) for one in found]
    return [Phrase(one.start, one.end, comment[one.start : one.end]) for one in places] if len(found) > 1 else []
