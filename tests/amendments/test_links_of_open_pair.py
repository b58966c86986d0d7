"""The open draft and its final text: which changes invented suggestions are led to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.amendments.changes import changes_of
from app.amendments.scoring import Found, Scorer
from app.departments.directory import Directory, load_seed
from app.documents.compared import kept_form, read
from app.documents.comparison import compare
from app.documents.extraction import extract
from app.documents.matching.synonyms import Synonyms, load_concepts

pytestmark = pytest.mark.shared
WISHES = Path(__file__).with_name("wishes.jsonl")


@pytest.fixture(scope="module")
def scorer(shared_dir: Path) -> Scorer:
    directory = Directory(load_seed())
    names = ("001_71da066cfbebc1b6", "000_05f18a2fc9945433")
    draft, final = ((shared_dir / "seeds" / f"{name}.txt").read_text(encoding="utf-8") for name in names)
    rows = read(kept_form(compare(extract(draft, directory), extract(final, directory))))
    return Scorer(changes_of(rows), Synonyms(load_concepts()))


def led(scorer: Scorer, text: str, clause: str | None) -> tuple[Found, ...]:
    return scorer.proposals(text, [one.id for one in scorer.changes if clause and one.draft_label == clause])


@pytest.mark.parametrize(
    "text",
    ["家里老人起夜怕摔，盼着住的房子也能做适老化改造，政府多鼓励。", "请在文件里写明鼓励居家适老化改造。"],
)
@pytest.mark.parametrize("clause", [None, "二/（一）/5"])
def test_who_asks_for_age_friendly_homes_is_led_to_the_clause_that_got_them(
    scorer: Scorer, text: str, clause: str | None
) -> None:
    first = led(scorer, text, clause)[0]
    assert first.change.row.final is not None
    assert (first.change.final_label, first.change.row.final.heading) == ("二/（一）/5", "推进适老化改造")
    assert any("适老化" in word for word in first.words)


def test_the_figures_of_the_documentation_hold(scorer: Scorer) -> None:
    wishes = [json.loads(line) for line in WISHES.read_text(encoding="utf-8").splitlines()]
    right = {True: 0, False: 0}
    for wish in wishes:
        found = led(scorer, wish["text"], wish["clause"])
        right[wish["clause"] is not None] += bool(found) and found[0].change.final_label == wish["expected"]
    assert (len(wishes), sum(wish["clause"] is None for wish in wishes)) == (27, 14)
    assert right[True] >= 12
    assert right[False] >= 13
