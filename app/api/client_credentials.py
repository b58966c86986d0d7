"""What a token request says (RFC 6749 §4.4): who asks, by which grant, for which scopes. Pure."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus

from app.accounts import keys
from app.permissions import CLIENT_SCOPES, of_scopes

FORM_TYPE = "application/x-www-form-urlencoded"
LARGEST_FORM = 8192
MOST_PARAMETERS = 50
GRANT = "client_credentials"


class TokenRefused(Exception):
    """The request is answered with an error of RFC 6749 §5.2, whose code this has."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Credentials:
    """The parts of a key: `yl_<key id>` and the secret."""

    client_id: str
    secret: str = field(repr=False)

    @property
    def key(self) -> str:
        """The whole key. Raises TokenRefused (`invalid_client`) where the parts make none, or are cut elsewhere."""
        text = f"{self.client_id}_{self.secret}"
        parts = keys.split(text)
        if parts is None or parts[1] != self.secret:
            raise TokenRefused("invalid_client")
        return text


def form_of(content_type: str, body: bytes) -> dict[str, str]:
    """The parameters that have a value; one without counts as left out (§3.2).

    Raises TokenRefused (`invalid_request`) for another type, a body that is too large, a parameter given twice.
    """
    if content_type.partition(";")[0].strip().lower() != FORM_TYPE or len(body) > LARGEST_FORM:
        raise TokenRefused("invalid_request")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except ValueError as error:
        raise TokenRefused("invalid_request") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise TokenRefused("invalid_request")
    return {name: value for name, value in form.items() if value}


def credentials_of(authorization: str, form: Mapping[str, str]) -> Credentials:
    """Who asks, by HTTP Basic or in the form (§2.3.1).

    Raises TokenRefused: `invalid_client` without credentials or for another scheme, `invalid_request` for both at once.
    """
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if not authorization:
        if client_id is None or secret is None:
            raise TokenRefused("invalid_client")
        return Credentials(client_id, secret)
    found = _basic(authorization)
    if secret is not None or client_id not in (None, found.client_id):
        raise TokenRefused("invalid_request")
    return found


def _basic(authorization: str) -> Credentials:
    """Both halves are form-encoded before they are put together."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise TokenRefused("invalid_client")
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise TokenRefused("invalid_client") from error
    if not colon:
        raise TokenRefused("invalid_client")
    return Credentials(unquote_plus(client_id), unquote_plus(secret))


def check_grant(form: Mapping[str, str]) -> None:
    """Raises TokenRefused: `invalid_request` without a grant type, `unsupported_grant_type` for another."""
    if "grant_type" not in form:
        raise TokenRefused("invalid_request")
    if form["grant_type"] != GRANT:
        raise TokenRefused("unsupported_grant_type")


def scopes_asked(form: Mapping[str, str], held: Sequence[str]) -> tuple[str, ...]:
    """The scopes of the token: all that the key holds, or those asked for that let do no more.

    Raises TokenRefused (`invalid_scope`) for one that doesn't exist or lets do more, and for a key without any.
    """
    asked = tuple(dict.fromkeys(form["scope"].split(" "))) if "scope" in form else tuple(held)
    granted = of_scopes(held)
    if not asked or not all(scope in CLIENT_SCOPES and CLIENT_SCOPES[scope] <= granted for scope in asked):
        raise TokenRefused("invalid_scope")
    return asked
