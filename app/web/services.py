"""What the pages stand on, made once when the service starts."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from app.captcha.gate import Gate
from app.config import ConfigurationError, Secrets, Settings
from app.consultations.late_entry import LateCodes
from app.exports.keeping import Keeper
from app.kit.blobs import BlobStore
from app.kit.clamd import Clamd, Scanner
from app.kit.clock import Clock
from app.kit.crypto import SealedTokens, Sealer, SignedTokens, derive
from app.kit.database import Database
from app.kit.object_blobs import NoSuchPlace, blobs_at
from app.kit.observing import Figures
from app.kit.openid import Provider
from app.kit.signing import Signer
from app.kit.throttle import Throttle
from app.mail.attached import Cabinet
from app.mail.keeping import MailKeeper
from app.mail.taking import Post
from app.rights.effects import Keepers
from app.rights.sealing import Letters
from app.submissions.batching import BatchKeeper
from app.submissions.group_intake import GroupIntake
from app.submissions.guarding import Guard
from app.submissions.intake import DirectIntake
from app.submissions.receipts import Receipts
from app.submissions.vault import Vault
from app.throttles.sharing import Shared
from app.transparency.keys import signer_of, trusted
from app.web.checkers import load_checker
from app.web.kept import KeptForASecond
from app.web.receipt_tries import ReceiptTries
from app.web.staff.entrance import Entrance, build_entrance
from app.web.static import StaticFiles

if TYPE_CHECKING:
    from app.kit.relying import RelyingParty

WRONG_CODES = 10
"""Late codes that one client may enter wrongly within WRONG_CODES_WITHIN."""
WRONG_CODES_WITHIN = timedelta(minutes=10)
MISUSE_REPORTS = 5
"""Reports of a misused ID number that one client may send within MISUSE_REPORTS_WITHIN."""
MISUSE_REPORTS_WITHIN = timedelta(hours=1)
UPLOADS = 60
"""Files that one client may have examined within UPLOADS_WITHIN."""
UPLOADS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Services:
    """Everything a page may need besides its request. Tokens are named after what they state.

    forms: this form was made here, for this consultation. tickets: an attempt arrived in time. numbers: an ID number
    that was valid. kept_receipts: a receipt for the browser that has just sent. logins: the sign-in page is ours.
    late_entries: whoever holds this form gave a late code. shown_codes: a late code for the browser that issued it.
    rights_pages: this form was made for that receipt.
    kept_forms: a form that waits until its sender has proven again who it is.
    calls: the consultation of a form, read within the second.
    staged_files: these files are kept for this form. departures: this browser left to sign in. proofs: somebody did.
    """

    settings: Settings
    database: Database
    clock: Clock
    intake: GroupIntake
    vault: Vault
    guard: Guard
    receipts: Receipts
    captcha: Gate
    forms: SignedTokens
    tickets: SignedTokens
    numbers: SealedTokens
    kept_receipts: SealedTokens
    logins: SignedTokens
    kept_forms: SealedTokens
    late_codes: LateCodes
    late_entries: SealedTokens
    shown_codes: SealedTokens
    late_attempts: Throttle
    receipt_tries: ReceiptTries
    rights_pages: SignedTokens
    misuse_reports: Throttle
    keepers: Keepers
    batches: BatchKeeper
    mail: Post
    mail_keeper: MailKeeper
    blobs: BlobStore
    export_keeper: Keeper
    scanner: Scanner | None
    staged_files: SealedTokens
    uploads: Throttle
    sign_in: "RelyingParty | None"
    entrance: Entrance
    departures: SealedTokens
    proofs: SealedTokens
    signer: Signer
    log_keys: tuple[str, ...]
    csrf_key: bytes = field(repr=False)
    workbook_key: bytes = field(repr=False)
    static: StaticFiles
    figures: Figures
    shared: Shared
    calls: KeptForASecond[Any] = field(default_factory=KeptForASecond)


def build_services(settings: Settings, secrets: Secrets, database: Database, clock: Clock) -> Services:
    sealer = Sealer.of(secrets)
    shared = Shared(database, secrets.signing)
    vault = Vault(sealer, secrets.index, secrets.index_hash)
    receipts = Receipts(secrets.signing)
    guard = Guard(settings.copies_shown, load_checker(settings.checker))
    direct = DirectIntake(database, vault, receipts, guard, owes_receipts=settings.sends_mail)
    intake = GroupIntake(direct)
    blobs, scanner = _blobs(settings), Clamd(settings.clamd) if settings.clamd else None
    mail_keeper = MailKeeper(sealer, secrets.index, blobs)
    signer = signer_of(settings.signature_seed, secrets.signing)
    return Services(
        settings=settings,
        database=database,
        clock=clock,
        intake=intake,
        vault=vault,
        guard=guard,
        receipts=receipts,
        captcha=Gate(secrets.signing, settings.captcha_work, shared),
        forms=SignedTokens(secrets.signing, "form"),
        tickets=SignedTokens(secrets.signing, "ticket"),
        numbers=SealedTokens(secrets.signing, "id-number"),
        kept_receipts=SealedTokens(secrets.signing, "receipt"),
        logins=SignedTokens(secrets.signing, "login"),
        kept_forms=SealedTokens(secrets.signing, "kept-form"),
        late_codes=LateCodes(secrets.signing),
        late_entries=SealedTokens(secrets.signing, "late-entry"),
        shown_codes=SealedTokens(secrets.signing, "shown-late-code"),
        late_attempts=Throttle(WRONG_CODES, WRONG_CODES_WITHIN, "late-codes", shared),
        receipt_tries=ReceiptTries(shared),
        rights_pages=SignedTokens(secrets.signing, "rights"),
        misuse_reports=Throttle(MISUSE_REPORTS, MISUSE_REPORTS_WITHIN, "misuse", shared),
        keepers=Keepers(vault, Letters(sealer)),
        batches=BatchKeeper(sealer, secrets.index),
        mail=Post(database, mail_keeper, intake, Cabinet(blobs, scanner)),
        mail_keeper=mail_keeper,
        blobs=blobs,
        export_keeper=Keeper(blobs, sealer),
        scanner=scanner,
        staged_files=SealedTokens(secrets.signing, "staged-files"),
        uploads=Throttle(UPLOADS, UPLOADS_WITHIN, "uploads", shared),
        sign_in=_sign_in(settings),
        entrance=build_entrance(settings, secrets, sealer),
        departures=SealedTokens(secrets.signing, "departure"),
        proofs=SealedTokens(secrets.signing, "signed-in"),
        signer=signer,
        log_keys=trusted(signer, settings.earlier_signature_keys),
        csrf_key=derive(secrets.signing, "csrf"),
        workbook_key=derive(secrets.signing, "workbook"),
        static=StaticFiles(),
        figures=Figures(),
        shared=shared,
    )


def _blobs(settings: Settings) -> BlobStore:
    try:
        return blobs_at(settings.files_url, settings.var_dir / "files", settings.files_access)
    except NoSuchPlace as error:
        raise ConfigurationError(str(error)) from error


def _sign_in(settings: Settings) -> "RelyingParty | None":
    if not settings.oidc_issuer:
        return None
    from app.kit.relying import RelyingParty

    secret = settings.oidc_client_secret.get_secret_value()
    scopes = tuple(dict.fromkeys(["openid", *settings.oidc_scopes]))
    provider = Provider(
        settings.oidc_issuer, settings.oidc_client_id, secret, scopes, settings.oidc_name_claim, settings.oidc_ca_file
    )
    return RelyingParty(provider)


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _services(request: Request) -> Services:
    return services_of(request)


Svc = Annotated[Services, Depends(_services)]
