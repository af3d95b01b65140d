"""One validated `Settings`; nothing else reads the environment."""

import os
import re
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Gt, Le
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.kit.sealing import FieldKeys, UnusableFieldKeys, load_field_keys

ASYNC_DRIVER = "postgresql+asyncpg://"


def bare_environment() -> dict[str, str]:
    """Return what a process needs that is to know nothing of this installation, least of all a secret."""
    needed = ("PATH", "SYSTEMROOT")  # without the second no program starts on Windows
    return {name: os.environ[name] for name in needed if name in os.environ}


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"^(?:https://{_LABEL}(?:\.{_LABEL})*(?!:443$)|http://(?:localhost|127\.0\.0\.1)(?!:80$))(?::[1-9]\d{{0,4}})?\Z"
)
"""Exactly what a browser sends as Origin; without encryption only on the developer's own machine."""


def _separated(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for each in value.split(",") if (part := each.strip()))
    return value


def _are_origins(value: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_ORIGIN.match(each) for each in value):
        raise ValueError(
            "each is an exact origin as browsers send it: https://host or https://host:port in lower case,"
            " without path, wildcard and the port 443; http only for localhost"
        )
    return value


_SCANNER = re.compile(
    r"^(?:clamd://(?:[a-z0-9.-]+(?::\d+)?|/[\w./-]+)|icap://[a-z0-9.-]+(?::\d+)?/[\w./-]+)\Z"
)


def _is_scanner(value: str) -> str:
    if not _SCANNER.match(value):
        raise ValueError(
            "it must be like clamd://host:3310, clamd:///run/clamd.sock or icap://host:1344/service"
        )
    return value


ScannerAddress = Annotated[str, AfterValidator(_is_scanner)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separated), AfterValidator(_are_origins)]

_HTTP_ORIGIN = re.compile(r"^https?://[a-z0-9.-]+(?::[1-9]\d{0,4})?\Z")


def _are_receivers(value: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_HTTP_ORIGIN.match(each) for each in value):
        raise ValueError("each is like https://host:port or http://host:port in lower case, without a path")
    return tuple(re.sub(r"(?<=^https://)(.*):443$|(?<=^http://)(.*):80$", r"\1\2", each) for each in value)


def _is_public_url(value: str) -> str:
    if not re.match(r"^https?://[^\s/?#@]+(?:/[^\s?#]*)?\Z", value):
        raise ValueError("it must be what clients call, like https://kim.example.org")
    return value.rstrip("/")


def _are_networks(value: str) -> str:
    try:
        for each in value.split(","):
            ip_network(each.strip())
    except ValueError:
        raise ValueError("each is an address or a network of a proxy, like 10.0.0.5 or 10.0.0.0/24") from None
    return value


WebhookOrigins = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_separated), AfterValidator(_are_receivers)
]


class WorkerSettings(BaseSettings):
    """What the worker is told: it signs no tokens and never speaks as the application role."""

    model_config = SettingsConfigDict(env_prefix="KIM_", extra="ignore", frozen=True)

    worker_database_url: SecretStr | None = None
    """Of the worker role; needed by `kim worker` only."""
    reporting_database_url: SecretStr | None = None
    """Of the reporting role; needed by `kim worker` only, for releases."""
    statement_caches: bool = True
    """False behind pgbouncer in transaction mode."""
    retention_years: Annotated[int, Field(ge=1, le=10)] = 5
    """How long a closed case is kept, counted from the end of the year in which it was closed."""
    weeks_waiting_for_school: Annotated[int, Field(ge=1, le=52)] = 8
    """After so many weeks without a school a report of a barrier is proposed."""
    days_without_evidence: Annotated[int, Field(ge=0, le=365)] = 14
    """After so many days a consent that nothing proves yet comes up in the working list."""
    days_to_settle: Annotated[int, Field(ge=1, le=90)] = 14
    """After so many days a team is reminded that a received transfer left something to settle."""
    inquiry_months: Annotated[int, Field(ge=1, le=24)] = 6
    """After how many months without a change an inquiry that became nothing is forgotten."""
    documents_folder: Path | None = None
    """Where the sealed bytes of documents lie; the same for server and worker. Without it and without a
    bucket documents answer 503."""
    documents_bucket: str | None = None
    """Instead of a folder: a bucket of an S3-compatible store."""
    documents_endpoint: str | None = None
    """Address of that store, where it is not Amazon's."""
    documents_region: str = "eu-central-1"
    documents_key_id: str | None = None
    documents_secret: SecretStr | None = None
    field_keys_file: Path | None = None
    """JSON with the keys that seal official numbers, documents and secrets of webhooks (`kim keys create`);
    without it they answer 503, and the worker delivers no webhooks."""
    webhook_origins: WebhookOrigins = ()
    """Origins, comma-separated, that webhooks may lead to although they are not encrypted or not public: a
    sandbox, the intranet of an office. The same for server and worker."""
    webhook_ca_file: Path | None = None
    """PEM of a further authority whose certificates receivers may show, beside the public ones."""
    webhook_seconds: Annotated[float, Field(gt=0, le=30)] = 15.0
    """How long one attempt at a webhook may take altogether."""
    statistics_k: Annotated[int, Field(ge=3, le=50)] = 5
    statistics_k_sensitive: Annotated[int, Field(ge=3, le=50)] = 10
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @field_validator("database_url", "worker_database_url", "reporting_database_url", check_fields=False)
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                make_url(driver_url(value.get_secret_value()))
            except (ValueError, ArgumentError):
                raise ValueError("it must be like postgresql://role:password@host/database") from None
        return value


