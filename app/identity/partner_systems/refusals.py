"""Refusals of the token endpoint: the members of RFC 6749, 5.2 beside those of problem details, as JSON.

Programs that know OAuth find `error`; everybody else finds the same `code` as everywhere.
"""

from typing import ClassVar

from app.kit.errors import Problem


class TokenRefused(Problem):
    """No token: what was sent cannot be answered with one."""

    status = 400
    code = "invalid_request"
    media_type: ClassVar[str] = "application/json"
    title = "No token is given for this request."

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence, code=error, error=error, error_description=sentence)


class ClientRefused(TokenRefused):
    """No token: who asks has not proved to be a machine that may have one. One answer for every reason."""

    status = 401
    code = "invalid_client"

    def __init__(self) -> None:
        super().__init__("invalid_client", "The client is unknown here, or what it proves itself with is.")
        self.headers["WWW-Authenticate"] = "Basic"
