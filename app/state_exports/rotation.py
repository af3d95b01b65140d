"""Sealing the keys of waiting files anew after a change of keys; their bytes stay as they are."""

from app.documents.rotation import again
from app.kit.resealing import SealedColumn

STATE_EXPORT_KEYS = SealedColumn("state_export_files", "sealed_key", ("municipal_area_id", "id"), again)