class Settings(WorkerSettings):
    """What an operator sets, each as `KIM_<NAME>` in the environment."""

    database_url: SecretStr
    """Of the application role, `postgresql://kim_app:...@host/kim`; for failover
    `postgresql://kim_app:...@/kim?host=a:5432&host=b:5432&target_session_attrs=read-write`."""
    pool_size: Annotated[int, Field(ge=1, le=200)] = 16

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    ops_port: Annotated[int, Field(ge=0, le=65535)] = 9000
    """Health and metrics, never for the outside; 0 switches it off."""
    public_url: Annotated[str, AfterValidator(_is_public_url)] = "http://127.0.0.1:8000"
    """What clients call this service; issuer and audience of its tokens."""
    forwarded_allow_ips: Annotated[str, AfterValidator(_are_networks)] = "127.0.0.1"
    """Proxies whose X-Forwarded-For is believed."""
    cors_origins: Origins = ()
    """Front ends of other origins that browsers let in, comma-separated: `https://host[:port]`, exactly."""

    signing_key_file: Path
    """PEM of the P-256 key that signs access tokens, readable by this process only."""
    previous_key_files: tuple[Path, ...] = ()
    """PEMs of public keys whose tokens are still accepted during a rotation."""
    retired_key_files: tuple[Path, ...] = ()
    """PEMs of public keys that verify the receipts of earlier years; no token of theirs is accepted."""

    scanner_address: ScannerAddress | None = None
    """A virus scanner for uploads: `clamd://host:3310`, `clamd:///run/clamd.sock`, `icap://host:1344/service`."""
    upload_limit_bytes: Annotated[int, Field(ge=1024, le=25 * 1024 * 1024)] = 25 * 1024 * 1024
    upload_seconds: Annotated[float, Field(gt=0, le=600)] = 120.0
    """Uploads of documents have limits of their own."""

    map_file: Path | None = None
    """GeoJSON with the outlines of municipalities and their key `AGS`, in longitude and latitude, such as
    VG250 of the Federal Agency for Cartography; without it maps of regions answer 503."""

    access_token_minutes: Annotated[int, Field(ge=1, le=10)] = 10
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    minimum_password_length: Annotated[int, Field(ge=12, le=64)] = 12
    weeks_without_contact: Annotated[int, Field(ge=1, le=52)] = 6
    """After so many weeks a case counts as without contact in a working list that does not say."""

    body_limit_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = 1024 * 1024
    receive_seconds: Annotated[float, Field(gt=0, le=120)] = 15.0

    requests_at_once: Annotated[int, Field(ge=1, le=200)] = 6
    """On how many connections of a process one person, machine or address works at once; never on more than
    half of the pool."""
    requests_waiting: Annotated[int, Field(ge=0, le=10_000)] = 256
    """How many further requests of theirs wait; whatever is beyond answers 429."""

    event_streams: Annotated[int, Field(ge=1, le=10_000)] = 500
    """How many streams of live changes a process holds open."""
    event_heartbeat_seconds: Annotated[float, Field(gt=0, le=60)] = 15.0
    """How often a stream looks without a hint, and asks whether the session still lives."""
    event_stream_seconds: Annotated[float, Field(gt=0, le=3600)] = 50.0
    """How long a stream lives before the front end comes back; shorter than any proxy lets an answer take."""


def driver_url(url: str) -> str:
    """Return a PostgreSQL address with the asynchronous driver named."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise ValueError("a database address begins with postgresql://")
    return ASYNC_DRIVER + rest


def field_keys_of(settings: WorkerSettings) -> FieldKeys | None:
    """Read the keys of sealed fields, where the operator gave some. Raises UnusableFieldKeys."""
    if settings.field_keys_file is None:
        return None
    try:
        return load_field_keys(settings.field_keys_file.read_text())
    except (OSError, UnusableFieldKeys) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnusableFieldKeys(f"KIM_FIELD_KEYS_FILE, {settings.field_keys_file}: {why}") from None


@lru_cache
def settings() -> Settings:
    """Return the settings of this process; raises pydantic's error naming what is missing."""
    return Settings()


@lru_cache
def worker_settings() -> WorkerSettings:
    """Return what the worker is told; raises pydantic's error naming what is wrong."""
    return WorkerSettings()


def faults(error: ValidationError | SettingsError) -> list[str]:
    """Return a sentence for each setting that is missing or wrong: its name and what is allowed, no value."""
    if isinstance(error, SettingsError):
        named = re.search(r'field "(\w+)"', str(error))
        return [_sentence(named[1] if named else "", "")]
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [_sentence(str(fault["loc"][0]), "" if fault["loc"][1:] else _told(fault["type"], fault["msg"]))
            for fault in found]  # fmt: skip


def _told(kind: str, message: str) -> str:
    if kind == "missing":
        return "is not set"
    return message.removeprefix("Value error, ") if kind == "value_error" else ""


def _sentence(name: str, told: str) -> str:
    field = Settings.model_fields.get(name)
    allowed = f"must be {_allowed(field)}" if field else "cannot be read"
    return f"KIM_{name.upper()}: {told or allowed}"


def _allowed(field: FieldInfo) -> str:
    least = next((each.ge for each in field.metadata if isinstance(each, Ge)), None)
    above = next((each.gt for each in field.metadata if isinstance(each, Gt)), None)
    most = next((each.le for each in field.metadata if isinstance(each, Le)), None)
    pattern = next((each.pattern for each in field.metadata if getattr(each, "pattern", None)), "")
    if pattern:
        return "one of " + pattern.strip("^()$").replace("|", ", ")
    if field.annotation is bool:
        return "true or false"
    if field.annotation is int:
        return f"a whole number from {least} to {most}"
    if field.annotation is float:
        return f"a number above {above}, up to {most}"
    return (
        'a JSON list of paths, such as ["/etc/kim/old.pem"]'
        if field.annotation == tuple[Path, ...]
        else "text"
    )
