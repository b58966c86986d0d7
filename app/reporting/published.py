"""A published edition as whoever hands it out holds it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.kit.database import Database
from app.reporting import queries, written
from app.reporting.models import ReportEdition
from app.reporting.report import ReportFigures, ReportRow
from app.reporting.written import EditionHead


@dataclass(frozen=True)
class Published:
    """An edition's value; its rows are read from the store whenever they are asked for."""

    database: Database
    edition: ReportEdition

    @property
    def head(self) -> EditionHead:
        return EditionHead(self.edition.number, self.edition.published_at, self.edition.reason)

    @property
    def figures(self) -> ReportFigures:
        return written.read_figures(self.edition.figures)

    def rows(self) -> Iterator[ReportRow]:
        """Each portion in a reading of its own, so that a slow reader holds no connection; nothing in them changes."""
        after: int | None = 0
        while after is not None:
            with self.database.reading() as session:
                where = (self.edition.consultation_id, self.edition.number)
                found, after = queries.page(session, *where, after, queries.ROWS_AT_ONCE)
            yield from found

    def json_pieces(self) -> Iterator[bytes]:
        """The edition's JSON file, the same bytes for ever."""
        return written.json_pieces(self.head, self.figures, self.rows())
