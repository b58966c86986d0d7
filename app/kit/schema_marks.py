from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Model


class SchemaMark(Model):
    """What holds for the store as a whole, name → value: what the migrations tell programs that don't know them
    (docs/migrations.md), and by what its blind index is made (docs/sealing.md)."""

    __tablename__ = "schema_marks"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))
