"""The rows of seeded submissions, a batch at a time, in the order of arrival."""

import random
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cli.seeding import words
from app.cli.seeding.loading import Row
from app.cli.seeding.opening import Place
from app.cli.seeding.words import Written
from app.kit.clock import beijing_day
from app.screening.second_look import SecondLookState
from app.submissions.fields import OCCUPATIONS
from app.submissions.guard import text_hash
from app.submissions.guarding import new_number
from app.submissions.identity import public_name
from app.submissions.lifecycle import DECIDED, Channel, DisplayState, ScreeningEvent, SubmissionState
from app.submissions.receipts import Receipts
from app.submissions.submitter import Identity
from app.submissions.vault import Vault

S = SubmissionState
FATES = {S.ACCEPTED: 66, S.OUT_OF_SCOPE: 9, S.DUPLICATE: 17, S.UNSUITABLE: 3, S.QUARANTINED: 2, S.WITHDRAWN: 3}
"""What became of those that somebody has looked at, in hundredths."""
CHANNELS = {Channel.WEB: 880, Channel.EMAIL: 60, Channel.MINI_PROGRAM: 30, Channel.HOTLINE: 20, Channel.LETTER: 10}
EVENTS = {
    S.ACCEPTED: ScreeningEvent.ACCEPT,
    S.OUT_OF_SCOPE: ScreeningEvent.CLOSE_AS_OUT_OF_SCOPE,
    S.DUPLICATE: ScreeningEvent.CLOSE_AS_DUPLICATE,
    S.UNSUITABLE: ScreeningEvent.CLOSE_AS_UNSUITABLE,
}
SURNAMES = "赵钱孙李周吴郑王冯陈"
COPIES = 0.12
COLUMNS: dict[str, tuple[str, ...]] = {
    "submissions": (
        *("id", "consultation_id", "version_id", "channel", "token", "receipt_number", "access_code_hash"),
        *("received_at", "title", "comment", "occupation", "fingerprint", "state", "revision", "submitter_kind"),
        "allocated_to",
    ),
    "submitter_identities": ("submission_id", "consultation_id", "person_index", "name", "id_number", "phone", "email"),
    "submission_keys": ("submission_id", "key_id", "suite", "wrapped"),
    "submission_clauses": ("submission_id", "clause_id", "text_hash"),
    "displayed_comments": (
        *("submission_id", "consultation_id", "displayed_at", "masked_name", "title", "text", "state", "number"),
        *("text_hash", "held_for"),
    ),
    "quarantined_submissions": ("submission_id", "reasons", "at"),
    "screening_decisions": (
        *("id", "submission_id", "decision", "unsuitable_class", "reason", "duplicate_of_id", "decided_by"),
        *("decided_at", "told_at"),
    ),
    "counter_changes": ("name", "scope", "value", "state", "n"),
    "second_looks": ("decision_id", "submission_id", "consultation_id", "state", "drawn_at", "revision"),
    "flags": (
        *("id", "record_kind", "record_id", "consultation_id", "question", "raised_by", "raised_at", "revision"),
    ),
    "coverages": ("submission_id", "consultation_id", "received_at", "is_open"),
    "suggestions": (
        *("id", "consultation_id", "clause_id", "theme", "text", "distinct_persons", "state", "edited_by"),
        *("created_at", "revision", "persons_without_number"),
    ),
    "suggestion_versions": (
        *("suggestion_id", "number", "change", "text", "theme", "clause_id", "edited_by", "edited_at"),
    ),
    "passages": ("id", "submission_id", "start_at", "end_at"),
    "suggestion_passages": ("suggestion_id", "passage_id"),
    "suggestion_editors": ("suggestion_id", "staff_id"),
}
"""Tables in the order in which they are filled, with the columns that are given."""
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Numbered:
    """A submission that is being made: its place among all, counted from 0, and how far through them it is, 0 to 1."""

    id: uuid.UUID
    at: datetime
    place: int
    share: float


