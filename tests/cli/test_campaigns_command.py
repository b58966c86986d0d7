"""`yanlu campaigns`: comments of the same content from a file, and looking again at a consultation's."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.campaigns.models import Campaign
from tests.cli.conftest import Yanlu
from tests.support import journey
from tests.support.journey import SLUG, World

LETTER = "建议图书馆的自习室开到晚上十点，周末不闭馆。"


def test_each_line_is_answered_in_its_order(yanlu: Yanlu, var_dir: Path, tmp_path: Path) -> None:
    rows = [("b", LETTER), (7, "同意"), (None, f"您好！{LETTER}谢谢！"), ("b", "公园的长椅太少，走一圈没地方歇脚。")]
    batch = tmp_path / "comments.jsonl"
    batch.write_text("\n".join(json.dumps({"id": id, "text": text}) for id, text in rows), encoding="utf-8")
    outcome = yanlu("campaigns", "--batch", str(batch))
    found = [json.loads(line) for line in outcome.out.splitlines()]
    assert (outcome.code, [list(row) for row in found]) == (0, [["id", "campaign"]] * 4)
    assert [row["id"] for row in found] == ["b", 7, None, "b"]
    keys = [row["campaign"] for row in found]
    assert keys[0] == keys[2]
    assert [key is None for key in keys] == [False, True, False, True]
    assert "4 of 4" in outcome.err
    assert not var_dir.exists()


def test_a_broken_line_is_named_and_nothing_is_answered(yanlu: Yanlu, tmp_path: Path) -> None:
    batch = tmp_path / "comments.jsonl"
    batch.write_text('{"id": 1, "text": "甲"}\n{"id": 2}\n', encoding="utf-8")
    outcome = yanlu("campaigns", "--batch", str(batch))
    assert (outcome.code, outcome.out) == (1, "")
    assert "line 2" in outcome.err


@pytest.mark.parametrize("arguments", [(), ("--batch", "a.jsonl", "--rebuild", "x")])
def test_one_of_the_two_is_asked_for(yanlu: Yanlu, arguments: tuple[str, ...]) -> None:
    assert yanlu("campaigns", *arguments).code == 2


def test_a_consultation_is_looked_at_again(yanlu: Yanlu, sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in range(3):
        journey.submit(sqlite_world, person=person, comment=LETTER)
    monkeypatch.setenv("YANLU_DATABASE_URL", str(sqlite_world.database.engine.url))
    assert yanlu("campaigns", "--rebuild", SLUG).code == 0
    with sqlite_world.database.reading() as session:
        assert session.scalars(select(Campaign)).one().members == 3
    assert yanlu("campaigns", "--rebuild", "nothing").code == 1
