"""Keep lists and counts of what the desk shows, written by the store itself

Revision: 0024
Follows: 0023

Three kinds of triggers on each store: what says something about a submission puts it into lists (`postings`); whatever
is counted appends changes of its counts (`counter_changes`); suggestions keep what is due next (`stage`).
PostgreSQL's run once for a statement, so that many rows at once cost little more than one.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHANGES = "INSERT INTO counter_changes (name, scope, value, state, n)"
LEADS = (
    "EXISTS (SELECT 1 FROM assignments a WHERE a.suggestion_id = {s}.id AND a.role = 'lead'"
    " AND a.state IN ('delivered', 'acknowledged', 'answered'))"
)
STAGE = (
    "CASE WHEN {s}.state = 'editing' AND {s}.return_remark IS NOT NULL THEN 'returned'"
    " WHEN {s}.state <> 'approved' THEN {s}.state"
    " WHEN {s}.handed_over_at IS NULL THEN 'to_assign'"
    f" WHEN {LEADS} THEN 'handed_over' ELSE 'sent_back' END"
)


@dataclass(frozen=True)
class Mark:
    """What puts a submission into a list: a row of `table`, as `t`, that meets `condition`; `s` is the submission."""

    list: str
    table: str
    value: str
    condition: str = "1 = 1"
    column: str = "submission_id"
    changing: tuple[str, ...] = ()


MARKS = (
    Mark("clause", "submission_clauses", "{t.clause_id}"),
    Mark("campaign", "campaign_members", "{t.campaign_id}", changing=("campaign_id",)),
    Mark("theme", "submission_themes", "{t.theme_id}", "t.theme_id IS NOT NULL", changing=("theme_id",)),
    Mark("held", "displayed_comments", "{s.consultation_id}", "t.state = 'waiting'", changing=("state",)),
    Mark(
        "flagged",
        "flags",
        "{s.consultation_id}",
        "t.record_kind = 'submission' AND t.resolved_at IS NULL",
        "record_id",
        ("resolved_at",),
    ),
    Mark(
        "clarifying",
        "clarifications",
        "{s.consultation_id}",
        "t.state IN ('asked', 'answered', 'lapsed')",
        changing=("state",),
    ),
    Mark("second_look", "second_looks", "{s.consultation_id}", "t.state = 'waiting'", changing=("state",)),
    Mark("to_gather", "coverages", "{s.consultation_id}", "t.is_open", changing=("is_open",)),
)


@dataclass(frozen=True)
class Count:
    """What a row of a table, as `r`, is counted as; `columns` are those that it depends on."""

    name: str
    scope: str
    value: str
    state: str
    columns: tuple[str, ...]


COUNTS: dict[str, tuple[Count, ...]] = {
    "submissions": (
        Count("submissions.channel", "{r.consultation_id}", "r.channel", "r.state", ("channel", "state")),
        Count("submissions.day", "{r.consultation_id}", "{day}", "r.state", ("received_at", "state")),
        Count(
            "submissions.person",
            "{r.consultation_id}",
            "coalesce(r.allocated_to, '')",
            "r.state",
            ("allocated_to", "state"),
        ),
    ),
    "postings": (Count("submissions.", "''", "r.value", "r.state", ("list", "value", "state")),),
    "suggestions": (
        Count("suggestions", "{r.consultation_id}", "''", "r.stage", ("stage",)),
        Count(
            "suggestions.clause",
            "{r.consultation_id}",
            "coalesce({r.clause_id}, '')",
            "r.stage",
            ("clause_id", "stage"),
        ),
        Count(
            "suggestions.theme", "{r.consultation_id}", "coalesce({r.theme_id}, '')", "r.stage", ("theme_id", "stage")
        ),
    ),
}
INDEXES: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_submissions_waiting", "submissions", ["state", "received_at", "id"], None),
    ("ix_submissions_channel", "submissions", ["channel", "state", "received_at", "id"], None),
    ("ix_submissions_allocated", "submissions", ["allocated_to", "state", "received_at", "id"], None),
    (
        "ix_submissions_unclaimed",
        "submissions",
        ["consultation_id", "received_at", "id"],
        "state = 'received' AND allocated_to IS NULL",
    ),
    ("ix_suggestions_stage", "suggestions", ["consultation_id", "stage", "created_at", "id"], None),
    ("ix_suggestions_due", "suggestions", ["stage", "created_at", "id"], None),
)


def upgrade() -> None:
    _tables()
    op.add_column("suggestions", sa.Column("stage", sa.String(length=40), nullable=True))
    for name, table, columns, where in INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.execute(f"UPDATE suggestions SET stage = {STAGE.format(s='suggestions')}")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for mark in MARKS:
        op.execute(_posting(mark, sqlite=sqlite))
    _count_all(sqlite=sqlite)
    if sqlite:
        _sqlite()
    else:
        _postgresql()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    tables = {mark.table for mark in MARKS} | set(COUNTS) | {"assignments"}
    for name, table in _triggers(sqlite=sqlite):
        if table in tables:
            op.execute(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}")
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
    op.drop_column("suggestions", "stage")
    if not sqlite:
        for name in _functions():
            op.execute(f"DROP FUNCTION {name}")
    for table in ("counter_changes", "counters", "postings"):
        op.drop_table(table)


def _tables() -> None:
    cell = [("name", 40), ("scope", 32), ("value", 80), ("state", 40)]
    op.create_table(
        "postings",
        sa.Column("list", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("list", "value", "state", "at", "record_id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_record", "postings", ["record_id", "list"])
    op.create_table(
        "counters",
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in cell),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "scope", "value", "state", name=op.f("pk_counters")),
    )
    op.create_table(
        "counter_changes",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in cell),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_changes")),
    )


def _spelt(expression: str, *, sqlite: bool, **names: str) -> str:
    """`{x.column}` is an id as 32 digits; `{day}` Beijing's day of receipt, without summer time since 1991."""
    day = (
        "date(r.received_at, '+8 hours')"
        if sqlite
        else "to_char(r.received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"
    )
    text = expression.replace("{day}", day)
    for alias in ("t", "s", "r"):
        for column in ("consultation_id", "clause_id", "theme_id", "campaign_id"):
            plain = f"{alias}.{column}"
            text = text.replace(f"{{{plain}}}", plain if sqlite else f"replace({plain}::text, '-', '')")
    for alias, name in names.items():
        text = text.replace(f"{alias}.", f"{name}.")
    return text


