"""Mails at rest: the whole sealed beside the store, what staff sort by sealed in it, and by what a mail is known."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from app.kit.blobs import BlobStore
from app.kit.crypto import Sealer, derive, keyed_hash
from app.mail.models import Mail, MailImport
from app.mail.reading import ParsedMail

TABLE = Mail.__tablename__
IMPORTS = MailImport.__tablename__
WHOLE, SUMMARY = "whole", Mail.summary.key
_FORGOTTEN = b""


@dataclass(frozen=True)
class FileNote:
    """A file of the mail; `problem` says why it isn't kept with the submission, empty where it is.

    `read`: its words are part of the comment.
    """

    name: str
    size: int
    problem: str = ""
    read: bool = False


@dataclass(frozen=True)
class Summary:
    """What staff see of a mail, and who sent it, which they don't. `label` is the name of the file it came in."""

    subject: str = ""
    sender: str = ""
    words: str = ""
    fields: Sequence[str] = ()
    wrong: Sequence[str] = ()
    files: Sequence[FileNote] = ()
    left_out: int = 0
    label: str = ""


class MailKeeper:
    """Seals and opens mails; `blobs` holds the sealed wholes."""

    def __init__(self, sealer: Sealer, master: bytes, blobs: BlobStore) -> None:
        self._sealer = sealer
        self.blobs = blobs
        self._hash_key = derive(master, "mail-hash")
        self._token_key = derive(master, "mail-token")

    def put(self, raw: bytes, row_id: uuid.UUID, table: str = TABLE) -> str:
        """Keeps the whole, sealed; durable when this answers its key. Raises OSError."""
        return self.blobs.put(self._sealer.seal(raw.decode("latin-1"), table, WHOLE, str(row_id)))

    def get(self, key: str, row_id: uuid.UUID, table: str = TABLE) -> bytes:
        """Raises Unreadable, NoSuchBlob, DamagedBlob, OSError."""
        return self._sealer.open(self.blobs.get(key), table, WHOLE, str(row_id)).encode("latin-1")

    def seal(self, summary: Summary, mail_id: uuid.UUID) -> bytes:
        return self._sealer.seal(json.dumps(asdict(summary), ensure_ascii=False), TABLE, SUMMARY, str(mail_id))

    def summary(self, mail: Mail) -> Summary:
        """An empty one where it was erased. Raises Unreadable."""
        if mail.summary == _FORGOTTEN:
            return Summary()
        found: Mapping[str, object] = json.loads(self._sealer.open(mail.summary, TABLE, SUMMARY, str(mail.id)))
        known = {name: value for name, value in found.items() if name in Summary.__dataclass_fields__}
        files = [FileNote(**one) for one in found.get("files", [])]  # type: ignore[attr-defined]
        return Summary(**known | {"files": files})  # type: ignore[arg-type]

    def content_hash(self, parsed: ParsedMail, raw: bytes) -> str:
        """The same for the same mail, whichever way it came: line ends, transfer encodings and `Received` don't count.

        What can't be read is known by its bytes.
        """
        if parsed.problem is not None:
            return self._hash("bytes", hashlib.sha256(raw.replace(b"\r\n", b"\n").strip()).hexdigest())
        text = re.sub(r"\s+", "", re.sub(r"^>+(?=From )", "", parsed.text, flags=re.MULTILINE))
        files = sorted(hashlib.sha256(one.content).hexdigest() for one in parsed.attachments)
        return self._hash("content", parsed.sender.lower(), parsed.written, *parsed.subjects, text, *files)

    def message_hash(self, parsed: ParsedMail) -> str | None:
        return self._hash("message-id", parsed.message_id) if parsed.message_id else None

    def token(self, mail_id: uuid.UUID) -> str:
        """Under which the mail's submission is stored: there is one at most, whoever takes it in and how often."""
        return keyed_hash(self._token_key, str(mail_id)).hex()[:48]

    def _hash(self, *parts: str) -> str:
        return keyed_hash(self._hash_key, *(part.encode("utf-8", "replace").decode() for part in parts)).hex()
