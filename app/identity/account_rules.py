"""What holds for accounts and rights: how an address is written, how long an initial password opens, which
roles somebody may be given. Pure rules.
"""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from app.access.roles import AT_AN_INSTITUTION, Role
from app.organisations.models import STATE_AREA

INITIAL_PASSWORD_LASTS = timedelta(hours=72)
"""An initial password is known to whoever gave it: what nobody has replaced by then opens nothing
(ASVS 6.4.1, 6.4.6)."""


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared: NFC, lower case, without space around it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", email.strip()).lower())


def initial_password_expired(*, must_change: bool, set_at: datetime | None, now: datetime) -> bool:
    """Say whether a password is an initial one that nobody has replaced in time."""
    return must_change and (set_at is None or now - set_at >= INITIAL_PASSWORD_LASTS)


def misplaced(role: Role, *, at_institution: bool) -> bool:
    """Say whether a role is given at an institution where it belongs at a unit, or the other way round."""
    return (role in AT_AN_INSTITUTION) != at_institution


def not_of_this_area(roles: Collection[Role], area: str) -> set[Role]:
    """Return the roles that do not exist in an area: those of the Land, outside its reserved area."""
    return {role for role in roles if role is Role.STATE_VIEWER and area != STATE_AREA}