def _posting(mark: Mark, *, sqlite: bool, ids: str = "") -> str:
    """Puts submissions into the list, those of `ids` or all."""
    only = f" AND t.{mark.column} IN ({ids})" if ids else ""
    return (
        "INSERT INTO postings (list, value, state, at, record_id)"
        f" SELECT '{mark.list}', {_spelt(mark.value, sqlite=sqlite)}, s.state, s.received_at, s.id"
        f" FROM {mark.table} t JOIN submissions s ON s.id = t.{mark.column}"
        f" WHERE {mark.condition}{only} ON CONFLICT DO NOTHING"
    )


def _named(count: Count, alias: str) -> str:
    return f"'{count.name}'" if not count.name.endswith(".") else f"'{count.name}' || {alias}.list"


def _count_all(*, sqlite: bool) -> None:
    for table, counts in COUNTS.items():
        for count in counts:
            cell = [_spelt(part, sqlite=sqlite) for part in (count.scope, count.value, count.state)]
            op.execute(
                "INSERT INTO counters (name, scope, value, state, n)"
                f" SELECT {_named(count, 'r')}, {', '.join(cell)}, count(*) FROM {table} r GROUP BY 1, 2, 3, 4"
            )


def _sqlite() -> None:
    for mark in MARKS:
        put = _posting(mark, sqlite=True, ids=f"NEW.{mark.column}")
        again = _posting(mark, sqlite=True, ids=f"OLD.{mark.column}")
        drop = f"DELETE FROM postings WHERE list = '{mark.list}' AND record_id = OLD.{mark.column}"
        name = f"{mark.table}_listed"
        op.execute(f"CREATE TRIGGER {name}_in AFTER INSERT ON {mark.table} BEGIN {put}; END")
        op.execute(f"CREATE TRIGGER {name}_out AFTER DELETE ON {mark.table} BEGIN {drop}; {again}; END")
        if mark.changing:
            of = ", ".join(mark.changing)
            op.execute(f"CREATE TRIGGER {name}_moved AFTER UPDATE OF {of} ON {mark.table} BEGIN {drop}; {put}; END")
    op.execute(
        "CREATE TRIGGER submissions_listed AFTER UPDATE OF state ON submissions WHEN OLD.state <> NEW.state"
        " BEGIN UPDATE postings SET state = NEW.state WHERE record_id = NEW.id; END"
    )
    op.execute(
        "CREATE TRIGGER submissions_listed_out AFTER DELETE ON submissions"
        " BEGIN DELETE FROM postings WHERE record_id = OLD.id; END"
    )
    for table, counts in COUNTS.items():
        _count_in_sqlite(table, counts)
    stage = f"UPDATE suggestions SET stage = {STAGE.format(s='suggestions')} WHERE id = "
    changing = {"": "state, return_remark, handed_over_at", "assignments": "state, role"}
    op.execute(f"CREATE TRIGGER suggestions_staged_in AFTER INSERT ON suggestions BEGIN {stage}NEW.id; END")
    op.execute(
        f"CREATE TRIGGER suggestions_staged AFTER UPDATE OF {changing['']} ON suggestions BEGIN {stage}NEW.id; END"
    )
    for event, row in (("INSERT", "NEW"), (f"UPDATE OF {changing['assignments']}", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER assignments_staged_{event[:6].lower()} AFTER {event} ON assignments"
            f" BEGIN {stage}{row}.suggestion_id; END"
        )


def _count_in_sqlite(table: str, counts: tuple[Count, ...]) -> None:
    def changes(row: str, sign: int) -> str:
        cells = [
            ", ".join(
                (
                    _named(count, row),
                    *(
                        _spelt(part, sqlite=True, r=row).replace("r.", f"{row}.")
                        for part in (count.scope, count.value, count.state)
                    ),
                    str(sign),
                )
            )
            for count in counts
        ]
        return f"{CHANGES} VALUES {', '.join(f'({cell})' for cell in cells)};"

    staged = table == "suggestions"
    columns = ", ".join(dict.fromkeys(column for count in counts for column in count.columns))
    if not staged:  # a suggestion has no stage before its own trigger has given it one
        op.execute(f"CREATE TRIGGER {table}_counted_in AFTER INSERT ON {table} BEGIN {changes('NEW', 1)} END")
        op.execute(
            f"CREATE TRIGGER {table}_counted_moved AFTER UPDATE OF {columns} ON {table}"
            f" BEGIN {changes('OLD', -1)} {changes('NEW', 1)} END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_counted_in AFTER UPDATE OF {columns} ON {table} WHEN OLD.stage IS NULL"
            f" AND NEW.stage IS NOT NULL BEGIN {changes('NEW', 1)} END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_counted_moved AFTER UPDATE OF {columns} ON {table} WHEN OLD.stage IS NOT NULL"
            f" BEGIN {changes('OLD', -1)} {changes('NEW', 1)} END"
        )
    op.execute(f"CREATE TRIGGER {table}_counted_out AFTER DELETE ON {table} BEGIN {changes('OLD', -1)} END")


def _postgresql() -> None:
    for mark in MARKS:
        _list_in_postgresql(mark)
    op.execute(
        "CREATE FUNCTION submissions_listed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE postings p SET state = n.state FROM new_rows n JOIN old_rows o ON o.id = n.id"
        " WHERE p.record_id = n.id AND o.state <> n.state; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER submissions_listed AFTER UPDATE ON submissions REFERENCING OLD TABLE AS old_rows"
        " NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION submissions_listed()"
    )
    op.execute(
        "CREATE FUNCTION submissions_listed_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " DELETE FROM postings WHERE record_id = OLD.id; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER submissions_listed_out AFTER DELETE ON submissions"
        " FOR EACH ROW EXECUTE FUNCTION submissions_listed_out()"
    )
    for table, counts in COUNTS.items():
        _count_in_postgresql(table, counts)
    op.execute(
        "CREATE FUNCTION suggestions_staged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" NEW.stage := {STAGE.format(s='NEW')}; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER suggestions_staged BEFORE INSERT OR UPDATE ON suggestions"
        " FOR EACH ROW EXECUTE FUNCTION suggestions_staged()"
    )
    op.execute(
        "CREATE FUNCTION assignments_staged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " UPDATE suggestions SET stage = stage WHERE id = coalesce(NEW.suggestion_id, OLD.suggestion_id);"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER assignments_staged AFTER INSERT OR DELETE OR UPDATE OF state, role ON assignments"
        " FOR EACH ROW EXECUTE FUNCTION assignments_staged()"
    )


def _list_in_postgresql(mark: Mark) -> None:
    """The submissions are held first: whoever decides one at the same moment sees its new posting, or is seen by it."""
    name, parts = f"{mark.table}_listed", []
    for event, ids in _changed_ids(mark).items():
        hold = f"PERFORM 1 FROM submissions WHERE id IN ({ids}) ORDER BY id FOR NO KEY UPDATE;"
        drop = f"DELETE FROM postings WHERE list = '{mark.list}' AND record_id IN ({ids});"
        put = _posting(mark, sqlite=False, ids=ids)
        steps = f"{hold if mark.list != 'clause' else ''} {drop if event != 'INSERT' else ''} {put};"
        parts.append(f"IF TG_OP = '{event}' THEN {steps} END IF;")
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {' '.join(parts)} RETURN NULL; END $$"
    )
    _for_each_statement(mark.table, name, tuple(_changed_ids(mark)))


