"""Comments against a draft on the command line."""

import json
from pathlib import Path

import pytest

from app.cli import demo
from tests.cli.conftest import Yanlu

DRAFT = Path(demo.__file__).parent / "demonstration" / "page.txt"


def test_one_comment_gives_one_json_object_without_a_database(yanlu: Yanlu, var_dir: Path) -> None:
    outcome = yanlu("match", "--document", str(DRAFT), "--text", "第7条的绿灯还是太短", "--json")
    found = json.loads(outcome.out)
    assert (outcome.code, outcome.err, outcome.out.count("\n")) == (0, "", 1)
    assert (found["kind"], found["matches"][0]["clause"]) == ("clause", "二/（二）/7")
    assert not var_dir.exists()


def test_a_batch_keeps_its_order_and_its_ids(yanlu: Yanlu, tmp_path: Path) -> None:
    batch = tmp_path / "comments.jsonl"
    lines = [{"id": "b", "text": "第10条很好"}, {"id": 1, "text": "这个方案好，支持，早日出台"}]
    batch.write_text("\ufeff" + "\n\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    outcome = yanlu("match", "--document", str(DRAFT), "--batch", str(batch), "--json")
    found = [json.loads(line) for line in outcome.out.splitlines()]
    assert [(row["id"], row["kind"]) for row in found] == [("b", "clause"), (1, "general")]
    assert list(found[0]) == ["id", "kind", "matches"]


@pytest.mark.parametrize(
    "broken", ["{", "[]", '{"id": "a"}', '{"id": null, "text": "x"}', '{"id": "a", "text": 3}', "\xff"]
)
def test_a_broken_line_is_named_and_nothing_is_printed(yanlu: Yanlu, tmp_path: Path, broken: str) -> None:
    batch = tmp_path / "comments.jsonl"
    batch.write_bytes(b'{"id": "a", "text": "x"}\n' + broken.encode("latin-1") + b"\n")
    outcome = yanlu("match", "--document", str(DRAFT), "--batch", str(batch))
    assert (outcome.code, outcome.out) == (1, "")
    assert "line 2" in outcome.err
    assert outcome.err.count("\n") == 1


def test_people_get_a_table(yanlu: Yanlu) -> None:
    outcome = yanlu("match", "--document", str(DRAFT), "--text", "下雪三天没人扫")
    assert outcome.code == 0
    assert outcome.out.splitlines()[0] == "clause"
    assert "二/（二）/10" in outcome.out.splitlines()[2]


@pytest.mark.parametrize("options", [(), ("--text", "a", "--batch", "b")])
def test_either_a_comment_or_a_batch(yanlu: Yanlu, options: tuple[str, ...]) -> None:
    outcome = yanlu("match", "--document", str(DRAFT), *options)
    assert outcome.code == 2
    assert "--batch" in outcome.err
