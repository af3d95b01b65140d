"""What a role may not see is absent from its answers, never null: null says that there is nothing."""

from typing import Any

import pytest

from tests.isolation.asked_once import heard
from tests.isolation.dry import undone
from tests.isolation.people import ANONYMOUS, IDENTITIES
from tests.isolation.scene import Scene
from tests.isolation.test_http_matrix import OPERATIONS
from tests.isolation.withheld import told_as_null

READS = [each for each in OPERATIONS if each[1] == "GET"]


@pytest.mark.parametrize(("name", "method", "template"), READS, ids=[each[0] for each in READS])
async def test_nobody_reads_as_null_what_somebody_else_reads(
    scene: Scene, name: str, method: str, template: str
) -> None:
    answers: dict[str, Any] = {}
    with undone(scene.world.app):
        for identity in IDENTITIES:
            answer = await heard(scene, identity, name, method, template)
            if answer.status_code == 200 and answer.media_type == "application/json":
                answers[identity] = answer.json()
    assert told_as_null(answers) == set()


def test_field_that_is_null_for_one_and_has_a_value_for_another_is_noticed() -> None:
    full = {"items": [{"id": "a", "state": "revoked", "package": {"concern": "x"}}], "next": None}
    null = {"items": [{"id": "a", "state": "revoked", "package": None}], "next": None}
    absent = {"items": [{"id": "a", "state": "revoked"}], "next": None}
    assert told_as_null({"lead": full, "partner": null}) == {"package"}
    assert told_as_null({"lead": full, "partner": absent}) == set()
    assert told_as_null({"lead": full, ANONYMOUS: full}) == set()
