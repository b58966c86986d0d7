"""The receipt as a file: all that it takes to check it without us, and the check itself.

docs/transparency.md describes the file and every step, so that others can check it by programs of their own;
`scripts/verify_receipt.py` and `static/js/verify.js` do.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.kit.signing import Signer
from app.transparency import heads, queries, tree
from app.transparency.commitments import ENTRY, Value, canonical, digests, instant
from app.transparency.heads import SignedHead
from app.transparency.models import EntryKind, LogEntry
from app.transparency.promising import Promise
from app.transparency.sealing import batch_leaf

FORMAT = "yanlu receipt v1"
LARGEST = 200_000
"""Bytes of a file that is looked at."""
MOST_ENTRIES = 50


class Sealed(StrEnum):
    """Where an entry stands: in the log, still on its way, or claimed to be where it isn't."""

    YES = "yes"
    WAITING = "waiting"
    BROKEN = "broken"


@dataclass(frozen=True)
class CheckedEntry:
    """`altered` names the fields that aren't what was committed to; `is_whole` is False where the entry as a whole
    isn't, whatever its fields say."""

    kind: str
    at: str
    fields: Mapping[str, Any]
    altered: tuple[str, ...]
    is_whole: bool
    sealed: Sealed


@dataclass(frozen=True)
class Checked:
    """`is_ours`: the file names a key of this installation, `is_earlier` one that signs nothing any more.

    `is_promised`: that key signed the promise for this receipt.

    `is_head_signed` is None where the file has no head. `entries` begin with the receipt's own.
    """

    is_ours: bool
    is_earlier: bool
    is_promised: bool
    is_head_signed: bool | None
    entries: tuple[CheckedEntry, ...]

    @property
    def is_good(self) -> bool:
        """Everything that the file claims holds; what waits to be sealed is no fault."""
        whole = all(one.is_whole and not one.altered and one.sealed is not Sealed.BROKEN for one in self.entries)
        return self.is_ours and self.is_promised and self.is_head_signed is not False and whole


class BadFile(ValueError):
    """Not a receipt file."""


def make(
    session: Session, signer: Signer, promise: Promise, entries: Sequence[tuple[LogEntry, Mapping[str, Value]]]
) -> dict[str, Any]:
    """The file's content: the receipt's entry with its fields first, then those of its outcomes, under one head.

    Every entry must still have its salt.
    """
    head = heads.newest(session, signer)
    return {
        "format": FORMAT,
        "key": signer.public,
        "promise": vars(promise),
        "entries": [_entry(session, entry, fields, head) for entry, fields in entries],
        "head": vars(head) if head else None,
    }


def _entry(session: Session, entry: LogEntry, fields: Mapping[str, Value], head: SignedHead | None) -> dict[str, Any]:
    salt = entry.salt or b""
    proof = queries.proof_of(session, entry.id, head.size) if head else None
    return {
        "id": str(entry.id),
        "kind": entry.kind.value,
        "at": instant(entry.at),
        "salt": salt.hex(),
        "fields": dict(fields),
        "digests": digests(salt, fields),
        "commitment": entry.commitment.hex(),
        "proof": vars(proof) if proof else None,
    }


def read(data: bytes) -> dict[str, Any]:
    """Raises BadFile for what has not the form of a receipt file."""
    try:
        said = json.loads(data.decode("utf-8-sig"))
        if said["format"] != FORMAT or not 0 < len(said["entries"]) <= MOST_ENTRIES:
            raise BadFile
        check(said, (said["key"],))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadFile from error
    found: dict[str, Any] = said
    return found


def check(said: Mapping[str, Any], keys: tuple[str, ...]) -> Checked:
    """Whether the file holds, against the keys in base64 that the reader trusts, today's first (`keys.trusted`).

    Raises ValueError, KeyError, TypeError or AttributeError for what has not the form of one.
    """
    promise, first = Promise(**said["promise"]), said["entries"][0]
    is_ours = said["key"] in keys
    public = said["key"] if is_ours else keys[0]
    head = SignedHead(**said["head"]) if said["head"] else None
    root = bytes.fromhex(head.root) if head else b""
    entries = tuple(_checked(entry, root, head.size if head else 0) for entry in said["entries"])
    names_it = (promise.commitment, promise.number, promise.at) == (
        *(first["commitment"], first["fields"].get("number"), first["at"]),
    )
    return Checked(
        is_ours=is_ours,
        is_earlier=public != keys[0],
        is_promised=first["kind"] == EntryKind.RECEIPT and names_it and promise.is_signed_by(public),
        is_head_signed=head.is_signed_by(public) if head else None,
        entries=entries,
    )


def _checked(entry: Mapping[str, Any], root: bytes, size: int) -> CheckedEntry:
    fields, told, salt = dict(entry["fields"]), dict(entry["digests"]), bytes.fromhex(entry["salt"])
    found = digests(salt, fields)
    altered = tuple(name for name in {**told, **found} if told.get(name) != found.get(name))
    whole = {"at": entry["at"], "fields": told, "kind": entry["kind"]}
    commitment = bytes.fromhex(entry["commitment"])
    return CheckedEntry(
        kind=str(entry["kind"]),
        at=str(entry["at"]),
        fields=fields,
        altered=altered,
        is_whole=len(salt) == 32 and hashlib.sha256(ENTRY + canonical(whole)).digest() == commitment,
        sealed=_sealed(commitment, entry["proof"], root, size),
    )


def _sealed(commitment: bytes, proof: Mapping[str, Any] | None, root: bytes, size: int) -> Sealed:
    if proof is None:
        return Sealed.WAITING
    leaf, path = tree.leaf_hash(commitment), [bytes.fromhex(step) for step in proof["batch_path"]]
    top = _top(leaf, proof["batch_place"], path)
    if not tree.is_included(leaf, proof["batch_place"], proof["batch_size"], path, top):
        return Sealed.BROKEN
    outer = [bytes.fromhex(step) for step in proof["path"]]
    stands = proof["size"] == size and tree.is_included(
        batch_leaf(proof["batch_size"], top), proof["place"], size, outer, root
    )
    return Sealed.YES if stands else Sealed.BROKEN


def _top(leaf: bytes, place: int, path: Sequence[bytes]) -> bytes:
    """Where a path leads in a batch, whose size is a power of two."""
    for step in path:
        leaf = tree.node_hash(step, leaf) if place & 1 else tree.node_hash(leaf, step)
        place >>= 1
    return leaf
