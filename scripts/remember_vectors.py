"""Works out the vectors of the table's words, which come with the project: starting would cost a minute without them.

Run it after the table or the model has changed: python -m scripts.remember_vectors. What it doesn't know is worked out
when a process starts, so forgetting to run it costs time and nothing else.
"""

import json
import sys
from pathlib import Path

import numpy as np

from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract
from app.documents.matching.embedding import LONGEST_PASSAGE, load_model
from app.documents.matching.synonyms import load_concepts
from app.documents.matching.vectors import REMEMBERED, Remembered, digest, embedded, groups
from app.documents.matching.wording import without_notes

PROJECT = Path(__file__).parents[1]
TESTS = PROJECT / "tests" / "documents"
TARGET = PROJECT / "app" / "documents" / "matching" / "data" / REMEMBERED
COMMENTS = ("development", "held_out")
"""The sets whose comments' mean is taken: none that a figure of docs/matching.md is measured on."""


def _comments() -> list[str]:
    lines = [(TESTS / "matching" / f"comments_{name}.jsonl").read_text(encoding="utf-8") for name in COMMENTS]
    return [json.loads(line)["text"] for line in "".join(lines).splitlines()]


def _clauses() -> list[str]:
    directory = Directory(load_seed())
    texts = [path.read_text(encoding="utf-8") for path in sorted((TESTS / "samples").glob("*.txt"))]
    found = [clause.text for text in texts for clause in extract(text, directory).clauses if clause.text]
    return [without_notes(text)[:LONGEST_PASSAGE] for text in found]


def main() -> None:
    model = load_model()
    if model is None:
        sys.exit("the model can't run here")
    texts = [text for concept in load_concepts() for text in groups(concept)]
    kept = Remembered(
        dict(zip(map(digest, texts), embedded(model, texts), strict=True)),
        np.mean([model.query(text) for text in _comments()], axis=0, dtype=np.float32),
        np.mean(embedded(model, _clauses()), axis=0, dtype=np.float32),
    )
    kept.save(str(TARGET))
    sys.stdout.write(f"{len(kept.vectors)} groups of words, {TARGET.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
