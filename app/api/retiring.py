"""Announcing the end of an operation: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) with each of its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from fastapi.routing import APIRoute
from starlette.types import Scope

NOTICE = timedelta(days=365)
"""At least this long after its announcement an operation goes on."""


@dataclass(frozen=True)
class Retirement:
    """`since` when an operation is deprecated, the `end` after which it may be gone, and what to use instead."""

    since: datetime
    end: datetime
    instead: str

    def __post_init__(self) -> None:
        if self.end - self.since < NOTICE:
            raise ValueError("an operation goes on for a year after its end was announced")


RETIRED: Mapping[str, Retirement] = {}
"""Operation id → how it ends. None is retired yet."""


def retirement_headers(scope: Scope) -> dict[str, str]:
    """What the answer of this request's operation says of its end; nothing for one that goes on."""
    route = scope.get("route")
    found = RETIRED.get(route.operation_id or "") if isinstance(route, APIRoute) else None
    if found is None:
        return {}
    root = str(scope.get("root_path", "")).rstrip("/")
    return {
        "Deprecation": f"@{int(found.since.timestamp())}",
        "Sunset": format_datetime(found.end, usegmt=True),
        "Link": f'<{root}/openapi.json>; rel="deprecation"; type="application/json"',
    }


def mark_retired(described: dict[str, Any]) -> None:
    """Says of each retired operation in the description that it is, and when it ends."""
    for operation in (operation for path in described["paths"].values() for operation in path.values()):
        found = RETIRED.get(operation.get("operationId", ""))
        if found is not None:
            operation["deprecated"] = True
            operation["x-sunset"] = found.end.isoformat()
            operation["description"] += f"\n\nDeprecated; use {found.instead}."
