"""A sign-in at an OpenID Connect provider, in words: who is asked, what is kept meanwhile, what is proven.

`relying` does the asking, with libraries that only an installation with a provider needs to load.
"""

from dataclasses import dataclass, field
from pathlib import Path


class ProviderGone(Exception):
    """The provider gave no answer that could be used, in time."""


class NotProven(Exception):
    """The provider didn't say who it is, or what it said can't be believed."""


@dataclass(frozen=True)
class Provider:
    """How this installation is known at the provider. `name_claim` is empty where no name is to be read."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid",)
    name_claim: str = ""
    ca_file: Path | None = None


@dataclass(frozen=True)
class Departure:
    """What has to be kept, unseen by anybody else, until the browser comes back."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Proven:
    """`subject` is the provider's own name for the person; `name` is empty where none is said.

    `ways` is how the provider made sure: its `acr` and `amr` (OpenID Connect Core 1.0 §2).
    """

    subject: str = field(repr=False)
    name: str = field(repr=False)
    ways: frozenset[str] = frozenset()
