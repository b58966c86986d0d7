"""A tree of Python sources, read once, for the rules of this folder.

A rule is a function of modules that answers the violations it found, each as `path:line: what is wrong`; so it can be
tried on a small tree that holds one planted mistake.
"""

import ast
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

EDGES = ("app.main", "app.web", "app.api", "app.cli", "app.worker")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file; `path` is relative to the root of the tree."""

    path: PurePosixPath
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The dotted name under which others import it."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def at(self, line: int, what: str) -> str:
        return f"{self.path}:{line}: {what}"

    def is_in(self, packages: Sequence[str]) -> bool:
        """Whether it is one of the packages or modules, or lies inside one."""
        return is_within(self.name, packages)


def is_within(name: str, packages: Collection[str]) -> bool:
    """Whether a dotted name is one of the packages, or lies inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


Rule = Callable[[Sequence[Module]], list[str]]


def read_tree(root: Path, *folders: str) -> list[Module]:
    """Every Python source in the folders of the root."""
    paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    return [_read(root, path) for path in paths]


def _read(root: Path, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(PurePosixPath(path.relative_to(root).as_posix()), text, ast.parse(text))


def functions(module: Module) -> Iterator[Function]:
    """Every function and method, those inside others too."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            yield node


def top_functions(module: Module) -> dict[str, ast.FunctionDef]:
    """The functions of the module itself, by name."""
    return {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported; `from a import b` gives `a.b`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def bound_by_import(module: Module) -> set[str]:
    """The names that stand for imported modules and objects."""
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.partition(".")[0] for node in nodes for alias in node.names}


def dotted(node: ast.AST) -> str:
    """`a.b.c` of such an expression; of a call, what is called; empty for anything else."""
    if isinstance(node, ast.Call):
        return dotted(node.func)
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""
