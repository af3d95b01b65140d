"""Strong ETags from the row's version, and If-Match on every change (RFC 9110)."""

import re
from typing import Annotated, Protocol

from fastapi import Depends, Header

from app.kit.errors import Invalid, VersionMissing, VersionStale

_ETAG = re.compile(r'^(?:W/)?"(\d{1,9})"$', re.ASCII)
"""Also in the weak form: a proxy that compresses answers makes a strong ETag weak."""


class HasVersion(Protocol):
    """A row that counts its changes."""

    version: int


def etag(version: int) -> str:
    """Return the strong ETag of a version."""
    return f'"{version}"'


class Expected:
    """The version that the caller saw."""

    def __init__(self, header: str | None) -> None:
        """Take what was sent. Raises Invalid for what is no ETag of ours, such as `*` or a list."""
        match = _ETAG.match(header.strip()) if header is not None else None
        if header is not None and match is None:
            raise Invalid.at("header.if-match", "no_version", 'Send the ETag of what was read, such as "3".')
        self._version = int(match[1]) if match else None

    def check(self, row: HasVersion) -> None:
        """Raise `VersionStale` when the row has moved on; without a header nothing is asked."""
        if self._version is not None and self._version != row.version:
            raise VersionStale(version=row.version)


async def _required(if_match: Annotated[str | None, Header(max_length=40)] = None) -> Expected:
    if if_match is None:
        raise VersionMissing
    return Expected(if_match)


async def _optional(if_match: Annotated[str | None, Header(max_length=40)] = None) -> Expected:
    return Expected(if_match)


IfMatch = Annotated[Expected, Depends(_required)]
"""For a change of what was read: 428 without the header, and required in the contract."""

IfMatchOptional = Annotated[Expected, Depends(_optional)]
"""For steps that the state itself guards, such as ending a membership: honoured when sent."""
