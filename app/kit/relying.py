"""Proving who somebody is at an OpenID Connect provider.

Authorization code flow with PKCE: OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9207. Of all that a provider could say,
only the subject and, if asked for, one name is read.
"""

import json
import secrets
import ssl
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.kit.openid import Departure, NotProven, Proven, Provider, ProviderGone

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures with a key that only the provider has; never `none`, never a key that both sides share."""
LONGEST_ANSWER = 256 * 1024
LONGEST_SUBJECT = 255
"""Source: OpenID Connect Core 1.0 §2, `sub`."""
TIMES = httpx2.Timeout(8.0, connect=4.0)
CLOCKS_DIFFER = 60
"""Seconds that the two clocks may be apart."""
KNOWN_FOR = timedelta(hours=1)
"""How long what the provider publishes about itself is believed; keys are asked for anew when one isn't known."""
KEYS_AGAIN_AFTER = timedelta(minutes=1)


@dataclass
class _Known:
    """What the provider published, and when it was asked."""

    description: Mapping[str, Any]
    keys: KeySet
    at: datetime
    keys_at: datetime


class RelyingParty:
    """Talks to one provider. Each method takes seconds at most; none follows a redirect or uses a proxy of its own."""

    def __init__(self, provider: Provider, client: Callable[[], httpx2.Client] | None = None) -> None:
        self._provider = provider
        self._client = client or self._own_client
        self._known: _Known | None = None
        self._lock = Lock()

    def depart(self, return_to: str, at: datetime) -> Departure:
        """Where to send the browser. Raises ProviderGone."""
        endpoint = self._endpoint(self._described(at).description, "authorization_endpoint")
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": return_to,
            "scope": " ".join(self._provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        mark = "&" if urlsplit(endpoint).query else "?"
        return Departure(endpoint + mark + urlencode(query), state, nonce, verifier)

    def arrive(self, answer: Mapping[str, str], kept: Departure, return_to: str, at: datetime) -> Proven:
        """Whom the provider's answer is about; `answer` is the query with which the browser came back.

        Raises NotProven, also where the person refused, and ProviderGone.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), kept.state.encode()):
            raise NotProven("state")
        if answer.get("iss", self._provider.issuer) != self._provider.issuer:
            raise NotProven("iss")
        if "error" in answer or not answer.get("code"):
            raise NotProven("refused")
        token = self._exchanged(answer["code"], kept.verifier, return_to, at)
        claims = self._checked(token, kept.nonce, at)
        subject, name = claims.get("sub"), claims.get(self._provider.name_claim or "-", "")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise NotProven("sub")
        return Proven(subject, name if isinstance(name, str) else "", _ways(claims))

    def _exchanged(self, code: str, verifier: str, return_to: str, at: datetime) -> str:
        """The ID token for the code, which works once."""
        description = self._described(at).description
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_to,
            "code_verifier": verifier,
        }
        said = self._asked("POST", self._endpoint(description, "token_endpoint"), *self._identified(description, sent))
        token = said.get("id_token")
        if not isinstance(token, str):
            raise NotProven("no token")
        return token

    def _identified(
        self, description: Mapping[str, Any], sent: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Form and headers by which the provider knows us (RFC 6749 §2.3.1)."""
        who, secret = self._provider.client_id, self._provider.client_secret
        ways = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not secret:
            return sent | {"client_id": who}, {}
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            return sent | {"client_id": who, "client_secret": secret}, {}
        pair = f"{quote(who, safe='')}:{quote(secret, safe='')}"
        return sent, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}

    def _checked(self, token: str, nonce: str, at: datetime) -> Mapping[str, Any]:
        """The claims of an ID token that is meant for us, now, in answer to this departure (Core §3.1.3.7)."""
        claims = self._decoded(token, at)
        ours, now = self._provider.client_id, int(at.timestamp())
        expected = {"iss": self._provider.issuer, "aud": ours, "nonce": nonce}
        demanded: dict[str, jwt.ClaimsOption] = {name: {"essential": True} for name in ("sub", "exp", "iat")}
        demanded |= {name: {"essential": True, "value": value} for name, value in expected.items()}
        try:
            jwt.JWTClaimsRegistry(now=now, leeway=CLOCKS_DIFFER, **demanded).validate(dict(claims))
        except JoseError as error:
            raise NotProven("claims") from error
        audience = claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if claims.get("azp", None if several else ours) != ours:
            raise NotProven("azp")
        return claims

    def _decoded(self, token: str, at: datetime) -> Mapping[str, Any]:
        known = self._described(at)
        try:
            return jwt.decode(token, known.keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            if at - known.keys_at < KEYS_AGAIN_AFTER:
                raise NotProven("signature") from error
        with self._lock:
            known.keys, known.keys_at = self._fetched_keys(known.description), at
        try:
            return jwt.decode(token, known.keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise NotProven("signature") from error

    def _described(self, at: datetime) -> _Known:
        with self._lock:
            if self._known is None or at - self._known.at >= KNOWN_FOR:
                description = self._asked(
                    "GET", f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
                )
                if description.get("issuer") != self._provider.issuer:
                    raise ProviderGone("another issuer")
                self._known = _Known(description, self._fetched_keys(description), at, at)
            return self._known

    def _fetched_keys(self, description: Mapping[str, Any]) -> KeySet:
        published = self._asked("GET", self._endpoint(description, "jwks_uri"))
        try:
            return KeySet.import_key_set(
                {"keys": [key for key in published["keys"] if key.get("kty") in ("RSA", "EC")]}
            )
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise ProviderGone("keys") from error

    def _endpoint(self, description: Mapping[str, Any], name: str) -> str:
        """No less safe than the issuer's own address."""
        address = description.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in {
            "https",
            urlsplit(self._provider.issuer).scheme,
        }:
            raise ProviderGone(name)
        return address

    def _asked(
        self, method: str, address: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Mapping[str, Any]:
        """The JSON object that is answered with 200. A 4xx to a form says that the code isn't good."""
        try:
            with self._client() as client, client.stream(method, address, data=form, headers=headers) as answer:
                status, content = answer.status_code, _bounded(answer)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise ProviderGone(type(error).__name__) from error
        if form is not None and 400 <= status < 500:
            raise NotProven("code")
        if status != 200:
            raise ProviderGone(str(status))
        return _object_in(content)

    def _own_client(self) -> httpx2.Client:
        trusted = ssl.create_default_context(cafile=str(self._provider.ca_file) if self._provider.ca_file else None)
        return httpx2.Client(verify=trusted, timeout=TIMES, trust_env=False, follow_redirects=False)


def _ways(claims: Mapping[str, Any]) -> frozenset[str]:
    said = claims.get("amr")
    listed = said if isinstance(said, list) else []
    return frozenset(way for way in (claims.get("acr"), *listed) if isinstance(way, str))


def _bounded(answer: httpx2.Response) -> bytes:
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LONGEST_ANSWER:
            raise ProviderGone("too long")
    return content


def _object_in(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProviderGone("not JSON") from error
    if not isinstance(said, dict):
        raise ProviderGone("no object")
    return said
