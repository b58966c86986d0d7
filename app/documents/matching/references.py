"""The clauses that a comment names: by number, resolved within the right list, or by heading or quotation."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents.matching.citations import Citation, Step, read_citations
from app.documents.matching.outline import Entry, Outline, Style

_ALIKE = 0.25
"""Candidates whose cost is within this of the best are all listed: the reference alone can't tell them apart."""

_DIVISIONS = {Style.DIVISION: 0.0, Style.CHAPTER: 0.5}
_ITEMS = {
    Style.BRACKETED: 0.2,
    Style.DIGIT: 0.3,
    Style.BRACKETED_DIGIT: 0.4,
    Style.CIRCLED: 0.5,
    Style.CHINESE: 0.4,
    Style.ARTICLE: 1.0,
    Style.SECTION: 1.2,
}
_COSTS: dict[str, dict[Style, float]] = {
    "编": {Style.DIVISION: 0.0},
    "章": {Style.CHAPTER: 0.0, Style.DIVISION: 0.5, Style.CHINESE: 1.0},
    "节": {Style.SECTION: 0.0, Style.BRACKETED: 0.8, Style.CHINESE: 0.8},
    "条": {Style.ARTICLE: 0.0, Style.DIGIT: 0.5, Style.CHINESE: 0.8, Style.BRACKETED: 0.9, Style.BRACKETED_DIGIT: 1.3},
    "一": {Style.CHINESE: 0.0, Style.DIVISION: 0.3, Style.CHAPTER: 0.4, Style.BRACKETED: 0.9},
    "()": {Style.BRACKETED: 0.0, Style.BRACKETED_DIGIT: 0.0, Style.DIGIT: 0.9, Style.CHINESE: 0.9},
    "1": {Style.DIGIT: 0.0, Style.BRACKETED_DIGIT: 0.4, Style.BRACKETED: 0.8},
    "①": {Style.CIRCLED: 0.0, Style.BRACKETED_DIGIT: 0.6},
}
_TOP = {Style.CHINESE: 0.1, Style.DIGIT: 0.7, Style.BRACKETED: 0.8}
_OF_PARTS = frozenset({"部分", "大部分", "大项", "大点", "大条"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A clause that is named. `certainty` is 0..1; `printed` the words of the comment; `way` number or words."""

    place: int
    certainty: float
    way: str
    printed: str


def _style_cost(step: Step, entry: Entry) -> float | None:
    """How far the printed unit is from the marker's kind; None where they can't mean the same."""
    style = entry.marker.style
    if step.unit in _OF_PARTS:
        cost = _DIVISIONS.get(style, _TOP.get(style) if entry.clause.level == 1 else None)
    elif step.unit in _COSTS:
        cost = _COSTS[step.unit].get(style)
    else:
        cost = _ITEMS.get(style)
    if cost is None:
        return None
    if step.bracketed:
        cost += 0.0 if style in (Style.BRACKETED, Style.BRACKETED_DIGIT) else 0.3
    digits = style in (Style.DIGIT, Style.BRACKETED_DIGIT, Style.CIRCLED)
    return cost + (0.4 if step.chinese == digits and step.unit != "条" else 0.0)


class Resolver:
    """Finds the clauses of numbered references in one document."""

    def __init__(self, outline: Outline) -> None:
        self._entries = outline.entries
        self._children = outline.children
        self._has_articles = any(entry.marker.style is Style.ARTICLE for entry in outline.entries)
        self._by_value: dict[int, list[Entry]] = {}
        self._by_print: dict[str, list[Entry]] = {}
        for entry in self._entries:
            self._by_print.setdefault(entry.marker.printed, []).append(entry)
            if entry.marker.value is not None:
                self._by_value.setdefault(entry.marker.value, []).append(entry)

    def find(self, comment: str) -> list[Reference]:
        """The clauses that are named by number, in the order of print, each once with its greatest certainty."""
        best: dict[int, Reference] = {}
        for citation in read_citations(comment):
            for place, certainty in self._resolve(citation):
                known = best.get(place)
                if known is None or certainty > known.certainty:
                    best[place] = Reference(place, certainty, "number", citation.printed)
        return list(best.values())

    def _resolve(self, citation: Citation) -> Iterator[tuple[int, float]]:
        *above, last = citation.steps
        if last.unit == "1.1":
            for entry in self._by_print.get(last.printed, ()):
                yield entry.place, 1.0
            return
        for value in last.values:
            costs = self._candidates(above, last, value)
            least = min(costs.values(), default=0.0)
            for place, cost in sorted(costs.items(), key=lambda item: (item[1], item[0])):
                if cost <= least + _ALIKE:
                    yield place, 1.0 - min(0.3, cost - least) - min(0.1, least / 20)

    def _candidates(self, above: list[Step], last: Step, value: int) -> dict[int, float]:
        """Cost by place. Numbers first, then places in the list, then the clause above, then without what's above."""
        costs = self._numbered(above, last, value)
        if costs or not above:
            return costs
        parents = self._candidates(above[:-1], above[-1], above[-1].values[0]) if above[-1].values else {}
        nth = [
            children[value - 1]
            for parent in parents
            if 0 < value <= len(children := self._children.get(parent, [])) and last.unit not in ("款", "段")
        ]
        if nth:
            return dict.fromkeys(nth, 0.5)
        return parents or self._numbered([], last, value)

    def _numbered(self, above: list[Step], last: Step, value: int) -> dict[int, float]:
        costs: dict[int, float] = {}
        for entry in self._by_value.get(value, ()):
            own = self._cost(last, entry)
            path = self._path_cost(above, entry) if own is not None else None
            if own is not None and path is not None:
                costs[entry.place] = own + path + (0.0 if above else self._unlikeliness(entry, last))
        return costs

    def _cost(self, step: Step, entry: Entry) -> float | None:
        """Where articles are printed, 条 means nothing else."""
        if step.unit == "条" and self._has_articles and entry.marker.style is not Style.ARTICLE:
            return None
        return _style_cost(step, entry)

    def _unlikeliness(self, entry: Entry, step: Step) -> float:
        """Without a part named, a number that occurs once is meant rather than one that every part has."""
        if step.bracketed or step.unit in _OF_PARTS:
            return 0.0
        bare = not entry.clause.text and entry.marker.style is not Style.CHAPTER
        top = entry.marker.style is Style.CHINESE
        return (0.5 if bare or top else 0.0) + (0.4 if entry.namesakes > 1 else 0.0)

    def _path_cost(self, above: list[Step], entry: Entry) -> float | None:
        cost, skipped = 0.0, 0
        remaining = list(above)
        for place in entry.ancestors:
            if not remaining:
                break
            step, ancestor = remaining[-1], self._entries[place]
            own = self._cost(step, ancestor) if ancestor.marker.value in step.values else None
            if own is None:
                skipped += 1
            else:
                cost += own
                remaining.pop()
        return None if remaining else cost + 0.25 * skipped
