"""Institutions of the demonstration report barriers, and clients are referred to offers."""

import pytest

from app.access.roles import Role
from app.demo import partnering
from app.demo.partnering import REPORTS, partner
from app.settings import Settings
from tests.consents.arrange import give_consent
from tests.directory.test_offers import an_offer
from tests.identity.arrange import PASSWORD, hashed
from tests.referrals.arrange import a_scene
from tests.world import World


async def test_reports_are_filed_and_a_client_is_referred_to_an_offer(
    world: World, settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partnering, "WESEL", world.area)
    scene = await a_scene(world, "mbe")
    keeper = await world.person(Role.COORDINATOR)
    await an_offer(world, keeper, institution_id=scene.institution_id, minimum_age=None)
    await give_consent(scene.manager, scene.client_id)
    await world.admin.execute("UPDATE cases SET phase = 'linking' WHERE municipal_area_id = $1", world.area)
    for person in (scene.manager, scene.partner):
        await world.admin.execute(
            "UPDATE accounts SET password_hash = $2 WHERE id = $1", person.account_id, hashed(PASSWORD)
        )
    await partner(settings, database_url, PASSWORD)
    filed = await world.admin.fetchval(
        "SELECT count(*) FROM partner_barriers WHERE municipal_area_id = $1", world.area
    )
    assert filed == len(REPORTS)
    sent = await world.admin.fetch(
        """SELECT q.state, r.offer_id = p.offer_id AS is_named FROM referrals r
        JOIN referral_requests q USING (municipal_area_id, id)
        JOIN referral_packages p USING (municipal_area_id, id) WHERE municipal_area_id = $1""",
        world.area,
    )
    assert [(row["state"], row["is_named"]) for row in sent] == [("requested", True)]
