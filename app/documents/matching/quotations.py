"""Clauses that a comment names by words: a heading in quotation marks, 关于…的条款, “…”那一条, or a sentence quoted."""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from app.documents.matching.outline import Outline
from app.documents.matching.references import Reference
from app.documents.matching.wording import plain

_QUOTED = re.compile(r"[“\"「『‘《【〈]([^”\"」』’》】〉“「『《【\n]{2,60})[”\"」』’》】〉]")
_NOUN = "条款|规定|内容|条|款|项|点|块|部分|章节|章|节|段|要求|表述|任务|措施"
_POINTING = rf"(?:的|这|那|上述)\s*一?(?:{_NOUN})"
_ABOUT = re.compile(rf"(?:关于|有关|对于|针对|说的|提的|讲的)([^，。；！？、\n]{{2,25}}?)(?={_POINTING})")
_THAT = re.compile(rf"([^，。；！？、：“”\"《》\s]{{2,24}}?)\s*(?=[这那]一?(?:{_NOUN}))")
_CUE_AFTER = re.compile(rf"\s*[”\"」』’》】〉]?\s*(?:{_POINTING}|里|中|提到|写的|方面)")
_SHORTEST_HEADING = 4
_SHORTEST_SAYING = 5
_SHORTEST_SENTENCE = 5
_MOST_HOLDERS = 2


class Quotations:
    """Finds headings and sentences of one document in a comment."""

    def __init__(self, outline: Outline) -> None:
        self._headings = [
            (entry.place, plain(entry.clause.heading)) for entry in outline.entries if entry.clause.heading
        ]
        self._bodies = [(entry.place, plain(entry.clause.text or "")) for entry in outline.entries]

    def find(self, comment: str) -> list[Reference]:
        """The clauses that are named by words, each once with its greatest certainty."""
        best: dict[int, Reference] = {}
        for reference in self._all(comment):
            known = best.get(reference.place)
            if known is None or reference.certainty > known.certainty:
                best[reference.place] = reference
        return list(best.values())

    def _all(self, comment: str) -> Iterator[Reference]:
        for found in _QUOTED.finditer(comment):
            cued = _CUE_AFTER.match(comment, found.end(1)) is not None
            yield from self._named(found.group(1), 0.8)
            yield from self._quoted(found.group(1), cued=cued)
        for pattern in (_ABOUT, _THAT):
            for found in pattern.finditer(comment):
                yield from self._named(found.group(1), 0.68)
        yield from self._said(comment)

    def _named(self, words: str, floor: float) -> Iterator[Reference]:
        """Headings that are equal to the words, or as like them as `floor` asks."""
        wanted = plain(words)
        if len(wanted) < 2:
            return
        likeness = [(fuzz.ratio(wanted, heading) / 100, place) for place, heading in self._headings]
        best = max((alike for alike, _ in likeness), default=0.0)
        for alike, place in likeness:
            if alike >= max(floor, best - 0.02):
                yield Reference(place, 0.7 + 0.3 * alike, "heading", words)

    def _quoted(self, words: str, *, cued: bool) -> Iterator[Reference]:
        """Clauses whose text has the quoted words, unless many have them: then they name none."""
        wanted = plain(words)
        if len(wanted) < (_SHORTEST_HEADING if cued else _SHORTEST_SENTENCE):
            return
        holders = [place for place, body in self._bodies if wanted in body]
        if len(holders) <= _MOST_HOLDERS:
            for place in holders:
                yield Reference(place, 0.9 if len(holders) == 1 else 0.8, "quotation", words)

    def _said(self, comment: str) -> Iterator[Reference]:
        """A heading that stands in the comment word for word, without quotation marks."""
        said = plain(comment)
        for place, heading in self._headings:
            if len(heading) >= _SHORTEST_HEADING and heading in said:
                at = comment.find(heading)
                cued = at >= 0 and _CUE_AFTER.match(comment, at + len(heading)) is not None
                if cued or len(heading) >= _SHORTEST_SAYING:
                    yield Reference(place, 0.93 if cued else 0.85, "heading", heading)
