"""What a list of the desk is narrowed to, and how that is written in an address. Pure."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields

from app.submissions.lifecycle import Channel

NOBODY = "nobody"
"""In place of a person's id: allocated to no one."""


@dataclass(frozen=True)
class Filters:
    """Each narrows a list further; None and "" narrow nothing.

    `clause`: about that clause. `theme`: of that theme, named or proposed. `department`: about a clause that names the
    department; suggestions: in its hands. `campaign`: one of the submissions with that common content. `allocated_to`:
    a person's id, or NOBODY. Suggestions are narrowed by the submissions that they gather.
    """

    consultation: uuid.UUID | None = None
    clause: uuid.UUID | None = None
    theme: uuid.UUID | None = None
    channel: Channel | None = None
    department: str = ""
    campaign: uuid.UUID | None = None
    allocated_to: str = ""

    def words(self) -> dict[str, str]:
        """Name → value of those that narrow something, for an address or for keeping; `read` is the way back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    def given(self) -> frozenset[str]:
        """The names of those that narrow something."""
        return frozenset(self.words())


def read(words: Mapping[str, str]) -> Filters:
    """The filters that an address or something kept names; what is no filter or can't be one is passed over."""
    return Filters(
        consultation=_id(words.get("consultation", "")),
        clause=_id(words.get("clause", "")),
        theme=_id(words.get("theme", "")),
        channel=_channel(words.get("channel", "")),
        department=words.get("department", "")[:64],
        campaign=_id(words.get("campaign", "")),
        allocated_to=words.get("allocated_to", "")[:80],
    )


def _id(word: str) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(word)
    return None


def _channel(word: str) -> Channel | None:
    with suppress(ValueError):
        return Channel(word)
    return None
