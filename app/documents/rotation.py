"""Sealing the keys of documents anew after a change of keys; their bytes stay as they are."""

from app.documents.envelope import seal_key, unseal_key
from app.kit.resealing import SealedColumn
from app.kit.sealing import FieldKeys


def again(keys: FieldKeys, sealed: str, place: tuple[str, ...]) -> str:
    """Return a file's key sealed under the current key; `place` is area and id. Raises Unsealable."""
    area, identity = place
    return seal_key(keys, unseal_key(keys, sealed, area, identity), area, identity)


DOCUMENT_KEYS = SealedColumn("documents", "sealed_key", ("municipal_area_id", "id"), again)
