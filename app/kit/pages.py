"""Cursor pages: at most 200 items, the place of the last one in an opaque cursor."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import Depends, Query

from app.kit.errors import Invalid

MAXIMUM = 200


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for."""

    cursor: str | None
    limit: int

    def after(self, keys: int) -> tuple[str, ...] | None:
        """Return the sort values of the last item seen; raise `Invalid` for a foreign cursor."""
        if self.cursor is None:
            return None
        try:
            values = orjson.loads(base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4)))
        except (binascii.Error, ValueError) as error:
            raise bad_cursor() from error
        if not isinstance(values, list) or len(values) != keys:
            raise bad_cursor()
        if not all(isinstance(value, str) and "\x00" not in value for value in values):
            raise bad_cursor()
        return tuple(values)


def bad_cursor() -> Invalid:
    """Return the error for a cursor that leads nowhere in this list."""
    return Invalid.at("query.cursor", "cursor_invalid", "The cursor does not belong to this list.")


def encode_cursor(values: list[str]) -> str:
    """Return the opaque form of the last item's sort values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


async def page_request(
    cursor: Annotated[str | None, Query(max_length=400, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MAXIMUM, description="items on the page")] = 50,
) -> PageRequest:
    """Read which page is asked for."""
    return PageRequest(cursor, limit)


Paging = Annotated[PageRequest, Depends(page_request)]
