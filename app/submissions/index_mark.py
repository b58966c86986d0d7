"""By which key and hash a store's blind index is made: under another one everybody who wrote before counts anew.

The store keeps a mark that only this key and hash make (`Vault.index_mark`), so that a start with others is refused
instead of counting one person twice. Until somebody has written, the mark follows the settings.
"""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.kit.database import Database
from app.kit.errors import Conflict
from app.kit.schema_marks import SchemaMark
from app.submissions.models import SubmitterIdentity
from app.submissions.vault import Vault

NAME = "person_index"


def fits(session: Session, vault: Vault) -> bool:
    """Whether this vault finds again whoever wrote; a store without a mark, or without a writer, fits every vault."""
    kept = session.get(SchemaMark, NAME)
    return kept is None or kept.value == vault.index_mark() or not _anybody_wrote(session)


def settle(database: Database, vault: Vault) -> bool:
    """`fits`, and the store bears this vault's mark from then on. Several processes may begin with it at once."""
    with database.reading() as session:
        kept = session.get(SchemaMark, NAME)
        if kept is not None and kept.value == vault.index_mark():
            return True
    try:
        with database.writing() as session:
            if not fits(session, vault):
                return False
            _leave(session, vault)
    except Conflict:  # another process was quicker; what it left holds
        return settle(database, vault)
    return True


def renew(session: Session, vault: Vault) -> bool:
    """The store goes on under this vault's key and hash; False where it does already.

    What is in the index stays: whoever wrote before and writes again counts as another person.
    """
    kept = session.get(SchemaMark, NAME)
    if kept is not None and kept.value == vault.index_mark():
        return False
    _leave(session, vault)
    return True


def _leave(session: Session, vault: Vault) -> None:
    kept = session.get(SchemaMark, NAME)
    if kept is None:
        session.add(SchemaMark(name=NAME, value=vault.index_mark()))
    else:
        kept.value = vault.index_mark()


def _anybody_wrote(session: Session) -> bool:
    return bool(session.scalar(select(exists(select(SubmitterIdentity.submission_id)))))
