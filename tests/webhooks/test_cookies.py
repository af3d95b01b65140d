"""What a receiver asks to be kept is not: two institutions may be behind one number."""

import http.cookiejar

import pytest

from app.webhooks import sending
from app.webhooks.addresses import Addresses
from tests.webhooks.receivers import Received, receiver

COOKIE = b"HTTP/1.1 204 No Content\r\nSet-Cookie: planted=1; Path=/\r\nConnection: close\r\n\r\n"


async def plants(_: Received) -> bytes:
    return COOKIE


async def resolve(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def cookies_at_another() -> str | None:
    """Send to one name, whose receiver sets a cookie, and to another of the same number."""
    async with receiver(plants) as office:
        origins = [f"http://{name}.example:{office.port}" for name in ("school", "office")]
        sender = sending.Sender(Addresses(frozenset(origins), resolve))
        for origin in origins:
            assert (await sender.send(f"{origin}/kim", {"webhook-id": "1"}, b"{}")).status == 204
        await sender.close()
    return office.received[1].headers.get("cookie")


async def test_cookie_of_one_institution_goes_to_no_other() -> None:
    assert await cookies_at_another() is None


async def test_cookie_would_go_to_everybody_behind_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: cookies are kept, as HTTP clients do by themselves."""
    monkeypatch.setattr(sending, "CookieJar", lambda _policy: http.cookiejar.CookieJar())
    assert await cookies_at_another() == "planted=1"
