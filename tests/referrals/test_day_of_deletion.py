"""On which day data can have been deleted: not before they were sent, whichever clock says so."""

from datetime import timedelta

import pytest

from app.kit.clock import local_date, utc_now
from tests.referrals.aftermath import recall
from tests.referrals.arrange import a_scene
from tests.referrals.test_recalls import withdrawn
from tests.world import World

TODAY = local_date(utc_now())


@pytest.mark.parametrize(
    ("days", "status", "account"),
    [(0, 200, "deleted"), (1, 200, "deleted"), (2, 422, None), (365, 422, None)],
)
async def test_nothing_is_deleted_before_it_was_sent_but_by_a_clock_of_another_zone(
    world: World, days: int, status: int, account: str | None
) -> None:
    scene = await a_scene(world)
    referral_id = await withdrawn(scene)
    body = {"account": "deleted", "deleted_on": (TODAY - timedelta(days=days)).isoformat()}
    answer = await scene.partner.post(f"/v1/partner/recalls/{referral_id}/answer", body)
    assert answer.status_code == status, answer.text
    seen = await recall(scene, referral_id)
    assert seen is not None
    assert seen["account"] == account
    if status == 422:
        (error,) = answer.json()["errors"]
        assert (error["place"], error["kind"]) == ("body.deleted_on", "before_sending")
