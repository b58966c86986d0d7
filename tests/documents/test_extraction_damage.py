"""Damaged text: never an exception, and what is found degrades gracefully."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from answers import SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.departments.directory import Directory, load_seed
from app.documents.extraction import Extraction, extract, to_json
from app.kit.text import comparable

DIRECTORY = Directory(load_seed())
SAMPLE_TEXTS = tuple(path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt")))
OPEN_DOCUMENTS = ("000_05f18a2fc9945433", "001_71da066cfbebc1b6", "002_b3c2b9682595d250", "004_63186863a17740ee")
Damage = Callable[[str, random.Random], str]


def drop(characters: str, share: float) -> Damage:
    return lambda text, chance: "".join(c for c in text if c not in characters or chance.random() > share)


def drop_anything(share: float) -> Damage:
    return lambda text, chance: "".join(c for c in text if c == "\n" or chance.random() > share)


def wrap(width: int) -> Damage:
    def wrapped(text: str, _: random.Random) -> str:
        lines = (line.strip() for line in text.splitlines())
        return "\n".join(line[at : at + width] for line in lines for at in range(0, max(len(line), 1), width))

    return wrapped


def full_width(text: str, _: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def half_width(text: str, _: random.Random) -> str:
    return text.translate(str.maketrans("（）：，；", "():,;"))


def blanks(share: float) -> Damage:
    return lambda text, chance: "".join(c + " " * (chance.random() < share) for c in text)


def lose_breaks(share: float) -> Damage:
    return lambda text, chance: "".join(c for c in text if c != "\n" or chance.random() > share)


DAMAGES: dict[str, tuple[Damage, float]] = {
    "a third of the brackets": (drop("（）()〔〕", 0.33), 0.9),
    "all brackets": (drop("（）()〔〕", 1.0), 0.6),
    "a third of the separators": (drop("、", 0.33), 0.9),
    "all separators": (drop("、", 1.0), 0.9),
    "half of the stops": (drop("。", 0.5), 0.9),
    "all colons": (drop("：:", 1.0), 0.9),
    "wrapped at 34": (wrap(34), 0.98),
    "wrapped at 45": (wrap(45), 0.98),
    "all characters full width": (full_width, 0.98),
    "all punctuation half width": (half_width, 0.98),
    "blanks between characters": (blanks(0.1), 0.9),
    "every tenth line break lost": (lose_breaks(0.1), 0.85),
    "every fiftieth character lost": (drop_anything(0.02), 0.5),
}
"""A kind of damage → what it does, and the least F1 of units against the undamaged reading."""


def units(found: Extraction) -> set[tuple[str, str]]:
    in_clauses = {(clause.label, comparable(unit.name)) for clause in found.clauses for unit in clause.units}
    return in_clauses | {(str(row.no), comparable(unit.name)) for row in found.annex_rows for unit in row.units}


def agreement(damaged: Extraction, whole: Extraction) -> float:
    both = len(units(damaged) & units(whole))
    total = len(units(damaged)) + len(units(whole))
    return 2 * both / total if total else 1.0


@pytest.mark.shared
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", OPEN_DOCUMENTS)
def test_damage_costs_little(name: str, damage: str, shared_dir: Path) -> None:
    text = (shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
    change, floor = DAMAGES[damage]
    damaged = extract(change(text, random.Random(7)), DIRECTORY)
    assert agreement(damaged, extract(text, DIRECTORY)) >= floor


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_costs_little_over_all_samples(damage: str) -> None:
    """The samples are short, so one lost mark weighs more: the mean counts."""
    change, floor = DAMAGES[damage]
    found = [
        agreement(extract(change(text, random.Random(7)), DIRECTORY), extract(text, DIRECTORY)) for text in SAMPLE_TEXTS
    ]
    assert sum(found) / len(found) >= floor - 0.15


@st.composite
def damaged_samples(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SAMPLE_TEXTS))
    chance = random.Random(draw(st.integers(0, 2**16)))
    for name in draw(st.lists(st.sampled_from(sorted(DAMAGES)), min_size=1, max_size=3)):
        text = DAMAGES[name][0](text, chance)
    cut = draw(st.integers(0, len(text)))
    return text[cut:] if draw(st.booleans()) else text[:cut]


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_samples())
def test_no_damage_raises_and_labels_stay_unique(text: str) -> None:
    found = extract(text, DIRECTORY)
    labels = [clause.label for clause in found.clauses]
    assert len(labels) == len(set(labels))
    assert to_json(found)["title"] == found.title


ODD = st.text(alphabet="一二十（）()〔〕第条章、。：；1.①责任单位牵头省市厅局委各政府等附件序号\n\t　 ", max_size=160)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ODD)
def test_no_arrangement_of_marks_raises(text: str) -> None:
    found = extract(text, DIRECTORY)
    assert all(unit.written_as for clause in found.clauses for unit in clause.units)
