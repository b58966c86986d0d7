"""What somebody whose roles hold in some consultations only gets to see: what belongs to those, wherever it is asked.

A route names its permission, and what a request reads is kept to where that permission holds: a list, a count or a
record that nobody thought of shows nothing of other consultations, and an action can't find what it isn't for. What
touches the column as a whole asks for EVERYWHERE in its action (`app/permissions.py`).
It narrows what the store is asked for through the models of a consultation's records; the log and the directory, which
belong to none, are not touched.
"""

import uuid
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache

from sqlalchemy import ColumnElement, Table, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from app.consultations.models import Consultation
from app.kit.database import Model
from app.permissions import Permission

Ids = frozenset[uuid.UUID]
Criterion = Callable[[Ids], ColumnElement[bool]]
CONSULTATION = "consultation_id"
PARENTS = ("submissions", "suggestions")
"""Tables whose rows belong to a consultation, and which rows without a consultation of their own point to."""
BELONG_TO_NONE = frozenset({"audit_entries"})
OF_THE_COLUMN_TOO = frozenset(
    {"column_rules", "coding_rules", "reason_templates", "paper_templates", "saved_views", "alerts"}
)
"""Tables in which a row without a consultation is for everybody."""

_visible: ContextVar[Ids | None] = ContextVar("visible", default=None)


def narrow(limits: Mapping[Permission, Ids], permission: Permission) -> None:
    """For the rest of this request: only where that permission holds, and every one that was asked for before."""
    wanted, so_far = limits.get(permission, limits.get(Permission.VIEW_DESK)), _visible.get()
    _visible.set(so_far if wanted is None else wanted if so_far is None else wanted & so_far)


@event.listens_for(Session, "do_orm_execute")
def _keep_within(state: ORMExecuteState) -> None:
    ids = _visible.get()
    if ids is None or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    options = [
        with_loader_criteria(kind, criterion(ids), include_aliases=True) for kind, criterion in _criteria().items()
    ]
    state.statement = state.statement.options(*options)


@cache
def _criteria() -> dict[type[Model], Criterion]:
    found: dict[type[Model], Criterion] = {Consultation: Consultation.id.in_}
    for mapper in Model.registry.mappers:
        table = mapper.local_table
        criterion = _criterion(table) if isinstance(table, Table) and table.name not in BELONG_TO_NONE else None
        if criterion is not None:
            found[mapper.class_] = criterion
    return found


def _criterion(table: Table) -> Criterion | None:
    own = table.c.get(CONSULTATION)
    if own is not None:
        if table.name in OF_THE_COLUMN_TOO:
            return lambda ids: or_(own.is_(None), own.in_(ids))
        return own.in_
    for column in table.c:
        for key in column.foreign_keys:
            parent = key.column.table
            if parent.name in PARENTS and column.name == f"{parent.name.removesuffix('s')}_id":
                chosen = select(parent.c.id)
                return lambda ids, column=column, chosen=chosen, parent=parent: column.in_(  # type: ignore[misc]
                    chosen.where(parent.c[CONSULTATION].in_(ids))
                )
    return None
