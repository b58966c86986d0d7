"""Every setting, with what it may be."""

import base64
import re
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.config.refusals import PREFIX

DEMONSTRATION_MAIL = "mail"
DEMONSTRATION_SENDER = "yijian@demonstration.invalid"
BASE_PATH = re.compile(r"[\w~-][\w.~-]*(/[\w~-][\w.~-]*)*", re.ASCII)
DATABASE_URL = re.compile(r"sqlite:///(?!:memory:)[^?].*|postgresql\+psycopg://.+")
MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
SCANNER_ADDRESS = re.compile(r"tcp://[\w.\[\]:-]+:\d{1,5}|unix:///.+", re.ASCII)
QUIET = r"^(off|([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)$"
PEER_KEYS = re.compile(r"[A-Za-z0-9+/]{86}==", re.ASCII)
SITE_CODE = re.compile(r"\d{10}", re.ASCII)
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LISTS = (
    *("sides", "trusted_hosts", "trusted_proxies", "metrics_networks", "oidc_scopes", "staff_oidc_strong"),
    "earlier_signature_keys",
)


class Environment(StrEnum):
    PRODUCTION = "production"
    DEMONSTRATION = "demonstration"
    TEST = "test"


class Side(StrEnum):
    """What one listener serves; another side's routes are 404 there."""

    PUBLIC = "public"
    STAFF = "staff"
    API = "api"


class Network(StrEnum):
    """Where an installation stands: alone, or as one of two sides that only files join (docs/bundles.md)."""

    WHOLE = "whole"
    OUTER = "outer"
    INNER = "inner"


SIDES_OF = {Network.OUTER: [Side.PUBLIC], Network.INNER: [Side.STAFF, Side.API]}
"""What each of the two may serve: nobody decides on the internet, and nobody comments inside."""


def split_words(value: Any) -> Any:
    return [word for word in value.replace(",", " ").split() if word] if isinstance(value, str) else value


def _seed(key: SecretStr) -> bytes | None:
    try:
        seed = base64.b64decode(key.get_secret_value(), validate=True)
    except ValueError:
        return None
    return seed if len(seed) == 32 else None


