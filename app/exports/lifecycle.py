"""An order for a file of data, from asking to its end. Pure."""

from enum import StrEnum

from app.kit.lifecycle import Lifecycle


class ExportKind(StrEnum):
    """What a file holds of one consultation. IDENTITIES: who sent what, in the columns that were chosen. ARCHIVE: all
    that goes to the archive (app/archives)."""

    SUBMISSIONS = "submissions"
    IDENTITIES = "identities"
    RESULTS = "results"
    ASSIGNMENTS = "assignments"
    ARCHIVE = "archive"


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"


class IdentityColumn(StrEnum):
    """What of a sender a file may hold; each is chosen for itself."""

    NAME = "name"
    ORGANISATION = "organisation"
    PHONE = "phone"
    EMAIL = "email"
    ID_NUMBER = "id_number"


class OrderState(StrEnum):
    """ASKED: waits for somebody's approval. TAKEN: its file was saved at least once, and can be again."""

    ASKED = "asked"
    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    TAKEN = "taken"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"


class OrderEvent(StrEnum):
    """BEGIN: a worker begins it, again where another died over it. PUT_BACK: it is to be begun once more."""

    APPROVE = "approve"
    REFUSE = "refuse"
    BEGIN = "begin"
    PUT_BACK = "put_back"
    FINISH = "finish"
    FAIL = "fail"
    TAKE = "take"
    CANCEL = "cancel"
    EXPIRE = "expire"


UNFINISHED = (OrderState.ASKED, OrderState.QUEUED, OrderState.RUNNING)
HAS_FILE = (OrderState.READY, OrderState.TAKEN)
LIFECYCLE: Lifecycle[OrderState, OrderEvent] = Lifecycle(
    {
        (OrderState.ASKED, OrderEvent.APPROVE): OrderState.QUEUED,
        (OrderState.ASKED, OrderEvent.REFUSE): OrderState.REFUSED,
        (OrderState.QUEUED, OrderEvent.BEGIN): OrderState.RUNNING,
        (OrderState.RUNNING, OrderEvent.BEGIN): OrderState.RUNNING,
        (OrderState.RUNNING, OrderEvent.PUT_BACK): OrderState.QUEUED,
        (OrderState.RUNNING, OrderEvent.FINISH): OrderState.READY,
        (OrderState.RUNNING, OrderEvent.FAIL): OrderState.FAILED,
        (OrderState.READY, OrderEvent.TAKE): OrderState.TAKEN,
        (OrderState.TAKEN, OrderEvent.TAKE): OrderState.TAKEN,
        **{(state, OrderEvent.CANCEL): OrderState.CANCELLED for state in (*UNFINISHED, *HAS_FILE)},
        **{(state, OrderEvent.EXPIRE): OrderState.EXPIRED for state in (OrderState.ASKED, *HAS_FILE)},
    }
)
