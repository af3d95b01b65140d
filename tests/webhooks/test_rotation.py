"""After a change of keys the secrets are sealed anew, and sign as before."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from app.kit import resealing
from app.kit.roles import with_role
from app.kit.sealing import FieldKeys, Ring, load_field_keys, new_field_keys
from app.webhooks.rotation import WEBHOOK_SECRETS
from tests import database
from tests.referrals.arrange import a_scene
from tests.webhooks.arrange import webhook_at
from tests.webhooks.receivers import Receiver
from tests.world import World


async def test_secrets_are_sealed_anew_and_open_with_the_new_key_alone(
    world: World, app: FastAPI, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 1)
    url = with_role(database_url, "kim_migrate", database.PASSWORD)
    scene = await a_scene(world)
    webhooks = [await webhook_at(scene, Receiver(port=9000)) for _ in range(2)]
    odd = await webhook_at(scene, Receiver(port=9000))
    await world.admin.execute(
        "UPDATE webhook_secrets SET sealed = 'v1.gone.AAAA' WHERE webhook_id = $1", UUID(odd.id)
    )
    old: FieldKeys = app.state.field_keys
    new = load_field_keys(new_field_keys())
    both = FieldKeys(
        Ring(new.sealing.current, {**old.sealing.keys, **new.sealing.keys}),
        Ring(new.marking.current, {**old.marking.keys, **new.marking.keys}),
    )
    assert await WEBHOOK_SECRETS.left(url, both) == 3
    done, unopened = await WEBHOOK_SECRETS.rotate(url, both)
    assert (done, len(unopened)) == (2, 1)
    assert await WEBHOOK_SECRETS.left(url, both) == 1
    for each in webhooks:
        sealed = await world.admin.fetchval(
            "SELECT sealed FROM webhook_secrets WHERE webhook_id = $1", UUID(each.id)
        )
        assert new.unseal(sealed, world.area, "webhook", each.id) == each.secret