class Settings(BaseSettings):
    """All that an operator can set. Names are the variables without their prefix, in lower case."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", env_ignore_empty=True, hide_input_in_errors=True
    )

    environment: Environment = Environment.PRODUCTION
    var_dir: Path = Path("var")
    secrets_dir: Path = Path("/run/secrets")
    database_url: str = Field(default="", repr=False)  # may hold a password
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    base_path: str = ""
    public_url: str = ""
    staff_url: str = ""
    sides: Annotated[list[Side], NoDecode] = list(Side)
    network: Network = Network.WHOLE
    bundle_peer: str = ""
    secret_key: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    index_key: SecretStr = SecretStr("")
    index_hash: Literal["sha256", "sm3"] = "sha256"
    crypto_suite: Literal["aes", "sm"] = "aes"
    key_wrapper: str = ""
    former_key_wrapper: str = ""
    captcha: bool = True
    captcha_work: Annotated[int, Field(ge=4, le=400_000)] = 960
    copies_shown: Annotated[int, Field(ge=1, le=100_000)] = 20
    screening_days: Annotated[int, Field(ge=1, le=60)] = 5
    checker: str = ""
    secure_cookies: bool | None = None
    page_cache: bool | None = None
    trusted_hosts: Annotated[list[str], NoDecode] = []
    trusted_proxies: Annotated[list[str], NoDecode] = []
    metrics_networks: Annotated[list[str], NoDecode] = ["127.0.0.0/8", "::1/128"]
    column_name: str = "意见征集"
    site_owner: str = ""
    site_operator: str = ""
    site_contact: str = ""
    site_code: str = ""
    icp_record: str = ""
    police_record: str = ""
    mistakes_url: str = ""
    site_footer: str = ""
    header_file: Path | None = None
    footer_file: Path | None = None
    mail_server: str = ""
    mail_port: Annotated[int, Field(ge=1, le=65535)] = 587
    mail_encryption: Literal["tls", "starttls", "none"] = "starttls"
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = ""
    mail_sender: str = ""
    mail_timeout: Annotated[int, Field(ge=1, le=120)] = 20
    mail_ca_file: Path | None = None
    mail_folder: Path | None = None
    closing_letter_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    referral_alert_to: Annotated[str, Field(pattern=rf"^({MAIL_ADDRESS.pattern})?$")] = ""
    inbox: str = ""
    inbox_password: SecretStr = SecretStr("")
    inbox_done: str = "mark"
    clarification_days: Annotated[int, Field(ge=1, le=60)] = 7
    files_url: str = ""
    files_endpoint: str = ""
    files_region: str = ""
    files_key_id: SecretStr = SecretStr("")
    files_secret_key: SecretStr = SecretStr("")
    clamd: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = ""
    oidc_scopes: Annotated[list[str], NoDecode] = ["openid"]
    oidc_name_claim: str = ""
    oidc_ca_file: Path | None = None
    staff_second_factor: bool | None = None
    staff_idle_minutes: Annotated[int, Field(ge=5, le=30)] = 30
    staff_session_hours: Annotated[int, Field(ge=1, le=10)] = 10
    staff_oidc_issuer: str = ""
    staff_oidc_client_id: str = ""
    staff_oidc_client_secret: SecretStr = SecretStr("")
    staff_oidc_name: str = ""
    staff_oidc_strong: Annotated[list[str], NoDecode] = []
    staff_oidc_ca_file: Path | None = None
    signature_key: SecretStr = SecretStr("")
    earlier_signature_keys: Annotated[list[str], NoDecode] = []
    audit_heads: Path | None = None
    log_heads: Path | None = None
    log_every_minute: bool = True
    audit_kept_months: Annotated[int, Field(ge=6, le=600)] = 36
    backup_key: str = ""
    backups: Path | None = None
    archive_key: str = ""
    events_kept_days: Annotated[int, Field(ge=7, le=3650)] = 90
    alert_mail: Annotated[str, Field(pattern=rf"^({MAIL_ADDRESS.pattern})?$")] = ""
    alert_quiet: Annotated[str, Field(pattern=QUIET)] = "22:00-07:00"

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return split_words(value)

    @field_validator("base_path")
    @classmethod
    def _one_leading_slash(cls, value: str) -> str:
        path = value.strip("/")
        if path and not BASE_PATH.fullmatch(path):
            raise ValueError("must be a path of letters, digits and -._~, like /yanlu")
        return f"/{path}" if path else ""

    @field_validator("clamd")
    @classmethod
    def _scanner_address(cls, value: str) -> str:
        if value and not SCANNER_ADDRESS.fullmatch(value):
            raise ValueError("must be like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl")
        return value

    @field_validator("signature_key")
    @classmethod
    def _seed_of_32_bytes(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and _seed(value) is None:
            raise ValueError("must be 32 random bytes in base64")
        return value

    @field_validator("earlier_signature_keys")
    @classmethod
    def _keys_of_32_bytes(cls, value: list[str]) -> list[str]:
        if any(_seed(SecretStr(key)) is None for key in value):
            raise ValueError("must be public keys that /api/v1/log/key told: 32 bytes in base64 each")
        return value

    @field_validator("backup_key", "archive_key")
    @classmethod
    def _key_of_32_bytes(cls, value: str) -> str:
        if value and _seed(SecretStr(value)) is None:
            raise ValueError("must be the public key that yanlu backup-key prints: 32 bytes in base64")
        return value

    @field_validator("bundle_peer")
    @classmethod
    def _keys_of_64_bytes(cls, value: str) -> str:
        if value and not PEER_KEYS.fullmatch(value.strip()):
            raise ValueError("must be what yanlu bundle keys prints on the other side: 64 bytes in base64")
        return value.strip()

    @field_validator("trusted_proxies")
    @classmethod
    def _named_proxies(cls, value: list[str]) -> list[str]:
        networks = [ip_network(network) for network in value]
        if any(network.prefixlen == 0 for network in networks):
            raise ValueError("must name the proxies: a network of everybody would believe everybody")
        return value

    @field_validator("metrics_networks")
    @classmethod
    def _known_networks(cls, value: list[str]) -> list[str]:
        return [str(ip_network(network)) for network in value]

    @field_validator("site_code")
    @classmethod
    def _ten_digits(cls, value: str) -> str:
        if value and not SITE_CODE.fullmatch(value):
            raise ValueError("must be the ten digits of the 网站标识码")
        return value

    @field_validator("mistakes_url")
    @classmethod
    def _safe_address(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("must be an address that begins with https://")
        return value

    @model_validator(mode="after")
    def _derive(self) -> Self:
        self.database_url = self.database_url or f"sqlite:///{self.var_dir}/yanlu.sqlite3"
        self.public_url = (self.public_url or f"http://127.0.0.1:{self.port}{self.base_path}").rstrip("/")
        self.staff_url = (self.staff_url or f"{self.public_url}/staff").rstrip("/")
        if self.secure_cookies is None:
            self.secure_cookies = self.environment is Environment.PRODUCTION
        if self.page_cache is None:
            self.page_cache = self.environment is not Environment.TEST
        if not self.trusted_hosts and self.environment is Environment.PRODUCTION:
            hosts = (urlsplit(url).hostname for url in (self.public_url, self.staff_url))
            self.trusted_hosts = list(dict.fromkeys(host for host in hosts if host))
        if self.staff_second_factor is None:
            self.staff_second_factor = self.environment is Environment.PRODUCTION
        return self

    @model_validator(mode="after")
    def _serves_what_its_network_may(self) -> Self:
        may = SIDES_OF.get(self.network)
        if may is None:
            return self
        if "sides" not in self.model_fields_set:
            self.sides = list(may)
        if not set(self.sides) <= set(may):
            raise ValueError(f"YANLU_SIDES may name {', '.join(may)} alone where YANLU_NETWORK={self.network}")
        if self.network is Network.OUTER and self.inbox:
            raise ValueError("YANLU_INBOX belongs to the inner side: what comes by mail is decided there")
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        if self.environment is Environment.DEMONSTRATION and not (self.mail_server or self.mail_folder):
            self.mail_folder = self.var_dir / DEMONSTRATION_MAIL
            self.mail_from = self.mail_from or DEMONSTRATION_SENDER
        if self.mail_server and self.mail_folder:
            raise ValueError("YANLU_MAIL_SERVER and YANLU_MAIL_FOLDER can't both be set")
        if (self.mail_server or self.mail_folder) and not MAIL_ADDRESS.fullmatch(self.mail_from):
            raise ValueError("YANLU_MAIL_FROM must be an address like yijian@example.cn where mail is sent")
        if self.mail_user and self.mail_encryption == "none" and self.mail_server not in LOOPBACK:
            raise ValueError(
                "YANLU_MAIL_USER is refused with YANLU_MAIL_ENCRYPTION=none: the password would be readable"
            )
        self.mail_sender = " ".join((self.mail_sender or self.site_owner or self.column_name).split())
        return self

    @property
    def signature_seed(self) -> bytes | None:
        """The private key of Ed25519 with which this installation signs; None where it has none."""
        return _seed(self.signature_key)

    @property
    def sends_mail(self) -> bool:
        """Whether messages have a way out, be it into a folder."""
        return bool(self.mail_server or self.mail_folder)

    @property
    def files_access(self) -> dict[str, str]:
        """What an object store asks for, by obstore's names."""
        return {
            "endpoint": self.files_endpoint,
            "region": self.files_region,
            "access_key_id": self.files_key_id.get_secret_value(),
            "secret_access_key": self.files_secret_key.get_secret_value(),
        }

    @model_validator(mode="after")
    def _sign_in_is_whole(self) -> Self:
        self._refuse_half_a_provider("OIDC", self.oidc_issuer, self.oidc_client_id and self.oidc_name)
        staffs = self.staff_oidc_client_id and self.staff_oidc_name
        self._refuse_half_a_provider("STAFF_OIDC", self.staff_oidc_issuer, staffs)
        return self

    def _refuse_half_a_provider(self, prefix: str, issuer: str, rest: str) -> None:
        if issuer and not rest:
            raise ValueError(
                f"YANLU_{prefix}_CLIENT_ID and YANLU_{prefix}_NAME are needed where YANLU_{prefix}_ISSUER is set"
            )
        is_safe = issuer.startswith("https://") or self.environment is not Environment.PRODUCTION
        if issuer and not (is_safe and issuer.startswith(("https://", "http://"))):
            raise ValueError(f"YANLU_{prefix}_ISSUER must be an address that begins with https://")

    @model_validator(mode="after")
    def _captcha_off_only_in_tests(self) -> Self:
        if not self.captcha and self.environment is not Environment.TEST:
            raise ValueError("YANLU_CAPTCHA=off is allowed only with YANLU_ENVIRONMENT=test")
        return self

    @model_validator(mode="after")
    def _known_database(self) -> Self:
        if not DATABASE_URL.fullmatch(self.database_url):
            raise ValueError("YANLU_DATABASE_URL must be like sqlite:///FILE or postgresql+psycopg://…")
        try:
            make_url(self.database_url)
        except (ArgumentError, ValueError):
            raise ValueError("YANLU_DATABASE_URL is no address of a database") from None
        return self
