"""Small trees with one mistake each: source, and the rule that has to see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.architecture import actions, boundaries, style
from tests.architecture.source import Rule

REMINDER = "TO" + "DO"
NO_PAGE = "docs" + "/of-nothing.md"
ACTION = "app/screening/actions.py"
GOOD_ACTION = '''
def accept(session: Session, actor: Actor, at: datetime, revision: int) -> None:
    """Takes it on."""
    require(actor, Permission.SCREEN)
    row = session.get(Row, revision)
    row.state = LIFECYCLE.after(row.state, Event.ACCEPT)
    row.accepted_at = at
    session.add(Decision(row.id))
    audit.record(session, actor, at, "row.accepted", ("row", row.id))
    return row


def mark_handed_over(row: Row, at: datetime) -> None:
    row.handed_over_at = at


def find(session: Session, row_id: str) -> Row:
    return session.get(Row, row_id)
'''
"""Every rule is content with it; the planted mistakes are made out of it."""


@dataclass(frozen=True)
class Mistake:
    """A file that breaks one rule, and part of what the rule has to say."""

    rule: Rule
    path: str
    text: str
    told: str


def _instead(old: str, new: str) -> str:
    assert old in GOOD_ACTION
    return GOOD_ACTION.replace(old, new)


RECORD = '    audit.record(session, actor, at, "row.accepted", ("row", row.id))\n'
REQUIRE = "    require(actor, Permission.SCREEN)\n"
STEP = "    row.state = LIFECYCLE.after(row.state, Event.ACCEPT)\n"
SHOWN_LATE = "def _show(session: Session, row: Row) -> None:\n    session.add(Shown(row.id))\n"

OF_ACTIONS: Mapping[str, Mistake] = {
    "no permission": Mistake(actions.permission_comes_first, ACTION, _instead(REQUIRE, ""), "begin with require"),
    "permission of another": Mistake(
        actions.permission_comes_first, ACTION, _instead("require(actor", "require(other"), "begin with require"
    ),
    "permission after a read": Mistake(
        actions.permission_comes_first,
        ACTION,
        _instead(REQUIRE, f"    row = session.get(Row, 1)\n{REQUIRE}"),
        "begin with require",
    ),
    "arguments in another order": Mistake(
        actions.actions_take_session_actor_at,
        ACTION,
        _instead("actor: Actor, at: datetime, revision: int", "at: datetime, actor: Actor, revision: int"),
        "must begin with (session, actor, at)",
    ),
    "no audit entry": Mistake(actions.audit_comes_last, ACTION, _instead(RECORD, ""), "must call audit.record"),
    "audit entry on a branch": Mistake(
        actions.audit_comes_last, ACTION, _instead(RECORD, f"    if revision:\n    {RECORD}"), "not only on a branch"
    ),
    "audit entry of another": Mistake(
        actions.audit_comes_last, ACTION, _instead("record(session, actor", "record(session, other"), "must call"
    ),
    "change after the audit entry": Mistake(
        actions.audit_comes_last, ACTION, _instead("    return row\n", "    row.seen = True\n"), "after its audit entry"
    ),
    "change after the audit entry, in another function": Mistake(
        actions.audit_comes_last,
        ACTION,
        _instead("    return row\n", "    _show(session, row)\n") + SHOWN_LATE,
        "after its audit entry",
    ),
    "statement after the audit entry": Mistake(
        actions.audit_comes_last,
        ACTION,
        _instead("    return row\n", "    session.execute(delete(Row).where(Row.id == 1))\n"),
        "after its audit entry",
    ),
    "return before the audit entry": Mistake(
        actions.audit_comes_last,
        ACTION,
        _instead(RECORD, f"    if revision:\n        return row\n{RECORD}"),
        "before its audit entry",
    ),
    "change before the transition": Mistake(
        actions.transition_comes_before_change,
        ACTION,
        _instead(STEP, f"    row.seen, row.seen_at = True, at\n{STEP}"),
        "before its transition",
    ),
    "row added before the transition": Mistake(
        actions.transition_comes_before_change,
        ACTION,
        _instead(STEP, f"    _show(session, row)\n{STEP}") + SHOWN_LATE,
        "before its transition",
    ),
    "helper that changes by itself": Mistake(
        actions.nothing_changes_without_an_actor,
        ACTION,
        _instead("    return session.get(Row, row_id)", "    session.add(Row(row_id))"),
        "no actor answers",
    ),
    "action in another module": Mistake(
        actions.changes_stand_where_actions_are_kept, "app/screening/queries.py", GOOD_ACTION, "leave changes to"
    ),
    "unasked composition of actions": Mistake(
        actions.changes_stand_where_actions_are_kept,
        "app/screening/importing.py",
        "def both(session, actor, at):\n    accept(session, actor, at)\n",
        "ask for its permission first",
    ),
}

QUERIES = "app/screening/queries.py"
OF_BOUNDARIES: Mapping[str, Mistake] = {
    "commit": Mistake(
        boundaries.only_the_database_module_commits, ACTION, "def f(session):\n    session.commit()\n", "session.commit"
    ),
    "rollback of a field": Mistake(
        boundaries.only_the_database_module_commits,
        "app/web/page.py",
        "def f(self):\n    self.session.rollback()\n",
        "self.session.rollback",
    ),
    "begin": Mistake(
        boundaries.only_the_database_module_commits,
        "app/worker/loop.py",
        "def f(engine):\n    with engine.begin() as c:\n        c.execute()\n",
        "engine.begin",
    ),
    "session of one's own": Mistake(
        boundaries.only_the_database_module_commits,
        "app/cli/staff.py",
        "from sqlalchemy import orm\nsession = orm.Session()\n",
        "orm.Session",
    ),
    "engine of one's own": Mistake(
        boundaries.only_the_database_module_commits, QUERIES, "engine = create_engine('sqlite://')\n", "create_engine"
    ),
    "mark": Mistake(
        boundaries.only_leases_are_marked_while_reading,
        "app/web/staff/queue.py",
        "def f(database):\n    with database.marking() as session:\n        read(session)\n",
        "app.web.staff.leasing",
    ),
    "clock": Mistake(
        boundaries.only_some_read_the_clock, QUERIES, "import datetime\nx = datetime.datetime.now()\n", "now reads"
    ),
    "clock in UTC": Mistake(
        boundaries.only_some_read_the_clock, ACTION, "from datetime import datetime\nx = datetime.utcnow()\n", "utcnow"
    ),
    "clock as a default": Mistake(
        boundaries.only_some_read_the_clock,
        QUERIES,
        "from datetime import date\ncolumn(default=date.today)\n",
        "date.today",
    ),
    "clock of the machine": Mistake(
        boundaries.only_some_read_the_clock, "app/web/pages.py", "from time import time\n", "time.time"
    ),
    "system clock": Mistake(
        boundaries.only_edges_have_the_system_clock,
        ACTION,
        "from app.kit.clock import SystemClock\n",
        "app.kit.clock.SystemClock",
    ),
    "system clock of the module": Mistake(
        boundaries.only_edges_have_the_system_clock,
        QUERIES,
        "from app.kit import clock\nnow = clock.SystemClock().now()\n",
        "clock.SystemClock",
    ),
    "settings": Mistake(boundaries.only_edges_read_settings, ACTION, "from app.config import Settings\n", "app.config"),
    "settings as a module": Mistake(
        boundaries.only_edges_read_settings, QUERIES, "from app import config\n", "app.config"
    ),
    "environment": Mistake(
        boundaries.only_some_read_the_environment, QUERIES, "import os\nx = os.environ['X']\n", "os.environ"
    ),
    "environment by function": Mistake(
        boundaries.only_some_read_the_environment, QUERIES, "from os import getenv\n", "os.getenv"
    ),
    "environment changed": Mistake(
        boundaries.only_some_read_the_environment, QUERIES, "import os\nos.putenv('X', 'y')\n", "os.putenv"
    ),
    "life cycle with a store": Mistake(
        boundaries.pure_modules_touch_nothing, "app/screening/lifecycle.py", "from sqlalchemy import select\n", "pure"
    ),
    "pure by its own word": Mistake(
        boundaries.pure_modules_touch_nothing,
        "app/screening/passages.py",
        '"""Cuts sentences. Pure; no more."""\nfrom app.kit.database import Model\n',
        "app.kit.database",
    ),
    "edges": Mistake(
        boundaries.edges_dont_import_each_other, "app/api/v1/x.py", "from app.web import forms\n", "app.web"
    ),
    "relationship": Mistake(
        boundaries.relationships_never_load_by_themselves,
        "app/screening/models.py",
        "rows = relationship('Row')\n",
        'lazy="raise"',
    ),
    "relationship that loads": Mistake(
        boundaries.relationships_never_load_by_themselves,
        "app/screening/models.py",
        "rows = orm.relationship('Row', lazy='select')\n",
        'lazy="raise"',
    ),
}

X = "app/x.py"
DEEP = (
    "def f():\n    if a:\n        for b in a:\n            with b:\n                while c:\n                    c()\n"
)
OF_STYLE: Mapping[str, Mistake] = {
    "long file": Mistake(style.files_are_short, X, "x = 1\n" * 401, "401 lines"),
    "long function": Mistake(style.functions_are_short, X, "def f():\n" + "    x()\n" * 60, "61 lines"),
    "deep nesting": Mistake(style.nesting_is_shallow, X, DEEP, "4 blocks"),
    "deep try": Mistake(
        style.nesting_is_shallow,
        X,
        "def f():\n try:\n  g()\n except E:\n  if a:\n   for b in a:\n    if b:\n     g()\n",
        "4 blocks",
    ),
    "package without a meaning": Mistake(style.names_say_something, "app/helpers/text.py", "", "helpers"),
    "module without a meaning": Mistake(style.names_say_something, "app/kit/utils.py", "", "utils"),
    "reminder": Mistake(style.nothing_is_left_to_do, X, f"x = 1  # {REMINDER}: more\n", REMINDER),
    "reminder in a docstring": Mistake(
        style.nothing_is_left_to_do, X, f'def f():\n    """Adds. {REMINDER}."""\n', REMINDER
    ),
    "assignment in a comment": Mistake(style.no_code_is_commented_out, X, "# x = f(1)\n", "x = f(1)"),
    "call in a comment": Mistake(style.no_code_is_commented_out, X, "x = 1\n#print(x)\n", "print(x)"),
    "import in a comment": Mistake(style.no_code_is_commented_out, X, "# import os\n", "import os"),
    "docstring of the name": Mistake(
        style.docstrings_add_to_the_name, X, 'def open_store():\n    """Opens the store."""\n', "open_store"
    ),
    "docstring of the class": Mistake(
        style.docstrings_add_to_the_name, X, 'class SealedToken:\n    """A sealed token."""\n', "SealedToken"
    ),
    "page that isn't there": Mistake(style.pages_that_are_named_exist, X, f'"""A part ({NO_PAGE})."""\n', NO_PAGE),
}
