"""What an entry of a contact says, checked without asking a database."""

from datetime import datetime
from typing import Any

from app.catalogues.check import require_code
from app.kit.clock import CLOCKS_DIFFER
from app.kit.errors import Invalid

THIRD_PARTY = "third_party"
ACCOMPANIED = "accompanied"
KEPT = (
    "contact_type", "happened_at", "minutes", "language", "interpreter", "institution_id", "institution_name",
    "basis", "note",
)  # fmt: skip
"""What an entry says, in the order of the statement."""


def check_contact(now: datetime, values: dict[str, Any]) -> None:
    """Raise 422 for an entry that contradicts itself or names what is not known."""
    require_code("contact_type", values["contact_type"], "body.contact_type")
    require_code("language", values["language"], "body.language")
    if values["happened_at"] > now + CLOCKS_DIFFER:
        raise Invalid.at("body.happened_at", "in_the_future", "What has not happened yet is a task.")
    if values["contact_type"] == THIRD_PARTY and values["basis"] is None:
        raise Invalid.at("body.basis", "missing", "A conversation with a third party needs a basis.")
    named = [values["institution_id"], values["institution_name"]]
    if None not in named:
        raise Invalid.at(
            "body.institution_name", "one_of_two", "Name the institution by its id or by its name."
        )
    if values["contact_type"] == ACCOMPANIED and not any(named):
        raise Invalid.at(
            "body.institution_id", "missing", "Say to which institution somebody was accompanied."
        )
