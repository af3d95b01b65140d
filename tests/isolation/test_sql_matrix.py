"""Every protected table against everybody, in SQL as their database role: what they see, add, change, remove."""

import pytest

from tests.isolation.probing import differing, undone
from tests.isolation.questions import Questions
from tests.isolation.scene import Scene
from tests.isolation.sights import SEES

pytestmark = pytest.mark.asvs("8.2.2")


async def test_each_table_shows_and_takes_what_is_expected(scene: Scene, questions: Questions) -> None:
    async with undone(scene.world.admin):
        found = []
        for probes in questions.probes.values():
            found += await differing(scene.world.admin, probes)
    assert found == [], "\n".join(found)
