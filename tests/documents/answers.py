"""Answer keys of our own sample documents: one line a clause, `label heading = unit:role unit …`."""

from dataclasses import dataclass, field
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


@dataclass
class Answers:
    """What a careful reader finds in a sample. Units are `name` or `name:role`; headings may be left out."""

    title: str = ""
    headings: dict[str, str] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=dict)
    implied: list[str] = field(default_factory=list)


def read_answers(path: Path) -> Answers:
    answers = Answers()
    for line in path.read_text(encoding="utf-8").splitlines():
        left, _, right = line.partition(" = ")
        word, _, rest = left.partition(" ")
        if word == "title":
            answers.title = rest
        elif word == "implied":
            answers.implied = rest.split()
        elif word == "row":
            answers.rows[int(rest)] = right.split()
        elif word:
            answers.headings[word] = rest
            answers.units[word] = right.split()
    return answers
