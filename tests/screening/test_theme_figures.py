"""How well alike comments are put together: the figures of docs/gathering.md, on comments that chose no threshold."""

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from app.documents.matching.embedding import load_model
from app.documents.matching.likeness import Likeness, packed, unpacked
from app.documents.matching.synonyms import Synonyms, load_concepts
from app.screening.grouping import BY_LETTERS, BY_MEANING, FEWEST, Thresholds, groups

COMMENTS = Path(__file__).parent / "comments_by_theme.jsonl"
Figures = tuple[float, float, float, float]


@lru_cache(maxsize=1)
def drafts() -> dict[str, list[tuple[str, str]]]:
    """Draft → (theme, comment) in the order of arrival."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in COMMENTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["draft"], []).append((row["theme"], row["text"]))
    return found


def figures(likeness: Likeness, thresholds: Thresholds) -> Figures:
    """Shares: of comments in a group; of those, in one that is mostly theirs; of themes with such a group; of pairs
    in one group that are of one theme.
    """
    inside = pure = found = wanted = right = pairs = comments = 0
    for rows in drafts().values():
        names = [theme for theme, _ in rows]
        vectors = [unpacked(packed(likeness.vector(text))) for _, text in rows]
        counted = [Counter(names[place] for place in group) for group in groups(vectors, thresholds.together)]
        inside += sum(count.total() for count in counted)
        pure += sum(max(count.values()) for count in counted)
        mostly = {count.most_common(1)[0][0] for count in counted if 2 * max(count.values()) > count.total()}
        wanted += sum(count >= FEWEST for count in Counter(names).values())
        found += len(mostly)
        right += sum(each * (each - 1) // 2 for count in counted for each in count.values())
        pairs += sum(count.total() * (count.total() - 1) // 2 for count in counted)
        comments += len(rows)
    return inside / comments, pure / max(inside, 1), found / wanted, right / max(pairs, 1)


def test_by_meaning() -> None:
    model = load_model()
    if model is None:
        pytest.skip("the model can't run here")
    inside, pure, found, right = figures(Likeness(model, Synonyms(load_concepts())), BY_MEANING)
    assert (inside > 0.6, pure > 0.8, found > 0.75, right > 0.7) == (True, True, True, True)


def test_by_letters_alone() -> None:
    inside, pure, found, right = figures(Likeness(None, Synonyms(load_concepts())), BY_LETTERS)
    assert (inside > 0.5, pure > 0.85, found > 0.8, right > 0.8) == (True, True, True, True)
