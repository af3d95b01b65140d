"""Sealing signature blocks anew after a change of keys; what they say stays as it is."""

from uuid import UUID

from app.consents.signatures.actions import place_of
from app.kit.resealing import SealedColumn
from app.kit.sealing import FieldKeys


def _again(keys: FieldKeys, sealed: str, place: tuple[str, ...]) -> str:
    area, signature_id = place
    where = place_of(area, UUID(signature_id))
    return keys.seal(keys.unseal(sealed, *where), *where)


SIGNATURES = SealedColumn("consent_signatures", "sealed", ("municipal_area_id", "id"), _again)
