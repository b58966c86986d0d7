"""What a migration may not do while programs of the version before go on serving (docs/migrations.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

BIG = frozenset(
    {
        *("submissions", "submitter_identities", "submission_clauses", "submission_files", "submission_keys"),
        *("displayed_comments", "search_places", "audit_entries", "audit_seals", "unsealed_entries", "jobs"),
        *("deliveries", "events", "passages", "suggestions", "captcha_burned", "log_entries"),
    }
)
"""Tables that grow with what people send: nothing may hold their locks for long."""
BREAKS = {
    "drop_column": "a program of the version before still reads the column",
    "drop_table": "a program of the version before still reads the table",
    "rename_table": "a program of the version before knows the old name only",
    "alter_column": "what a program of the version before writes may not fit any more",
    "drop_constraint": "contract later, when nobody relies on it",
    "batch_alter_table": "it copies the whole table under a lock",
    "create_unique_constraint": "what a program of the version before writes may break it, and the table is locked",
    "create_check_constraint": "it locks the table while all rows are read; add it NOT VALID, validate it later",
    "create_foreign_key": "it locks both tables while all rows are read; add it NOT VALID, validate it later",
}
DESTROYS = re.compile(r"\b(DROP\s+(TABLE|COLUMN)|RENAME|SET\s+NOT\s+NULL|TRUNCATE|DELETE\s+FROM)\b", re.IGNORECASE)
REWRITES = re.compile(rf"\bUPDATE\s+({'|'.join(sorted(BIG))})\b", re.IGNORECASE)
CONSTRAINS = re.compile(r"\bADD\s+CONSTRAINT\b(?!.*\bNOT\s+VALID\b)", re.IGNORECASE | re.DOTALL)


def problems(source: str) -> list[str]:
    """What `upgrade` of a migration does that isn't expanding; of a table that it creates itself it may do anything."""
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    calls = [call for name in _reached(functions) for call in _calls(functions[name])]
    own = {_text(call.args[0]) for name, call in calls if name == "create_table" and call.args}
    return [problem for name, call in calls if (problem := _problem(name, call, own))]


def says_that_it_contracts(source: str) -> bool:
    return any(
        isinstance(node, ast.Assign) and [_name(target) for target in node.targets] == ["OLDEST_PROGRAM"]
        for node in ast.parse(source).body
    )


def revisions(folder: Path, after: str) -> dict[str, str]:
    """Revision → source, of the migrations after that one."""
    found = {path.name.partition("_")[0]: path for path in sorted(folder.glob("0*.py"))}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items() if name > after}


def _reached(functions: dict[str, ast.FunctionDef]) -> set[str]:
    """`upgrade` and what it calls in its own file."""
    reached, waiting = set[str](), ["upgrade"]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in reached:
            reached.add(name)
            waiting += [node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name)]
    return reached


def _calls(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def _problem(name: str, call: ast.Call, own: set[str]) -> str | None:
    table = _text(call.args[1] if name in ("create_index", "create_unique_constraint") and len(call.args) > 1 else None)
    table = table or _text(call.args[0] if call.args else None)
    if table in own:
        return None
    if name in BREAKS:
        return f"{name}: {BREAKS[name]}"
    if name == "add_column":
        return _of_column(call)
    if name == "create_index":
        return _of_index(call, table)
    said = " ".join(filter(None, map(_text, ast.walk(call))))
    return f"{name}: {said[:60]}" if name == "execute" and _breaks(said) else None


def _of_column(call: ast.Call) -> str | None:
    column = next((node for node in call.args[1:] if isinstance(node, ast.Call)), None)
    given = {word.arg: word.value for word in column.keywords} if column else {}
    may_be_null = not isinstance(given.get("nullable"), ast.Constant) or given["nullable"].value is not False  # type: ignore[attr-defined]
    return None if may_be_null or "server_default" in given else "add_column: NOT NULL needs a server default"


def _of_index(call: ast.Call, table: str) -> str | None:
    given = {word.arg for word in call.keywords}
    if any(word.arg == "unique" and getattr(word.value, "value", True) for word in call.keywords):
        return "create_index: what a program of the version before writes may break a unique one"
    if table in BIG and "postgresql_concurrently" not in given:
        return f"create_index: {table} may be large; give postgresql_concurrently"
    return None


def _breaks(said: str) -> bool:
    return any(pattern.search(said) for pattern in (DESTROYS, REWRITES, CONSTRAINS))


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""
