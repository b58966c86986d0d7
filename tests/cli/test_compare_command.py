"""`yanlu documents compare`: two files in, one object or a table out."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Yanlu

TITLE = "辽宁省城市公园提升方案\n"
DRAFT = TITLE + "一、增加林荫步道。沿河道种树，每年新增步道三十公里。（责任单位：省林草局、省财政厅）\n"
FINAL = TITLE + "一、增加林荫步道。沿河道种树，每年新增步道五十公里。（责任单位：省林草局、省水利厅）\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    paths = (tmp_path / "draft.txt", tmp_path / "final.txt")
    for path, text in zip(paths, (DRAFT, FINAL), strict=True):
        path.write_text(text, encoding="utf-8")
    return str(paths[0]), str(paths[1])


def test_it_prints_one_json_object_and_needs_no_database(yanlu: Yanlu, var_dir: Path, files: tuple[str, str]) -> None:
    outcome = yanlu("documents", "compare", *files, "--json")
    (row,) = json.loads(outcome.out)["clauses"]
    assert (outcome.code, outcome.err, outcome.out.count("\n")) == (0, "", 1)
    assert (row["draft_label"], row["draft_number"], row["final_label"], row["relation"]) == ("一", "一", "一", "kept")
    assert row["unit_changes"] == {"added": ["省水利厅"], "removed": ["省财政厅"], "renamed": []}
    assert {"op": "delete", "text": "三十"} in row["diff"]
    assert not var_dir.exists()


def test_pretty_is_the_same_object_indented(yanlu: Yanlu, files: tuple[str, str]) -> None:
    plain, pretty = (yanlu("documents", "compare", *files, "--json", *more).out for more in ((), ("--pretty",)))
    assert json.loads(plain) == json.loads(pretty)
    assert pretty.count("\n") > 10


def test_for_people_it_is_a_table(yanlu: Yanlu, files: tuple[str, str]) -> None:
    header, line = yanlu("documents", "compare", *files).out.splitlines()
    assert header.split("\t")[:3] == ["draft", "final", "relation"]
    assert line.split("\t") == ["一", "一", "kept", "", "省水利厅", "省财政厅"]
