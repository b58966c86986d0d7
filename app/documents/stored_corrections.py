"""Corrections as plain JSON, and back."""

from collections.abc import Mapping
from typing import Any

from app.documents.corrections import Added, Corrections, Wording
from app.documents.extracted import unit_from_json, unit_to_json


def to_json(corrections: Corrections) -> dict[str, Any]:
    """What `from_json` reads."""
    return {
        "reworded": {key: _wording_json(wording) for key, wording in corrections.reworded.items()},
        "removed": dict(corrections.removed),
        "added": [
            {"key": added.key, "after": added.after, "split_from": added.split_from} for added in corrections.added
        ],
        "looked_at": sorted(corrections.looked_at),
    }


def from_json(data: Mapping[str, Any]) -> Corrections:
    """The inverse of `to_json`; an empty mapping is no corrections."""
    return Corrections(
        reworded={key: _wording(value) for key, value in data.get("reworded", {}).items()},
        removed=dict(data.get("removed", {})),
        added=tuple(Added(**added) for added in data.get("added", ())),
        looked_at=frozenset(data.get("looked_at", ())),
    )


def _wording_json(wording: Wording) -> dict[str, Any]:
    return {
        "number": wording.number,
        "heading": wording.heading,
        "text": wording.text,
        "units": [unit_to_json(unit) for unit in wording.units],
    }


def _wording(data: Mapping[str, Any]) -> Wording:
    return Wording(data["number"], data["heading"], data["text"], tuple(map(unit_from_json, data["units"])))
