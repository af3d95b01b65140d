"""One validated `Settings`; nothing else reads the environment."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ASYNC_DRIVER = "postgresql+asyncpg://"


class Settings(BaseSettings):
    """What an operator sets, each as `KIM_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="KIM_", extra="ignore", frozen=True)

    database_url: SecretStr
    """Of the application role, `postgresql://kim_app:...@host/kim`; for failover
    `postgresql://kim_app:...@/kim?host=a:5432&host=b:5432&target_session_attrs=read-write`."""
    worker_database_url: SecretStr | None = None
    """Of the worker role; needed by `kim worker` only."""
    reporting_database_url: SecretStr | None = None
    """Of the reporting role; needed by `kim worker` only, for releases."""
    pool_size: Annotated[int, Field(ge=1, le=200)] = 16
    statement_caches: bool = True
    """False behind pgbouncer in transaction mode."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    ops_port: Annotated[int, Field(ge=0, le=65535)] = 9000
    """Health and metrics, never for the outside; 0 switches it off."""
    public_url: str = "http://127.0.0.1:8000"
    """What clients call this service; issuer and audience of its tokens."""
    forwarded_allow_ips: str = "127.0.0.1"
    """Proxies whose X-Forwarded-For is believed."""

    signing_key_file: Path
    """PEM of the P-256 key that signs access tokens, readable by this process only."""
    previous_key_files: tuple[Path, ...] = ()
    """PEMs of public keys whose tokens are still accepted during a rotation."""

    access_token_minutes: Annotated[int, Field(ge=1, le=10)] = 10
    session_hours: Annotated[int, Field(ge=1, le=24)] = 12
    minimum_password_length: Annotated[int, Field(ge=12, le=64)] = 12

    body_limit_bytes: Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)] = 1024 * 1024
    receive_seconds: Annotated[float, Field(gt=0, le=120)] = 15.0

    retention_years: Annotated[int, Field(ge=1, le=10)] = 5
    """How long a closed case is kept, counted from the end of the year in which it was closed."""
    statistics_k: Annotated[int, Field(ge=3, le=50)] = 5
    statistics_k_sensitive: Annotated[int, Field(ge=3, le=50)] = 10

    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"

    @field_validator("database_url", "worker_database_url", "reporting_database_url")
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                make_url(driver_url(value.get_secret_value()))
            except (ValueError, ArgumentError):
                raise ValueError("it must be like postgresql://role:password@host/database") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")


def driver_url(url: str) -> str:
    """Return a PostgreSQL address with the asynchronous driver named."""
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise ValueError("a database address begins with postgresql://")
    return ASYNC_DRIVER + rest


@lru_cache
def settings() -> Settings:
    """Return the settings of this process; raises pydantic's error naming what is missing."""
    return Settings()
