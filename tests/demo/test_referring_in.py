"""People whom institutions refer to KIM in the demonstration: each comes as far as its story says."""

from app.access.roles import Role
from app.demo.places import WESEL
from app.demo.referring_in import STORIES, refer_to_kim
from app.settings import Settings
from tests.identity.arrange import PASSWORD, hashed
from tests.world import World

STATES = {
    "waiting": ("requested", "waiting"), "waiting urgent": ("requested", "waiting"),
    "assigned": ("requested", "open"), "asked": ("asked", "open"), "accepted": ("accepted", "open"),
    "rejected": ("rejected", "declined"),
}  # fmt: skip


async def test_each_comes_as_far_as_its_story_says(
    world: World, settings: Settings, database_url: str
) -> None:
    world.area = WESEL
    await world.admin.execute(
        "INSERT INTO municipal_areas (id, name, kind) VALUES ($1, $1, 'kreis') ON CONFLICT DO NOTHING", WESEL
    )
    for role in (Role.PARTNER_USER, Role.TEAM_LEAD, Role.CASE_MANAGER):
        person = await world.person(role)
        await world.admin.execute(
            "UPDATE accounts SET password_hash = $2 WHERE id = $1", person.account_id, hashed(PASSWORD)
        )
    await world.admin.execute("UPDATE units SET takes_referrals = true WHERE municipal_area_id = $1", WESEL)
    await refer_to_kim(settings, database_url, PASSWORD)
    rows = await world.admin.fetch(
        """SELECT r.reference, r.state, i.state AS inquiry FROM incoming_referrals r
        JOIN inquiries i USING (municipal_area_id, id) WHERE municipal_area_id = $1 ORDER BY reference""",
        WESEL,
    )
    assert [(row["state"], row["inquiry"]) for row in rows] == [STATES[state] for state, _ in STORIES]
