"""The information of the youth welfare office meets the end of its course, in many orders."""

import pytest

from tests.child_protection.arrange import a_family, noted, read, take, try_step
from tests.referrals.interleaving import interleave, stops
from tests.world import World


async def test_sending_meets_the_end_of_the_course(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene, seen = await a_family(world), set()
    for seed in range(30):
        course = await take(scene, await noted(scene), "decide_at_once")
        path = f"/v1/referrals/{course['referral_id']}/send"
        with stops(monkeypatch):
            both = await interleave(
                seed,
                world.admin,
                lambda path=path: scene.manager.post(path),
                lambda course=course: try_step(scene, course, "end"),
            )
        codes = tuple(answer.status_code for answer in both)
        steps = [each["step"] for each in (await read(scene, course))["steps"]]
        seen.add((codes, frozenset(steps[2:])))
    assert seen == {((200, 200), frozenset({"inform", "end"})), ((409, 200), frozenset({"end"}))}
