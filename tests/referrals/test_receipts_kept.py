"""A receipt that is kept: it proves what it says to whom it is for, opens nothing, and nobody rewrites it."""

import base64
import json
from pathlib import Path

import asyncpg
import pytest
from joserfc.errors import BadSignatureError

from app.main import create_app
from tests.identity.token_forgery import FOREIGN_KEY, private_pem
from tests.referrals.arrange import a_scene, sent, step
from tests.referrals.test_receipts import documented, verified
from tests.world import World


async def test_receipt_opens_nothing(world: World) -> None:
    scene = await a_scene(world)
    receipt = (await step(scene, await sent(scene), "accept"))["receipt"]
    async with world.http(receipt) as stranger:
        answer = await stranger.get("/v1/partner/referrals")
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_access_token_is_no_receipt(world: World) -> None:
    scene = await a_scene(world)
    token = scene.partner.http.headers["Authorization"].removeprefix("Bearer ")
    with pytest.raises(ValueError, match="no receipt"):
        await verified(scene, token)


async def test_receipt_for_somebody_else_or_changed_by_a_letter_is_refused(world: World) -> None:
    scene = await a_scene(world)
    receipt = (await step(scene, await sent(scene), "accept"))["receipt"]
    with pytest.raises(ValueError, match="somebody else"):
        await verified(scene, receipt, str(await world.institution("sozialamt")))
    head, claims, signature = receipt.split(".")
    other = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"step": "reject"}
    forged = base64.urlsafe_b64encode(json.dumps(other).encode()).rstrip(b"=").decode()
    with pytest.raises(BadSignatureError):
        await verified(scene, f"{head}.{forged}.{signature}")


async def test_receipt_outlives_the_key_that_signed_it(world: World, tmp_path: Path) -> None:
    scene = await a_scene(world)
    kept = (await step(scene, await sent(scene), "accept"))["receipt"]
    settings = world.app.state.settings
    public = world.app.state.key_ring.current.public
    retired, renewed = tmp_path / "retired.pem", tmp_path / "signing.pem"
    retired.write_bytes(public.prepared.to_pem())
    renewed.write_text(private_pem(FOREIGN_KEY))
    app = create_app(
        settings.model_copy(update={"signing_key_file": renewed, "retired_key_files": (retired,)})
    )
    keys = app.state.key_ring.public_keys()["keys"]
    assert [key["kid"] == public.kid for key in keys] == [False, True]
    side, issuer = scene.institution_id, settings.public_url
    assert documented()(kept, keys, issuer=issuer, side=side)["step"] == "accept"
    with pytest.raises(ValueError, match="Nobody known"):
        documented()(kept, keys[:1], issuer=issuer, side=side)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE referral_receipts SET step = 'reject'",
        "DELETE FROM referral_receipts",
        """INSERT INTO referral_receipts (municipal_area_id, id, referral_id, institution_id, number, at,
            step, state, side, package_sha256) SELECT municipal_area_id, gen_random_uuid(), referral_id,
            institution_id, 9, at, step, state, side, package_sha256 FROM referral_receipts""",
    ],
)
async def test_nobody_rewrites_a_receipt(world: World, sql: str) -> None:
    scene = await a_scene(world)
    await sent(scene)
    for person in (scene.partner, scene.manager):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(person) as db:
                await (await db.driver()).execute(sql)
