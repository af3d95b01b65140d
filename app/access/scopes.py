"""The one table from what a machine's token may be asked for to the verbs it opens.

A scope narrows the role `partner_system`, and adds nothing to it: what no scope names, no machine does.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.access.permissions import Permission as P  # noqa: N817 - the table is read aloud


class Scope(StrEnum):
    """What an institution lets its machine do."""

    REFERRALS_READ = "referrals:read"
    REFERRALS_ANSWER = "referrals:answer"
    REFERRALS_CREATE = "referrals:create"
    BARRIERS_CREATE = "barriers:create"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_CAPACITY = "directory:capacity"
    STATE_EXPORTS_FETCH = "state_exports:fetch"


SCOPES: Mapping[Scope, frozenset[P]] = {
    Scope.REFERRALS_READ: frozenset({P.PARTNER_REFERRAL_READ}),
    Scope.REFERRALS_ANSWER: frozenset({P.PARTNER_REFERRAL_ANSWER}),
    Scope.REFERRALS_CREATE: frozenset({P.INCOMING_REFERRAL_SEND}),
    Scope.BARRIERS_CREATE: frozenset({P.PARTNER_BARRIER_FILE}),
    Scope.DIRECTORY_READ: frozenset({P.CATALOGUE_READ, P.DIRECTORY_READ}),
    Scope.DIRECTORY_CAPACITY: frozenset({P.CAPACITY_TELL}),
    Scope.STATE_EXPORTS_FETCH: frozenset({P.STATE_EXPORT_FETCH}),
}

OF_STATE_DATABASES = frozenset({Scope.STATE_EXPORTS_FETCH})
"""Given to machines of a state-wide database alone."""


DESCRIPTIONS: Mapping[Scope, str] = {
    Scope.REFERRALS_READ: "read what was referred to the institution",
    Scope.REFERRALS_ANSWER: "take the institution's steps with a referral",
    Scope.REFERRALS_CREATE: "refer persons to KIM, and see where that stands",
    Scope.BARRIERS_CREATE: "report a barrier, and see and withdraw what was reported",
    Scope.DIRECTORY_CAPACITY: "say how many places the institution's offers have free",
    Scope.DIRECTORY_READ: "read institutions, their offers and reference data",
    Scope.STATE_EXPORTS_FETCH: "fetch and acknowledge exports to a state-wide database",
}


def scope_of(permission: P) -> Scope | None:
    """Return the scope that opens a verb; None for what no machine does."""
    return next((scope for scope, opened in SCOPES.items() if permission in opened), None)


def opens(scopes: Collection[str], permission: P) -> bool:
    """Say whether one of these scopes opens a verb."""
    needed = scope_of(permission)
    return needed is not None and needed in scopes


def may_also(scopes: Collection[str] | None, permission: P) -> bool:
    """Say whether whoever was let in for one verb is told what another one opens; people hold no scopes."""
    return scopes is None or opens(scopes, permission)
