"""Sealing the secrets of webhooks anew after a change of keys; they sign as before."""

from uuid import UUID

from app.kit.resealing import SealedColumn
from app.kit.sealing import FieldKeys
from app.webhooks.signing import place_of


def _again(keys: FieldKeys, sealed: str, place: tuple[str, ...]) -> str:
    area, webhook_id = place
    where = place_of(area, UUID(webhook_id))
    return keys.seal(keys.unseal(sealed, *where), *where)


WEBHOOK_SECRETS = SealedColumn("webhook_secrets", "sealed", ("municipal_area_id", "webhook_id"), _again)
