"""A recipient who never took a package over gets no digest of it: few facts are guessed from a register."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.referrals import receipts
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.referrals.arrange import Scene, a_scene, put_in_state, sent, step
from tests.referrals.test_receipts import just_sent, ours, theirs, verified
from tests.referrals.test_receipts import receipts as read_receipts
from tests.world import World

AUTHORITY = "auslaenderbehoerde"
PERSON = ("Rojda", "Demir", "1991-03-07")
REGISTER = (("Ali", "Kaya", "1980-01-01"), ("Olena", "Bondar", "1988-05-05"), PERSON)


async def at_an_authority(world: World) -> Scene:
    given, family, born = PERSON
    return await a_scene(world, AUTHORITY, given_name=given, family_name=family, birth_date=born)


async def digests(scene: Scene, referral_id: str) -> set[str | None]:
    """Return the digests in the receipts that the recipient reads."""
    items = await read_receipts(scene.partner, theirs(referral_id))
    assert items
    return {(await verified(scene, each["receipt"]))["package_sha256"] for each in items}


async def digests_of_the_team(scene: Scene, referral_id: str) -> set[str | None]:
    unit = str(await scene.world.unit())
    items = await read_receipts(scene.manager, ours(referral_id))
    return {(await verified(scene, each["receipt"], unit))["package_sha256"] for each in items}


def guessed(digest: str | None) -> tuple[str, str, str] | None:
    """Return whom of a register a digest tells of: what an authority could compute on its own."""
    for given, family, born in REGISTER:
        for code in ("issue", "extension", "settlement"):
            content = {
                "concern": {"code": code, "text": None},
                "data": {"master_data": {"name": {"given": given, "family": family}, "birth_date": born}},
                "disputed": {},
            }
            plain = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
            if hashlib.sha256(plain).hexdigest() == digest:
                return given, family, born
    return None


async def test_authority_that_read_nothing_cannot_guess_who_withdrew(world: World) -> None:
    scene = await at_an_authority(world)
    consent_id, referral_id = await just_sent(scene)
    (before,) = await digests(scene, referral_id)
    assert guessed(before) == PERSON  # the guess works: what it needs is the digest
    await withdraw(scene.manager, consent_id)
    assert await digests(scene, referral_id) == {None}
    assert await digests_of_the_team(scene, referral_id) == {before}


async def test_acknowledging_and_its_replay_tell_no_digest_either(world: World) -> None:
    scene = await at_an_authority(world)
    consent_id, referral_id = await just_sent(scene)
    (digest,) = await digests(scene, referral_id)
    await withdraw(scene.manager, consent_id)
    path = f"{theirs(referral_id)}/acknowledge-revocation"
    for _ in range(2):
        answer = await scene.partner.post(path, Idempotency_Key="acknowledged-once")
        assert answer.status_code == 200, answer.text
        assert (await verified(scene, answer.json()["receipt"]))["package_sha256"] is None
        assert str(digest) not in answer.text


async def test_batch_tells_no_digest_of_what_was_never_read(world: World) -> None:
    scene = await at_an_authority(world)
    consent_id, referral_id = await just_sent(scene)
    await withdraw(scene.manager, consent_id)
    version = (await scene.partner.get(theirs(referral_id))).json()["version"]
    items = [{"id": referral_id, "step": "acknowledge-revocation", "version": version}]
    answer = await scene.partner.post("/v1/partner/referrals/batch", {"items": items})
    (told,) = answer.json()["items"]
    assert (await verified(scene, told["receipt"]))["package_sha256"] is None


@pytest.mark.parametrize("name", ["fetched", "accept"])
async def test_who_took_it_over_keeps_the_digest(world: World, name: str) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await just_sent(scene)
    taken = await verified(scene, (await step(scene, referral_id, name))["receipt"])
    await withdraw(scene.manager, consent_id)
    acknowledged = await step(scene, referral_id, "acknowledge-revocation")
    assert taken["package_sha256"] is not None
    assert await digests(scene, referral_id) == {taken["package_sha256"]}
    assert (await verified(scene, acknowledged["receipt"]))["package_sha256"] == taken["package_sha256"]


@pytest.mark.parametrize("state", ["cancelled", "revoked", "expired", "entered_in_error"])
async def test_whatever_ends_it_unread_ends_the_digest(world: World, state: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await put_in_state(world, referral_id, state)
    assert await digests(scene, referral_id) == {None}


async def test_end_of_the_consent_ends_the_digest_before_the_worker_comes_by(
    world: World, clock: Clock
) -> None:
    scene = await a_scene(world)
    _, referral_id = await just_sent(scene)
    end = await world.admin.fetchval(
        "SELECT readable_until FROM referral_packages WHERE id = $1", UUID(referral_id)
    )
    assert isinstance(end, datetime)
    assert len(await digests(scene, referral_id)) == 1
    await world.admin.execute(
        "UPDATE referral_packages SET readable_until = $2 WHERE id = $1", UUID(referral_id), clock()
    )
    assert await digests(scene, referral_id) == {None}


async def test_digest_that_is_told_without_looking_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is planted: the recipient reads the receipts as the team does."""
    scene = await at_an_authority(world)
    consent_id, referral_id = await just_sent(scene)
    await withdraw(scene.manager, consent_id)
    team: Any = receipts.OF_ONES_CASE

    class Careless:
        async def answer(self, db: Any, page: Any, **names: Any) -> Any:
            return await team.answer(db, page, referral_id=names["referral_id"])

    monkeypatch.setattr(receipts, "OF_THE_RECIPIENT", Careless())
    (digest,) = await digests(scene, referral_id)
    assert guessed(digest) == PERSON
