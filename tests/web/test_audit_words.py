"""Whatever the service records, the auditor reads in words."""

import ast
from collections.abc import Iterator
from pathlib import Path

from app.web.audit_words import WORDS

APP = Path(__file__).parents[2] / "app"


def recorded() -> Iterator[str]:
    """Every action that stands as such in a call of `audit.record`."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record" and len(node.args) > 3:
                words = ast.walk(node.args[3])
                yield from (
                    word.value
                    for word in words
                    if isinstance(word, ast.Constant) and isinstance(word.value, str) and "." in word.value
                    if not word.value.endswith(("_", "."))  # the rest is worked out
                )


def test_every_action_has_words() -> None:
    actions = set(recorded())
    assert len(actions) > 100
    assert sorted(actions - set(WORDS)) == []
