"""Runs the migrations on the store that `app.kit.migrations` names."""

from alembic import context
from sqlalchemy import Engine, Enum, text

from app.kit.database import Instant, make_engine
from app.tables import is_modelled, metadata


def plain(kind: str, item: object, autogen_context: object) -> str | bool:
    """A script names plain column types, so that it still runs when the code's own types have changed."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String({item.length})"
    return False


def run(engine: Engine) -> None:
    # On SQLite a transaction that has read can't begin to write while others do: the lock is taken at once, and waited
    # for longer than a service's writers wait, which take no turns with another process.
    with engine.execution_options(begin="BEGIN IMMEDIATE", patience=60_000).connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=bool(context.config.attributes.get("batch", connection.dialect.name == "sqlite")),
            render_item=plain,
            include_name=is_modelled,
            compare_type=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":  # a large table takes its time; locks are still given up soon
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            context.run_migrations()


store = make_engine(context.config.attributes["url"])
try:
    run(store)
finally:
    store.dispose()
