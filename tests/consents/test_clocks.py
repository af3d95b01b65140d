"""A tablet's clock runs ahead: what was agreed, signed or withdrawn just now is taken down as of now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.kit.clock import CLOCKS_DIFFER, not_ahead, utc_now
from tests.clients.arrange import new_client
from tests.consents.arrange import consent_body, give_consent
from tests.consents.test_signatures import an_electronic_consent, block
from tests.refusals import places
from tests.world import Person, World

NOW = datetime(2030, 3, 5, 22, 59, 59, tzinfo=UTC)
AHEAD = timedelta(minutes=4)
TOO_FAR = timedelta(minutes=6)


@pytest.mark.parametrize(
    ("ahead", "taken"),
    [
        (-timedelta(days=1), NOW - timedelta(days=1)),
        (timedelta(), NOW),
        (timedelta(seconds=1), NOW),
        (CLOCKS_DIFFER, NOW),
        (CLOCKS_DIFFER + timedelta(microseconds=1), None),
    ],
)
def test_moment_is_now_at_the_latest_and_refused_beyond_what_clocks_differ(
    ahead: timedelta, taken: datetime | None
) -> None:
    assert not_ahead(NOW + ahead, NOW) == taken


async def _consent(world: World, manager: Person, moment: str) -> tuple[Any, str, str]:
    body = consent_body(await new_client(manager), await world.institution(), given_at=moment)
    return await manager.post("/v1/consents", body), "given_at", "body.given_at"


async def _signature(world: World, manager: Person, moment: str) -> tuple[Any, str, str]:
    consent_id = await an_electronic_consent(world, manager)
    answer = await manager.post(f"/v1/consents/{consent_id}/signatures", block(signed_at=moment))
    return answer, "signed_at", "body.signed_at"


async def _withdrawal(world: World, manager: Person, moment: str) -> tuple[Any, str, str]:
    consent_id = await give_consent(manager, await new_client(manager), await world.institution())
    body = {"channel": "in_person", "told_at": moment}
    answer = await manager.post(f"/v1/consents/{consent_id}/withdraw", body)
    return answer, "withdrawal_told_at", "body.told_at"


ACTS = (_consent, _signature, _withdrawal)


@pytest.mark.parametrize("act", ACTS)
async def test_what_a_clock_ahead_says_is_taken_down_as_of_now(world: World, act: Any) -> None:
    before = utc_now()
    answer, field, _place = await act(world, await world.case_manager(), (before + AHEAD).isoformat())
    assert answer.status_code in (200, 201), answer.text
    assert before <= datetime.fromisoformat(answer.json()[field]) <= utc_now()


@pytest.mark.parametrize("act", ACTS)
async def test_what_is_still_to_come_is_refused(world: World, act: Any) -> None:
    to_come = (utc_now() + TOO_FAR).isoformat()
    answer, _field, place = await act(world, await world.case_manager(), to_come)
    assert answer.status_code == 422
    assert [(each["place"], each["kind"]) for each in places(answer) or ()] == [(place, "in_the_future")]
