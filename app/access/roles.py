"""The eleven roles of a KIM area and which of them one person never holds together."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in one municipal area, each time at one unit or institution."""

    CASE_MANAGER = "case_manager"
    TEAM_LEAD = "team_lead"
    COORDINATOR = "coordinator"
    STEERING_MEMBER = "steering_member"
    ASSISTANT = "assistant"
    AUTHORITY_OFFICER = "authority_officer"
    PARTNER_USER = "partner_user"
    PARTNER_SYSTEM = "partner_system"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
    STATE_VIEWER = "state_viewer"


DESCRIPTIONS = {
    Role.CASE_MANAGER: "works with clients: sees own cases and those they deputise, nothing else",
    Role.TEAM_LEAD: "sees who has which case, never its content unless assigned or by break-glass",
    Role.COORDINATOR: "sees nobody's data: observations, signals, obstacles, measures, releases",
    Role.STEERING_MEMBER: "sees nobody's data: published releases, obstacles and decisions",
    Role.ASSISTANT: "sees nobody's data: positions, funding, institutions",
    Role.AUTHORITY_OFFICER: "component 3: sees only referrals addressed to their authority",
    Role.PARTNER_USER: "a person of a partner institution: sees only referrals addressed to it",
    Role.PARTNER_SYSTEM: "a machine of a partner institution: the same, by credentials with scopes",
    Role.PRIVACY_OFFICER: "sees metadata and logs, never content",
    Role.ADMIN: "sees nobody's data: users, roles, units, settings",
    Role.STATE_VIEWER: "the Land: published releases of all areas",
}

AT_AN_INSTITUTION = frozenset({Role.AUTHORITY_OFFICER, Role.PARTNER_USER, Role.PARTNER_SYSTEM})
"""These roles are held at an institution, all others at a unit."""

HELD_BY_PEOPLE = tuple(role for role in Role if role is not Role.PARTNER_SYSTEM)
"""A machine has its role by its credentials, and no membership."""

STATE_DATABASE = "landesdatenbank"
"""The kind of institution that fetches exports to a state-wide database."""

NEVER_WITH_CASEWORK = frozenset({Role.COORDINATOR, Role.ADMIN, Role.AUTHORITY_OFFICER})
CASEWORK = frozenset({Role.CASE_MANAGER, Role.TEAM_LEAD, Role.PRIVACY_OFFICER})


def conflicting(held: frozenset[Role] | set[Role]) -> set[Role]:
    """Return the roles among these that one person must not hold together in one area.

    A role at an institution goes with none at a unit: who is there reads what the unit sends.
    """
    apart, casework = held & NEVER_WITH_CASEWORK, held & CASEWORK
    there, here = held & AT_AN_INSTITUTION, held - AT_AN_INSTITUTION
    found = set(apart | casework) if apart and casework else set()
    return found | set(there | here) if there and here else found
