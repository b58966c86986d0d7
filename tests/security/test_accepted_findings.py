"""A finding fails unless somebody accepted it with a reason, and an acceptance doesn't outlive its finding."""

import pytest

from security import sources
from security.accepting import Finding, sift

TOLD = [Finding("B1", "app/a.py", 3), Finding("B1", "app/b.py", 4)]
ONE = {"rule": "B1", "prefix": "app/a.py", "reason": "it compares"}


def test_what_nobody_accepted_is_told() -> None:
    assert sift(TOLD, [ONE]) == (["app/b.py:4: B1"], 1)
    assert sift(TOLD, []) == (["app/a.py:3: B1", "app/b.py:4: B1"], 0)
    assert sift(TOLD, [ONE, ONE | {"prefix": "app/b.py"}]) == ([], 2)


def test_another_rule_is_not_covered() -> None:
    problems, kept = sift([Finding("B2", "app/a.py", 3)], [ONE])
    assert kept == 0
    assert problems == ["app/a.py:3: B2", "accepted, and no longer told: B1 app/a.py"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_no_acceptance_without_a_reason(reason: str) -> None:
    problems, _ = sift(TOLD[:1], [ONE | {"reason": reason}])
    assert len(problems) == 1


@pytest.mark.parametrize("tool", ["bandit", "history", "semgrep", "wapiti"])
def test_every_entry_of_ours_is_whole(tool: str) -> None:
    for entry in sources.accepted(tool):
        assert entry.keys() == {"rule", "prefix", "reason"}
        assert len(entry["reason"]) > 8


def test_every_rule_of_ours_has_its_planted_line() -> None:
    planted = sources._planted()
    assert sources._rules() == planted["sources"].keys() | planted["templates"].keys()
