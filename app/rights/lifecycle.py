"""The life of a request about one's own data. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class RequestKind(StrEnum):
    """WITHDRAW: the comment is taken back. CORRECT: other contact data. COPY, DELETE: 个人信息保护法 §45 and §47.

    MISUSE: somebody wrote under my ID number.
    """

    WITHDRAW = "withdraw"
    CORRECT = "correct"
    COPY = "copy"
    DELETE = "delete"
    MISUSE = "misuse"


class RequestState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class RequestEvent(StrEnum):
    GRANT = "grant"
    REFUSE = "refuse"


LIFECYCLE: Lifecycle[RequestState, RequestEvent] = Lifecycle(
    {
        (RequestState.OPEN, RequestEvent.GRANT): RequestState.GRANTED,
        (RequestState.OPEN, RequestEvent.REFUSE): RequestState.REFUSED,
    }
)
