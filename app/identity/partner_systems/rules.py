"""What holds for machines and their credentials: how many, how long, how often. Pure rules."""

from collections.abc import Collection, Mapping
from datetime import timedelta

MOST_REQUESTS = 6000
"""A minute, for one machine."""
USUAL_REQUESTS = 300

MOST_CREDENTIALS = 4
"""Two for an exchange without a pause, and as many again for who runs two installations."""

USUAL_KEY_LIFE = timedelta(days=365)
LONGEST_KEY_LIFE = timedelta(days=2 * 365)
USUAL_SECRET_LIFE = timedelta(days=90)
LONGEST_SECRET_LIFE = timedelta(days=180)
"""A secret stands in the configuration of somebody else, so it does not last."""

TOLD_BEFORE: Mapping[str, tuple[timedelta, timedelta]] = {
    "credential_ends": (timedelta(days=7), timedelta(days=30)),
    "credential_ends_soon": (timedelta(0), timedelta(days=7)),
}
"""By notification, between how long and how long before its end a key or secret is told of."""

SECRET_BYTES = 32
LONGEST_SECRET = 200


def granted_scopes(asked: str | None, held: Collection[str]) -> frozenset[str] | None:
    """Return the scopes of a token: those asked for, or all; None when one is asked for that is not held.

    The text is that of RFC 6749, 3.3: words divided by one space each.
    """
    if asked is None:
        return frozenset(held)
    wanted = asked.split(" ")
    return frozenset(wanted) if set(wanted) <= set(held) else None
