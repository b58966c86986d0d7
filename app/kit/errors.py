"""What can go wrong in a way that a caller can mend. Edges turn these into pages and problem documents.

Each error has a stable `code`; words for people are chosen at the edge, in the reader's language.
"""

from typing import ClassVar


class DomainError(Exception):
    """A refusal that leaves the data as it was."""

    status: ClassVar[int] = 400
    code: str = "bad_request"

    def __init__(self, code: str | None = None, **details: str | int) -> None:
        self.code = code or type(self).code
        self.details = details
        super().__init__(self.code)


class BadRequest(DomainError):
    """The request can't be read."""


class Unauthenticated(DomainError):
    status = 401
    code = "unauthenticated"


class Forbidden(DomainError):
    status = 403
    code = "forbidden"


class NotFound(DomainError):
    status = 404
    code = "not_found"


class Conflict(DomainError):
    status = 409
    code = "conflict"


class InvalidTransition(Conflict):
    """The record's life cycle has no such step from where it stands."""

    code = "invalid_transition"


class Gone(DomainError):
    status = 410
    code = "gone"


class UnsupportedMediaType(DomainError):
    status = 415
    code = "unsupported_media_type"


class Unprocessable(DomainError):
    """The request is well formed, but a value in it can't be accepted."""

    status = 422
    code = "unprocessable"


class Unavailable(DomainError):
    status = 503
    code = "unavailable"
