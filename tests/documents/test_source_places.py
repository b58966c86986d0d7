"""Every clause that is found points at its lines in the source, in order; nothing is ever pointed at outside it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.departments.directory import Directory, load_seed
from app.documents.extraction import extract
from app.documents.source_places import places

SAMPLES = Path(__file__).parent / "samples"
DIRECTORY = Directory(load_seed())
TEXT = """关于修好楼道灯的办法
一、总则
（一）范围。适用于全部楼道灯，
包括应急灯。
（二）职责。
二、附则
（一）范围。同上。"""


def test_the_lines_of_each_clause() -> None:
    found = extract(TEXT, DIRECTORY)
    assert places(TEXT, found.clauses) == [(1, 1), (2, 3), (4, 4), (5, 5), (6, 6)]


@pytest.mark.parametrize("sample", sorted(path.stem for path in SAMPLES.glob("*.txt")))
def test_every_clause_of_the_samples_is_found_again(sample: str) -> None:
    text = (SAMPLES / f"{sample}.txt").read_text(encoding="utf-8")
    found = places(text, extract(text, DIRECTORY).clauses)
    begins = [place[0] for place in found if place]
    assert None not in found
    assert begins == sorted(begins)


@given(st.text("一二、（）.12 条第\n责任单位：省厅，。", max_size=120), st.text("一二、（）12条\n", max_size=60))
def test_places_are_lines_of_the_text_whatever_it_is(text: str, other: str) -> None:
    lines = text.count("\n") + 1
    for place in places(text, extract(other, DIRECTORY).clauses):
        assert place is None or 0 <= place[0] <= place[1] < lines
