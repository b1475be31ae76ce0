"""What an operator can set. Everything has a default that works on one small machine."""

import os
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from brandhound.core.mail_addresses import read_mailbox

PREFIX = "BRANDHOUND_"
TEST_PREFIX = "BRANDHOUND_TEST_"
SECRETS = (
    "database_url", "app_database_url", "system_database_url", "secret_key", "previous_secret_keys", "smtp_url",
    "metrics_token", "sentry_dsn", "heartbeat_url", "meta_app_secret", "meta_system_user_token",
)  # fmt: skip
_WORDS = re.compile(r"\s*[a-z_]+\s*=")
"""How an address in libpq's other form begins: host=… dbname=…"""
UNPREFIXED = ("DATABASE_URL", "APP_DATABASE_URL", "SYSTEM_DATABASE_URL")


class UnknownSetting(ValueError):
    """A BRANDHOUND_ variable that means nothing: most likely a misspelling."""


class EmptySecret(ValueError):
    """A file that should hold a secret holds nothing."""


def default_data_dir() -> Path:
    """Where everything is kept unless BRANDHOUND_DATA_DIR says otherwise."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "brandhound"


class Settings(BaseSettings):
    """Every setting, read from the environment. `NAME_FILE` may hold the path of a file with the value of a secret.

    An empty variable is one that is not set.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True)

    data_dir: Path = Field(
        default_factory=default_data_dir, description="Database, article bodies, keys: back this up."
    )
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="Owner's address of a PostgreSQL ≥ 15. Empty: an embedded server in the data directory.",
    )
    app_database_url: SecretStr | None = Field(
        None,
        validation_alias="APP_DATABASE_URL",
        description="Address for the role that is bound by row-level security. Empty: made by `brandhound migrate`.",
    )
    system_database_url: SecretStr | None = Field(
        None,
        validation_alias="SYSTEM_DATABASE_URL",
        description="Address for the role that runs jobs and sign-in. Empty: made by `brandhound migrate`.",
    )
    secret_key: SecretStr | None = Field(
        None, description="Key that seals credentials at rest. Empty: made once in the data directory."
    )
    previous_secret_keys: SecretStr | None = Field(
        None, description="Older keys, comma separated: still open what they sealed."
    )
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8321, ge=0, le=65535, description="Port that the web server listens on.")
    public_url: str = Field("", description="Address under which people reach this installation; used in links.")
    contact: str = Field("", description="Address told to publishers in the user agent. Empty: the public address.")
    private_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Private networks that may be fetched from, comma separated, for instance 127.0.0.0/8."
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (ip_network("127.0.0.0/8"), ip_network("::1")),
        description="Reverse proxies in front, comma separated, for instance 127.0.0.0/8, ::1, 10.0.0.5: whom they name in "
        "X-Forwarded-For counts as the one who asks. Nobody else's header is believed, so name no network that people are in; "
        "none: nobody's is.",
    )
    zero_egress: bool = Field(
        False,
        description="Refuse every outgoing request but to followed feeds and their pages; servers in the private networks "
        "named above are the operator's own, and may still be asked.",
    )
    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server that notices leave by: smtp://user:password@host:587, or smtps:// on port 465. "
        "Empty: no mail.",
    )
    smtp_tls: Literal["starttls", "none"] = Field(
        "starttls", description="With smtp://: insist on encryption, or talk in the open (only on your own network)."
    )
    smtp_from: str = Field(
        "",
        description="Sender of mails: notices@example.com, or with a name, Brandhound <notices@example.com>. "
        "Empty: brandhound@ the host of the public address.",
    )
    smtp_dkim_selector: str = Field(
        "", description="Name (`s=`) under which the mail server's DKIM key is published; lets the doctor look for it."
    )
    smtp_timeout: float = Field(
        20.0, ge=1, le=120, description="Seconds that a mail server gets for each answer, and three times that in all."
    )
    per_host_concurrency: int = Field(2, ge=1, le=16, description="Requests to one public host at the same time.")
    per_host_interval: float = Field(1.0, ge=0, le=60, description="Seconds between two requests to one public host.")
    extraction_processes: int = Field(
        default_factory=lambda: max(1, min(4, os.cpu_count() or 1)),
        ge=1,
        le=32,
        description="Processes that read pages, each held to 512 MB and 10 seconds a page.",
    )
    worker_concurrency: int = Field(16, ge=1, le=256, description="Runs that one worker does at the same time.")
    organization_share: float = Field(
        0.75,
        gt=0,
        le=1,
        description="Part of a queue's places that one organization may take while it has more to do than that.",
    )
    run_lost_after: int = Field(
        300,
        ge=30,
        le=86_400,
        description="Seconds without a sign of life after which a run goes on elsewhere or counts as lost.",
    )
    run_days: int = Field(90, ge=1, le=3650, description="Days after which ended runs and their logs are forgotten.")
    dead_letter_days: int = Field(30, ge=1, le=3650, description="Days after which dead runs are forgotten.")
    ad_pages_days: int = Field(
        45,
        ge=1,
        le=3650,
        description="Days after which answers of ad platforms, kept as they came so that figures can be counted again, are "
        "forgotten; the figures stay.",
    )
    tone_engine: Literal["model", "lexicon"] = Field(
        "model",
        description="How sentences are read, for tone and to tell namesakes apart: by the embedded sentence model, or by "
        "lighter word lists.",
    )
    accept_confidence: float = Field(0.8, ge=0, le=1, description="From this confidence on a mention counts.")
    doubtful_confidence: float = Field(0.4, ge=0, le=1, description="From this confidence on a mention is put to you.")
    metrics_token: SecretStr | None = Field(
        None,
        description="What Prometheus must send to read /metrics. "
        "Empty: only this machine may read it, and nobody once there is a public address.",
    )
    sentry_dsn: SecretStr | None = Field(
        None, description="Address of an error tracker that speaks Sentry's protocol: https://KEY@HOST/PROJECT."
    )
    heartbeat_url: SecretStr | None = Field(
        None, description="Address that is asked each minute while all is well; its owner is alarmed by silence."
    )
    otlp_endpoint: str = Field(
        "", description="Address of an OpenTelemetry collector for traces, such as http://127.0.0.1:4318. Empty: none."
    )
    meta_app_id: str = Field(
        "", description="Number of your own application at Meta, for ad accounts. Empty: none can be connected."
    )
    meta_app_secret: SecretStr | None = Field(
        None, description="Secret of that application: proves every call, and is never sent to a browser."
    )
    meta_config_id: str = Field(
        "",
        description="Configuration of Facebook Login for Business (the way for agencies). "
        "Empty: people are asked for the permissions ads_read and business_management.",
    )
    meta_system_user_token: SecretStr | None = Field(
        None,
        description="Token of a system user of your own business at Meta, for ad accounts without one of their own.",
    )
    meta_system_user_organizations: Annotated[tuple[UUID, ...], NoDecode] = Field(
        (),
        description="Organizations that may use that system user, by their identifiers, comma separated. Empty: none. "
        "Whoever is named here can read every ad account that the system user can.",
    )
    meta_graph_url: str = Field("https://graph.facebook.com", description="Where Meta's Graph API is asked.")
    meta_dialog_url: str = Field("https://www.facebook.com", description="Where Meta's login dialog is shown.")
    meta_version: str = Field(
        "v26.0", pattern=r"^v[0-9]+\.[0-9]+$", description="Version of Meta's interface that is spoken."
    )
    session_days: int = Field(30, ge=1, le=365, description="Days after which an unused sign-in ends.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_days: int = Field(
        14, ge=1, le=400, description="Days that log lines of level info are kept, and debug unless that has its own."
    )
    log_days_debug: int | None = Field(
        None, ge=1, le=400, description="Days that log lines of level debug are kept. Empty: as BRANDHOUND_LOG_DAYS."
    )
    log_days_troubles: int = Field(
        90,
        ge=1,
        le=400,
        description="Days that log lines of level warning are kept, and error unless that has its own.",
    )
    log_days_errors: int | None = Field(
        None,
        ge=1,
        le=400,
        description="Days that log lines of level error are kept. Empty: as BRANDHOUND_LOG_DAYS_TROUBLES.",
    )
    log_disk_limit_mb: int = Field(
        4096, ge=0, description="Megabytes that log lines may take in the database; the oldest go first. 0: no limit."
    )
    log_spool_mb: int = Field(
        64, ge=1, le=10_000, description="Megabytes of log lines that wait on disk while the database is away."
    )

    @field_validator("private_networks", "trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            # An empty variable is one that is not set, so that nobody needs a word.
            parts = [] if value.strip().lower() == "none" else value.split(",")
            return tuple(ip_network(part.strip()) for part in parts if part.strip())
        return value

    @field_validator("meta_system_user_organizations", mode="before")
    @classmethod
    def _split_organizations(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(UUID(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url", "app_database_url", "system_database_url")
    @classmethod
    def _is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        address = value.get_secret_value()
        # libpq would repeat an address that it cannot read in its complaint, with the password.
        if not address.startswith(("postgresql://", "postgres://")) and not _WORDS.match(address):
            raise ValueError("is no address of a PostgreSQL such as postgresql://role:password@host:5432/database")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _is_mailbox(cls, value: str) -> str:
        if value:
            read_mailbox(value)
        return value

    @field_validator("public_url", "heartbeat_url", "otlp_endpoint")
    @classmethod
    def _is_of_the_web(cls, value: str | SecretStr | None) -> str | SecretStr | None:
        address = value.get_secret_value() if isinstance(value, SecretStr) else value
        if address:
            parts = urlsplit(address.strip())
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError("is no address such as https://brand.example.com: it begins with http:// or https://")
        return value

    @field_validator("data_dir")
    @classmethod
    def _is_whole(cls, value: Path) -> Path:
        # No shell has read a file of settings.
        try:
            return value.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError("names the home of nobody who is known here") from error

    @field_validator("public_url", "meta_graph_url", "meta_dialog_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @model_validator(mode="after")
    def _thresholds_are_ordered(self) -> Self:
        if self.doubtful_confidence > self.accept_confidence:
            raise ValueError("BRANDHOUND_DOUBTFUL_CONFIDENCE must not be above BRANDHOUND_ACCEPT_CONFIDENCE")
        return self


def faults(error: ValidationError) -> str:
    """What is wrong with the settings: each variable by its name, with its value unless that is a secret."""
    told: list[str] = []
    for fault in error.errors(include_url=False):
        message = fault["msg"].removeprefix("Value error, ")
        if not fault["loc"]:
            told.append(message)
            continue
        name = str(fault["loc"][0]).lower()
        variable = name.upper() if name.upper() in UNPREFIXED else PREFIX + name.removeprefix(PREFIX.lower()).upper()
        shown = "" if name in SECRETS else f" (it is “{fault['input']}”)"
        told.append(f"{variable}: {message[:1].lower()}{message[1:]}{shown}")
    return "; ".join(told)


def _refuse_unknown() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {PREFIX + name.upper() + "_FILE" for name in SECRETS}
    for name in os.environ:
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            raise UnknownSetting(f"{name} is not a setting of brandhound; see docs/reference/settings.md")


def _secrets_from_files() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in SECRETS:
        variable = name.upper() if name.upper() in UNPREFIXED else PREFIX + name.upper()
        if path := os.environ.get(variable + "_FILE"):
            found[name] = Path(path).read_text().strip()
            if not found[name]:
                # Somebody means it to hold a secret: to go on without would be a surprise, and a key made anew a loss.
                raise EmptySecret(f"{path} is empty, and {variable}_FILE says that a secret is in it")
    return found


# A thread that began to read before the environment changed can end after a reload: `setdefault` lets it change nothing,
# where a cache around the reading would keep what it read, which is no longer so.
_kept: dict[str, Settings] = {}


def settings() -> Settings:
    """The settings of this process.

    Raises UnknownSetting for a misspelt variable, EmptySecret for a secret's file with nothing in it, pydantic's ValidationError
    for a value that cannot be.
    """
    return _kept.get("now") or _kept.setdefault("now", _read())


def reload_settings() -> Settings:
    """Read the environment again. For tests and for the process that has just started an embedded server."""
    _kept["now"] = _read()
    return _kept["now"]


def _read() -> Settings:
    _refuse_unknown()
    return Settings(**_secrets_from_files())  # pyright: ignore[reportArgumentType]
