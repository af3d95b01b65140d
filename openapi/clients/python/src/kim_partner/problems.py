"""What can go wrong, as a tree; a refusal of the server is named after its status.

    KimError
    ├── Unreachable      no answer, after all repeats
    ├── NotGenuine       a receipt or webhook that does not verify
    └── Refused          problem details (RFC 9457)
        ├── NotSignedIn 401   ├── Gone 410           ├── TooManyRequests 429
        ├── Forbidden 403     ├── VersionStale 412   └── Unavailable 502, 503, 504
        ├── NotFound 404      ├── Invalid 400, 422
        └── Conflict 409      (WrongState names the steps that are allowed)

The texts are the server's: rules and states, never what was sent.
"""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx


class KimError(Exception):
    """Everything that this package raises by itself."""


class Unreachable(KimError):
    """Nobody answered; what was sent may have taken effect: repeat it with the same key."""


class NotGenuine(KimError):
    """Not signed by whom it says, for somebody else, or too old."""


class Refused(KimError):
    """The server has answered that it will not do it."""

    def __init__(
        self, status: int, members: Mapping[str, Any] | None = None, *, retry_after: float | None = None
    ) -> None:
        self.status = status
        self.members = dict(members or {})
        self.code = str(self.members.get("code", "unknown"))
        self.title = str(self.members.get("title", ""))
        self.detail = str(self.members.get("detail") or self.title)
        self.retry_after = retry_after
        """Seconds that the server asks to wait."""
        super().__init__(f"{status} {self.code}: {self.detail}")


class NotSignedIn(Refused):
    """No credential, a revoked one, or none that is known."""


class Forbidden(Refused):
    """The machine has not the scope, or the person not the role."""


class NotFound(Refused):
    """Unknown, or not addressed to this institution."""


class Conflict(Refused):
    """It contradicts what is stored."""


class WrongState(Conflict):
    """The step is not possible now."""

    @property
    def state(self) -> str:
        """Return the present state."""
        return str(self.members.get("state", ""))

    @property
    def allowed(self) -> list[str]:
        """Return the steps that are possible."""
        return [str(each) for each in self.members.get("allowed", ())]


class Gone(Refused):
    """A cursor that is good no more: begin anew with an empty one."""


class VersionStale(Refused):
    """Somebody changed it in between."""

    @property
    def current_version(self) -> int | None:
        """Return the version that stands there now."""
        found = self.members.get("current_version")
        return found if isinstance(found, int) else None


class Invalid(Refused):
    """What was sent cannot be meant; `errors` names the places."""

    @property
    def errors(self) -> list[dict[str, str]]:
        """Return place, kind and sentence of each refused place."""
        return list(self.members.get("errors", ()))


class TooManyRequests(Refused):
    """Above the allowance of this machine."""


class Unavailable(Refused):
    """The server, or something it needs, is away for the moment."""


_BY_STATUS: Mapping[int, type[Refused]] = {
    400: Invalid,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    412: VersionStale,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}


def refusal(response: httpx.Response, now: float) -> Refused:
    """Return the exception for an answer that is no success, whatever its body looks like."""
    members: dict[str, Any] = {}
    if "json" in response.headers.get("content-type", ""):
        try:
            parsed = response.json()
        except ValueError:
            parsed = None
        members = parsed if isinstance(parsed, dict) else {}
    return refused(response.status_code, members, _seconds(response.headers.get("retry-after"), now))


def refused(status: int, members: Mapping[str, Any], retry_after: float | None = None) -> Refused:
    """Return the exception for a status and the members of problem details."""
    kind = _BY_STATUS.get(status, Refused)
    if members.get("code") == "wrong_state":
        kind = WrongState
    elif members.get("error") == "invalid_client":
        kind = NotSignedIn
    return kind(status, members, retry_after=retry_after)


def _seconds(header: str | None, now: float) -> float | None:
    """Return Retry-After in seconds, which may be a number or a date."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - datetime.fromtimestamp(now, UTC).timestamp())