def _changed_ids(mark: Mark) -> dict[str, str]:
    found = {
        "INSERT": f"SELECT {mark.column} FROM new_rows",
        "DELETE": f"SELECT {mark.column} FROM old_rows",
    }
    if mark.changing:
        changed = ", ".join(mark.changing)
        found["UPDATE"] = (
            f"SELECT {mark.column} FROM (SELECT {mark.column}, {changed} FROM new_rows"
            f" EXCEPT SELECT {mark.column}, {changed} FROM old_rows) changed"
        )
    return found


def _count_in_postgresql(table: str, counts: tuple[Count, ...]) -> None:
    def changes(rows: dict[str, int]) -> str:
        parts = [
            f"SELECT {_named(count, 'r')},"
            f" {', '.join(_spelt(part, sqlite=False) for part in (count.scope, count.value, count.state))},"
            f" {sign} * count(*) FROM {source} r GROUP BY 1, 2, 3, 4"
            for source, sign in rows.items()
            for count in counts
        ]
        return (
            f"{CHANGES} SELECT a, b, c, d, sum(e) FROM ({' UNION ALL '.join(parts)}) q (a, b, c, d, e)"
            " GROUP BY a, b, c, d HAVING sum(e) <> 0;"
        )

    name = f"{table}_counted"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'INSERT' THEN {changes({'new_rows': 1})} END IF;"
        f" IF TG_OP = 'UPDATE' THEN {changes({'new_rows': 1, 'old_rows': -1})} END IF;"
        f" IF TG_OP = 'DELETE' THEN {changes({'old_rows': -1})} END IF; RETURN NULL; END $$"
    )
    _for_each_statement(table, name, ("INSERT", "UPDATE", "DELETE"))


def _for_each_statement(table: str, function: str, events: tuple[str, ...]) -> None:
    rows = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }
    for event in events:
        op.execute(
            f"CREATE TRIGGER {function}_{event.lower()} AFTER {event} ON {table} REFERENCING {rows[event]}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def _triggers(*, sqlite: bool) -> list[tuple[str, str]]:
    """Name and table of every trigger that this version made."""
    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    ours = ("_listed", "_counted", "_staged")
    return [tuple(row) for row in op.get_bind().execute(sa.text(query)) if any(word in row[0] for word in ours)]


def _functions() -> list[str]:
    listed = [f"{mark.table}_listed()" for mark in MARKS]
    counted = [f"{table}_counted()" for table in COUNTS]
    return [
        *listed,
        *counted,
        "submissions_listed()",
        "submissions_listed_out()",
        "suggestions_staged()",
        "assignments_staged()",
    ]
