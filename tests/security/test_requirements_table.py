"""docs/security.md's table: every requirement once, every named test there, nothing called met without one."""

import ast
from functools import cache
from typing import Any

import pytest

from security import page
from security.outcome import Outcome
from tests.support.journey import START
from tests.support.parts import ROOT

ENTRIES = page.requirements()


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def test_every_number_is_there_once() -> None:
    assert [entry["number"] for entry in ENTRIES] == list(range(1, 65))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["number"]))
def test_a_state_is_held_by_tests_that_exist(entry: dict[str, Any]) -> None:
    assert entry["state"] in page.STATES
    assert entry["text"]
    assert entry["sources"]
    if entry["state"] == "met":
        assert entry.get("tests")
    else:
        assert entry.get("remark"), "what is missing is said"
    for proof in entry.get("tests", ()):
        path, _, name = proof.partition("::")
        assert path.rpartition("/")[2].startswith("test_"), proof
        assert name in named_in(path), proof


def test_the_page_shows_the_table_as_it_is() -> None:
    assert page.table(ENTRIES) in page.PAGE.read_text(encoding="utf-8"), "python -m security --table"


def test_a_part_of_the_page_is_replaced_and_the_rest_stays() -> None:
    before = "a\n<!-- part -->\nold\n<!-- end of part -->\nb\n"
    assert page.put(before, "part", "new \\1") == "a\n<!-- part -->\nnew \\1\n<!-- end of part -->\nb\n"
    with pytest.raises(ValueError, match="other"):
        page.put(before, "other", "new")


def test_a_check_that_ran_alone_leaves_the_lines_of_the_others() -> None:
    first = Outcome("bandit", "1", "app", "1 planted, 1 seen")
    second = Outcome("ffuf", "2", "names", "1 planted, 1 seen", ["answers: /x|y"])
    both = page.results([first, second], START)
    assert "| ffuf | 2026-05-11 | 2 | names | 1 findings: answers: /x\\|y | 0 | 1 planted, 1 seen |" in both
    alone = page.results([Outcome("ffuf", "3", "names", "1 planted, 1 seen")], START, both)
    assert alone.count("| bandit | ") == alone.count("| ffuf | 2026-05-11 | 3 |") == 1
    assert "answers" not in alone
    assert alone.count("Last run on 2026-05-11: ") == 1
