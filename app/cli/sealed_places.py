"""Where the installation's own keys seal, so that a change of keys reaches every place. Pure.

Identities of submissions are not among these: each has a data key of its own, which is wrapped again instead.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SealedColumns:
    """Values in the store, bound to table, column and the row's `key`."""

    table: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class SealedContents:
    """Contents in the place for files, named by a column, bound to table, `column` and the row's keys."""

    table: str
    keys: tuple[str, ...]
    named_by: str
    column: str


COLUMNS = (
    SealedColumns("staff_authenticators", "user_id", ("secret",)),
    SealedColumns("webhook_endpoints", "id", ("sealed_secret", "sealed_previous", "sealed_signing_key")),
    SealedColumns("entry_batches", "id", ("rows",)),
    SealedColumns("mails", "id", ("summary",)),
    SealedColumns("rights_requests", "id", ("words", "name", "phone", "email")),
)
CONTENTS = (
    SealedContents("mails", ("id",), "blob_key", "whole"),
    SealedContents("mail_imports", ("id",), "blob_key", "whole"),
    SealedContents("export_pieces", ("order_id", "place"), "sha256", "content"),
)
