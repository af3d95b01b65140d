"""The errors of the API as a tree: each is named after what went wrong and carries status and code.

    Problem
    ├── KeyMissing 400             ├── WrongState 409 (names the allowed steps)
    ├── NotSignedIn 401            ├── Conflict 409
    │   ├── SignInRefused          │
    │   └── InvitationRefused      │
    ├── Forbidden 403              ├── Gone 410
    ├── NotFound 404               ├── VersionStale 412, VersionMissing 428
    ├── NotAcceptable 406          ├── WrongMedia 415
    ├── Invalid 422                ├── TooMany 429, Unavailable 503 (both with Retry-After)

The sentence in `detail` may name rules and states, never a value that somebody sent.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, TypedDict


class FieldError(TypedDict):
    """One bad place in what was sent: where, what kind, a sentence on what is expected; never the value."""

    place: str
    kind: str
    message: str


class Problem(Exception):
    """An answer in the shape of RFC 9457."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    media_type: ClassVar[str] = "application/problem+json"
    title: ClassVar[str] = "The request could not be completed."

    def __init__(self, detail: str | None = None, *, code: str | None = None, **members: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.problem_code = code or self.code
        self.members = members
        self.headers: dict[str, str] = {}


class KeyMissing(Problem):
    """A submit that must be repeatable, without the key for it (draft-ietf-httpapi-idempotency-key)."""

    status = 400
    code = "idempotency_key_missing"
    title = "Send an Idempotency-Key with this request, and the same one when you repeat it."


class NotSignedIn(Problem):
    """Nobody, or somebody whose session has ended."""

    status = 401
    code = "not_signed_in"
    title = "Sign in first."

    def __init__(self, detail: str | None = None, *, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.headers["WWW-Authenticate"] = "Bearer"


class SignInRefused(NotSignedIn):
    """Somebody who tried to sign in and was not let in; whether the account is known is not told."""

    code = "sign_in_failed"
    title = "You were not signed in."


class InvitationRefused(NotSignedIn):
    """Somebody whose invitation opens nothing; which part of it does not fit is not told."""

    code = "invitation_refused"
    title = "The invitation was not taken up."


class Forbidden(Problem):
    """Known, but not allowed: no role for the verb, or a relation that does not allow it."""

    status = 403
    code = "forbidden"
    title = "You may not do this."


class NotFound(Problem):
    """Unknown and foreign look alike."""

    status = 404
    code = "not_found"
    title = "There is nothing here that you can see."


class Conflict(Problem):
    """The request contradicts what is stored."""

    status = 409
    code = "conflict"
    title = "This contradicts what is stored."


class WrongState(Conflict):
    """The object is in a state from which this step does not lead; `allowed` names those that do."""

    code = "wrong_state"
    title = "This step is not possible in the present state."

    def __init__(self, detail: str, *, state: str, allowed: Sequence[str], **members: Any) -> None:
        super().__init__(detail, state=state, allowed=sorted(allowed), **members)


class Incomplete(Conflict):
    """Something must be there first; `missing` names it."""

    code = "incomplete"
    title = "Something is missing."

    def __init__(self, detail: str, *, missing: Sequence[str], **members: Any) -> None:
        super().__init__(detail, missing=list(missing), **members)


class Gone(Problem):
    """What was handed out once is good for nothing any more."""

    status = 410
    code = "gone"
    title = "This is no longer valid."


class VersionStale(Problem):
    """Somebody changed it in between."""

    status = 412
    code = "version_stale"
    title = "It was changed in between. Repeat your change on the version that stands there now."

    def __init__(self, *, version: int) -> None:
        super().__init__(current_version=version)
        self.headers["ETag"] = f'"{version}"'


class NotAcceptable(Problem):
    """What is there has none of the forms that were asked for; `offered` names those it has."""

    status = 406
    code = "not_acceptable"
    title = "This address does not offer what Accept asks for."

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(offered=list(offered))


class WrongMedia(Problem):
    """The body is of another kind than the address takes."""

    status = 415
    code = "unsupported_media_type"
    title = "This address takes another kind of body."


class Invalid(Problem):
    """What was sent cannot be meant; `errors` names the places."""

    status = 422
    code = "invalid"
    title = "Some of what was sent cannot be accepted."

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        code: str | None = None,
        **members: Any,
    ) -> None:
        if errors:
            members["errors"] = list(errors)
        super().__init__(detail, code=code, **members)

    @classmethod
    def at(cls, place: str, kind: str, detail: str) -> "Invalid":
        """Return the error for one place of the body."""
        return cls(detail, errors=[FieldError(place=place, kind=kind, message=detail)])


class VersionMissing(Problem):
    """A change without saying of which version."""

    status = 428
    code = "version_missing"
    title = "Send the version you saw in the If-Match header."


class TooMany(Problem):
    """Too fast; come back after `retry_after` seconds."""

    status = 429
    code = "too_many_requests"
    title = "Too many requests. Try again later."

    def __init__(self, detail: str | None = None, *, retry_after: int) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = str(max(1, retry_after))


class Unavailable(Problem):
    """Something this server needs is away; it comes back by itself."""

    status = 503
    code = "unavailable"
    title = "The service is not available at the moment."

    def __init__(self, detail: str | None = None, *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.headers["Retry-After"] = str(retry_after)
