"""Who stands around the scene: one identity for each way of being related, or not, to the case."""

from app.access.roles import Role

R = Role
AROUND: dict[str, tuple[tuple[Role, ...], dict[str, str]]] = {
    "lead": ((R.CASE_MANAGER,), {}),
    "deputy": ((R.CASE_MANAGER,), {}),
    "past_deputy": ((R.CASE_MANAGER,), {}),
    "registrar": ((R.CASE_MANAGER,), {}),
    "colleague": ((R.CASE_MANAGER,), {}),
    "guardian": ((R.CASE_MANAGER,), {}),
    "other_unit": ((R.CASE_MANAGER,), {"unit": "Caritas"}),
    "team_lead": ((R.TEAM_LEAD,), {}),
    "glass": ((R.TEAM_LEAD,), {}),
    "other_team_lead": ((R.TEAM_LEAD,), {"unit": "Caritas"}),
    "coordinator": ((R.COORDINATOR,), {}),
    "steering": ((R.STEERING_MEMBER,), {}),
    "assistant": ((R.ASSISTANT,), {}),
    "privacy": ((R.PRIVACY_OFFICER,), {}),
    "admin": ((R.ADMIN,), {}),
    "partner": ((R.PARTNER_USER,), {}),
    "machine": ((R.PARTNER_SYSTEM,), {}),
    "other_partner": ((R.PARTNER_USER,), {"institution": "school"}),
    "officer": ((R.AUTHORITY_OFFICER,), {"institution": "auslaenderbehoerde"}),
    "state_viewer": ((R.STATE_VIEWER,), {}),
    "withdrawn": ((R.CASE_MANAGER,), {}),
}
"""The people of the area: their roles and where they hold them."""

FAR: dict[str, Role] = {
    "far_lead": R.CASE_MANAGER,
    "far_team_lead": R.TEAM_LEAD,
    "far_coordinator": R.COORDINATOR,
    "far_steering": R.STEERING_MEMBER,
    "far_assistant": R.ASSISTANT,
    "far_privacy": R.PRIVACY_OFFICER,
    "far_admin": R.ADMIN,
    "far_partner": R.PARTNER_USER,
    "far_officer": R.AUTHORITY_OFFICER,
}
"""The people of another area."""

LAND = "land"
"""The state viewer, in the area of the Land."""

WITHDRAWN = "withdrawn"
"""Was on the case's team; the membership has ended and the session lives on."""

ANONYMOUS = "anonymous"

ROLE_OF: dict[str, Role] = {
    **{name: roles[0] for name, (roles, _) in AROUND.items() if name != WITHDRAWN},
    **FAR,
    LAND: R.STATE_VIEWER,
}
"""What somebody is now; the withdrawn and the anonymous are nothing."""

IDENTITIES: tuple[str, ...] = (*AROUND, *FAR, LAND, ANONYMOUS)


def holders(*roles: Role) -> frozenset[str]:
    """Return the identities with one of these roles, wherever they hold it."""
    return frozenset(name for name, role in ROLE_OF.items() if role in roles)
