"""Some rules of security/rules that cost nothing, held in every run; the scanners of `make security` know more."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from security.sources import accepted
from tests.architecture.source import Module, dotted, read_tree
from tests.support.parts import ROOT

FROM_VALUES = {"text", "literal_column", "exec_driver_sql"}
CODE = {"eval", "exec", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load"}
CHANCE = {"random", "np.random", "numpy.random"}
REPEATED = re.compile(r"\((?:\?:)?(?:\[[^\]]+\]|\\?[^\\()|])[+*]\)[+*{]")
"""A group that is nothing but a repetition, repeated: where a separator comes first, there is one way to read it."""
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false")


def allowed(rule: str, path: str) -> bool:
    return any(entry["rule"] == rule and path.startswith(entry["prefix"]) for entry in accepted("semgrep"))


def calls(modules: Sequence[Module]) -> Iterator[tuple[Module, ast.Call]]:
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                yield module, node


def statements(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(call.lineno, dotted(call))
        for module, call in calls(modules)
        if dotted(call).rpartition(".")[2] in FROM_VALUES
        and call.args
        and (isinstance(call.args[0], ast.JoinedStr | ast.BinOp) or dotted(call.args[0]) == "format")
        and not allowed("statement-from-values", str(module.path))
    ]


def orders(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(call.lineno, dotted(call))
        for module, call in calls(modules)
        if dotted(call).rpartition(".")[2] in {"order_by", "group_by"}
        and any(isinstance(one, ast.Call) and dotted(one) == "getattr" for part in call.args for one in ast.walk(part))
    ]


def code(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(call.lineno, dotted(call))
        for module, call in calls(modules)
        if (dotted(call) in CODE or any(word.arg == "shell" for word in call.keywords))
        and not allowed("code-from-data", str(module.path))
    ]


def chance(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(call.lineno, dotted(call))
        for module, call in calls(modules)
        if dotted(call).rpartition(".")[0] in CHANCE and not allowed("guessable-random", str(module.path))
    ]


def expressions(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(call.lineno, str(part.value))
        for module, call in calls(modules)
        if dotted(call).startswith("re.")
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and REPEATED.search(part.value)
    ]


@pytest.fixture(scope="module")
def app() -> Sequence[Module]:
    return read_tree(ROOT, "app")


def test_statements_are_put_together_only_where_it_was_accepted(app: Sequence[Module]) -> None:
    assert statements(app) + orders(app) == []


def test_there_is_no_shell_and_no_code_from_data(app: Sequence[Module]) -> None:
    assert code(app) == []


def test_guessable_chance_only_draws(app: Sequence[Module]) -> None:
    assert chance(app) == []


def test_no_expression_repeats_a_repetition(app: Sequence[Module]) -> None:
    assert expressions(app) == []


def test_no_template_switches_its_escaping_off() -> None:
    pages = sorted((ROOT / "templates").rglob("*.html"))
    assert len(pages) > 50
    assert [str(path) for path in pages if UNESCAPED.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (statements, 'session.execute(text(f"SELECT {value}"))'),
        (statements, 'session.execute(text("SELECT " + value))'),
        (statements, 'session.execute(text("SELECT {}".format(value)))'),
        (orders, "query.order_by(getattr(Row, name).desc())"),
        (code, "subprocess.run(words, shell=True)"),
        (code, "pickle.loads(body)"),
        (chance, "random.randint(0, 9)"),
        (expressions, 're.compile("^(a+)+$")'),
    ],
)
def test_a_planted_line_is_seen(rule: Callable[[Sequence[Module]], list[str]], line: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(line + "\n", encoding="utf-8")
    assert len(rule(read_tree(tmp_path, "."))) == 1
