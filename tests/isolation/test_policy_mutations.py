"""Every policy is broken once in every way on the real database, and the SQL matrix must notice."""

import pytest

from tests.isolation.equivalent import EQUIVALENT
from tests.isolation.mutants import Mutant, mutants
from tests.isolation.probing import differing, undone
from tests.isolation.questions import Questions
from tests.isolation.scene import Scene
from tests.share import is_in_share

pytestmark = pytest.mark.asvs("8.2.2")


AT_ONCE = 24
"""So many probes are asked together; each is planned anew after a policy has changed."""


async def noticed(scene: Scene, questions: Questions, mutant: Mutant) -> bool:
    """Return whether a probe of the mutant's table answers differently; the mutant is undone.

    Those that the policy is for are asked first: the first that differs is enough.
    """
    admin = scene.world.admin
    probes = sorted(questions.probes[mutant.table], key=mutant.is_near, reverse=True)
    async with undone(admin):
        for statement in mutant.statements:
            await admin.execute(statement)
        for start in range(0, len(probes), AT_ONCE):
            if await differing(admin, probes[start : start + AT_ONCE]):
                return True
    return False


@pytest.mark.slow
async def test_every_mutant_is_caught_unless_it_changes_nothing(scene: Scene, questions: Questions) -> None:
    survivors, every = set(), await mutants(scene.world.admin)
    assert len(every) > 500
    for mutant in (each for each in every if is_in_share(*each.key)):
        if not await noticed(scene, questions, mutant):
            survivors.add(mutant.key)
    missed = sorted(survivors - set(EQUIVALENT))
    assert missed == [], f"{len(missed)} of {len(every)} mutants survive:\n" + "\n".join(map(str, missed))
    declared = {key for key in EQUIVALENT if is_in_share(*key)}
    assert sorted(declared - survivors) == [], "declared as without effect, but noticed or gone"
