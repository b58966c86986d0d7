"""An OpenID Connect provider of our own, without a network. Everybody consents at once; what it says can be bent."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.kit.clock import Clock

ISSUER = "http://provider.test"
CLIENT, SECRET = "yanlu", "a secret: of both"
Key = RSAKey | ECKey | OctKey


@dataclass
class LocalProvider:
    """`claims` change what the ID token says; `signed` makes it otherwise; `answers` stand in for whole answers."""

    clock: Clock
    subject: str = "subject-of-this-client"
    claims: dict[str, Any] = field(default_factory=dict)
    signed: Callable[[dict[str, Any], Key], str] | None = None
    answers: dict[str, httpx2.Response | Exception] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    key: Key = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self) -> httpx2.Client:
        return httpx2.Client(transport=httpx2.MockTransport(self._answer))

    def consent(self, address: str) -> str:
        """Where the browser is sent back to, having been sent to that address."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        assert address.startswith(f"{ISSUER}/authorize?")
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == CLIENT
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': ISSUER})}"

    def rotate(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        instead = self.answers.get(path)
        if isinstance(instead, Exception):
            raise instead
        if instead is not None:
            return instead
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self._description())
        if path == "/keys":
            return httpx2.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        assert path == "/token"
        return self._token(request)

    def _description(self) -> Mapping[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        } | self.described

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        begun = self.codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        fits = begun and challenge.rstrip(b"=").decode() == begun["code_challenge"]
        if not begun or not fits or sent["redirect_uri"] != begun["redirect_uri"] or not self._knows(request, sent):
            return httpx2.Response(400, json={"error": "invalid_grant"})
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": begun["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        return httpx2.Response(200, json={"id_token": self._signed(claims | self.claims), "access_token": "unused"})

    def _signed(self, claims: dict[str, Any]) -> str:
        said = {name: value for name, value in claims.items() if value is not None}
        if self.signed:
            return self.signed(said, self.key)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)

    def _knows(self, request: httpx2.Request, sent: Mapping[str, str]) -> bool:
        kind, _space, pair = request.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            who, _colon, secret = base64.b64decode(pair).decode().partition(":")
            return (unquote(who), unquote(secret)) == (CLIENT, SECRET)
        return (sent.get("client_id"), sent.get("client_secret", "")) == (CLIENT, SECRET)
