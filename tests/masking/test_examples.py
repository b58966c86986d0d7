"""How much of the personal data in labelled comments is found, and how much of what is found is personal data.

Each line of `tuned.txt` and `held_out.txt` is a comment (\\n stands for a line break) with its personal data marked as
`{kind|text}`. People, numbers and addresses are invented; ID numbers are of the area 210199, which does not exist.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from app.masking.anonymise import anonymise
from app.masking.spans import Span

FOLDER = Path(__file__).parent
MARK = re.compile(r"\{(id_number|phone|email|im|bank_card|address|name)\|([^{}]+)\}")


def _examples(file_name: str) -> list[tuple[str, set[Span]]]:
    lines = (FOLDER / file_name).read_text(encoding="utf-8").splitlines()
    return [_read(line.replace("\\n", "\n")) for line in lines]


def _read(line: str) -> tuple[str, set[Span]]:
    text, spans, position = "", set(), 0
    for mark in MARK.finditer(line):
        text += line[position : mark.start()]
        spans.add(Span(len(text), len(text) + len(mark[2]), mark[1]))  # type: ignore[arg-type]
        text += mark[2]
        position = mark.end()
    return text + line[position:], spans


def _score(file_name: str) -> tuple[float, float]:
    """Recall and precision over all lines; a span counts only with the same kind, start and end."""
    counts: Counter[str] = Counter()
    for text, expected in _examples(file_name):
        found = set(anonymise(text).spans)
        counts += Counter(right=len(found & expected), found=len(found), expected=len(expected))
        for span in found ^ expected:
            print("missed" if span in expected else "too much", span.kind, text[span.start : span.end], "|", text)
    recall, precision = counts["right"] / counts["expected"], counts["right"] / counts["found"]
    print(f"{file_name}: {counts['expected']} spans, recall {recall:.3f}, precision {precision:.3f}")
    return recall, precision


def test_examples_that_the_patterns_were_made_on() -> None:
    recall, precision = _score("tuned.txt")
    assert recall >= 0.99
    assert precision >= 0.99


def test_examples_that_the_patterns_first_saw_as_unseen() -> None:
    """The last of ten halves written before the patterns ran on them (first scores: recall 0.950, precision 0.974).

    The patterns have changed since for other comments (`comments.jsonl`), so that it is unseen no more.
    """
    recall, precision = _score("held_out.txt")
    assert recall >= 0.95
    assert precision >= 0.95


def test_the_labels_are_many_of_every_kind_and_leave_room_for_comments_without_any() -> None:
    examples = _examples("tuned.txt") + _examples("held_out.txt")
    kinds = Counter(span.kind for _, spans in examples for span in spans)
    assert len(examples) >= 80
    assert set(kinds) == {"id_number", "phone", "email", "im", "bank_card", "address", "name"}
    assert min(kinds.values()) >= 20
    assert sum(not spans for _, spans in examples) >= 80


@pytest.mark.parametrize(
    "text",
    [
        "辽政发〔2024〕32号、国办发〔2020〕27号",
        "2026年11月22日14时30分，投资13500000000元，增长12.5%",
        "12345、12315、110、120、119、122、95598、96123、10086",
        "400-000-1234，800-000-1234",
        "沈阳市和平区太原街，北陵大街45号对面",
        "王女士、李先生、张某、赵某某、刘主任都同意",
        "第3号楼至第8号楼之间，每栋3个单元",
    ],
)
def test_what_is_never_personal_data_is_left_alone(text: str) -> None:
    assert anonymise(text).spans == ()
