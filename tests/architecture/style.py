"""Sizes, names and comments of the sources, and the pages that they name."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from functools import cache

from tests.architecture.source import Function, Module, functions
from tests.support.parts import ROOT

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60
NESTING = 3
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc"}
REMINDER = re.compile(r"\b(TODO|FIXME|XXX)\b")
TOOL = re.compile(r"#\s*(noqa|type:|pragma|fmt:|ruff:)")
PAGE = re.compile(r"\bdocs/[\w/.-]+\.md\b")
FILLER = {"a", "an", "the", "of", "to", "and", "is", "it", "its", "for", "this"}


def files_are_short(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(length, f"{length} lines, more than {LINES_OF_A_FILE}")
        for module in modules
        if (length := len(module.text.splitlines())) > LINES_OF_A_FILE
    ]


def functions_are_short(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(function.lineno, f"{function.name} has {length} lines, more than {LINES_OF_A_FUNCTION}")
        for module in modules
        for function in functions(module)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LINES_OF_A_FUNCTION
    ]


def nesting_is_shallow(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(function.lineno, f"{function.name} nests {depth} blocks, more than {NESTING}")
        for module in modules
        for function in functions(module)
        if (depth := max(map(_depth, function.body))) > NESTING
    ]


def _depth(node: ast.AST) -> int:
    """Blocks inside each other; a function inside begins anew, and `elif` goes no deeper than its `if`."""
    if isinstance(node, Function):
        return 0
    inner = max(map(_depth, ast.iter_child_nodes(node)), default=0)
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return max(1 + max(map(_depth, node.body)), _depth(node.orelse[0]))
    return inner + isinstance(node, BLOCKS)


def names_say_something(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(1, f"{word} says nothing about what is inside")
        for module in modules
        for word in sorted(SAYS_NOTHING & set(module.path.with_suffix("").parts))
    ]


def nothing_is_left_to_do(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(line, f"{found.group()} is left")
        for module in modules
        for line, text in (*_comments(module), *_docstrings(module))
        if (found := REMINDER.search(text))
    ]


def no_code_is_commented_out(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(line, f"commented-out code: {text}")
        for module in modules
        for line, text in _comments(module)
        if not TOOL.match(text) and _is_code(text.lstrip("#").strip())
    ]


@cache
def _comments(module: Module) -> Sequence[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(module.text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def _docstrings(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and (text := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), text


def _is_code(text: str) -> bool:
    try:
        statements = ast.parse(text).body
    except SyntaxError:
        return False
    return any(map(_does_something, statements))


def _does_something(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.AnnAssign):
        return statement.value is not None
    is_statement = isinstance(statement, ast.Assign | ast.AugAssign | ast.Import | ast.ImportFrom)
    return is_statement or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call | ast.Await))


def docstrings_add_to_the_name(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(node.lineno, f"the docstring of {node.name} only repeats its name")
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef | Function) and _only_repeats(node.name, ast.get_docstring(node))
    ]


def _only_repeats(name: str, docstring: str | None) -> bool:
    return docstring is not None and _words(docstring) <= _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))


def _words(text: str) -> set[str]:
    """Without fillers and endings, so that `Opens the store.` is no more than `open_store`."""
    found = re.findall(r"[^\W_]+", text.lower())
    return {re.sub(r"(e?s|ed|ing|e)$", "", word) for word in found if word not in FILLER}


def pages_that_are_named_exist(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(number, f"there is no {page}")
        for module in modules
        for number, line in enumerate(module.text.splitlines(), 1)
        for page in PAGE.findall(line)
        if not (ROOT / page).is_file()
    ]


RULES = (
    files_are_short,
    functions_are_short,
    nesting_is_shallow,
    names_say_something,
    nothing_is_left_to_do,
    no_code_is_commented_out,
    docstrings_add_to_the_name,
    pages_that_are_named_exist,
)
