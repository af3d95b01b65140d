"""A request that is wrong on purpose, and what every answer to it must keep to."""

from dataclasses import dataclass, field
from typing import Any

import httpx

MARKER = "Zugvogel7f3a"
"""Stands in every text and key that is sent; no refusal repeats it."""
_MEMBERS = {"type", "title", "status", "code"}


@dataclass(frozen=True)
class Bad:
    """One request; `refused` says that no operation may accept it."""

    kind: str
    method: str
    url: str
    headers: dict[str, str | bytes] = field(default_factory=dict)
    content: bytes | None = None
    refused: bool = True


async def send(http: httpx.AsyncClient, bad: Bad) -> httpx.Response:
    """Send it exactly as it is."""
    headers = [(name.encode(), _raw(value)) for name, value in bad.headers.items()]
    return await http.request(bad.method, bad.url, headers=headers, content=bad.content)


def _raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def faults(bad: Bad, answer: httpx.Response) -> list[str]:
    """Return what is wrong with an answer to a malformed request."""
    found = []
    if answer.status_code >= 500:
        found.append("is a fault of the server")
    may_be_kept = answer.status_code < 400 and "/v1/catalogues" in bad.url
    if not may_be_kept and answer.headers.get("cache-control") != "no-store":
        found.append("may be stored")
    if "set-cookie" in answer.headers:
        found.append("carries an injected header")
    if answer.status_code < 400:
        found += ["is accepted"] if bad.refused else []
    else:
        found += _faults_of_refusal(answer)
    return [f"{bad.kind}: {bad.method} {bad.url[:80]}: {answer.status_code} {fault}" for fault in found]


def _said(answer: httpx.Response) -> str:
    """Return what an answer says itself: `current` of a stale version is what is stored, whoever wrote it."""
    if answer.status_code != 412:
        return answer.text
    body: dict[str, Any] = answer.json()
    return str({key: value for key, value in body.items() if key != "current"})


def _faults_of_refusal(answer: httpx.Response) -> list[str]:
    everything = _said(answer) + str(answer.headers.multi_items())
    found = ["repeats what was sent"] if MARKER.lower() in everything.lower() else []
    if answer.request.method == "HEAD":
        return found
    of_tokens = answer.request.url.path == "/v1/oauth/token" and answer.status_code in (400, 401)
    kind = "application/json" if of_tokens else "application/problem+json"
    if answer.headers.get("content-type") != kind:
        return [*found, "is no problem"]
    body: Any = answer.json()
    if not body.keys() >= _MEMBERS or body["status"] != answer.status_code:
        found.append("has not the shape of a problem")
    if any(set(error) != {"place", "kind", "message"} for error in body.get("errors", ())):
        found.append("tells more than place, kind and what is expected")
    return found
