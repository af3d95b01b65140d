"""Many people at once, behind the API, all seen by one case manager."""

from collections.abc import Sequence
from uuid import UUID

from app.clients.matching.forms import forms_of
from app.clients.matching.keys import keys_of
from app.kit.ids import new_id, random_id
from tests.names.people import Someone
from tests.world import Person, World

_COLUMNS = (
    "municipal_area_id", "id", "pseudonym", "unit_id", "created_by", "given_name", "family_name",
    "birth_date",
    "birth_precision", "sort_key", "name_forms", "name_keys", "household_key",
)  # fmt: skip
_ASSIGN = """INSERT INTO assignments
    (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by)
SELECT $1, gen_random_uuid(), $2, c.id, c.unit_id, 'registrar', $2 FROM clients c
WHERE c.municipal_area_id = $1 AND c.created_by = $2"""


async def move_in(world: World, manager: Person, people: Sequence[Someone]) -> list[UUID]:
    """Register people with a case manager and return their ids, in order."""
    ids, unit = [new_id() for _ in people], await world.unit()
    rows = []
    for who, id_ in zip(people, ids, strict=True):
        forms = forms_of([who.stored_given, who.stored_family])
        rows.append((
            world.area, id_, random_id(), unit, manager.user_id, who.stored_given, who.stored_family,
            who.born,
            "day", who.stored_family, [form.stored() for form in forms], keys_of(forms), random_id(),
        ))  # fmt: skip
    await world.admin.copy_records_to_table("clients", columns=_COLUMNS, records=rows)
    await world.admin.execute(_ASSIGN, world.area, manager.user_id)
    return ids
