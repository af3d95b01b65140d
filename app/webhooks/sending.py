"""One attempt over HTTP: to the numbers that were checked, never on to another place, within a time.

Nothing of what is answered is kept but the status. A connection is used once, because two names on one number
must not share one whose certificate was shown for the other. Cookies are neither kept nor sent: they would
go by the number, to every institution behind it.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from app.webhooks.addresses import Addresses, BadAddress, Target, Unresolved
from app.webhooks.rules import Failure, failure_of

MOST_NUMBERS = 3
MOST_BYTES = 64 * 1024
"""So much of an answer is taken off the line and thrown away."""
_REST_SECONDS = 2.0
_HEADERS = {"Content-Type": "application/json", "User-Agent": "KIM-Webhooks/1", "Accept": "*/*"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt."""

    status: int | None
    failure: Failure | None
    milliseconds: int


class Sender:
    """Sends to addresses of institutions; one for a process, to be closed."""

    def __init__(
        self,
        addresses: Addresses,
        *,
        connect_seconds: float = 5.0,
        seconds: float = 15.0,
        trusted: Path | None = None,
    ) -> None:
        self._addresses = addresses
        self._seconds = seconds
        certificates = httpx.create_ssl_context(trust_env=False)
        if trusted is not None:
            certificates.load_verify_locations(trusted)
        self._http = httpx.AsyncClient(
            verify=certificates,
            timeout=httpx.Timeout(seconds, connect=min(connect_seconds, seconds)),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            trust_env=False,  # no proxy of the environment: it would resolve the name once more
        )

    async def close(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send once and say what came of it; raises nothing that the other side can cause."""
        began = time.monotonic()
        answer: httpx.Response | None = None
        failure: Failure | None
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._post(url, {**_HEADERS, **headers}, body)
            failure = failure_of(answer.status_code)
        except BadAddress:
            failure = Failure.ADDRESS
        except Unresolved:
            failure = Failure.UNRESOLVED
        except (TimeoutError, httpx.TimeoutException):
            failure = Failure.TIMEOUT
        except httpx.ConnectError as error:
            failure = Failure.CERTIFICATE if _is_about_certificate(error) else Failure.CONNECTION
        except (httpx.NetworkError, ssl.SSLError, OSError):
            failure = Failure.CONNECTION
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            failure = Failure.PROTOCOL
        milliseconds = round((time.monotonic() - began) * 1000)
        if answer is None:
            return Outcome(None, failure, milliseconds)
        await _let_go(answer)
        return Outcome(answer.status_code, failure, milliseconds)

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        target, numbers = await self._addresses.look_up(url)
        *first, last = numbers[:MOST_NUMBERS]
        for number in first:
            with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._post_to(number, target, headers, body)
        return await self._post_to(last, target, headers, body)

    async def _post_to(
        self, number: str, target: Target, headers: Mapping[str, str], body: bytes
    ) -> httpx.Response:
        url = httpx.URL(
            scheme=target.scheme, host=number, port=target.port, raw_path=target.path.encode("ascii")
        )
        request = self._http.build_request(
            "POST",
            url,
            headers={**headers, "Host": target.authority},
            content=body,
            extensions={"sni_hostname": target.host},  # for this name the certificate is verified
        )
        return await self._http.send(request, stream=True)


async def _let_go(answer: httpx.Response) -> None:
    """Take a little of what follows the status, so that its sender is not cut off, and close."""
    taken = 0
    with contextlib.suppress(httpx.HTTPError, OSError, TimeoutError):
        async with asyncio.timeout(_REST_SECONDS):
            async for chunk in answer.aiter_raw():
                taken += len(chunk)
                if taken >= MOST_BYTES:
                    break
    with contextlib.suppress(httpx.HTTPError, OSError):
        await answer.aclose()


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
