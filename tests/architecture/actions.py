"""The order of every action: permission → transition → change → audit → outbox → return."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from tests.architecture.source import EDGES, Module, dotted, top_functions

ACTOR = ["session", "actor", "at"]
NO_ACTIONS = (*EDGES, "app.audit", "tests")
"""Edges call actions, and the audit ledger is called by them; neither holds any."""
HOLD_ACTIONS = (
    "app/*/actions.py",
    "app/accounts/own.py",
    "app/assignments/asking.py",
    "app/assignments/joining.py",
    "app/assignments/supervising.py",
    "app/accounts/granting.py",
    "app/screening/editing.py",
    "app/screening/regrouping.py",
    "app/screening/theming.py",
    "app/screening/deciding.py",
    "app/screening/preparing_reasons.py",
    "app/screening/undoing.py",
    "app/departments/proposing.py",
    "app/dispositions/releasing.py",
    "app/exports/ordering.py",
    "app/dispositions/files.py",
    "app/submissions/attachments.py",
    "app/submissions/batching.py",
    "app/consultations/changing.py",
    "app/consultations/preparing.py",
    "app/consultations/watching.py",
    "app/consultations/arranging.py",
    "app/consultations/messages.py",
    "app/consultations/late_codes.py",
    "app/consultations/rounds.py",
    "app/submissions/switching.py",
    "app/submissions/unlocking.py",
    "app/teamwork/allocating.py",
    "app/teamwork/saved_views.py",
    "app/screening/second_looks.py",
    "app/screening/campaigns.py",
    "app/webhooks/supervising.py",
    "app/soundings/replying.py",
    "app/soundings/handling.py",
)
SESSION_CHANGES = {f"session.{verb}" for verb in ("add", "add_all", "delete", "merge", "bulk_save_objects")}
STATEMENTS_THAT_CHANGE = {"delete", "update", "insert"}
Functions = Mapping[str, ast.FunctionDef]


def holds_actions(module: Module) -> bool:
    return any(module.path.match(pattern) for pattern in HOLD_ACTIONS)


def parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def is_action(function: ast.FunctionDef) -> bool:
    return not function.name.startswith("_") and {"actor", "at"} <= set(parameters(function))


def _actions(modules: Sequence[Module]) -> Iterator[tuple[Module, ast.FunctionDef]]:
    for module in filter(holds_actions, modules):
        yield from ((module, function) for function in top_functions(module).values() if is_action(function))


def changes_stand_where_actions_are_kept(modules: Sequence[Module]) -> list[str]:
    """A verb of an actor in any other module may put actions together; a change of its own would escape the rules."""
    return [
        module.at(function.lineno, f"{function.name} must ask for its permission first and leave changes to actions")
        for module in modules
        if not module.is_in(NO_ACTIONS) and not holds_actions(module)
        for function in top_functions(module).values()
        if not function.name.startswith("_") and set(ACTOR) <= set(parameters(function))
        if not _requires(_body(function)[0]) or _lines_of_changes(function, top_functions(module))
    ]


def actions_take_session_actor_at(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(function.lineno, f"{function.name} must begin with (session, actor, at)")
        for module, function in _actions(modules)
        if parameters(function)[:3] != ACTOR
    ]


def permission_comes_first(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(function.lineno, f"{function.name} must begin with require(actor, Permission.…)")
        for module, function in _actions(modules)
        if not _requires(_body(function)[0])
    ]


def _body(function: ast.FunctionDef) -> list[ast.stmt]:
    has_docstring = ast.get_docstring(function) is not None
    return function.body[1:] if has_docstring and len(function.body) > 1 else function.body


def _requires(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and dotted(call) == "require"
        and [dotted(argument).partition(".")[0] for argument in call.args] == ["actor", "Permission"]
    )


def audit_comes_last(modules: Sequence[Module]) -> list[str]:
    """Always, whatever the branch: an entry of the actor at that instant, and no change after it."""
    return [
        module.at(function.lineno, problem)
        for module, function in _actions(modules)
        if (problem := _audit_problem(function, top_functions(module)))
    ]


def _audit_problem(function: ast.FunctionDef, known: Functions) -> str | None:
    audited = [statement.end_lineno or 0 for statement in function.body if _records(statement)]
    if not audited:
        return f"{function.name} must call audit.record(session, actor, at, …), not only on a branch"
    changed = _lines_of_changes(function, known)
    if any(line > audited[-1] for line in changed):
        return f"{function.name} changes something after its audit entry"
    returned = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Return)]
    if any(line < audited[0] and any(change < line for change in changed) for line in returned):
        return f"{function.name} can return after a change and before its audit entry"
    return None


def _records(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and dotted(call) == "audit.record"
        and [dotted(argument) for argument in call.args[:3]] == ACTOR
    )


def transition_comes_before_change(modules: Sequence[Module]) -> list[str]:
    """A step that the life cycle refuses must be refused before anything else of it was done."""
    problems = []
    for module, function in _actions(modules):
        changed = _lines_of_changes(function, top_functions(module))
        steps = [node.end_lineno or 0 for node in ast.walk(function) if _is_transition(node)]
        if steps and any(line < max(steps) and line not in steps for line in changed):
            problems.append(module.at(function.lineno, f"{function.name} changes something before its transition"))
    return problems


def nothing_changes_without_an_actor(modules: Sequence[Module]) -> list[str]:
    """A verb that another area calls in its own transaction may set marks on a record it is given, and no more."""
    return [
        module.at(function.lineno, f"{function.name} takes a session and changes, but no actor answers for it")
        for module in filter(holds_actions, modules)
        for function in top_functions(module).values()
        if not function.name.startswith("_") and not is_action(function) and "session" in parameters(function)
        if _lines_of_changes(function, top_functions(module))
    ]


def _is_transition(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "after"


def _lines_of_changes(function: ast.FunctionDef, known: Functions, seen: frozenset[str] = frozenset()) -> list[int]:
    """Where the function, or a private one of its module that it calls, changes a record or the session."""
    lines = []
    for node in ast.walk(function):
        called = dotted(node) if isinstance(node, ast.Call) else ""
        inner = known.get(called) if called.startswith("_") and called not in seen else None
        if _changes(node) or (inner and _lines_of_changes(inner, known, seen | {called})):
            lines.append(int(getattr(node, "end_lineno", 0)))
    return lines


def _changes(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(_is_attribute(target) for target in node.targets)
    if isinstance(node, ast.AugAssign):
        return _is_attribute(node.target)
    if isinstance(node, ast.Call):
        statement = next((dotted(part) for part in ast.walk(node) if dotted(part) in STATEMENTS_THAT_CHANGE), None)
        executes = dotted(node) in ("session.execute", "session.scalars") and statement is not None
        return dotted(node) == "setattr" or dotted(node) in SESSION_CHANGES or executes
    return False


def _is_attribute(target: ast.AST) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(map(_is_attribute, target.elts))
    return isinstance(target, ast.Attribute)


RULES = (
    changes_stand_where_actions_are_kept,
    actions_take_session_actor_at,
    permission_comes_first,
    audit_comes_last,
    transition_comes_before_change,
    nothing_changes_without_an_actor,
)
