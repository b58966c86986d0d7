"""Whose rows a request sees: said once, and told to PostgreSQL at the beginning of each of its transactions.

Nothing is said for staff of the desk, the worker and the command line: they see all rows. SQLite has no such wall.
What is told lasts until the end of the transaction (`set_config(…, true)`), so that a pooler in transaction mode hands
it to nobody else.
"""

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.kit.database import TOLD
from app.walls.policies import DEPARTMENT, DRAFTING, PROGRAM, SUGGESTIONS

NOBODY = "-"
"""No department's id: who is confined to it sees no department's rows."""
HAVE = f"""SELECT string_agg(DISTINCT a.suggestion_id::text, ',') FROM assignments AS a
WHERE a.department_id = current_setting('{DEPARTMENT}') AND a.suggestion_id = ANY (:ids)"""  # noqa: S608 - our own names
SO_FAR = f"nullif(current_setting('{SUGGESTIONS}', true), '')"
REACH = text(f"SELECT set_config('{SUGGESTIONS}', concat_ws(',', {SO_FAR}, ({HAVE})), true)").bindparams(
    bindparam("ids", type_=ARRAY(Uuid()))
)


def confine(department_id: str, *, drafting: bool = False) -> None:
    """For the rest of this request: the department's own rows alone.

    `drafting`: besides, what other departments answered in the consultations that it drafts.
    """
    TOLD.set(_told(department_id, drafting=drafting))


@contextmanager
def confined(department_id: str | None, program_id: str) -> Iterator[None]:
    """The same for a program, as long as the block lasts; one that is no department's sees no department's rows."""
    token = TOLD.set(_told(department_id or NOBODY, program_id))
    try:
        yield
    finally:
        TOLD.reset(token)


def reach(session: Session, suggestion_ids: Collection[uuid.UUID]) -> None:
    """For the rest of this transaction: also what other departments have of those of these suggestions that the
    department has, or had, an assignment of. Does nothing where nobody is confined.
    """
    if suggestion_ids and TOLD.get() and session.get_bind().dialect.name == "postgresql":
        session.execute(REACH, {"ids": list(suggestion_ids)})


def _told(department_id: str, program_id: str = "", *, drafting: bool = False) -> Mapping[str, str]:
    return {DEPARTMENT: department_id, PROGRAM: program_id, DRAFTING: "on" if drafting else ""}
