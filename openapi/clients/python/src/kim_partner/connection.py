"""One server and one credential: tokens renewed in time, repeats that are safe, refusals as exceptions.

A GET changes nothing and a POST carries an Idempotency-Key, so that repeating either cannot do something
twice. A DELETE has neither: it is repeated only where the server says that it was not even looked at (429).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypedDict, Unpack
from uuid import uuid4

import httpx

from kim_partner.credentials import Credential
from kim_partner.dpop import DpopKey
from kim_partner.problems import Conflict, NotGenuine, TooManyRequests, Unavailable, Unreachable, refusal
from kim_partner.retrying import Retries

_MARGIN_SECONDS = 60.0
_UNAUTHORIZED = 401
_NO_CONTENT = 204
_FILE = "application/octet-stream"
_BOUND = "dpop"
_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    kind: str
    renew_at: float


class Options(TypedDict, total=False):
    """How a connection behaves; everything has a default."""

    public_url: str
    """How the server calls itself, where one reaches it by another way."""
    scopes: tuple[str, ...]
    """Fewer than the machine has; empty: all."""
    dpop: DpopKey
    retries: Retries
    timeout: float
    """Seconds for each attempt."""
    clock: Callable[[], float]
    sleep: Callable[[float], None]


class Connection:
    """Sends requests in the name of a credential; may be used by several threads.

    Raises ValueError for an address without encryption, except on this machine.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        **options: Unpack[Options],
    ) -> None:
        _refuse_open_lines(base_url)
        self.issuer = options.get("public_url", base_url).rstrip("/")
        """How the server calls itself, in tokens and receipts."""
        self._http = httpx.Client(base_url=base_url.rstrip("/"), timeout=options.get("timeout", 30.0))
        self._credential, self._scopes = credential, options.get("scopes", ())
        self._dpop, self._retries = options.get("dpop"), options.get("retries", Retries())
        self._clock, self._sleep = options.get("clock", time.time), options.get("sleep", time.sleep)
        self._token: _Token | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """Read something; query parameters that are None are left out."""
        return self._send("GET", path, query=query)

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Yield the items of all pages of a list."""
        cursor: str | None = None
        while True:
            page = self.get(path, **query, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def post(self, path: str, body: Any = None, *, version: int | None = None, key: str | None = None) -> Any:
        """Do something once: with this key, or a new one, which all repeats of this call share."""
        headers = {"Idempotency-Key": key or str(uuid4()), **_if_match(version)}
        return self._send("POST", path, body=body, headers=headers)

    def send_file(self, path: str, content: bytes, *, key: str | None = None) -> Any:
        """Send a file itself as the body, once."""
        headers = {"Idempotency-Key": key or str(uuid4()), "Content-Type": _FILE}
        return self._send("POST", path, content=content, headers=headers)

    def delete(self, path: str, *, version: int) -> None:
        """Remove the version that was read."""
        self._send("DELETE", path, headers=_if_match(version))

    def public(self, path: str) -> Any:
        """Read something for which nobody needs to be signed in."""
        return self._repeated("GET", lambda: self._http.get(path))

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        asked = {name: value for name, value in (query or {}).items() if value is not None}

        def sent(token: _Token) -> httpx.Response:
            signed = {**(headers or {}), **self._auth(method, path, token)}
            return self._http.request(method, path, params=asked, json=body, content=content, headers=signed)

        def attempt() -> httpx.Response:
            token = self._current()
            answer = sent(token)
            if answer.status_code == _UNAUTHORIZED:
                # It ended on the way, or the credential was exchanged: one new token, one more attempt.
                self._forget(token)
                answer = sent(self._current())
            return answer

        return self._repeated(method, attempt)

    def _repeated(self, method: str, attempt: Callable[[], httpx.Response]) -> Any:
        waited, count = 0.0, 0
        while True:
            count += 1
            asked: float | None = None
            try:
                return self._told(attempt())
            except (httpx.TransportError, JSONDecodeError) as error:
                failure: Exception = Unreachable(f"No answer that can be read: {type(error).__name__}")
                failure.__cause__ = error
            except (TooManyRequests, Unavailable) as refused:
                failure, asked = refused, refused.retry_after
            except Conflict as refused:
                if refused.code != "still_running":
                    raise
                failure = refused
            pause = self._retries.pause(count, asked, waited)
            may_have_been_done = method == "DELETE" and not isinstance(failure, TooManyRequests)
            if pause is None or may_have_been_done:
                raise failure
            waited += pause
            self._sleep(pause)

    def _told(self, answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise refusal(answer, self._clock())
        if answer.status_code == _NO_CONTENT:
            return None
        is_file = answer.headers.get("content-type", "").startswith(_FILE)
        return answer.content if is_file else answer.json()

    def _current(self) -> _Token:
        with self._lock:
            if self._token is None or self._clock() >= self._token.renew_at:
                self._token = self._new()
            return self._token

    def _forget(self, token: _Token) -> None:
        with self._lock:
            if self._token is token:
                self._token = None

    def _new(self) -> _Token:
        asked = self._credential.ask(self.issuer, self._scopes)
        proof = self._dpop.proof("POST", self.issuer + asked.path) if self._dpop and asked.form else None
        began = self._clock()
        answer = self._http.post(
            asked.path,
            data=asked.form,
            json=asked.json,
            auth=httpx.BasicAuth(*asked.basic) if asked.basic else httpx.USE_CLIENT_DEFAULT,
            headers={"DPoP": proof} if proof else {},
        )
        if not answer.is_success:
            raise refusal(answer, self._clock())
        given = answer.json()
        if proof and str(given.get("token_type")).lower() != _BOUND:
            raise NotGenuine("The token is not bound to the key, as was asked for.")
        lasts = float(given["expires_in"])
        # Before it ends, so that no request meets its end; of a short one, its last fifth.
        return _Token(
            str(given["access_token"]),
            str(given.get("token_type", "Bearer")),
            began + lasts - min(_MARGIN_SECONDS, lasts / 5),
        )

    def _auth(self, method: str, path: str, token: _Token) -> dict[str, str]:
        if self._dpop is None or token.kind.lower() != _BOUND:
            return {"Authorization": f"Bearer {token.value}"}
        proof = self._dpop.proof(method, self.issuer + path, token.value)
        return {"Authorization": f"DPoP {token.value}", "DPoP": proof}


def _refuse_open_lines(address: str) -> None:
    url = httpx.URL(address)
    if url.scheme != "https" and url.host not in _THIS_MACHINE:
        raise ValueError("an address begins with https: credentials and packages go there")


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}