class Maker:
    """Makes submissions; the same `seed` makes the same words and fates."""

    def __init__(
        self, places: Sequence[Place], people: Sequence[str], vault: Vault, receipts: Receipts, seed: int
    ) -> None:
        self._places, self._people, self._vault, self._receipts = places, people, vault, receipts
        self._chance = random.Random(seed)  # noqa: S311 - invented data, no secret
        self._originals: dict[uuid.UUID, uuid.UUID] = {}

    def batches(self, first: datetime, last: datetime, total: int, size: int) -> Iterator[Tables]:
        """Most come shortly before the end, as they do: half of all in the last third of the time."""
        for start in range(0, total, size):
            tables: Tables = defaultdict(list)
            for place in range(start, min(start + size, total)):
                share = (place + self._chance.random()) / total
                at = first + (last - first) * share**0.6
                self._add(tables, Numbered(_id_at(at, self._chance), at, place, share))
            yield tables

    def _add(self, tables: Tables, one: Numbered) -> None:
        chance = self._chance
        where = chance.choices(self._places, [place.matter.share for place in self._places])[0]
        state = self._fate(one.share)
        clause = chance.choice(where.clauses) if chance.random() < 0.8 else None
        written = self._written(where, state, clause[2] if clause else "全文")
        if state is S.DUPLICATE and where.id not in self._originals:
            state = S.ACCEPTED
        self._submission(tables, one, where, state, written)
        if clause:
            tables["submission_clauses"].append((one.id, clause[0], clause[1]))
        if where.is_instant:
            self._display(tables, one, where, state, written)
        if state is S.QUARANTINED:
            tables["quarantined_submissions"].append((one.id, ["too_fast"], one.at))
        if state in DECIDED:
            self._decision(tables, one, where, state)
        if state is S.ACCEPTED:
            self._originals[where.id] = one.id
            self._gathering(tables, one, where, written, clause[0] if clause else None)
        if chance.random() < 0.001:
            asks, by = "属于本稿范围吗，还是转有关部门？", chance.choice(self._people)
            tables["flags"].append((_id_at(one.at, chance), "submission", one.id, where.id, asks, by, one.at, 1))

    def _fate(self, share: float) -> SubmissionState:
        """The later it came, the more likely it still waits."""
        if self._chance.random() < 0.1 + 0.85 * share**2:
            return S.RECEIVED
        return self._chance.choices(list(FATES), list(FATES.values()))[0]

    def _written(self, where: Place, state: SubmissionState, what: str) -> Written:
        chance = self._chance
        if state is S.OUT_OF_SCOPE:
            return words.foreign(chance)
        if state is S.DUPLICATE or chance.random() < COPIES:
            return words.copied(where.matter, chance, chance.choices(range(5), [60, 20, 10, 7, 3])[0])
        return words.own(where.matter, chance, what)

    def _submission(
        self, tables: Tables, one: Numbered, where: Place, state: SubmissionState, written: Written
    ) -> None:
        chance, token = self._chance, secrets.token_hex(16)
        person = chance.randrange(one.place + 1) if chance.random() < 0.05 else one.place
        identity = _identity(person)
        receipt = self._receipts.of_token(token)
        sealed, key = self._vault.seal(identity, one.id, where.id)
        allocated = chance.choice(self._people) if state is S.RECEIVED and chance.random() < 0.4 else None
        tables["submissions"].append(
            (
                *(one.id, where.id, where.version_id, chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]),
                *(token, receipt.number, self._receipts.hash_code(receipt.number, receipt.access_code), one.at),
                *(written.title, written.comment, chance.choice(OCCUPATIONS), secrets.token_hex(32)),
                *(state, 1 if state is S.RECEIVED else 2, "individual", allocated),
            )
        )
        tables["submitter_identities"].append(
            (*(one.id, where.id, sealed.person_index, sealed.name, sealed.id_number, sealed.phone, sealed.email),)
        )
        tables["submission_keys"].append((one.id, key.key_id, key.suite, key.wrapped))

    def _display(self, tables: Tables, one: Numbered, where: Place, state: SubmissionState, written: Written) -> None:
        waits = state is S.QUARANTINED or self._chance.random() < 0.02
        shown = DisplayState.WAITING if waits else DisplayState.DISPLAYED
        tables["displayed_comments"].append(
            (
                *(one.id, where.id, one.at, public_name(_identity(one.place)), written.title, written.comment, shown),
                *(new_number(), text_hash(written.comment), ["off_topic"] if waits else []),
            )
        )

    def _decision(self, tables: Tables, one: Numbered, where: Place, state: SubmissionState) -> None:
        chance, at = self._chance, one.at + timedelta(hours=self._chance.randrange(1, 72))
        decision = _id_at(at, chance)
        original = self._originals[where.id] if state is S.DUPLICATE else None
        unsuitable = "no_content" if state is S.UNSUITABLE else None
        reason = "与本次征求意见的内容无关，请拨打12345反映。" if state is S.OUT_OF_SCOPE else None
        tables["screening_decisions"].append(
            (decision, one.id, EVENTS[state], unsuitable, reason, original, chance.choice(self._people), at, at)
        )
        tables["counter_changes"].append(("decisions.day", where.id.hex, beijing_day(at).isoformat(), EVENTS[state], 1))
        if state is not S.ACCEPTED and chance.random() < 0.02:
            tables["second_looks"].append((decision, one.id, where.id, SecondLookState.WAITING, at, 1))

    def _gathering(
        self, tables: Tables, one: Numbered, where: Place, written: Written, clause_id: uuid.UUID | None
    ) -> None:
        """A tenth of what was accepted stands in a suggestion of its own."""
        chance = self._chance
        gathered = chance.random() < 0.1
        tables["coverages"].append((one.id, where.id, one.at, not gathered))
        if not gathered:
            return
        at, made, passage = one.at + timedelta(days=1), _id_at(one.at, chance), _id_at(one.at, chance)
        editor, text = chance.choice(self._people), written.comment[:200]
        state = chance.choices(["editing", "awaiting_approval", "approved"], [5, 3, 2])[0]
        tables["suggestions"].append((made, where.id, clause_id, written.title[:20], text, 1, state, editor, at, 1, 0))
        tables["suggestion_versions"].append((made, 1, "gathered", text, written.title[:20], clause_id, editor, at))
        tables["passages"].append((passage, one.id, 0, len(written.comment)))
        tables["suggestion_passages"].append((made, passage))
        tables["suggestion_editors"].append((made, editor))


def _identity(person: int) -> Identity:
    """Invented; the area code of the number belongs to no county, its check digit is that of GB 11643."""
    body = f"219999{19500101 + person // 1000 % 400000:08}{person % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return Identity(
        name=f"{SURNAMES[person % 10]}演示",
        id_number=body + "10X98765432"[total % 11],
        phone=f"1390000{person % 10_000:04}",
        email=f"person{person}@example.com",
    )


def _id_at(at: datetime, chance: random.Random) -> uuid.UUID:
    """An id as `new_id` would have made it then."""
    value = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64) | (0b10 << 62)
    return uuid.UUID(int=value | chance.getrandbits(62))
