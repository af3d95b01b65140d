"""Who knows which verbs, and who sees the things of the scene: the words of the expectations."""

from app.access.roles import Role
from tests.isolation.answers import Access, every, only
from tests.isolation.people import IDENTITIES, ROLE_OF, WITHDRAWN, holders

R = Role
MANAGERS = holders(R.CASE_MANAGER)
LEADS = holders(R.TEAM_LEAD)
COORDINATORS = holders(R.COORDINATOR)
ADMINS = holders(R.ADMIN)
OFFICERS = holders(R.PRIVACY_OFFICER)
OUTSIDE = holders(R.PARTNER_USER, R.PARTNER_SYSTEM, R.AUTHORITY_OFFICER)
REFERRING = holders(R.PARTNER_USER, R.PARTNER_SYSTEM)
PARTNERS = holders(R.PARTNER_USER)
INBOX = holders(R.PARTNER_USER, R.AUTHORITY_OFFICER)
AUTHORITIES = holders(R.AUTHORITY_OFFICER)
INSIDE = holders(R.CASE_MANAGER, R.TEAM_LEAD, R.COORDINATOR, R.ASSISTANT, R.PRIVACY_OFFICER, R.ADMIN)
WITH_A_ROLE = frozenset(ROLE_OF)
HERE = frozenset(name for name in ROLE_OF if not name.startswith("far_") and name != "land")

TEAM = {"lead", "deputy"}
OF_THE_CLIENT = {*TEAM, "registrar"}
TEAM_LEADS_OF_THE_UNIT = {"team_lead", "glass"}

PUBLIC = Access(frozenset(IDENTITIES), frozenset(IDENTITIES))
PEOPLE = WITH_A_ROLE - holders(R.PARTNER_SYSTEM)
ONESELF = every(PEOPLE | {WITHDRAWN})
CATALOGUES = every(WITH_A_ROLE)
CLIENT_READ = only(MANAGERS | LEADS, {*OF_THE_CLIENT, "glass"})
CLIENT_CHANGE = only(MANAGERS, OF_THE_CLIENT)
CASE_READ = only(MANAGERS | LEADS, {*TEAM, "glass"})
CASE_TEAM = only(MANAGERS | LEADS, {*TEAM, *TEAM_LEADS_OF_THE_UNIT})
CASE_WORK = only(MANAGERS, TEAM)
OF_ITS_AUTHOR = only(MANAGERS, {"lead"})
CASE_ASSIGN = only(LEADS, TEAM_LEADS_OF_THE_UNIT)
DEPUTISE = only(MANAGERS | LEADS, {"lead", *TEAM_LEADS_OF_THE_UNIT}, wrong={"deputy"})
ADDRESSED = only(OUTSIDE, {"partner", "machine"})
COORDINATION = only(COORDINATORS, {"coordinator"})
RELEASE_KNOWN = holders(R.COORDINATOR, R.STEERING_MEMBER, R.ASSISTANT, R.STATE_VIEWER)
PUBLISHED = only(RELEASE_KNOWN, {"coordinator", "steering", "assistant", "land"})
POPULATION_KNOWN = holders(R.ASSISTANT, R.COORDINATOR, R.STEERING_MEMBER)
LAND_VIEWERS = holders(R.STATE_VIEWER)
OBSTACLE_KNOWN = holders(R.COORDINATOR, R.STEERING_MEMBER)
USERS = only(ADMINS, {"admin"})
POSITION_KNOWN = holders(R.ASSISTANT, R.COORDINATOR, R.ADMIN, R.TEAM_LEAD)
INSTITUTION_KEEPERS = holders(R.COORDINATOR, R.ASSISTANT)
DIRECTORY = INSIDE | OUTSIDE
ASSISTANTS = holders(R.ASSISTANT)
