"""What a pass over the rows of a consultation's results comes to, in memory that doesn't grow with their number."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from app.dispositions.kinds import DispositionKind
from app.kit.errors import Unprocessable
from app.kit.text import tidy
from app.papers.filling import Opinion, Outcome
from app.papers.lines import clause_of, proposers
from app.papers.words import outcome_words
from app.reporting.result_rows import ResultRow

MOST_LISTED = 3000
"""Suggestions that a paper made from a template can list, and rows of a table in a DOCX."""
MOST_REASONS = 5000
"""Different reasons of one outcome that are told apart."""
REASONS_NAMED = 3
LONGEST_REASON = 120


class Tally:
    """Counts rows as they pass. `lists`: keeps them too, so that a template can name each."""

    def __init__(self, *, lists: bool) -> None:
        self.counts: Counter[tuple[str, Outcome]] = Counter()
        self.clauses: dict[str, str] = {}
        self.opinions: dict[str, list[Opinion]] = defaultdict(list)
        self._reasons: dict[DispositionKind, Counter[str]] = defaultdict(Counter)
        self._lists = lists

    @property
    def rows(self) -> int:
        return self.counts.total()

    def passing(self, rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
        """The same rows, counted. Raises Unprocessable("paper_too_many_rows") where more than MOST_LISTED are kept."""
        for row in rows:
            self._take(row)
            yield row

    def reasons(self) -> dict[DispositionKind, list[str]]:
        """The most frequent reasons of each outcome, those of most suggestions first; of a long one its beginning."""
        return {kind: [one for one, _ in found.most_common(REASONS_NAMED)] for kind, found in self._reasons.items()}

    def _take(self, row: ResultRow) -> None:
        self.clauses.setdefault(row.clause_label, clause_of(row))
        self.counts[row.clause_label, row.disposition] += 1
        if row.disposition is not None:
            self._take_reason(row.disposition, row.reason)
        if self._lists:
            if self.rows > MOST_LISTED:
                raise Unprocessable("paper_too_many_rows", limit=MOST_LISTED)
            self.opinions[row.clause_label].append(_opinion(row))

    def _take_reason(self, kind: DispositionKind, reason: str) -> None:
        words = tidy(" ".join(reason.split())).rstrip("。；;. ")
        short = words if len(words) <= LONGEST_REASON else f"{words[:LONGEST_REASON]}……"
        known = self._reasons[kind]
        if short and (short in known or len(known) < MOST_REASONS):
            known[short] += 1


def _opinion(row: ResultRow) -> Opinion:
    values = {
        "提出人": proposers(row),
        "条目": clause_of(row),
        "意见": row.text,
        "办理结果": outcome_words(row.disposition),
        "理由": row.reason if row.disposition else "",
        "修改后文字": "\n".join(row.amended),
        "承办单位": row.department,
    }
    return Opinion(row.disposition, values)
