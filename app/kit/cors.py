"""Front ends of other origins: which of them a browser lets read the answers, and which headers of them.

Outside everything else, so that a refusal of any layer can be read too. Tokens are sent by hand, never as
cookies, so credentials are not allowed. Without the setting this layer does not exist.
"""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENT = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-ID",
)
SHOWN = (
    "Allow",
    "Content-Disposition",
    "Content-Language",
    "Content-Location",
    "ETag",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)
"""Headers of answers that this API sets and a browser hides unless they are named."""
PREFLIGHT_SECONDS = 600


def open_to(origins: Sequence[str], app: ASGIApp) -> ASGIApp:
    """Return the application with its answers open to these origins, each named exactly."""
    if "*" in origins:
        raise ValueError("origins are named one by one")
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=SENT,
        expose_headers=SHOWN,
        allow_credentials=False,
        max_age=PREFLIGHT_SECONDS,
    )
