"""The field's table of words: what people say in everyday life beside what policies call it.

The table is data/synonyms.csv with the columns field, concept, everyday, policy; words are divided by blanks, and a *
in a word stands for up to three characters (爬*楼). Editors add rows or words; nothing else has to change.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from app.kit.text import comparable

OUTSIDE = "outside"
"""The field of matters that people raise although no draft is about them."""

GENERAL = "general"
"""The field of what people say on a draft as a whole."""

_COLUMNS = ("field", "concept", "everyday", "policy")


class SynonymsError(Exception):
    """A table that can't be used; the message names the line."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One matter of public life. `everyday` are people's words, `policy` those of documents; both lead to it."""

    field: str
    name: str
    everyday: tuple[str, ...]
    policy: tuple[str, ...]


def read_concepts(lines: Iterable[str]) -> tuple[Concept, ...]:
    """The rows of a table. Raises SynonymsError for missing columns, a row without words or a name given twice."""
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise SynonymsError(f"line 1: the columns must be {', '.join(_COLUMNS)}")
    concepts: dict[str, Concept] = {}
    for row in reader:
        if None in row or None in row.values():
            raise SynonymsError(f"line {reader.line_num}: not {len(_COLUMNS)} columns")
        concept = Concept(row["field"], row["concept"], tuple(row["everyday"].split()), tuple(row["policy"].split()))
        if not concept.name or not (concept.everyday or concept.policy):
            raise SynonymsError(f"line {reader.line_num}: no name or no words")
        if concept.name in concepts:
            raise SynonymsError(f"line {reader.line_num}: {concept.name} is given twice")
        concepts[concept.name] = concept
    return tuple(concepts.values())


def load_concepts() -> tuple[Concept, ...]:
    """The table that comes with the project."""
    table = resources.files("app.documents.matching") / "data" / "synonyms.csv"
    with table.open(encoding="utf-8-sig") as lines:
        return read_concepts(lines)


@dataclass(frozen=True, slots=True)
class Found:
    """The concepts that a text speaks of, how often, and the words by which each was found."""

    counts: Counter[str]
    words: Mapping[str, tuple[str, ...]]


class Synonyms:
    """Finds concepts in a text. Words are found wherever they stand: Chinese prints no limits between words."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        self.fields: dict[str, str] = {}
        self._concepts_of: dict[str, list[str]] = {}
        self._patterns: list[tuple[re.Pattern[str], str]] = []
        for concept in self.concepts:
            self.fields[concept.name] = concept.field
            for word in dict.fromkeys((*concept.everyday, *concept.policy)):
                self._add(comparable(word).lower(), concept.name)
        words = sorted(self._concepts_of, key=len, reverse=True)
        self._lengths = sorted({len(word) for word in words}, reverse=True)

    def _add(self, word: str, concept: str) -> None:
        if "*" in word:
            pattern = r"\w{0,3}".join(re.escape(piece) for piece in word.split("*"))
            self._patterns.append((re.compile(pattern), concept))
        else:
            self._concepts_of.setdefault(word, []).append(concept)

    def find(self, text: str) -> Found:
        """Every concept of `text`; a word inside a longer word of the same concept counts once."""
        folded = comparable(text).lower()
        words: dict[str, list[str]] = {}
        ends: dict[str, int] = {}
        for concept, word, end in self._hits(folded):
            if end > ends.get(concept, 0):
                ends[concept] = end
                words.setdefault(concept, []).append(word)
        for pattern, concept in self._patterns:
            words.setdefault(concept, []).extend(found.group() for found in pattern.finditer(folded))
        words = {concept: found for concept, found in words.items() if found}
        counts = Counter({concept: len(found) for concept, found in words.items()})
        return Found(counts, {concept: tuple(dict.fromkeys(found)) for concept, found in words.items()})

    def _hits(self, folded: str) -> Iterator[tuple[str, str, int]]:
        """Concept, word and the word's end, by where the word begins and then the longest first."""
        for start in range(len(folded)):
            for length in self._lengths:
                word = folded[start : start + length]
                if len(word) == length:
                    yield from ((concept, word, start + length) for concept in self._concepts_of.get(word, ()))
