"""What signing in stands on, made once when the service starts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.accounts import passkeys
from app.accounts.delays import Delays
from app.accounts.sessions import Lasting
from app.config import Secrets, Settings
from app.kit.crypto import SealedTokens, Sealer, SignedTokens
from app.kit.openid import Provider

if TYPE_CHECKING:
    from app.kit.relying import RelyingParty


@dataclass(frozen=True)
class Entrance:
    """Tokens are named after what they state.

    halfway: who has shown a password and owes more. secrets: of an authenticator app that isn't confirmed yet.
    challenges: what a passkey is asked to sign, and since when. devices: this browser was this person's before.
    departures: this browser left for the provider.
    """

    delays: Delays
    sealer: Sealer
    lasting: Lasting
    requires_factor: bool
    place: passkeys.Place
    halfway: SealedTokens
    secrets: SealedTokens
    challenges: SignedTokens
    devices: SignedTokens
    departures: SealedTokens
    provider: "RelyingParty | None"
    strong: frozenset[str]


def build_entrance(settings: Settings, secrets: Secrets, sealer: Sealer) -> Entrance:
    return Entrance(
        delays=Delays(secrets.signing),
        sealer=sealer,
        lasting=Lasting(
            idle=timedelta(minutes=settings.staff_idle_minutes), absolute=timedelta(hours=settings.staff_session_hours)
        ),
        requires_factor=bool(settings.staff_second_factor),
        place=passkeys.place_of(settings.staff_url, settings.column_name),
        halfway=SealedTokens(secrets.signing, "halfway"),
        secrets=SealedTokens(secrets.signing, "authenticator"),
        challenges=SignedTokens(secrets.signing, "challenge"),
        devices=SignedTokens(secrets.signing, "device"),
        departures=SealedTokens(secrets.signing, "staff-departure"),
        provider=_provider(settings),
        strong=frozenset(settings.staff_oidc_strong),
    )


def _provider(settings: Settings) -> "RelyingParty | None":
    if not settings.staff_oidc_issuer:
        return None
    from app.kit.relying import RelyingParty

    secret = settings.staff_oidc_client_secret.get_secret_value()
    known = Provider(
        settings.staff_oidc_issuer, settings.staff_oidc_client_id, secret, ca_file=settings.staff_oidc_ca_file
    )
    return RelyingParty(known)
