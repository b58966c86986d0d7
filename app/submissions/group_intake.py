"""Many submissions in one transaction: a commit costs the same for one as for a hundred (docs/intake.md)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future
from dataclasses import dataclass

import structlog
from sqlalchemy import bindparam, null, select, union_all
from sqlalchemy.orm import Session

from app.captcha import ledger as challenges
from app.consultations.queries import Standing
from app.kit.database import Model
from app.kit.errors import Conflict, DomainError, Unprocessable
from app.kit.gathering import Gatherer
from app.kit.many_rows import insert_rows
from app.submissions.guarding import Arrival, settle
from app.submissions.intake import (
    DirectIntake,
    NewSubmission,
    NotTaken,
    Outdated,
    refuse_untaken,
    standing_of,
)
from app.submissions.models import Submission
from app.submissions.prepared import Prepared
from app.submissions.receipts import Receipt

MOST_WAITING = 2000

_log = structlog.get_logger("yanlu.intake")


class GroupIntake:
    """Stores what comes by the form in groups, everything else directly. Keeps every promise of `Intake.store`.

    One group is one transaction; each submission of it is answered after the commit, with its receipt or the refusal
    that it would have got alone. Where a group can't be stored as one, for whatever reason, each is tried alone: that
    also finds out what became of a commit whose outcome the store didn't tell. `taken_apart` counts such groups.
    """

    def __init__(self, direct: DirectIntake, most_waiting: int = MOST_WAITING) -> None:
        self._direct = direct
        self.taken_apart = 0
        self._gatherer: Gatherer[Prepared, Receipt] = Gatherer("intake", self.store_together, most_waiting)

    @property
    def is_prompt(self) -> bool:
        """Whether `submit` asks nobody outside this process for what comes by the form, and so returns at once."""
        return self._direct.preparer.is_prompt

    def store(self, submission: NewSubmission) -> Receipt:
        """As Intake has it; Busy besides, where it would have to wait too long."""
        return self.submit(submission).result()

    def submit(self, submission: NewSubmission) -> "Future[Receipt]":
        """The receipt, to come. Raises Busy."""
        if submission.late or submission.origin is not None:
            return self._direct.submit(submission)
        return self._gatherer.put(self._direct.preparer.lay_out(submission))

    def close(self) -> None:
        """Returns when everything that was taken has been stored and answered."""
        self._gatherer.close()

    def store_together(self, group: Sequence[Prepared]) -> Sequence[Receipt | Exception]:
        """The receipt of each, or the refusal that it would have got alone, in their order."""
        firsts, twins = _apart(group)
        answers = self._together(firsts)
        # A twin is told what its other copy came to, which is in the store by now.
        answers |= {id(twin): self._alone(twin) for twin in twins}
        return [answers[id(one)] for one in group]

    def _together(self, group: Sequence[Prepared]) -> dict[int, Receipt | Exception]:
        if len(group) > 1:
            try:
                with self._direct.database.writing() as session:
                    answers = _insert(session, self._direct, group)
            except Exception as error:  # whatever it was, it was one's fault, and the others are to be stored
                self.taken_apart += 1
                _log.warning("group_taken_apart", number=len(group), kind=type(error).__name__)
            else:
                return {id(one): answer for one, answer in zip(group, answers, strict=True)}
        return {id(one): self._alone(one) for one in group}

    def _alone(self, prepared: Prepared) -> Receipt | Exception:
        try:
            return self._direct.store_prepared(prepared)
        except Exception as error:  # told to the one who waits for it
            return error


def _insert(session: Session, direct: DirectIntake, group: Sequence[Prepared]) -> Sequence[Receipt | Exception]:
    """What each gets once this is committed; a fixed number of statements for the whole group."""
    known = _known(session, group)
    standing = {one.consultation_id: standing_of(session, one) for one in _one_of_each(group)}
    refused = [_refusal(session, one, standing[one.submission.consultation_id], known) for one in group]
    taken = [one for one, refusal in zip(group, refused, strict=True) if refusal is None]
    shown = [one.public for one in taken if one.public is not None]
    for arrival, reasons in zip(shown, direct.guard.judge(session, shown), strict=True):
        settle(arrival.row, reasons)
    insert_rows(session, _rows(taken, shown))
    return [_answer(one, refusal) for one, refusal in zip(group, refused, strict=True)]


def _rows(taken: Sequence[Prepared], shown: Sequence[Arrival]) -> Iterator[Model]:
    """All that is inserted, every row behind those that it points to."""
    yield from challenges.burns(one.submission.challenge for one in taken)
    yield from (one.row for one in taken)
    yield from (row for one in taken for row in one.others)
    yield from (arrival.row for arrival in shown)


def _apart(group: Sequence[Prepared]) -> tuple[list[Prepared], list[Prepared]]:
    """Those that share neither a form nor a captcha with one before them, and the others."""
    firsts: list[Prepared] = []
    twins: list[Prepared] = []
    seen: set[str] = set()
    for one in group:
        challenge = one.submission.challenge
        own = {f"form {one.submission.token}"} | ({f"captcha {challenge.nonce}"} if challenge else set())
        (twins if own & seen else firsts).append(one)
        seen |= own
    return firsts, twins


class _StoredBefore(DomainError):
    """Its other copy is there: no row of this one is needed, and its receipt is that one's."""


def _answer(prepared: Prepared, refusal: DomainError | None) -> Receipt | Exception:
    return prepared.receipt if refusal is None or isinstance(refusal, _StoredBefore) else refusal


@dataclass(frozen=True)
class _Known:
    """What the store has already: fingerprints of stored forms by their token, and nonces of used captchas."""

    stored: Mapping[str, str]
    burned: Set[str]


_KNOWN = union_all(
    select(Submission.token, Submission.fingerprint).where(Submission.token.in_(bindparam("tokens", expanding=True))),
    challenges.BURNED.add_columns(null()),
)
"""Made once: making such a statement takes longer than carrying it out."""


def _known(session: Session, group: Sequence[Prepared]) -> _Known:
    tokens = [one.submission.token for one in group]
    nonces = challenges.nonces(one.submission.challenge for one in group)
    rows = session.execute(_KNOWN, {"tokens": tokens, challenges.NONCES: nonces}).all()
    return _Known(
        {token: fingerprint for token, fingerprint in rows if fingerprint is not None},
        {nonce for nonce, fingerprint in rows if fingerprint is None},
    )


def _one_of_each(group: Sequence[Prepared]) -> Iterable[NewSubmission]:
    """A submission of each consultation that the group has any of."""
    return {one.submission.consultation_id: one.submission for one in group}.values()


def _refusal(session: Session, one: Prepared, standing: Standing, known: _Known) -> DomainError | None:
    fingerprint = known.stored.get(one.submission.token)
    if fingerprint is not None:
        return _StoredBefore() if fingerprint == one.fingerprint else Conflict("token_reused")
    try:
        refuse_untaken(session, standing, one.submission)
    except (NotTaken, Outdated) as refusal:
        return refusal
    challenge = one.submission.challenge
    return Unprocessable("challenge_used") if challenge is not None and challenge.nonce in known.burned else None
