"""What the outer side tells the inner one besides comments: what their senders object to."""

from sqlalchemy import select

from app.bundles.kinds import How, Kind, table_of
from app.submissions.models import DisplayObjection

_TABLE = table_of(DisplayObjection)
_COLUMNS = ("submission_id", "consultation_id", "at", "words")
OBJECTIONS = Kind(_TABLE.name, _TABLE, _COLUMNS, select(*(_TABLE.c[name] for name in _COLUMNS)), How.ONCE)
