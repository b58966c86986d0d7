"""Who may commit, read the clock, the settings or the environment, and what stays pure."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.architecture.source import EDGES, Module, bound_by_import, dotted, imports, is_within

DATABASE = ("app.kit.database",)
DOCTOR = "app.cli.examination"
"""Proves that the store can be written by a change that it rolls back."""
MARKS = ("app.web.staff.leasing", "app.api.noting", "app.throttles.sharing")
UNIT_OF_WORK = {"commit", "rollback", "begin", "begin_nested", "prepare"}
MAKERS = {"Session", "sessionmaker", "scoped_session", "create_engine", "AsyncSession", "create_async_engine"}
CLOCK_READINGS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "sleep"},
}
READS_CLOCK = ("app.kit.clock", "app.kit.identifiers", "app.kit.observing", "app.kit.clamd", "app.cli", "app.worker")
READS_ENVIRONMENT = ("app.config", "app.cli", "app.worker")
READS_SETTINGS = ("app.config", *EDGES)
HAS_SYSTEM_CLOCK = ("app.kit.clock", "app.main", "app.cli", "app.worker")
IMPURE = (
    *("sqlalchemy", "alembic", "psycopg", "fastapi", "starlette", "httptools", "structlog", "prometheus_client"),
    *("os", "io", "pathlib", "shutil", "socket", "subprocess", "tempfile", "threading", "asyncio", "urllib.request"),
    *("secrets", "random", "time", "uuid.uuid4", "logging"),
    *("app.config", "app.audit", "app.jobs", "app.kit.database", "app.kit.http", "app.kit.observing"),
    *("app.kit.clock.SystemClock", "app.kit.identifiers.new_id"),
)
PURE_AFTER_ALL = ("os.path.commonprefix",)
SIDES = ("app.web", "app.api", "app.cli", "app.worker")


def only_the_database_module_commits(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(node.lineno, f"{dotted(node)}() belongs to app.kit.database")
        for module in modules
        if not module.is_in((*DATABASE, DOCTOR))
        for imported in [bound_by_import(module)]
        for node in _calls(module)
        if _ends_or_begins_work(node, imported) or dotted(node).rpartition(".")[2] in MAKERS
    ]


def _ends_or_begins_work(call: ast.Call, imported: Collection[str]) -> bool:
    """`sessions.begin(…)` of an imported module is a verb of that module and no transaction."""
    receiver, _, verb = dotted(call).rpartition(".")
    return isinstance(call.func, ast.Attribute) and verb in UNIT_OF_WORK and receiver not in imported


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def only_leases_are_marked_while_reading(modules: Sequence[Module]) -> list[str]:
    """A mark is written by what is only read; docs/decisions/0016 and 0021 say which."""
    return [
        module.at(node.lineno, f"{dotted(node)}() is for {' and '.join(MARKS)} alone")
        for module in modules
        if not module.is_in(MARKS)
        for node in _calls(module)
        if dotted(node).rpartition(".")[2] == "marking"
    ]


def only_some_read_the_clock(modules: Sequence[Module]) -> list[str]:
    """Everybody else is told the instant, so that a test can choose it."""
    return [
        module.at(node.lineno, f"{dotted(node)} reads the clock; take the instant as a value")
        for module in modules
        if not module.is_in(READS_CLOCK)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and _is_reading(dotted(node), CLOCK_READINGS)
    ] + _importers(modules, [f"time.{name}" for name in CLOCK_READINGS["time"]], READS_CLOCK)


def _is_reading(name: str, readings: Mapping[str, Collection[str]]) -> bool:
    receiver, _, attribute = name.rpartition(".")
    return attribute in readings.get(receiver.rpartition(".")[2], ())


def only_edges_have_the_system_clock(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(node.lineno, f"{dotted(node)} is made at an edge and passed down")
        for module in modules
        if not module.is_in(HAS_SYSTEM_CLOCK)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute) and dotted(node).endswith("SystemClock")
    ] + _importers(modules, ["app.kit.clock.SystemClock"], HAS_SYSTEM_CLOCK)


def only_edges_read_settings(modules: Sequence[Module]) -> list[str]:
    return _importers(modules, ["app.config"], READS_SETTINGS)


def only_some_read_the_environment(modules: Sequence[Module]) -> list[str]:
    names = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv")
    return [
        module.at(node.lineno, f"{dotted(node)} is for the settings and two edges only")
        for module in modules
        if not module.is_in(READS_ENVIRONMENT)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and dotted(node) in names
    ] + _importers(modules, names, READS_ENVIRONMENT)


def _importers(modules: Sequence[Module], names: Collection[str], allowed: Sequence[str]) -> list[str]:
    return [
        module.at(line, f"imports {name}")
        for module in modules
        if not module.is_in(allowed)
        for line, name in imports(module)
        if is_within(name, names)
    ]


def pure_modules_touch_nothing(modules: Sequence[Module]) -> list[str]:
    """Life cycles, and whatever says of itself that it is pure, import nothing that stores, sends, waits or guesses."""
    return [
        module.at(line, f"is pure and imports {name}")
        for module in modules
        if is_pure(module)
        for line, name in imports(module)
        if is_within(name, IMPURE) and name not in PURE_AFTER_ALL
    ]


def is_pure(module: Module) -> bool:
    said = re.search(r"\bPure[.;]", ast.get_docstring(module.tree) or "")
    return module.path.name == "lifecycle.py" or said is not None


def edges_dont_import_each_other(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(line, f"{own} imports {name}")
        for own in SIDES
        for module in modules
        if module.is_in([own])
        for line, name in imports(module)
        if is_within(name, [side for side in SIDES if side != own])
    ]


def relationships_never_load_by_themselves(modules: Sequence[Module]) -> list[str]:
    return [
        module.at(node.lineno, 'a relationship must say lazy="raise"')
        for module in modules
        for node in _calls(module)
        if dotted(node).rpartition(".")[2] == "relationship" and not _raises(node)
    ]


def _raises(call: ast.Call) -> bool:
    said = {keyword.arg: keyword.value for keyword in call.keywords}.get("lazy")
    return isinstance(said, ast.Constant) and said.value == "raise"


RULES = (
    only_the_database_module_commits,
    only_leases_are_marked_while_reading,
    only_some_read_the_clock,
    only_edges_have_the_system_clock,
    only_edges_read_settings,
    only_some_read_the_environment,
    pure_modules_touch_nothing,
    edges_dont_import_each_other,
    relationships_never_load_by_themselves,
)
