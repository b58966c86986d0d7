"""The labelled comments and the documents they are about; the figures that the tests and docs/matching.md give."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.departments.directory import Directory, load_seed
from app.documents.extracted import Clause
from app.documents.extraction import extract
from app.documents.matching import Matcher
from app.documents.matching.embedding import load_model

HERE = Path(__file__).parent
PROJECT = HERE.parents[2]
SHARED = PROJECT.parent / "shared"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A comment with the answer: the clauses that it's about (any of them is right, unless they are all named)."""

    id: str
    document: str
    text: str
    kind: str
    clauses: tuple[str, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1: of paraphrased comments (first, among the first three), of named clauses, of kinds."""

    first: float
    among_three: float
    named: float
    kinds: float
    comments: int


def read_labelled(name: str) -> Iterator[Labelled]:
    for line in (HERE / f"comments_{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Labelled(row["id"], row["document"], row["text"], row["kind"], tuple(row["clauses"]), row["named"])


def _path(document: str) -> Path:
    origin, _, name = document.partition(":")
    if origin == "shared":
        return SHARED / "seeds" / f"{name}.txt"
    if origin == "draft":
        return HERE / "drafts" / f"{name}.txt"
    if origin == "sample":
        return PROJECT / "tests" / "documents" / "samples" / name
    return PROJECT / "app" / "cli" / "demonstration" / "page.txt"


@lru_cache(maxsize=40)
def clauses_of(document: str) -> tuple[Clause, ...]:
    return extract(_path(document).read_text(encoding="utf-8"), Directory(load_seed())).clauses


@lru_cache(maxsize=40)
def matcher_of(document: str) -> Matcher:
    return Matcher(clauses_of(document))


@lru_cache(maxsize=40)
def matcher_with_vectors(document: str) -> Matcher:
    return Matcher(clauses_of(document), model=load_model())


def measure(comments: list[Labelled], matcher_of: Callable[[str], Matcher] = matcher_of) -> Figures:
    first, three, named, kinds = [], [], [], []
    for comment in comments:
        result = matcher_of(comment.document).match(comment.text)
        proposed = [match.clause for match in result.matches]
        kinds.append(result.kind.value == comment.kind)
        if comment.named:
            named.append(set(proposed[: len(comment.clauses)]) == set(comment.clauses))
        elif comment.kind == "clause":
            first.append(bool(set(proposed[:1]) & set(comment.clauses)))
            three.append(bool(set(proposed[:3]) & set(comment.clauses)))
    return Figures(_share(first), _share(three), _share(named), _share(kinds), len(comments))


def _share(found: list[bool]) -> float:
    return round(sum(found) / len(found), 3) if found else 1.0
