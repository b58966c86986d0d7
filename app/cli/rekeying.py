"""Moving everything that is sealed to the newest key, in small transactions, while the service runs.

Each pass walks a table by key; what it finds under another key it changes only where nobody changed it meanwhile. A
pass that was broken off is simply begun again: what is done already is passed over.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.orm import Session

from app.cli.sealed_places import COLUMNS, CONTENTS, SealedColumns, SealedContents
from app.kit.blobs import BlobStore, DamagedBlob, NoSuchBlob
from app.kit.crypto import Sealer
from app.kit.database import Database, rows_changed
from app.submissions import rekeying as identities
from app.submissions.vault import Vault
from app.tables import metadata

PORTION = 200
Tally = Counter[tuple[str, str]]
"""(where, key id) → how many; behind the key id stands the suite where it is not AES."""


class Rekeying:
    """`blobs` is the place for files, None where there is none; then nothing is looked for in it."""

    def __init__(self, database: Database, sealer: Sealer, vault: Vault, blobs: BlobStore | None) -> None:
        self._database, self._sealer, self._vault, self._blobs = database, sealer, vault, blobs

    def used(self) -> Tally:
        """By which keys everything is sealed or wrapped now."""
        found: Tally = Counter()
        with self._database.reading() as session:
            found.update(identities.used(session))
        for place in COLUMNS:
            for rows in self._portions(place.table, (place.key,), place.columns):
                found.update(
                    (place.table, named(row[column])) for row in rows for column in place.columns if row[column]
                )
        for contents in CONTENTS if self._blobs else ():
            for rows in self._portions(contents.table, contents.keys, (contents.named_by,)):
                heads = (self._content(row[contents.named_by]) for row in rows)
                found.update((f"contents of {contents.table}", named(head)) for head in heads if head)
        return found

    def rotate(self) -> Tally:
        """Moves all of it; what was moved, by where and from which key."""
        done: Tally = Counter()
        for moved in identities.rekeyed(self._database, self._vault, self._sealer, PORTION):
            done.update(moved)
        for place in COLUMNS:
            for rows in self._portions(place.table, (place.key,), place.columns):
                done.update(self._reseal_portion(place, rows))
        for contents in CONTENTS if self._blobs else ():
            for rows in self._portions(contents.table, contents.keys, (contents.named_by,)):
                for row in rows:
                    done.update(self._reseal_content(contents, row))
        return done

    def _reseal_portion(self, place: SealedColumns, rows: Sequence[Any]) -> Tally:
        if not any(self._is_old(row[column]) for row in rows for column in place.columns):
            return Counter()
        with self._database.writing() as session:
            return self._reseal(session, place, rows)

    def _portions(self, table: str, keys: Sequence[str], columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        model = metadata.tables[table]
        place = tuple_(*(model.c[key] for key in keys))
        query = select(*(model.c[name] for name in (*keys, *columns))).order_by(*(model.c[key] for key in keys))
        last: tuple[Any, ...] | None = None
        while True:
            further = query if last is None else query.where(place > tuple_(*last))
            if last is not None and len(keys) == 1:
                further = query.where(model.c[keys[0]] > last[0])
            with self._database.reading() as session:
                rows = session.execute(further.limit(PORTION)).mappings().all()
            if not rows:
                return
            yield rows
            last = tuple(rows[-1][key] for key in keys)

    def _is_old(self, sealed: bytes | None) -> bool:
        return bool(sealed) and not sealed.startswith(self._sealer.head)  # type: ignore[union-attr]

    def _reseal(self, session: Session, place: SealedColumns, rows: Sequence[Any]) -> Tally:
        model, done = metadata.tables[place.table], Counter[tuple[str, str]]()
        for row in rows:
            for column in filter(lambda name: self._is_old(row[name]), place.columns):
                where = (place.table, column, str(row[place.key]))
                sealed = self._sealer.seal_bytes(self._sealer.open_bytes(row[column], *where), *where)
                if _replaced(session, model, {place.key: row[place.key], column: row[column]}, {column: sealed}):
                    done[place.table, named(row[column])] += 1
        return done

    def _reseal_content(self, contents: SealedContents, row: Any) -> Tally:
        name, sealed = row[contents.named_by], self._content(row[contents.named_by])
        if sealed is None or not self._is_old(sealed):
            return Counter()
        assert self._blobs is not None, "what was read came from there"
        where = (contents.table, contents.column, "/".join(str(row[key]) for key in contents.keys))
        put = self._blobs.put(self._sealer.seal_bytes(self._sealer.open_bytes(sealed, *where), *where))
        old = {key: row[key] for key in (*contents.keys, contents.named_by)}
        with self._database.writing() as session:
            moved = _replaced(session, metadata.tables[contents.table], old, {contents.named_by: put})
        self._blobs.delete(name if moved else put)
        return Counter({(f"contents of {contents.table}", named(sealed)): int(moved)})

    def _content(self, name: str | None) -> bytes | None:
        """None where it is gone meanwhile, or damaged: then no key opens it."""
        if name is not None and self._blobs is not None:
            with suppress(NoSuchBlob, DamagedBlob):
                return self._blobs.get(name)
        return None


def named(sealed: bytes) -> str:
    """The id of the installation's key that sealed the value; its suite behind it where that isn't AES."""
    key_id = sealed[2 : 2 + sealed[1]].decode(errors="replace")
    return key_id if sealed[:1] == b"\x01" else f"{key_id} (sm)"


def _replaced(session: Session, table: Table, was: dict[str, Any], values: dict[str, Any]) -> bool:
    """Nothing is changed where somebody was quicker."""
    same = [table.c[name] == value for name, value in was.items()]
    return rows_changed(session, update(table).where(*same).values(values)) == 1
